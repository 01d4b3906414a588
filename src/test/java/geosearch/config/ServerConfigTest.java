package geosearch.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerConfigTest {

  @Test
  void defaults_areThoseOfTheFile() {
    assertEquals(
        new ServerConfig(
            "127.0.0.1",
            50051,
            true,
            4 << 20,
            256,
            10_000,
            0,
            8 << 10,
            Duration.ofSeconds(10),
            Duration.ofMinutes(30),
            Duration.ofSeconds(30),
            Duration.ofMinutes(15),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            Duration.ofSeconds(30),
            8),
        Settings.none().config().server());
  }

  @Test
  void everySetting_given_isTaken() {
    Config config =
        Settings.of(
                "server.address=0.0.0.0",
                "server.port=0",
                "server.reflection=false",
                "server.max-message-size=1MiB",
                "server.max-concurrent-calls=10",
                "server.max-cancels-per-second=11",
                "server.max-connections=12",
                "server.max-metadata-size=16KiB",
                "server.min-keepalive-interval=11s",
                "server.max-connection-age=31m",
                "server.max-connection-age-grace=31s",
                "server.max-connection-idle=16m",
                "server.handshake-timeout=12s",
                "server.max-request-time=33s",
                "server.max-unread-time=34s",
                "server.max-call-time=32s",
                "server.store-threads=9")
            .config();

    assertEquals(
        new ServerConfig(
            "0.0.0.0",
            0,
            false,
            1 << 20,
            10,
            11,
            12,
            16 << 10,
            Duration.ofSeconds(11),
            Duration.ofMinutes(31),
            Duration.ofSeconds(31),
            Duration.ofMinutes(16),
            Duration.ofSeconds(12),
            Duration.ofSeconds(33),
            Duration.ofSeconds(34),
            Duration.ofSeconds(32),
            9),
        config.server());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "server.address= | server.address must not be empty",
        "server.port=65536 | server.port must be from 0 to 65535, not 65536",
        "server.port=-1 | server.port must be from 0 to 65535, not -1",
        "server.max-message-size=1023 | server.max-message-size must be from 1KiB to 64MiB, not 1023 bytes",
        "server.max-message-size=65MiB | server.max-message-size must be from 1KiB to 64MiB, not 65MiB",
        "server.max-concurrent-calls=0 | server.max-concurrent-calls must be from 1 to 100000, not 0",
        "server.max-cancels-per-second=0 | server.max-cancels-per-second must be from 1 to 1000000, not 0",
        "server.max-metadata-size=2MiB | server.max-metadata-size must be from 1KiB to 1MiB, not 2MiB",
        "server.min-keepalive-interval=999ms | server.min-keepalive-interval must be at least 1s, not 999ms",
        "server.max-connection-age=0s | server.max-connection-age must be at least 1s, not 0s",
        "server.max-connection-idle=0s | server.max-connection-idle must be at least 1s, not 0s",
        "server.handshake-timeout=0s | server.handshake-timeout must be at least 1ms, not 0s",
        "server.max-call-time=0s | server.max-call-time must be at least 1ms, not 0s",
        "server.store-threads=1001 | server.store-threads must be from 1 to 1000, not 1001"
      })
  void setting_outOfBounds_saysBoundAndValue(String assignment, String expected) {
    assertEquals(List.of(expected + " (flag --set)"), Settings.of(assignment).problems());
  }
}
