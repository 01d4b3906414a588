package geosearch.config;

import java.time.Duration;

/** The waits of a stop. */
public record StopConfig(
    Duration deregisterTimeout, Duration drainDelay, Duration grace, Duration closeTimeout) {}
