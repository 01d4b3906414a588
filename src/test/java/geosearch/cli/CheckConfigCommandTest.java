package geosearch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckConfigCommandTest {

  @TempDir private Path folder;

  @Test
  void checkConfig_goodSettings_printsEachWithItsOrigin() throws IOException {
    Path file = Files.writeString(folder.resolve("a.yaml"), "stop:\n  grace: 3s\n");

    Run run =
        new Run.Setup()
            .environment("GEOSEARCH_CONSUL_TOKEN", "hunter2")
            .run("check-config", "--config", file.toString(), "--port", "7");

    assertEquals(ExitCode.OK, run.exitCode());
    assertEquals("", run.err());
    assertRow(run, "SETTING VALUE FROM");
    assertRow(run, "server.address 127.0.0.1 default");
    assertRow(run, "server.port 7 flag --port");
    assertRow(run, "stop.grace 3s " + file + ":2");
    assertRow(run, "consul.token ******** environment variable GEOSEARCH_CONSUL_TOKEN");
    assertFalse(run.out().contains("hunter2"));
  }

  private static void assertRow(Run run, String row) {
    assertTrue(
        run.lines().stream().map(line -> line.replaceAll(" +", " ")).anyMatch(row::equals),
        run.out());
  }

  @Test
  void checkConfig_json_isAnArrayOfObjects() throws IOException {
    Run run = Run.of("check-config", "--json", "--set", "log.level=debug");

    JsonNode settings = new ObjectMapper().readTree(run.out());
    assertEquals(
        new ObjectMapper()
            .readTree("{\"setting\":\"log.level\",\"value\":\"debug\",\"from\":\"flag --set\"}"),
        settings.get(settings.size() - 1));
  }

  @Test
  void checkConfig_badSettings_saysAllThatIsWrong() {
    Run run =
        new Run.Setup()
            .environment("GEOSEARCH_LOG_LEVEL", "loud")
            .run("check-config", "--port", "70000");

    assertEquals(ExitCode.FAILED, run.exitCode());
    assertEquals("", run.out());
    assertEquals(2, run.err().lines().count(), run.err());
  }

  @Test
  void checkConfig_secretAsFlag_isRefused() {
    Run run = Run.of("check-config", "--set", "store.postgis.password=hunter2");

    assertEquals(ExitCode.FAILED, run.exitCode());
    assertTrue(run.err().contains("GEOSEARCH_STORE_POSTGIS_PASSWORD"), run.err());
    assertFalse(run.err().contains("hunter2"), run.err());
  }
}
