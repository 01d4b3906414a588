package geosearch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TableTest {

  @Test
  void print_rows_alignsColumns() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    new Table("NAME", "AREAS", "NOTE")
        .add("commune", 34_945, "")
        .add("a\u001bb", 7L, "x")
        .print(new PrintStream(out, true, StandardCharsets.UTF_8));

    assertEquals(
        """
        NAME     AREAS  NOTE
        commune  34945
        a b          7  x
        """,
        out.toString(StandardCharsets.UTF_8));
  }
}
