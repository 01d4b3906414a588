package geosearch.config;

import java.time.Duration;
import java.util.regex.Pattern;

/** Metrics over StatsD. */
public record StatsdConfig(
    String host, int port, String prefix, Duration interval, int maxTimingsPerSecond) {

  private static final Pattern NAME = Pattern.compile("([A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*)?");

  /**
   * @throws ConfigException for values out of their bounds
   */
  public StatsdConfig {
    new Check("statsd")
        .port("port", port)
        .matches("prefix", prefix, NAME, "words of letters, digits, _ and - with dots between")
        .range("interval", interval, Duration.ofMillis(100), Duration.ofMinutes(10))
        .range("max-timings-per-second", maxTimingsPerSecond, 1, 100_000)
        .end();
  }

  /** Whether a host is named at all. */
  public boolean isOn() {
    return !host.isEmpty();
  }
}
