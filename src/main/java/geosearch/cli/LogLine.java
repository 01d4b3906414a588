package geosearch.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;

/**
 * A log record as one line, such as {@code 2026-11-22T20:40:45.123Z WARN RpcServer: text}. A stack
 * trace follows on lines of its own, which begin with a tab.
 */
final class LogLine extends Formatter {

  @Override
  public String format(LogRecord logRecord) {
    Instant time = logRecord.getInstant().truncatedTo(ChronoUnit.MILLIS);
    String line =
        time
            + " "
            + level(logRecord.getLevel())
            + " "
            + shortName(logRecord.getLoggerName())
            + ": "
            + onOneLine(formatMessage(logRecord))
            + "\n";
    return logRecord.getThrown() == null ? line : line + trace(logRecord.getThrown());
  }

  private static String level(Level level) {
    if (level.intValue() >= Level.SEVERE.intValue()) {
      return "ERROR";
    }
    if (level.intValue() >= Level.WARNING.intValue()) {
      return "WARN";
    }
    if (level.intValue() >= Level.INFO.intValue()) {
      return "INFO";
    }
    return level.intValue() >= Level.FINE.intValue() ? "DEBUG" : "TRACE";
  }

  private static String shortName(@Nullable String logger) {
    return logger == null ? "" : logger.substring(logger.lastIndexOf('.') + 1);
  }

  /** What a message quotes must not be able to look like a line of its own. */
  private static String onOneLine(String message) {
    StringBuilder line = new StringBuilder(message.length());
    message
        .codePoints()
        .forEach(c -> {
          if (Character.isISOControl(c)) {
            line.append(String.format("\\u%04x", c));
          } else {
            line.appendCodePoint(c);
          }
        });
    return line.toString();
  }

  private static String trace(Throwable thrown) {
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text));
    StringBuilder indented = new StringBuilder();
    text.toString()
        .lines()
        .forEach(line -> indented.append('\t').append(line.strip()).append('\n'));
    return indented.toString();
  }
}
