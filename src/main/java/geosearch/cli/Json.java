package geosearch.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/** Results for programs. */
final class Json {

  private static final JsonFactory FACTORY = new JsonFactory();

  private Json() {}

  /** Writes one value. */
  interface Value {
    void writeTo(JsonGenerator out) throws IOException;
  }

  /** Prints a value on a line of its own. */
  static void print(PrintStream to, Value value) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = FACTORY.createGenerator(text)) {
      value.writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    to.println(text);
  }

  /** Prints values as one array. */
  static void printArray(PrintStream to, Iterable<? extends Value> values) {
    print(
        to,
        out -> {
          out.writeStartArray();
          for (Value value : values) {
            value.writeTo(out);
          }
          out.writeEndArray();
        });
  }
}
