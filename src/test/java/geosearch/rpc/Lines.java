package geosearch.rpc;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** Everything that the process logs from a level on, while it is open. */
final class Lines implements AutoCloseable {

  private final Logger root = Logger.getLogger("");
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord logged) {
          if (isLoggable(logged)) {
            lines.add(new SimpleFormatter().format(logged));
          }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  private Lines(Level level) {
    handler.setLevel(level);
    root.addHandler(handler);
  }

  static Lines fromInfo() {
    return new Lines(Level.INFO);
  }

  static Lines fromWarning() {
    return new Lines(Level.WARNING);
  }

  /** The lines so far, each with its stack trace. */
  List<String> lines() {
    return List.copyOf(lines);
  }

  /** How many of the lines contain that text. */
  long count(String text) {
    return lines.stream().filter(line -> line.contains(text)).count();
  }

  @Override
  public void close() {
    root.removeHandler(handler);
  }
}
