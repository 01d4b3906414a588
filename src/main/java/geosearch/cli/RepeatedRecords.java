package geosearch.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.logging.Filter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the log readable, and its disk from filling, whatever clients do: of warnings and errors of
 * one kind, one is logged each second, and says how many were left out. Those of libraries are
 * logged without their stack traces, for clients can cause them.
 *
 * <p>Safe for use by several threads.
 */
final class RepeatedRecords implements Filter {

  private static final String OURS = "geosearch.";

  private static final long APART_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** How many kinds are remembered; the oldest is forgotten first. */
  private static final int KINDS = 256;

  private static final int LONGEST_CAUSE = 300;
  private static final int BEGINNING = 16;

  private final LongSupplier clock;
  private final Map<Kind, Seen> seen =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Kind, Seen> eldest) {
          return size() > KINDS;
        }
      };

  /** Records that differ in nothing but what their exceptions say are of one kind. */
  private record Kind(String logger, String message, String thrown) {}

  private static final class Seen {
    private long loggedNanos;
    private long leftOut;
  }

  RepeatedRecords() {
    this(System::nanoTime);
  }

  /**
   * @param clock in nanoseconds
   */
  RepeatedRecords(LongSupplier clock) {
    this.clock = clock;
  }

  @Override
  public boolean isLoggable(LogRecord logRecord) {
    if (logRecord.getLevel().intValue() < Level.WARNING.intValue()) {
      return true;
    }
    long leftOut = leftOut(kind(logRecord));
    if (leftOut < 0) {
      return false;
    }
    if (!isOurs(logRecord)) {
      withoutTrace(logRecord);
    }
    if (leftOut > 0) {
      append(logRecord, " (left out since the last one: " + leftOut + ")");
    }
    return true;
  }

  /** What a library says may quote what a client made up: its beginning tells the kind. */
  private static Kind kind(LogRecord logRecord) {
    Throwable thrown = logRecord.getThrown();
    String message = String.valueOf(logRecord.getMessage());
    return new Kind(
        String.valueOf(logRecord.getLoggerName()),
        isOurs(logRecord) ? message : message.substring(0, Math.min(message.length(), BEGINNING)),
        thrown == null ? "" : thrown.getClass().getName());
  }

  private static boolean isOurs(LogRecord logRecord) {
    return String.valueOf(logRecord.getLoggerName()).startsWith(OURS);
  }

  /** Returns how many were left out before this one; less than 0 if this one is. */
  private synchronized long leftOut(Kind kind) {
    long now = clock.getAsLong();
    Seen known = seen.get(kind);
    if (known == null) {
      known = new Seen();
      known.loggedNanos = now;
      seen.put(kind, known);
      return 0;
    }
    if (now - known.loggedNanos < APART_NANOS) {
      known.leftOut++;
      return -1;
    }
    long leftOut = known.leftOut;
    known.loggedNanos = now;
    known.leftOut = 0;
    return leftOut;
  }

  private static void withoutTrace(LogRecord logRecord) {
    Throwable thrown = logRecord.getThrown();
    if (thrown != null) {
      String cause = thrown.toString();
      logRecord.setThrown(null);
      append(logRecord, ": " + cause.substring(0, Math.min(cause.length(), LONGEST_CAUSE)));
    }
  }

  /** Parameters of the message must not be looked for in what is added. */
  private static void append(LogRecord logRecord, String more) {
    @Nullable Object[] parameters = logRecord.getParameters();
    boolean formatted = parameters != null && parameters.length > 0;
    logRecord.setMessage(
        logRecord.getMessage() + (formatted ? more.replace("'", "''").replace("{", "'{'") : more));
  }
}
