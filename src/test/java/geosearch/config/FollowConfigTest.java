package geosearch.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FollowConfigTest {

  @Test
  void defaults_areThoseOfTheFile() {
    assertEquals(
        new FollowConfig(
            Duration.ofMillis(500), Duration.ofMillis(500), Duration.ofSeconds(10), 5_000_000),
        Settings.none().config().follow());
  }

  @Test
  void everySetting_given_isTaken() {
    Config config =
        Settings.of(
                "follow.poll-interval=100ms",
                "follow.retry-delay=1s",
                "follow.max-retry-delay=20s",
                "follow.max-earlier-vertices=7")
            .config();

    assertEquals(
        new FollowConfig(Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ofSeconds(20), 7),
        config.follow());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "follow.poll-interval=99ms | follow.poll-interval must be from 100ms to 1h, not 99ms",
        "follow.poll-interval=61m | follow.poll-interval must be from 100ms to 1h, not 61m",
        "follow.retry-delay=0s | follow.retry-delay must be at least 1ms, not 0s",
        "follow.max-earlier-vertices=-1 | follow.max-earlier-vertices must be from 0 to 1000000000, not -1",
        "follow.max-retry-delay=400ms | follow.max-retry-delay must be at least 500ms, not 400ms"
      })
  void setting_outOfBounds_saysBoundAndValue(String assignment, String expected) {
    assertEquals(List.of(expected + " (flag --set)"), Settings.of(assignment).problems());
  }
}
