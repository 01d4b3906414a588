package geosearch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import geosearch.config.Config;
import geosearch.config.LoadedConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServeCommandTest {

  @TempDir private Path folder;
  private final List<LoadedConfig> served = new ArrayList<>();

  @Test
  void serve_withoutFlags_takesSettingsFromTheEnvironment() {
    Run run = setup().environment("GEOSEARCH_SERVER_PORT", "7").run("serve");

    assertEquals(new Run(ExitCode.OK, "", ""), run);
    assertEquals(7, served().server().port());
  }

  @Test
  void serve_flags_goBeforeEverything() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("a.yaml"),
            "server:\n  port: 1\n  store-threads: 3\nlog:\n  level: warn");

    Run run =
        setup()
            .environment("GEOSEARCH_SERVER_PORT", "2")
            .run(
                "serve",
                "--config",
                file.toString(),
                "--port=3",
                "--address=0.0.0.0",
                "--folder",
                folder.toString(),
                "--set",
                "log.level=error",
                "--set=consul.meta={a: b=c}");

    assertEquals(new Run(ExitCode.OK, "", ""), run);
    assertEquals(3, served().server().port());
    assertEquals("0.0.0.0", served().server().address());
    assertEquals(folder, served().store().folder());
    assertEquals(3, served().server().storeThreads());
    assertEquals("b=c", served().consul().meta().get("a"));
  }

  @Test
  void serve_wrongSettings_saysAllOfThemAndStartsNothing() {
    Run run = setup().run("serve", "--port", "x", "--set", "log.levle=debug");

    assertEquals(
        new Run(
            ExitCode.FAILED,
            "",
            """
            geosearch: flag --set: there is no setting log.levle; did you mean log.level?
            geosearch: server.port must be a whole number, not x (flag --port)
            """),
        run);
    assertEquals(List.of(), served);
  }

  private Run.Setup setup() {
    return new Run.Setup().launcher(served::add);
  }

  private Config served() {
    return served.getFirst().config();
  }
}
