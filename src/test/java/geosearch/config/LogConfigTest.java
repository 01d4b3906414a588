package geosearch.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogConfigTest {

  @Test
  void defaults_areThoseOfTheFile() {
    assertEquals(new LogConfig(LogConfig.Level.INFO), Settings.none().config().log());
  }

  @Test
  void everySetting_given_isTaken() {
    Config config = Settings.of("log.level=debug").config();

    assertEquals(new LogConfig(LogConfig.Level.DEBUG), config.log());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "log.level=loud | log.level must be one of error, warn, info, debug, trace, not loud"
      })
  void setting_outOfBounds_saysBoundAndValue(String assignment, String expected) {
    assertEquals(List.of(expected + " (flag --set)"), Settings.of(assignment).problems());
  }
}
