package geosearch.testing;

import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A geosearch server in a process of its own, as a user starts it, on a free port. Closing it kills
 * it.
 */
public final class ServerProcess implements AutoCloseable {

  private static final Pattern LISTENS = Pattern.compile("listens on (\\S+):(\\d+)");

  private final Process process;
  private final List<String> output = new ArrayList<>();
  private final CompletableFuture<Integer> port = new CompletableFuture<>();
  private final List<ManagedChannel> channels = new ArrayList<>();

  private ServerProcess(Process process) {
    this.process = process;
    Thread.ofVirtual().start(this::read);
  }

  /** Settings of a server that keeps its areas in this database. */
  public static Map<String, String> on(Servers.Database database) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("store.postgis.host", database.host());
    settings.put("store.postgis.port", String.valueOf(database.port()));
    settings.put("store.postgis.database", database.name());
    settings.put("store.postgis.user", Servers.Database.USER);
    settings.put("store.postgis.password", Servers.Database.PASSWORD);
    return settings;
  }

  /** Settings of a server that keeps its areas in this folder. */
  public static Map<String, String> in(Path folder) {
    return new LinkedHashMap<>(Map.of("store.folder", folder.toString()));
  }

  /**
   * Starts a server with these settings, given as environment variables, and does not wait for it.
   */
  public static ServerProcess start(Map<String, String> settings) {
    ProcessBuilder builder = command(settings, "serve");
    builder.redirectErrorStream(true);
    try {
      return new ServerProcess(builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A command of the command line in a process of its own, not started. */
  public static ProcessBuilder command(Map<String, String> settings, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-XX:+UseSerialGC");
    command.add("-Xshare:auto");
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "geosearch.Main"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("GEOSEARCH_"));
    builder.environment().put("GEOSEARCH_SERVER_PORT", "0");
    settings.forEach((path, value) -> builder.environment().put(environmentName(path), value));
    return builder;
  }

  private static String environmentName(String path) {
    return "GEOSEARCH_"
        + path.toUpperCase(java.util.Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  private void read() {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        synchronized (output) {
          output.add(line);
        }
        Matcher listens = LISTENS.matcher(line);
        if (listens.find()) {
          port.complete(Integer.valueOf(listens.group(2)));
        }
      }
      port.completeExceptionally(new IllegalStateException("the server ended"));
    } catch (IOException e) {
      port.completeExceptionally(e);
    }
  }

  /** The port that it listens on, as soon as it says so. */
  public int port() {
    try {
      return port.get(2, TimeUnit.MINUTES);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("the server does not say its port:\n" + output(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** A new channel to it, closed with the process. */
  public ManagedChannel channel() {
    ManagedChannel channel =
        ManagedChannelBuilder.forAddress("127.0.0.1", port()).usePlaintext().build();
    channels.add(channel);
    return channel;
  }

  /** Waits until it says that it is ready. */
  public ServerProcess awaitReady() {
    awaitHealth("readiness", HealthCheckResponse.ServingStatus.SERVING);
    return this;
  }

  /** Waits until a health name has a status. */
  public void awaitHealth(String name, HealthCheckResponse.ServingStatus status) {
    try {
      Iterator<HealthCheckResponse> watch =
          HealthGrpc.newBlockingStub(channel())
              .withDeadlineAfter(Duration.ofSeconds(40))
              .withWaitForReady()
              .watch(HealthCheckRequest.newBuilder().setService(name).build());
      while (watch.next().getStatus() != status) {
        // the next change is awaited by the iterator
      }
    } catch (RuntimeException e) {
      throw new IllegalStateException(name + " did not become " + status + ":\n" + output(), e);
    }
  }

  /** What it has printed so far, on both streams. */
  public String output() {
    synchronized (output) {
      return String.join("\n", output);
    }
  }

  /** Asks it to stop, as Kubernetes does. */
  public void terminate() {
    process.destroy();
  }

  /** Ends it at once, as SIGKILL does. */
  public void kill() {
    process.destroyForcibly();
  }

  /** Waits for its end, and says how it ended. */
  public int awaitExit(Duration timeout) {
    try {
      if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException(
            "the server still runs after " + timeout + ":\n" + output());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
    process.destroyForcibly();
    awaitExit(Duration.ofSeconds(10));
  }
}
