package geosearch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import geosearch.cli.TestServer.Box;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class MonitorCommandTest {

  @Test
  void monitor_server_printsTheNumberOfThings() throws IOException {
    try (TestServer server =
        TestServer.knowing(
            TestServer.layer("country", Box.of("X", "", 0, 0, 1, 1)),
            TestServer.layer("thing", Box.of("a", "", 0, 0, 1, 1), Box.of("b", "", 0, 0, 1, 1)))) {

      assertEquals(
          new Run(ExitCode.OK, "2\n", ""), Run.of("monitor", "--server", server.address()));
      assertEquals(
          new Run(ExitCode.OK, "{\"things\":2}\n", ""),
          Run.of("monitor", "--json", "--server", server.address()));
    }
  }

  @Test
  void monitor_noServer_isUnavailable() throws IOException {
    TestServer server = TestServer.offering();
    server.close();

    Run run = Run.of("monitor", "--server", server.address());

    assertEquals(ExitCode.UNAVAILABLE, run.exitCode());
  }
}
