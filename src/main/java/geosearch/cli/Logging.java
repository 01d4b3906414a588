package geosearch.cli;

import geosearch.config.LogConfig;
import java.io.PrintStream;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;

/**
 * Sets the JDK's logging up: one line for each record, see {@link LogLine}, and few for records
 * that repeat, see {@link RepeatedRecords}. Our own records appear from the level of the settings
 * on; those of libraries are a step quieter.
 */
final class Logging {

  static {
    // Has an effect only before anything else has asked for a logger.
    System.setProperty("java.util.logging.manager", Lasting.class.getName());
  }

  /** Kept, for the JDK forgets the level of a logger that nobody holds. */
  private static final Logger OURS = Logger.getLogger("geosearch");

  private Logging() {}

  /** Logs to a stream from now on, in place of wherever it went before. */
  static void configure(LogConfig.Level level, PrintStream to) {
    Logger root = Logger.getLogger("");
    for (Handler handler : root.getHandlers()) {
      root.removeHandler(handler);
    }
    root.addHandler(new LineHandler(to));
    root.setLevel(ofLibraries(level));
    OURS.setLevel(ofOurs(level));
  }

  private static Level ofOurs(LogConfig.Level level) {
    return switch (level) {
      case ERROR -> Level.SEVERE;
      case WARN -> Level.WARNING;
      case INFO -> Level.INFO;
      case DEBUG -> Level.FINE;
      case TRACE -> Level.FINEST;
    };
  }

  private static Level ofLibraries(LogConfig.Level level) {
    return switch (level) {
      case ERROR -> Level.SEVERE;
      case WARN, INFO -> Level.WARNING;
      case DEBUG -> Level.INFO;
      case TRACE -> Level.FINE;
    };
  }

  /**
   * Goes on logging while the JVM stops. The JDK's own manager takes every handler away in a
   * shutdown hook, which runs beside the one in which the server drains. It also reads a file of
   * settings, which there is none of here.
   */
  public static final class Lasting extends LogManager {
    /** For the JDK. */
    public Lasting() {}

    @Override
    public void readConfiguration() {
      // There is nothing to read.
    }

    @Override
    public void reset() {
      // Everything stays.
    }
  }

  /** Writes each record when it comes. */
  private static final class LineHandler extends StreamHandler {
    LineHandler(PrintStream to) {
      super(to, new LogLine());
      setLevel(Level.ALL);
      setFilter(new RepeatedRecords());
    }

    @Override
    public synchronized void publish(LogRecord logRecord) {
      super.publish(logRecord);
      flush();
    }
  }
}
