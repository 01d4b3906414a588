package geosearch.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ZonesConfigTest {

  @Test
  void defaults_areThoseOfTheFile() {
    assertEquals(
        new ZonesConfig(ZonesConfig.Writers.LOCAL, 1 << 20, 10_000, 100_000),
        Settings.none().config().zones());
  }

  @Test
  void everySetting_given_isTaken() {
    Config config =
        Settings.of(
                "zones.write=nobody",
                "zones.max-outline-bytes=2MiB",
                "zones.max-vertices=20",
                "zones.max-rings=5",
                "zones.max-attributes=6",
                "zones.max-zones=30",
                "zones.max-collections=7",
                "zones.max-watches=8",
                "zones.keep-revisions=9d",
                "zones.keep-request-ids=10m")
            .config();

    assertEquals(
        new ZonesConfig(
            ZonesConfig.Writers.NOBODY,
            2 << 20,
            20,
            5,
            6,
            30,
            7,
            8,
            Duration.ofDays(9),
            Duration.ofMinutes(10)),
        config.zones());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "zones.write=me | zones.write must be one of local, everyone, nobody, not me",
        "zones.max-outline-bytes=99 | zones.max-outline-bytes must be from 100 bytes to 64MiB, not 99 bytes",
        "zones.max-vertices=3 | zones.max-vertices must be from 4 to 1000000, not 3",
        "zones.max-rings=0 | zones.max-rings must be from 1 to 100000, not 0",
        "zones.max-attributes=-1 | zones.max-attributes must be from 0 to 1000, not -1",
        "zones.max-collections=0 | zones.max-collections must be from 1 to 1000, not 0",
        "zones.max-watches=-1 | zones.max-watches must be from 0 to 10000, not -1",
        "zones.max-zones=0 | zones.max-zones must be from 1 to 10000000, not 0"
      })
  void setting_outOfBounds_saysBoundAndValue(String assignment, String expected) {
    assertEquals(List.of(expected + " (flag --set)"), Settings.of(assignment).problems());
  }
}
