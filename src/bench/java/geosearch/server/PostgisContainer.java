package geosearch.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A PostGIS of its own, in a container that goes away with it. */
final class PostgisContainer implements AutoCloseable {

  static final String USER = "docker";
  static final String PASSWORD = "docker";
  static final String DATABASE = "test";

  private static final int ATTEMPTS = 300;

  private final String name = "geosearch-bench-postgis-" + ProcessHandle.current().pid();

  /**
   * @param options further ones of {@code docker run}
   */
  PostgisContainer(String... options) throws IOException, InterruptedException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "run",
                "--detach",
                "--name",
                name,
                "--env",
                "POSTGRES_USER=" + USER,
                "--env",
                "POSTGRES_PASSWORD=" + PASSWORD,
                "--env",
                "POSTGRES_DB=" + DATABASE));
    arguments.addAll(Arrays.asList(options));
    arguments.add("postgis/postgis:17-3.5");
    docker(arguments);
  }

  /** By which other containers of its network reach it. */
  String name() {
    return name;
  }

  /** By which this machine reaches it. */
  String host() throws IOException, InterruptedException {
    return docker(
            List.of(
                "inspect",
                "--format",
                "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}",
                name))
        .strip();
  }

  /** What tells a server of this machine, or a command, to keep its areas there. */
  Map<String, String> settings() throws IOException, InterruptedException {
    return Map.of(
        "GEOSEARCH_STORE_POSTGIS_HOST", host(), "GEOSEARCH_STORE_POSTGIS_PASSWORD", PASSWORD);
  }

  /** Waits until it takes connections from elsewhere, which is after it has set itself up. */
  void awaitReady() throws IOException, InterruptedException {
    for (int attempt = 0; ; attempt++) {
      try {
        docker(List.of("exec", name, "pg_isready", "--host", host(), "--username", USER));
        return;
      } catch (IOException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
        TimeUnit.MILLISECONDS.sleep(200);
      }
    }
  }

  /** Executes statements. */
  void execute(String sql) throws IOException, InterruptedException {
    docker(
        List.of(
            "exec",
            name,
            "psql",
            "--username",
            USER,
            "--dbname",
            DATABASE,
            "--set",
            "ON_ERROR_STOP=1",
            "--command",
            sql));
  }

  /**
   * Runs the container engine's client.
   *
   * @return what it printed
   * @throws IOException if it fails; the message has what it said
   */
  static String docker(List<String> arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("docker"));
    command.addAll(arguments);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("this failed: " + String.join(" ", command) + ": " + output.strip());
    }
    return output;
  }

  @Override
  public void close() throws IOException {
    try {
      docker(List.of("rm", "--force", "--volumes", name));
    } catch (InterruptedException e) {
      throw new IOException("interrupted", e);
    }
  }
}
