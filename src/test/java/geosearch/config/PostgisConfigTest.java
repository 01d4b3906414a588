package geosearch.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PostgisConfigTest {

  @Test
  void defaults_areThoseOfTheFile() {
    assertEquals(
        new PostgisConfig(
            "",
            5432,
            "test",
            "docker",
            new Secret(""),
            Optional.empty(),
            "prefer",
            "geosearch",
            4,
            Duration.ofSeconds(5),
            Duration.ofSeconds(60),
            Duration.ofSeconds(10)),
        Settings.none().config().store().postgis());
  }

  @Test
  void everySetting_given_isTaken() {
    Config config =
        Settings.of(
                "store.postgis.host=db",
                "store.postgis.port=5433",
                "store.postgis.database=areas",
                "store.postgis.user=reader",
                "store.postgis.password-file=/run/password",
                "store.postgis.ssl-mode=verify-full",
                "store.postgis.schema=own",
                "store.postgis.pool-size=5",
                "store.postgis.connect-timeout=6s",
                "store.postgis.socket-timeout=61s",
                "store.postgis.statement-timeout=11s")
            .config();

    assertEquals(
        new PostgisConfig(
            "db",
            5433,
            "areas",
            "reader",
            new Secret(""),
            Optional.of(Path.of("/run/password")),
            "verify-full",
            "own",
            5,
            Duration.ofSeconds(6),
            Duration.ofSeconds(61),
            Duration.ofSeconds(11)),
        config.store().postgis());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "store.postgis.port=0 | store.postgis.port must be from 1 to 65535, not 0",
        "store.postgis.database= | store.postgis.database must not be empty",
        "store.postgis.user= | store.postgis.user must not be empty",
        "store.postgis.ssl-mode=on | store.postgis.ssl-mode must be one of disable, prefer, require, verify-ca, verify-full, not on",
        "store.postgis.schema=1a | store.postgis.schema must be 1 to 63 of a-z, 0-9 and _, not beginning with a digit, not 1a",
        "store.postgis.pool-size=0 | store.postgis.pool-size must be from 1 to 100, not 0",
        "store.postgis.connect-timeout=0s | store.postgis.connect-timeout must be at least 1ms, not 0s",
        "store.postgis.socket-timeout=0s | store.postgis.socket-timeout must be at least 1ms, not 0s",
        "store.postgis.statement-timeout=0s | store.postgis.statement-timeout must be at least 1ms, not 0s"
      })
  void setting_outOfBounds_saysBoundAndValue(String assignment, String expected) {
    assertEquals(List.of(expected + " (flag --set)"), Settings.of(assignment).problems());
  }
}
