package geosearch;

import static java.nio.charset.StandardCharsets.UTF_8;

import geosearch.cli.Cli;
import geosearch.cli.ExitCode;
import geosearch.config.LoadedConfig;
import geosearch.load.SampleLayer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

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
      run("serve", "--port", "0");
    }
  }

  private void run(String... command) {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream to = new PrintStream(said, true, UTF_8);
    ByteArrayInputStream nothing = new ByteArrayInputStream(new byte[0]);
    int exitCode = Cli.run(command, environment, nothing, to, to, this::serveAndAsk);
    if (exitCode != ExitCode.OK) {
      throw new IllegalStateException(
          "%s ended with %d: %s"
              .formatted(Arrays.toString(command), exitCode, said.toString(UTF_8)));
    }
  }

  private void serveAndAsk(LoadedConfig loaded) throws IOException {
    App app = new App(loaded.config());
    try {
      CompletableFuture<Void> ready = new CompletableFuture<>();
      app.whenReady(() -> ready.complete(null));
      ready.join();
      run("check-server", "--server", "127.0.0.1:" + app.port());
    } finally {
      app.stop();
    }
  }
}
