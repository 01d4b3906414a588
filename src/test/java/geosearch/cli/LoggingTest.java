package geosearch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import geosearch.config.LogConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.LogManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class LoggingTest {

  @ParameterizedTest
  @CsvSource({
    "ERROR, geosearch.A:error io.grpc.B:error",
    "WARN, geosearch.A:error geosearch.A:warn io.grpc.B:error io.grpc.B:warn",
    "INFO, geosearch.A:error geosearch.A:warn geosearch.A:info io.grpc.B:error io.grpc.B:warn",
    "DEBUG, geosearch.A:error geosearch.A:warn geosearch.A:info geosearch.A:debug"
        + " io.grpc.B:error io.grpc.B:warn io.grpc.B:info",
    "TRACE, geosearch.A:error geosearch.A:warn geosearch.A:info geosearch.A:debug geosearch.A:trace"
        + " io.grpc.B:error io.grpc.B:warn io.grpc.B:info io.grpc.B:debug",
  })
  void configure_level_letsThrough(LogConfig.Level level, String expected) {
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    PrintStream err = new PrintStream(written, true, StandardCharsets.UTF_8);
    try {
      Logging.configure(level, err);
      for (String name : List.of("geosearch.A", "io.grpc.B")) {
        Logger logger = LoggerFactory.getLogger(name);
        logger.error("{}:error", name);
        logger.warn("{}:warn", name);
        logger.info("{}:info", name);
        logger.debug("{}:debug", name);
        logger.trace("{}:trace", name);
      }
    } finally {
      Logging.configure(LogConfig.Level.INFO, System.err);
    }

    List<String> messages =
        written
            .toString(StandardCharsets.UTF_8)
            .lines()
            .map(line -> line.substring(line.lastIndexOf(' ') + 1))
            .toList();
    assertEquals(List.of(expected.split(" ", -1)), messages);
  }

  /** The JDK's own manager resets itself in a shutdown hook, while ours still has much to say. */
  @Test
  void log_afterAReset_isWritten() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                LastWords.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertEquals(0, process.waitFor());
    assertEquals(List.of("first", "last"), output.lines().map(LoggingTest::message).toList());
  }

  private static String message(String line) {
    return line.substring(line.indexOf(": ") + 2);
  }

  /** Logs before and after what the JDK's shutdown hook does. */
  static final class LastWords {
    public static void main(String[] args) {
      Logging.configure(LogConfig.Level.INFO, System.err);
      Logger log = LoggerFactory.getLogger(LastWords.class);
      log.info("first");
      LogManager.getLogManager().reset();
      log.info("last");
    }
  }
}
