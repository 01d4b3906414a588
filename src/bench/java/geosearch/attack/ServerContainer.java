package geosearch.attack;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A server in a container with little memory, on the first core. */
final class ServerContainer implements AutoCloseable {

  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final String PREFIX = "geosearch-attack-" + ProcessHandle.current().pid() + "-";
  private static final int PORT = 50_051;
  private static final int QUOTA_MICROS = 3_333;
  private static final int PERIOD_MICROS = 10_000;

  private final String name;
  private final Path log;
  private final InetSocketAddress address;
  private final ControlGroup usage;

  /** What the container ended as, if it did. */
  record State(boolean running, boolean outOfMemory, int exitCode) {
    @Override
    public String toString() {
      return running ? "yes" : outOfMemory ? "no: killed, out of memory" : "no: exit " + exitCode;
    }
  }

  private ServerContainer(String name) throws IOException, InterruptedException {
    this.name = name;
    String[] facts =
        docker(
                "inspect",
                "--format",
                "{{.State.Pid}} {{.LogPath}} {{range .NetworkSettings.Networks}}{{.IPAddress}}"
                    + "{{end}}",
                name)
            .strip()
            .split(" ", -1);
    this.log = Path.of(facts[1]);
    this.address = new InetSocketAddress(facts[2], PORT);
    this.usage = ControlGroup.of(Long.parseLong(facts[0]));
  }

  /**
   * Starts a server.
   *
   * @param memory as the engine writes it, such as 420m; there is no swap beside it
   * @param store what it begins with a copy of
   */
  static ServerContainer start(PreparedStore store, String memory)
      throws IOException, InterruptedException {
    String name = PREFIX + COUNT.incrementAndGet();
    List<String> command = new ArrayList<>(List.of("run", "--detach", "--name", name));
    command.addAll(List.of("--memory", memory, "--memory-swap", memory, "--cpuset-cpus", "0"));
    command.addAll(List.of("--volume", store.path() + ":/template:ro", "--volume", "/data"));
    command.addAll(List.of("--env", "GEOSEARCH_STORE_TEMPLATE=/template"));
    command.addAll(List.of("--env", "GEOSEARCH_STORE_FOLDER=/data", "--user", "0"));
    command.addAll(List.of("--env", "GEOSEARCH_SERVER_ADDRESS=0.0.0.0"));
    command.addAll(store.program().server());
    docker(command.toArray(String[]::new));
    return new ServerContainer(name);
  }

  /** Allows the server a third of its core from now on, in short turns. */
  void limitProcessor() throws IOException, InterruptedException {
    quota(QUOTA_MICROS);
  }

  /** Allows the server all of its core. */
  void freeProcessor() throws IOException, InterruptedException {
    quota(-1);
  }

  private void quota(int micros) throws IOException, InterruptedException {
    docker(
        "update",
        "--cpu-period",
        String.valueOf(PERIOD_MICROS),
        "--cpu-quota",
        String.valueOf(micros),
        name);
  }

  /** Removes what was started and not closed, such as when a measurement is interrupted. */
  static void removeAll() {
    for (int i = 1; i <= COUNT.get(); i++) {
      try {
        docker("rm", "--force", "--volumes", PREFIX + i);
      } catch (IOException e) {
        // It is gone.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  InetSocketAddress address() {
    return address;
  }

  ControlGroup usage() {
    return usage;
  }

  /** Returns how many bytes the server has logged, as the engine keeps them. */
  long logBytes() {
    try {
      return Files.size(log);
    } catch (IOException e) {
      return 0;
    }
  }

  State state() throws IOException, InterruptedException {
    String[] state =
        docker(
                "inspect",
                "--format",
                "{{.State.Running}} {{.State.OOMKilled}} {{.State.ExitCode}}",
                name)
            .strip()
            .split(" ", -1);
    return new State(
        Boolean.parseBoolean(state[0]), Boolean.parseBoolean(state[1]), Integer.parseInt(state[2]));
  }

  /** Returns the last lines of the log. */
  String lastLines(int lines) throws IOException, InterruptedException {
    return docker("logs", "--tail", String.valueOf(lines), name);
  }

  /**
   * Runs the container engine's client.
   *
   * @return what it printed
   * @throws IOException if it fails; the message has what it printed
   */
  static String docker(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("docker"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(5, TimeUnit.MINUTES) || process.exitValue() != 0) {
      throw new IOException("failed: " + String.join(" ", command) + ": " + output.strip());
    }
    return output;
  }

  @Override
  public void close() throws IOException {
    usage.close();
    try {
      docker("rm", "--force", "--volumes", name);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
