package geosearch;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts of the server in the order in which they were started, so that they can be closed in
 * the opposite order, also after half a start. A part that fails to close does not keep the others
 * from it.
 */
final class Parts {

  private static final Logger log = LoggerFactory.getLogger(Parts.class);

  private final Deque<AutoCloseable> started = new ArrayDeque<>();

  /** Adds a part, to be closed before those added earlier. */
  <T extends AutoCloseable> T add(T part) {
    started.push(part);
    return part;
  }

  /** Closes all parts, the last one first. */
  void close() {
    while (!started.isEmpty()) {
      AutoCloseable part = started.pop();
      try {
        part.close();
      } catch (Exception e) {
        log.warn("{} did not close as it should", part.getClass().getSimpleName(), e);
      }
    }
  }
}
