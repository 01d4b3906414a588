package geosearch.rpc;

import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** Knows up to which change of zones this server's answers have come. */
@FunctionalInterface
public interface Published {

  /**
   * Waits until the answers of this server hold a change.
   *
   * @param revision of the change
   * @param timeout how long to wait at most
   * @throws TimeoutException if they don't by then
   */
  void await(long revision, Duration timeout) throws TimeoutException, InterruptedException;
}
