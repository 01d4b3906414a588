package geosearch;

import static java.nio.charset.StandardCharsets.UTF_8;

import geosearch.cli.Cli;
import geosearch.cli.ExitCode;
import geosearch.cli.ServerLauncher;
import geosearch.config.LoadedConfig;
import geosearch.load.SampleLayer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Does once what a server does, on either store, so that the JVM which runs it can write down for
 * later ones what is loaded and what is worth compiling. {@code docker/image} starts it in the
 * image's own JVM: {@code java … geosearch.Rehearsal FOLDER}.
 *
 * <p>The folder gets an embedded store. PostGIS has its turn if the settings name one; the sample
 * layer is then imported there.
 */
final class Rehearsal {

  /** Enough for the methods that read and index a layer to be compiled to the end. */
  private static final int ROUNDS = 5;

  /** What is answered at leisure, so that the code of a call is known well. */
  private static final List<String> USUAL_LOAD = List.of("--rate", "2000", "--duration", "10s");

  /** More than can be answered, so that the code that refuses calls is known too. */
  private static final List<String> OVERLOAD = List.of("--rate", "100000", "--duration", "5s");

  private final Map<String, String> environment;

  private Rehearsal(Map<String, String> environment) {
    this.environment = environment;
  }

  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 1) {
      System.err.println("usage: java geosearch.Rehearsal FOLDER");
      System.exit(ExitCode.USAGE);
    }
    Path folder = Path.of(arguments[0]);
    Map<String, String> embedded = new HashMap<>(System.getenv());
    embedded.put("GEOSEARCH_STORE_FOLDER", folder.resolve("store").toString());
    embedded.remove("GEOSEARCH_STORE_POSTGIS_HOST");
    Rehearsal first = new Rehearsal(embedded);
    first.serve();
    first.run(first::serveUnderLoad, "serve", "--port", "0");
    if (System.getenv().containsKey("GEOSEARCH_STORE_POSTGIS_HOST")) {
      Path file = folder.resolve("sample.geojson");
      first.run("export", SampleLayer.NAME, "--output", file.toString());
      Rehearsal second = new Rehearsal(System.getenv());
      second.run("import", file.toString(), "--layer", SampleLayer.NAME, "--quiet");
      second.serve();
      Files.delete(file);
    }
  }

  private void serve() {
    for (int round = 0; round < ROUNDS; round++) {
      run(this::serveAndAsk, "serve", "--port", "0");
    }
  }

  private void run(String... command) {
    run(this::serveAndAsk, command);
  }

  private void run(ServerLauncher launcher, String... command) {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream to = new PrintStream(said, true, UTF_8);
    ByteArrayInputStream nothing = new ByteArrayInputStream(new byte[0]);
    int exitCode = Cli.run(command, environment, nothing, to, to, launcher);
    if (exitCode != ExitCode.OK) {
      throw new IllegalStateException(
          "%s ended with %d: %s"
              .formatted(Arrays.toString(command), exitCode, said.toString(UTF_8)));
    }
  }

  private void serveAndAsk(LoadedConfig loaded) throws IOException {
    serve(loaded, address -> run("check-server", "--server", address));
  }

  private void serveUnderLoad(LoadedConfig loaded) throws IOException {
    serve(
        loaded,
        address -> {
          sendLoad(address, USUAL_LOAD);
          sendLoad(address, OVERLOAD);
        });
  }

  private static void serve(LoadedConfig loaded, Consumer<String> ask) throws IOException {
    App app = new App(loaded.config());
    try {
      CompletableFuture<Void> ready = new CompletableFuture<>();
      app.whenReady(() -> ready.complete(null));
      ready.join();
      ask.accept("127.0.0.1:" + app.port());
    } finally {
      app.stop();
    }
  }

  /**
   * Lets a process of its own send calls: what is written down here of code that clients and
   * servers share is then the server's use of it.
   */
  private static void sendLoad(String server, List<String> load) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "geosearch.Main",
                "load-test",
                "--server",
                server));
    command.addAll(load);
    try {
      int exitCode = new ProcessBuilder(command).inheritIO().start().waitFor();
      // That some calls were not answered does not matter.
      if (exitCode != ExitCode.OK && exitCode != ExitCode.FAILED) {
        throw new IllegalStateException("%s ended with %d".formatted(command, exitCode));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
