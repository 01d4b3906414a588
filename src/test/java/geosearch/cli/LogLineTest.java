package geosearch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogLineTest {

  @Test
  void format_record_isOneLine() {
    assertEquals(
        "2026-11-22T20:40:45.123Z INFO RpcServer: listens\n",
        new LogLine().format(logged(Level.INFO, "listens")));
  }

  @Test
  void format_messageOfSeveralLines_staysOnOne() {
    assertEquals(
        "2026-11-22T20:40:45.123Z INFO RpcServer: a\\u000ab\\u001b[1m é\n",
        new LogLine().format(logged(Level.INFO, "a\nb\u001b[1m é")));
  }

  @Test
  void format_exception_followsIndented() {
    LogRecord failure = logged(Level.SEVERE, "failed");
    failure.setThrown(new IllegalStateException("why\nnot"));

    String[] lines = new LogLine().format(failure).split("\n", -1);

    assertEquals("2026-11-22T20:40:45.123Z ERROR RpcServer: failed", lines[0]);
    assertEquals("\tjava.lang.IllegalStateException: why", lines[1]);
    assertEquals("\tnot", lines[2]);
    assertTrue(lines[3].startsWith("\tat geosearch.cli.LogLineTest."), lines[3]);
    assertEquals("", lines[lines.length - 1]);
  }

  @ParameterizedTest
  @CsvSource({
    "SEVERE, ERROR",
    "WARNING, WARN",
    "INFO, INFO",
    "CONFIG, DEBUG",
    "FINE, DEBUG",
    "FINER, TRACE",
    "FINEST, TRACE"
  })
  void format_level_hasItsCommonName(String level, String expected) {
    String line = new LogLine().format(logged(Level.parse(level), "x"));

    assertEquals(expected, line.split(" ", -1)[1]);
  }

  private static LogRecord logged(Level level, String message) {
    LogRecord logged = new LogRecord(level, message);
    logged.setLoggerName("geosearch.rpc.RpcServer");
    logged.setInstant(Instant.parse("2026-11-22T20:40:45.123456Z"));
    return logged;
  }
}
