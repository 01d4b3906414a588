package geosearch.attack;

import geosearch.testing.Communes;
import geosearch.v1.CreateZoneRequest;
import geosearch.v1.Zone;
import geosearch.v1.ZonesGrpc;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * An embedded store that every container begins with a copy of: the communes of France if they are
 * there, the countries of the world, and zones with large outlines.
 */
final class PreparedStore implements AutoCloseable {

  private static final String SAMPLE = "/geosearch/sample/countries.geojson.gz";
  private static final String NAME = "geosearch-attack-store-" + ProcessHandle.current().pid();

  /** Outlines of as many vertices as the default of zones.max-vertices allows. */
  private static final int LARGE_ZONES = 16;

  private static final int VERTICES = 9_999;

  private final Path folder;
  private final Program program;

  private PreparedStore(Path folder, Program program) {
    this.folder = folder;
    this.program = program;
  }

  /**
   * @param image what runs; empty for what the build has made
   */
  static PreparedStore make(String image) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("geosearch-attack");
    PreparedStore store =
        new PreparedStore(folder, Program.copied(image, folder.resolve("program")));
    Runtime.getRuntime().addShutdownHook(new Thread(store::interrupted));
    try {
      store.fill();
      return store;
    } catch (IOException | InterruptedException | RuntimeException e) {
      store.close();
      throw e;
    }
  }

  Path path() {
    return folder.resolve("store");
  }

  /** Returns what made it and is to serve it. */
  Program program() {
    return program;
  }

  private void fill() throws IOException, InterruptedException {
    Files.createDirectories(path());
    Path imports = Files.createDirectories(folder.resolve("import"));
    try (InputStream sample = PreparedStore.class.getResourceAsStream(SAMPLE)) {
      Files.copy(sample, imports.resolve("countries.geojson.gz"));
    }
    importFile("countries.geojson.gz", "country", "id", "name");
    if (Files.exists(Communes.file())) {
      Files.copy(Communes.file(), imports.resolve("communes.geojson.gz"));
      importFile("communes.geojson.gz", "commune", "code", "nom");
    }
    List<String> command = new ArrayList<>(List.of("run", "--detach", "--name", NAME));
    command.addAll(List.of("--user", "0", "--volume", path() + ":/data"));
    command.addAll(List.of("--env", "GEOSEARCH_STORE_FOLDER=/data"));
    command.addAll(List.of("--env", "GEOSEARCH_SERVER_ADDRESS=0.0.0.0"));
    command.addAll(List.of("--env", "GEOSEARCH_ZONES_WRITE=everyone"));
    command.addAll(program.server());
    ServerContainer.docker(command.toArray(String[]::new));
    createZones(
        ServerContainer.docker(
                "inspect",
                "--format",
                "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}",
                NAME)
            .strip());
    ServerContainer.docker("stop", "--time", "30", NAME);
    Files.deleteIfExists(path().resolve("server.properties"));
  }

  private void importFile(String file, String layer, String id, String name)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("run", "--rm", "--user", "0"));
    command.addAll(List.of("--volume", path() + ":/data"));
    command.addAll(List.of("--volume", folder.resolve("import") + ":/import:ro"));
    command.addAll(List.of("--env", "GEOSEARCH_STORE_FOLDER=/data"));
    command.addAll(
        program.command(
            "import", "/import/" + file, "--layer", layer, "--id", id, "--name", name, "--quiet"));
    ServerContainer.docker(command.toArray(String[]::new));
  }

  private static void createZones(String host) throws InterruptedException {
    ManagedChannel channel = NettyChannelBuilder.forAddress(host, 50_051).usePlaintext().build();
    try {
      ZonesGrpc.ZonesBlockingStub zones = ZonesGrpc.newBlockingStub(channel).withWaitForReady();
      Serving.await(channel);
      for (int i = 0; i < LARGE_ZONES; i++) {
        zones.createZone(
            CreateZoneRequest.newBuilder()
                .setZone(Zone.newBuilder().setName("large " + i).setGeojson(circle(i)))
                .build());
      }
    } finally {
      channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    }
  }

  /** A circle of many vertices with all digits, in the Atlantic. */
  private static String circle(int number) {
    StringBuilder text = new StringBuilder("{\"type\":\"Polygon\",\"coordinates\":[[");
    for (int i = 0; i <= VERTICES; i++) {
      double angle = 2 * Math.PI * (i % VERTICES) / VERTICES;
      text.append(i == 0 ? "" : ",")
          .append(
              String.format(
                  Locale.ROOT,
                  "[%s,%s]",
                  -30 - number / 100.0 + Math.cos(angle),
                  40 + Math.sin(angle)));
    }
    return text.append("]]}").toString();
  }

  private void interrupted() {
    try {
      if (Files.exists(folder)) {
        ServerContainer.removeAll();
        close();
      }
    } catch (IOException e) {
      // The system cleans its folder for temporary files some day.
    }
  }

  @Override
  public void close() throws IOException {
    try {
      ServerContainer.docker("rm", "--force", "--volumes", NAME);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      // It was never there.
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
