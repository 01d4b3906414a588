package geosearch.testing;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What a class logs while a test runs. */
public final class LogRecords extends Handler implements AutoCloseable {

  private final Logger logger;
  private final List<LogRecord> records = new CopyOnWriteArrayList<>();

  private LogRecords(Logger logger) {
    this.logger = logger;
  }

  /** Begins to collect what this class logs, from the info level on. */
  public static LogRecords of(Class<?> logging) {
    LogRecords records = new LogRecords(Logger.getLogger(logging.getName()));
    records.logger.addHandler(records);
    return records;
  }

  /** The texts of a level, in the order in which they were logged. */
  public List<String> texts(Level level) {
    return records.stream()
        .filter(logged -> logged.getLevel().equals(level))
        .map(LogRecord::getMessage)
        .toList();
  }

  /** All texts, in the order in which they were logged. */
  public List<String> texts() {
    return records.stream().map(LogRecord::getMessage).toList();
  }

  @Override
  public void publish(LogRecord logged) {
    if (logged.getLevel().intValue() >= Level.INFO.intValue()) {
      records.add(Objects.requireNonNull(logged));
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    logger.removeHandler(this);
  }
}
