package geosearch.config;

import java.time.Duration;

/** Metrics over StatsD. */
public record StatsdConfig(
    String host, int port, String prefix, Duration interval, int maxTimingsPerSecond) {

  /** Whether a host is named at all. */
  public boolean isOn() {
    return !host.isEmpty();
  }
}
