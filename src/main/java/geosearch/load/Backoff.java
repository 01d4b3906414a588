package geosearch.load;

import geosearch.config.FollowConfig;
import java.time.Duration;

/**
 * When to try again what has failed: after the configured delay, doubled with each further failure
 * up to the configured maximum. Not safe for use by several threads.
 */
final class Backoff {

  private final Duration first;
  private final Duration max;
  private Duration next;
  private long retryNanos;
  private boolean failed;

  Backoff(FollowConfig config) {
    this.first = config.retryDelay();
    this.max = config.maxRetryDelay();
    this.next = first;
  }

  void succeeded() {
    failed = false;
    next = first;
  }

  void failed() {
    failed = true;
    retryNanos = System.nanoTime() + next.toNanos();
    Duration doubled = next.multipliedBy(2);
    next = doubled.compareTo(max) < 0 ? doubled : max;
  }

  /** How long to wait before the next try; zero if nothing has failed or it is time. */
  Duration remaining() {
    return failed ? Duration.ofNanos(Math.max(0, retryNanos - System.nanoTime())) : Duration.ZERO;
  }
}
