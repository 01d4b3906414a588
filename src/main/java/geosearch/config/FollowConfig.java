package geosearch.config;

import java.time.Duration;

/**
 * How changes in the store are followed, and how much is kept of what was before them.
 *
 * @param maxEarlierVertices how many vertices the states have together that are not served but were
 *     asked about
 */
public record FollowConfig(
    Duration pollInterval, Duration retryDelay, Duration maxRetryDelay, int maxEarlierVertices) {

  /** The default of {@link #maxEarlierVertices}. */
  public static final int MAX_EARLIER_VERTICES = 5_000_000;

  /** With as much of what was before as the settings' default says. */
  public FollowConfig(Duration pollInterval, Duration retryDelay, Duration maxRetryDelay) {
    this(pollInterval, retryDelay, maxRetryDelay, MAX_EARLIER_VERTICES);
  }

  /**
   * @throws ConfigException for values out of their bounds
   */
  public FollowConfig {
    new Check("follow")
        .range("poll-interval", pollInterval, Duration.ofMillis(100), Duration.ofHours(1))
        .positive("retry-delay", retryDelay)
        .atLeast("max-retry-delay", maxRetryDelay, retryDelay)
        .range("max-earlier-vertices", maxEarlierVertices, 0, 1_000_000_000)
        .end();
  }
}
