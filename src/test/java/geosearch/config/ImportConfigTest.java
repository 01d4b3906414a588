package geosearch.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImportConfigTest {

  @Test
  void defaults_areThoseOfTheFile() {
    assertEquals(
        new ImportConfig(5_000_000, 64 << 10, Duration.ofSeconds(30)),
        Settings.none().config().imports());
  }

  @Test
  void everySetting_given_isTaken() {
    Config config =
        Settings.of(
                "import.max-vertices=100", "import.max-attribute-bytes=0", "import.http-timeout=1m")
            .config();

    assertEquals(new ImportConfig(100, 0, Duration.ofMinutes(1)), config.imports());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "import.max-vertices=3 | import.max-vertices must be from 4 to 100000000, not 3",
        "import.max-attribute-bytes=17MiB | import.max-attribute-bytes must be from 0 bytes to 16MiB, not 17MiB",
        "import.http-timeout=0s | import.http-timeout must be at least 1ms, not 0s"
      })
  void setting_outOfBounds_saysBoundAndValue(String assignment, String expected) {
    assertEquals(List.of(expected + " (flag --set)"), Settings.of(assignment).problems());
  }
}
