package geosearch.config;

import java.time.Duration;

/** How changes in the store are followed. */
public record FollowConfig(Duration pollInterval, Duration retryDelay, Duration maxRetryDelay) {}
