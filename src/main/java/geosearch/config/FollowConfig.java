package geosearch.config;

import java.time.Duration;

/** How changes in the store are followed. */
public record FollowConfig(Duration pollInterval, Duration retryDelay, Duration maxRetryDelay) {

  /**
   * @throws ConfigException for values out of their bounds
   */
  public FollowConfig {
    new Check("follow")
        .range("poll-interval", pollInterval, Duration.ofMillis(100), Duration.ofHours(1))
        .positive("retry-delay", retryDelay)
        .atLeast("max-retry-delay", maxRetryDelay, retryDelay)
        .end();
  }
}
