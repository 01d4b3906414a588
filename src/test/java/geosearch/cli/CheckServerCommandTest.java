package geosearch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import geosearch.cli.TestServer.Box;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class CheckServerCommandTest {

  @Test
  void checkServer_allAnswersButNotReady_failsAndPrintsEachAnswer() throws IOException {
    // The server of this test has no condition to be ready by.
    try (TestServer server =
        TestServer.knowing(TestServer.layer("country", Box.of("X", "", 0, 40, 10, 50)))) {

      Run run = Run.of("check-server", "--server", server.address());

      assertTrue(run.lines().contains("health of liveness: SERVING"), run::toString);
      assertTrue(run.lines().contains("health of Search: " + readiness(run)), run::toString);
      assertTrue(run.lines().contains("Search/search: 1 responses"), run::toString);
      assertTrue(
          run.lines().stream()
              .anyMatch(
                  line -> line.startsWith("reflection: Search geosearch.v1.GeoSearch grpc.health")),
          run::toString);
      assertEquals(
          readiness(run).equals("SERVING") ? ExitCode.OK : ExitCode.FAILED, run.exitCode());
    }
  }

  private static String readiness(Run run) {
    return run.lines().stream()
        .filter(line -> line.startsWith("health of readiness: "))
        .map(line -> line.substring("health of readiness: ".length()))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void checkServer_serviceMissing_fails() throws IOException {
    try (TestServer server = TestServer.offering()) {
      Run run = Run.of("check-server", "--server", server.address());

      assertEquals(ExitCode.FAILED, run.exitCode());
      assertTrue(run.out().contains("Search/search: Status{code=UNIMPLEMENTED"), run::toString);
    }
  }

  @Test
  void checkServer_noServer_isUnavailable() throws IOException {
    TestServer server = TestServer.offering();
    server.close();

    assertEquals(
        ExitCode.UNAVAILABLE, Run.of("check-server", "--server", server.address()).exitCode());
  }
}
