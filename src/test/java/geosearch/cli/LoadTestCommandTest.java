package geosearch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import geosearch.cli.TestServer.Box;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class LoadTestCommandTest {

  @Test
  void loadTest_server_sendsAsManyCallsAsAskedFor() throws IOException {
    try (TestServer server =
        TestServer.knowing(TestServer.layer("country", Box.of("X", "", 0, 40, 10, 50)))) {

      Run run =
          Run.of(
              "load-test",
              "--timeout",
              "30s",
              "--server",
              server.address(),
              "--rate",
              "200",
              "--duration",
              "1500ms");

      assertEquals(ExitCode.OK, run.exitCode(), run::toString);
      assertTrue(run.out().startsWith("300 calls in 1500ms: 0 failed, "), run::toString);
    }
  }

  @Test
  void loadTest_json_printsSecondsWhoseSumIsTheLastLine() throws IOException {
    try (TestServer server =
        TestServer.knowing(TestServer.layer("country", Box.of("X", "", 0, 40, 10, 50)))) {

      Run run =
          Run.of(
              "load-test",
              "--json",
              "--timeout",
              "30s",
              "--server",
              server.address(),
              "--rate",
              "100",
              "--duration",
              "2500ms");

      assertEquals(4, run.lines().size(), run::toString);
      assertTrue(run.lines().getFirst().startsWith("{\"millis\":"), run::toString);
      assertTrue(
          run.lines().getLast().startsWith("{\"sum\":{\"sent\":250,\"failed\":0,"), run::toString);
    }
  }

  @Test
  void loadTest_noServer_countsEachFailure() throws IOException {
    TestServer server = TestServer.offering();
    server.close();

    Run run = Run.of("load-test", "--server", server.address(), "--rate", "50", "--duration", "1s");

    assertEquals(ExitCode.FAILED, run.exitCode());
    assertTrue(run.out().startsWith("50 calls in 1s: 50 failed"), run::toString);
    assertTrue(run.out().contains("× UNAVAILABLE"), run::toString);
  }

  @Test
  void loadTest_rateOutOfBounds_isRefused() {
    Run run = Run.of("load-test", "--rate", "0");

    assertEquals(ExitCode.USAGE, run.exitCode());
    assertTrue(run.err().contains("--rate must be 1 to 100000, not 0"), run::toString);
  }
}
