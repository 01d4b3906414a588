package geosearch.rpc;

import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** Knows when this server's answers hold what has been committed of a layer. */
@FunctionalInterface
public interface Refreshed {

  /**
   * Waits until the answers of this server hold what had been committed before the call.
   *
   * @param layer that was changed
   * @param timeout how long to wait at most
   * @throws TimeoutException if they don't by then, or won't however long one waits; the message
   *     says why, for people
   */
  void await(String layer, Duration timeout) throws TimeoutException, InterruptedException;
}
