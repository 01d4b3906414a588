package geosearch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import geosearch.testing.ServerProcess;
import geosearch.v1.CreateZoneRequest;
import geosearch.v1.Zone;
import geosearch.v1.ZonesGrpc;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server with nothing but its embedded store, as a newcomer starts it. */
class EmbeddedServerIT {

  @TempDir private Path folder;

  @Test
  void serve_firstStart_answersFromTheSampleLayer() {
    try (ServerProcess server = ServerProcess.start(settings()).awaitReady()) {
      assertEquals(List.of("250 - France"), Answers.search(server.channel(), 45.75f, 4.85f));
      assertTrue(server.output().contains(folder.toString()), server.output());
      assertTrue(server.output().contains("./geosearch locate"), server.output());
      assertTrue(server.output().contains("grpcurl"), server.output());
    }
  }

  @Test
  void import_besideARunningServer_isServedWhenTheCommandEnds() throws Exception {
    Path file = folder.resolve("squares.geojson");
    try (ServerProcess server = ServerProcess.start(settings()).awaitReady()) {
      for (int count = 3; count < 6; count++) {
        Files.writeString(file, squares(count));

        Finished command = run("import", file.toString(), "--layer", "square", "--id", "no");

        assertEquals(0, command.exitCode(), command.output());
        String last = String.valueOf(count - 1);
        assertEquals(
            List.of(last), Answers.search(server.channel(), 0.5f, Float.parseFloat(last) + 0.5f));
      }
    }
  }

  @Test
  void datasets_besideARunningServer_areServedWhenTheCommandEnds() throws Exception {
    Path file = folder.resolve("squares.geojson");
    try (ServerProcess server = ServerProcess.start(settings()).awaitReady()) {
      for (int count = 3; count < 5; count++) {
        Files.writeString(file, squares(count));
        run("import", file.toString(), "--layer", "square", "--id", "no");
      }

      Finished activate = run("datasets", "activate", "square", "1");

      assertEquals(0, activate.exitCode(), activate.output());
      assertEquals(List.of("2"), Answers.search(server.channel(), 0.5f, 2.5f));
      assertEquals(List.of(), Answers.search(server.channel(), 0.5f, 3.5f));
      Finished list = run("datasets", "list", "--json");
      assertEquals(2, list.output().split("\"square\"", -1).length - 1, list.output());
    }
  }

  @Test
  void export_besideARunningServer_goesThroughIt() throws Exception {
    Path file = folder.resolve("squares.geojson");
    Files.writeString(file, squares(150));
    String exported;
    try (ServerProcess server = ServerProcess.start(settings()).awaitReady()) {
      Finished imported = run("import", file.toString(), "--layer", "square", "--id", "no");
      assertEquals(0, imported.exitCode(), imported.output());

      Finished export = run("export", "square");

      assertEquals(0, export.exitCode(), export.output());
      exported = export.output();
      assertEquals(150, exported.split("\"Feature\"", -1).length - 1);
      assertEquals(4, run("export", "nowhere").exitCode(), server::output);
    }
    assertEquals(exported, run("export", "square").output());
  }

  @Test
  void deleteLayer_besideARunningServer_leavesItsAnswersAtOnce() throws Exception {
    Path file = folder.resolve("squares.geojson");
    Files.writeString(file, squares(3));
    try (ServerProcess server = ServerProcess.start(settings()).awaitReady()) {
      run("import", file.toString(), "--layer", "square", "--id", "no");
      assertEquals(List.of("2"), Answers.search(server.channel(), 0.5f, 2.5f));

      Finished delete = run("datasets", "delete", "square", "--all", "--yes");

      assertEquals(0, delete.exitCode(), delete.output());
      assertEquals(List.of(), Answers.search(server.channel(), 0.5f, 2.5f));
      assertEquals(List.of("250 - France"), Answers.search(server.channel(), 45.75f, 4.85f));
    }
  }

  @Test
  void import_refusedByARunningServer_changesNothing() throws Exception {
    Path file = folder.resolve("squares.geojson");
    Files.writeString(file, squares(3).substring(0, 200));
    try (ServerProcess server = ServerProcess.start(settings()).awaitReady()) {
      Finished command = run("import", file.toString(), "--layer", "square", "--id", "no");

      assertEquals(1, command.exitCode(), command.output());
      assertTrue(command.output().contains("nothing was imported"), command.output());
      assertEquals(List.of("250 - France"), Answers.search(server.channel(), 45.75f, 4.85f));
    }
  }

  @Test
  void import_withoutAServer_isServedByTheNextOne() throws Exception {
    Path file = folder.resolve("squares.geojson");
    Files.writeString(file, squares(3));

    Finished command = run("import", file.toString(), "--layer", "square", "--id", "no");

    assertEquals(0, command.exitCode(), command.output());
    try (ServerProcess server = ServerProcess.start(settings()).awaitReady()) {
      assertEquals(List.of("2"), Answers.search(server.channel(), 0.5f, 2.5f));
    }
  }

  @Test
  void createZone_acknowledgedThenKilled_isThereAfterTheNextStart() {
    try (ServerProcess server = ServerProcess.start(settings()).awaitReady()) {
      createZone(
          server.channel(),
          "kept",
          "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,0],[1,1],[0,1],[0,0]]]}");
      server.kill();
      server.awaitExit(Duration.ofSeconds(10));
    }
    try (ServerProcess server = ServerProcess.start(settings()).awaitReady()) {
      assertEquals(List.of("kept"), Answers.searchThing(server.channel(), 0.5f, 0.5f));
    }
  }

  @Test
  void createZone_onTheSameServer_isInTheNextAnswer() {
    try (ServerProcess server = ServerProcess.start(settings()).awaitReady()) {
      ManagedChannel channel = server.channel();
      for (int i = 0; i < 20; i++) {
        String square = "[[[%1$d,0],[%2$d,0],[%2$d,1],[%1$d,1],[%1$d,0]]]".formatted(i, i + 1);
        createZone(channel, "zone " + i, "{\"type\":\"Polygon\",\"coordinates\":" + square + "}");

        assertEquals(List.of("zone " + i), Answers.searchThing(channel, 0.5f, i + 0.5f));
      }
    }
  }

  private Map<String, String> settings() {
    return ServerProcess.in(folder.resolve("store"));
  }

  private record Finished(int exitCode, String output) {}

  private Finished run(String... arguments) throws IOException, InterruptedException {
    Process process =
        ServerProcess.command(settings(), arguments).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Finished(process.waitFor(), output);
  }

  /** Squares of one degree along the equator, numbered by their western edge. */
  private static String squares(int count) {
    StringBuilder features = new StringBuilder();
    for (int i = 0; i < count; i++) {
      features
          .append(i == 0 ? "" : ",")
          .append(
              """
              {"type":"Feature","properties":{"no":%1$d},"geometry":{"type":"Polygon",
               "coordinates":[[[%1$d,0],[%2$d,0],[%2$d,1],[%1$d,1],[%1$d,0]]]}}
              """
                  .formatted(i, i + 1));
    }
    return "{\"type\":\"FeatureCollection\",\"features\":[" + features + "]}";
  }

  private static void createZone(ManagedChannel channel, String name, String geojson) {
    ZonesGrpc.newBlockingStub(channel)
        .createZone(
            CreateZoneRequest.newBuilder()
                .setZone(Zone.newBuilder().setName(name).setGeojson(geojson))
                .build());
  }
}
