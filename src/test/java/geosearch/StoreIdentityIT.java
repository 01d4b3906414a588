package geosearch;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import geosearch.testing.Databases;
import geosearch.testing.RequiresContainers;
import geosearch.testing.ServerProcess;
import geosearch.testing.Servers;
import geosearch.testing.Servers.Database;
import geosearch.v1.CreateZoneRequest;
import geosearch.v1.GeoSearchGrpc;
import geosearch.v1.Layer;
import geosearch.v1.LayerProblemCode;
import geosearch.v1.ListLayersRequest;
import geosearch.v1.Zone;
import geosearch.v1.ZonesGrpc;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server goes on answering when its store is lost or replaced, until somebody accepts that. */
@RequiresContainers
class StoreIdentityIT {

  private static final Duration SOON = Duration.ofSeconds(40);
  private static final String SQUARE =
      "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,0],[1,1],[0,1],[0,0]]]}";

  @TempDir private Path folder;

  private record Finished(int exitCode, String output) {}

  private static Finished run(Map<String, String> settings, String... arguments)
      throws IOException, InterruptedException {
    Process process = ServerProcess.command(settings, arguments).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Finished(process.waitFor(), output);
  }

  private static void assertSucceeds(Finished command) {
    assertEquals(0, command.exitCode(), command.output());
  }

  /** A layer with one area, for whose import no server needs to run. */
  private void importSquare(Map<String, String> settings) throws Exception {
    Path file = folder.resolve("square.geojson");
    Files.writeString(
        file,
        """
        {"type":"FeatureCollection","features":[
          {"type":"Feature","properties":{"no":"area"},"geometry":%s}]}
        """
            .formatted(SQUARE));
    assertSucceeds(run(settings, "import", file.toString(), "--layer", "square", "--id", "no"));
  }

  private static void createZone(ServerProcess server, String id) {
    var _ =
        ZonesGrpc.newBlockingStub(server.channel())
            .createZone(
                CreateZoneRequest.newBuilder()
                    .setZone(Zone.newBuilder().setId(id).setName(id).setGeojson(SQUARE))
                    .build());
  }

  private static List<Layer> layers(ServerProcess server) {
    return GeoSearchGrpc.newBlockingStub(server.channel())
        .listLayers(ListLayersRequest.getDefaultInstance())
        .getLayersList();
  }

  private static void awaitLayers(ServerProcess server, Predicate<Layer> all) {
    await().atMost(SOON).until(() -> layers(server).stream().allMatch(all));
  }

  private static boolean isMismatch(Layer layer) {
    return layer.getProblem().getCode() == LayerProblemCode.LAYER_PROBLEM_CODE_STORE_MISMATCH;
  }

  private static void assertAnswersAsBefore(ServerProcess server) {
    assertEquals(List.of("area"), Answers.search(server.channel(), 0.5f, 0.5f));
    assertEquals(List.of("zone"), Answers.searchThing(server.channel(), 0.5f, 0.5f));
    assertTrue(layers(server).stream().allMatch(StoreIdentityIT::isMismatch));
    server.awaitHealth("readiness", ServingStatus.SERVING);
    StatusRuntimeException refused =
        assertThrows(StatusRuntimeException.class, () -> createZone(server, "new"));
    assertEquals(Status.Code.FAILED_PRECONDITION, refused.getStatus().getCode());
    String reason = String.valueOf(refused.getStatus().getDescription());
    assertTrue(reason.contains("geosearch datasets accept --store"), reason);
  }

  private static void awaitNothing(ServerProcess server) {
    await()
        .atMost(SOON)
        .untilAsserted(() -> {
          assertEquals(List.of(), Answers.search(server.channel(), 0.5f, 0.5f));
          assertEquals(List.of(), Answers.searchThing(server.channel(), 0.5f, 0.5f));
        });
    awaitLayers(server, layer -> !layer.hasProblem());
    createZone(server, "afterwards");
    assertEquals(List.of("afterwards"), Answers.searchThing(server.channel(), 0.5f, 0.5f));
  }

  private static int warnings(ServerProcess server) {
    return server.output().split("Store mismatch", -1).length - 1;
  }

  @Test
  void postgis_schemaIsDropped_answersStayUntilItIsAccepted() throws Exception {
    Database database = Servers.newDatabase();
    Map<String, String> settings = ServerProcess.on(database);
    importSquare(settings);
    try (ServerProcess server = ServerProcess.start(settings).awaitReady()) {
      createZone(server, "zone");

      database.execute("DROP SCHEMA geosearch CASCADE");

      awaitLayers(server, StoreIdentityIT::isMismatch);
      assertAnswersAsBefore(server);
      Finished listed = run(Map.of(), "layers", "--server", "127.0.0.1:" + server.port(), "--json");
      assertTrue(listed.output().contains("\"store_mismatch\""), listed.output());
      // Several more looks say nothing more.
      assertEquals(1, warnings(server), server.output());

      assertSucceeds(run(settings, "datasets", "accept", "--store"));

      awaitNothing(server);
      assertTrue(server.output().contains("The store can be read again"), server.output());
    }
  }

  @Test
  void postgis_databaseIsReplaced_answersStayUntilItIsBackOrAccepted() throws Exception {
    Database database = Servers.newDatabase();
    String aside = database.name() + "_aside";
    Map<String, String> settings = ServerProcess.on(database);
    importSquare(settings);
    try (ServerProcess server = ServerProcess.start(settings).awaitReady()) {
      createZone(server, "zone");

      Databases.rename(database, aside);
      Databases.createEmpty(database);
      awaitLayers(server, StoreIdentityIT::isMismatch);
      assertAnswersAsBefore(server);

      Databases.rename(database, database.name() + "_empty");
      Databases.rename(new Database(database.host(), database.port(), aside), database.name());
      awaitLayers(server, layer -> !layer.hasProblem());
      createZone(server, "again");

      Databases.rename(database, aside);
      Databases.createEmpty(database);
      awaitLayers(server, StoreIdentityIT::isMismatch);
      assertSucceeds(run(settings, "datasets", "accept", "--store"));
      awaitNothing(server);
    }
  }

  @Test
  void postgis_olderBackup_answersStayUntilItIsAccepted() throws Exception {
    Database database = Servers.newDatabase();
    String backup = database.name() + "_backup";
    Map<String, String> settings = ServerProcess.on(database);
    try (ServerProcess server = ServerProcess.start(settings).awaitReady()) {
      Databases.copy(database, backup);
      importSquare(settings);
      await()
          .atMost(SOON)
          .ignoreExceptions()
          .until(() -> {
            createZone(server, "zone");
            return true;
          });
      await()
          .atMost(SOON)
          .until(() -> Answers.search(server.channel(), 0.5f, 0.5f).equals(List.of("area")));

      Databases.rename(database, database.name() + "_aside");
      Databases.rename(new Database(database.host(), database.port(), backup), database.name());

      awaitLayers(server, StoreIdentityIT::isMismatch);
      assertAnswersAsBefore(server);
      assertSucceeds(run(settings, "datasets", "accept", "--store"));
      awaitNothing(server);
    }
  }

  @Test
  void embedded_fileIsEmptiedWhileItIsServed_answersStayUntilItIsAccepted() throws Exception {
    Map<String, String> settings = ServerProcess.in(folder.resolve("store"));
    importSquare(settings);
    try (ServerProcess server = ServerProcess.start(settings).awaitReady()) {
      createZone(server, "zone");
      Path file = folder.resolve("store").resolve("geosearch.mv.db");
      Files.write(file, new byte[0], StandardOpenOption.TRUNCATE_EXISTING);

      assertThrows(StatusRuntimeException.class, () -> createZone(server, "new"));
      Finished refused = run(settings, "datasets");
      assertTrue(refused.output().contains("is empty"), refused.output());
      // The embedded store is looked at once a minute where nobody writes.
      await()
          .atMost(Duration.ofSeconds(90))
          .until(() -> layers(server).stream().allMatch(StoreIdentityIT::isMismatch));
      assertAnswersAsBefore(server);

      assertSucceeds(run(settings, "datasets", "accept", "--store"));

      awaitNothing(server);
    }
  }

  @Test
  void embedded_fileIsMissingAtTheStart_isRefusedUntilItIsAccepted() throws Exception {
    Map<String, String> settings = ServerProcess.in(folder.resolve("store"));
    importSquare(settings);
    Path file = folder.resolve("store").resolve("geosearch.mv.db");
    Files.delete(file);

    Finished refused = run(settings, "serve");

    assertEquals(1, refused.exitCode(), refused.output());
    assertTrue(refused.output().contains(file + " is missing"), refused.output());
    assertTrue(refused.output().contains("geosearch datasets accept --store"), refused.output());
    assertTrue(Files.notExists(file));
    assertSucceeds(run(settings, "datasets", "accept", "--store"));
    try (ServerProcess server = ServerProcess.start(settings).awaitReady()) {
      assertEquals(List.of(), Answers.search(server.channel(), 0.5f, 0.5f));
      assertEquals(List.of("250 - France"), Answers.search(server.channel(), 45.75f, 4.85f));
    }
  }
}
