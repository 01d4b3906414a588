package geosearch.rpc;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every error that a proto promises, method by method, of servers that are made for them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class DocumentedErrors {

  private final List<AutoCloseable> open = new ArrayList<>();
  private final String proto;

  /**
   * @param proto its path among the protos
   */
  DocumentedErrors(String proto) {
    this.proto = proto;
  }

  abstract List<DocumentedError> errors();

  @ParameterizedTest
  @MethodSource("errors")
  void anyMethod_whatIsDocumentedAsAnError_isThatError(DocumentedError error) throws Exception {
    error.assertIsSo();
  }

  @Test
  void errors_ofTheProto_areAllProvoked() throws IOException {
    DocumentedError.assertAllOf(proto, errors());
  }

  /** Has something closed after the tests, before what was kept earlier. */
  final <T extends AutoCloseable> T keep(T opened) {
    open.addFirst(opened);
    return opened;
  }

  @AfterAll
  void close() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }
}
