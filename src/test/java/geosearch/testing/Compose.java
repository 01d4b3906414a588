package geosearch.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The servers of a compose file, in a project of their own on free ports, until they are closed;
 * they go with their volumes.
 */
public final class Compose implements AutoCloseable {

  private final Path file;
  private final List<String> portVariables;
  private final Map<String, String> environment;
  private final String project = "geosearch-test-" + UUID.randomUUID();

  /**
   * @param file the compose file
   * @param portVariables its variables that hold ports
   * @param environment further variables, its own and those of {@code docker compose}
   */
  public Compose(Path file, List<String> portVariables, Map<String, String> environment) {
    this.file = file;
    this.portVariables = List.copyOf(portVariables);
    this.environment = Map.copyOf(environment);
  }

  /** Whether there is a {@code docker compose} here. */
  static boolean isAvailable() {
    try {
      Process process =
          new ProcessBuilder("docker", "compose", "version")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor() == 0;
    } catch (IOException _) {
      return false;
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** Starts the servers and waits until each says that it is healthy. */
  public void up() {
    run("up", "--detach", "--wait", "--quiet-pull");
  }

  /** The port of this machine that leads to a server's. */
  public int port(String service, int port, String protocol) {
    String address = run("port", "--protocol", protocol, service, Integer.toString(port)).strip();
    return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
  }

  @Override
  public void close() {
    run("down", "--volumes", "--timeout", "5");
  }

  private String run(String... arguments) {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("docker", "compose", "-p", project, "-f", file.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    // The engine takes a free one for 0.
    portVariables.forEach(variable -> builder.environment().put(variable, "0"));
    builder.environment().putAll(environment);
    try {
      Process process = builder.start();
      String output;
      try (InputStream in = process.getInputStream()) {
        output = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      }
      int status = process.waitFor();
      if (status != 0) {
        throw new IllegalStateException(
            String.join(" ", command) + " ended with " + status + ":\n" + output);
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static IllegalStateException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new IllegalStateException(e);
  }
}
