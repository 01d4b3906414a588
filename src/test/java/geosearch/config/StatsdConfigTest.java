package geosearch.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatsdConfigTest {

  @Test
  void defaults_areThoseOfTheFile() {
    assertEquals(
        new StatsdConfig("", 8125, "", Duration.ofSeconds(10), 100),
        Settings.none().config().statsd());
  }

  @Test
  void everySetting_given_isTaken() {
    Config config =
        Settings.of(
                "statsd.host=graphite",
                "statsd.port=8126",
                "statsd.prefix=geo.search",
                "statsd.interval=1s",
                "statsd.max-timings-per-second=5")
            .config();

    assertEquals(
        new StatsdConfig("graphite", 8126, "geo.search", Duration.ofSeconds(1), 5),
        config.statsd());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "statsd.port=0 | statsd.port must be from 1 to 65535, not 0",
        "statsd.prefix=a. | statsd.prefix must be words of letters, digits, _ and - with dots between, not a.",
        "statsd.interval=99ms | statsd.interval must be from 100ms to 10m, not 99ms",
        "statsd.max-timings-per-second=0 | statsd.max-timings-per-second must be from 1 to 100000, not 0"
      })
  void setting_outOfBounds_saysBoundAndValue(String assignment, String expected) {
    assertEquals(List.of(expected + " (flag --set)"), Settings.of(assignment).problems());
  }
}
