package geosearch.config;

import java.time.Duration;

/** The waits of a stop. */
public record StopConfig(
    Duration deregisterTimeout, Duration drainDelay, Duration grace, Duration closeTimeout) {

  /**
   * @throws ConfigException for values out of their bounds
   */
  public StopConfig {
    new Check("stop")
        .notNegative("deregister-timeout", deregisterTimeout)
        .notNegative("drain-delay", drainDelay)
        .notNegative("grace", grace)
        .notNegative("close-timeout", closeTimeout)
        .end();
  }
}
