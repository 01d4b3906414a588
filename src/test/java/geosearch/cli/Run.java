package geosearch.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A command that was run, and what came of it.
 *
 * @param exitCode how it ended
 * @param out what it printed
 * @param err what it said beside that
 */
record Run(int exitCode, String out, String err) {

  /** Runs a command without settings. */
  static Run of(String... args) {
    return new Setup().run(args);
  }

  /** The lines of the output. */
  List<String> lines() {
    return out.lines().toList();
  }

  /** What a command is run with. */
  static final class Setup {
    private final Map<String, String> environment = new HashMap<>(Map.of("HOME", "/nowhere"));
    private String input = "";
    private ServerLauncher launcher =
        config -> {
          throw new IllegalStateException("no server is expected here");
        };

    Setup environment(String name, String value) {
      environment.put(name, value);
      return this;
    }

    /** The folder of the embedded store. */
    Setup folder(Path folder) {
      return environment("GEOSEARCH_STORE_FOLDER", folder.toString());
    }

    Setup input(String input) {
      this.input = input;
      return this;
    }

    Setup launcher(ServerLauncher launcher) {
      this.launcher = launcher;
      return this;
    }

    Run run(String... args) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      ByteArrayOutputStream err = new ByteArrayOutputStream();
      int exitCode =
          Cli.run(
              args,
              environment,
              new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
              new PrintStream(out, true, StandardCharsets.UTF_8),
              new PrintStream(err, true, StandardCharsets.UTF_8),
              launcher);
      return new Run(
          exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
  }
}
