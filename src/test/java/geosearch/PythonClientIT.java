package geosearch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import geosearch.testing.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A client that is generated from the published files, as the README makes one, word for word. */
class PythonClientIT {

  /** What the README says of Python: commands, a program, and what that prints. */
  private static final Pattern EXAMPLE =
      Pattern.compile(
          "## From Python\n.*?```sh\n(.*?)```.*?```python\n(.*?)```.*?```\n(.*?)```",
          Pattern.DOTALL);

  private static final String ADDRESS = "127.0.0.1:50051";

  @TempDir private Path folder;

  @Test
  @Timeout(300)
  void example_ofTheReadme_printsWhatItSays() throws Exception {
    Matcher example = EXAMPLE.matcher(Files.readString(Path.of("README.md")));
    assertTrue(example.find(), "the README has no example in Python");
    Path work = Files.createDirectory(folder.resolve("work"));
    Files.createSymbolicLink(work.resolve("src"), Path.of("src").toAbsolutePath());
    run(work, "sh", "-euc", example.group(1));
    try (ServerProcess server =
        ServerProcess.start(ServerProcess.in(folder.resolve("store"))).awaitReady()) {
      assertTrue(example.group(2).contains(ADDRESS), "the example names another server");
      Files.writeString(
          work.resolve("example.py"),
          example.group(2).replace(ADDRESS, "127.0.0.1:" + server.port()));

      assertEquals(example.group(3), run(work, "venv/bin/python", "example.py"));
    }
  }

  /** Runs a command, and returns what it printed. */
  private String run(Path work, String... command) throws IOException, InterruptedException {
    Path output = folder.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(work.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().put("PYTHONPATH", "stubs");
    builder.environment().put("PIP_DISABLE_PIP_VERSION_CHECK", "1");
    Process process = builder.start();
    try {
      assertTrue(process.waitFor(200, TimeUnit.SECONDS), String.join(" ", command));
    } finally {
      process.destroyForcibly();
    }
    assertEquals(0, process.exitValue(), () -> read(output));
    return read(output);
  }

  private static String read(Path output) {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
