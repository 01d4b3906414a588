package geosearch.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StopConfigTest {

  @Test
  void defaults_areThoseOfTheFile() {
    assertEquals(
        new StopConfig(
            Duration.ofSeconds(2),
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(2)),
        Settings.none().config().stop());
  }

  @Test
  void everySetting_given_isTaken() {
    Config config =
        Settings.of(
                "stop.deregister-timeout=3s",
                "stop.drain-delay=0s",
                "stop.grace=1m",
                "stop.close-timeout=20ms")
            .config();

    assertEquals(
        new StopConfig(
            Duration.ofSeconds(3), Duration.ZERO, Duration.ofMinutes(1), Duration.ofMillis(20)),
        config.stop());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "stop.grace=-1s | stop.grace must be a duration such as 500ms, 5s, 10m or 1h, not -1s"
      })
  void setting_outOfBounds_saysBoundAndValue(String assignment, String expected) {
    assertEquals(List.of(expected + " (flag --set)"), Settings.of(assignment).problems());
  }
}
