package geosearch.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.function.Executable;

/** What clients are told of errors. */
final class Errors {

  private Errors() {}

  /** The call fails with that code. */
  static Status assertFails(Status.Code code, Executable call) {
    StatusRuntimeException e = assertThrows(StatusRuntimeException.class, call);
    assertEquals(code, e.getStatus().getCode(), () -> String.valueOf(e.getMessage()));
    return e.getStatus();
  }

  /** The call is refused; what is said of each field. */
  static Map<String, String> assertRefused(Executable call) {
    StatusRuntimeException e = assertThrows(StatusRuntimeException.class, call);
    assertEquals(
        Status.Code.INVALID_ARGUMENT,
        e.getStatus().getCode(),
        () -> String.valueOf(e.getMessage()));
    com.google.rpc.Status status = StatusProto.fromThrowable(e);
    assertNotNull(status);
    assertEquals(1, status.getDetailsCount(), status::toString);
    try {
      Map<String, String> fields = new LinkedHashMap<>();
      for (BadRequest.FieldViolation violation :
          status.getDetails(0).unpack(BadRequest.class).getFieldViolationsList()) {
        fields.put(violation.getField(), violation.getDescription());
      }
      return fields;
    } catch (InvalidProtocolBufferException impossible) {
      throw new AssertionError(impossible);
    }
  }
}
