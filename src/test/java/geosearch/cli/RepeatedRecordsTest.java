package geosearch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class RepeatedRecordsTest {

  private long now = 5;
  private final RepeatedRecords records = new RepeatedRecords(() -> now);

  @Test
  void isLoggable_sameWarningWithinASecond_isFalse() {
    assertTrue(records.isLoggable(warning("io.grpc.X", "Stream Error")));
    assertFalse(records.isLoggable(warning("io.grpc.X", "Stream Error")));
    assertTrue(records.isLoggable(warning("io.grpc.X", "Another")));
    assertTrue(records.isLoggable(warning("io.grpc.Y", "Stream Error")));
  }

  @Test
  void isLoggable_laterAgain_saysHowManyWereLeftOut() {
    records.isLoggable(warning("io.grpc.X", "Stream Error"));
    records.isLoggable(warning("io.grpc.X", "Stream Error"));
    records.isLoggable(warning("io.grpc.X", "Stream Error"));
    now += TimeUnit.SECONDS.toNanos(1);
    LogRecord next = warning("io.grpc.X", "Stream Error");

    assertTrue(records.isLoggable(next));
    assertEquals("Stream Error (left out since the last one: 2)", next.getMessage());
  }

  @Test
  void isLoggable_exceptionOfALibrary_losesItsTrace() {
    LogRecord logRecord = warning("io.grpc.X", "Stream Error");
    logRecord.setThrown(new IllegalStateException("at stream 3"));

    assertTrue(records.isLoggable(logRecord));
    assertNull(logRecord.getThrown());
    assertEquals(
        "Stream Error: java.lang.IllegalStateException: at stream 3", logRecord.getMessage());
  }

  @Test
  void isLoggable_exceptionOfOurs_keepsItsTraceOnceASecond() {
    LogRecord first = warning("geosearch.rpc.Failures", "Search/search failed");
    first.setThrown(new IllegalStateException());

    assertTrue(records.isLoggable(first));
    assertNotNull(first.getThrown());
    LogRecord second = warning("geosearch.rpc.Failures", "Search/search failed");
    second.setThrown(new IllegalStateException());
    assertFalse(records.isLoggable(second));
  }

  @Test
  void isLoggable_information_isNeverLeftOut() {
    for (int i = 0; i < 3; i++) {
      assertTrue(records.isLoggable(new LogRecord(Level.INFO, "Layer loaded")));
    }
  }

  @Test
  void isLoggable_whatALibraryQuotes_makesNoNewKind() {
    records.isLoggable(warning("io.grpc.X", "Expected path to start with /: a"));

    assertFalse(records.isLoggable(warning("io.grpc.X", "Expected path to start with /: b")));
  }

  @Test
  void isLoggable_kindsWithoutEnd_areForgotten() {
    records.isLoggable(warning("io.grpc.X", "first"));
    for (int i = 0; i < 1_000; i++) {
      records.isLoggable(warning("io.grpc.X", i + ". kind"));
    }

    assertTrue(records.isLoggable(warning("io.grpc.X", "first")));
  }

  private static LogRecord warning(String logger, String message) {
    LogRecord logRecord = new LogRecord(Level.WARNING, message);
    logRecord.setLoggerName(logger);
    return logRecord;
  }
}
