package geosearch.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConsulConfigTest {

  @Test
  void defaults_areThoseOfTheFile() {
    assertEquals(
        new ConsulConfig(
            "",
            8500,
            "http",
            new Secret(""),
            Optional.empty(),
            Optional.empty(),
            true,
            "search-service",
            "",
            "",
            0,
            List.of(),
            Map.of(),
            Duration.ofSeconds(5),
            Duration.ofSeconds(2),
            Duration.ofMinutes(10),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            false),
        Settings.none().config().consul());
  }

  @Test
  void everySetting_given_isTaken() {
    Config config =
        Settings.of(
                "consul.host=agent",
                "consul.port=8501",
                "consul.scheme=https",
                "consul.ca-file=/ca.pem",
                "consul.verify-host=false",
                "consul.service-name=areas",
                "consul.service-id=areas-1",
                "consul.advertise-address=10.0.0.1",
                "consul.advertise-port=50052",
                "consul.tags=a,b",
                "consul.meta={zone: x}",
                "consul.check-interval=6s",
                "consul.check-timeout=3s",
                "consul.deregister-critical-after=11m",
                "consul.reconcile-interval=7s",
                "consul.request-timeout=8s",
                "consul.startup-wait=0s",
                "consul.register-after-probe=true")
            .environment("GEOSEARCH_CONSUL_TOKEN", "t")
            .config();

    assertEquals(
        new ConsulConfig(
            "agent",
            8501,
            "https",
            new Secret("t"),
            Optional.empty(),
            Optional.of(Path.of("/ca.pem")),
            false,
            "areas",
            "areas-1",
            "10.0.0.1",
            50052,
            List.of("a", "b"),
            Map.of("zone", "x"),
            Duration.ofSeconds(6),
            Duration.ofSeconds(3),
            Duration.ofMinutes(11),
            Duration.ofSeconds(7),
            Duration.ofSeconds(8),
            Duration.ZERO,
            true),
        config.consul());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "consul.port=0 | consul.port must be from 1 to 65535, not 0",
        "consul.scheme=ftp | consul.scheme must be one of http, https, not ftp",
        "consul.service-name=a.b | consul.service-name must be 1 to 63 letters, digits and inner dashes, not a.b",
        "consul.service-name= | consul.service-name must be 1 to 63 letters, digits and inner dashes, not empty",
        "consul.advertise-port=65536 | consul.advertise-port must be from 0 to 65535, not 65536",
        "consul.check-interval=500ms | consul.check-interval must be at least 1s, not 500ms",
        "consul.check-timeout=0s | consul.check-timeout must be at least 1ms, not 0s",
        "consul.deregister-critical-after=59s | consul.deregister-critical-after must be at least 1m, not 59s",
        "consul.reconcile-interval=0s | consul.reconcile-interval must be at least 1ms, not 0s",
        "consul.request-timeout=0s | consul.request-timeout must be at least 1ms, not 0s"
      })
  void setting_outOfBounds_saysBoundAndValue(String assignment, String expected) {
    assertEquals(List.of(expected + " (flag --set)"), Settings.of(assignment).problems());
  }
}
