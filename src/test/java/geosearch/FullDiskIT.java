package geosearch;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import geosearch.testing.ServerProcess;
import geosearch.testing.SmallDisk;
import geosearch.v1.CreateZoneRequest;
import geosearch.v1.ListZonesRequest;
import geosearch.v1.Zone;
import geosearch.v1.ZonesGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server whose embedded store lies on a disk without space. */
@Timeout(120)
class FullDiskIT {

  private static final int MEGABYTES = 64;
  private static final String NO_SPACE = "No space left for the store";

  @TempDir private Path folder;
  private Path store;
  private SmallDisk disk;

  @BeforeEach
  void mount() throws IOException {
    store = Files.createDirectory(folder.resolve("store"));
    disk = SmallDisk.mount(store, MEGABYTES);
  }

  @AfterEach
  void unmount() {
    disk.close();
  }

  private Map<String, String> settings() {
    return ServerProcess.in(store);
  }

  private record Finished(int exitCode, String output) {}

  private Finished importAreas(int count) throws IOException, InterruptedException {
    Path file = folder.resolve("areas.ndjson");
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < count; i++) {
      String west = String.valueOf(i % 300 - 150);
      String south = String.valueOf(i / 300 % 50);
      lines.append(
          """
          {"type":"Feature","properties":{"no":%d,"text":"%s"},"geometry":{"type":"Polygon",\
          "coordinates":[[[%3$s,%4$s],[%3$s.5,%4$s],[%3$s.5,%4$s.5],[%3$s,%4$s]]]}}
          """
              .formatted(i, "x".repeat(1000), west, south));
    }
    Files.writeString(file, lines);
    Process process =
        ServerProcess.command(
                settings(),
                "import",
                file.toString(),
                "--layer",
                "square",
                "--id",
                "no",
                "--attributes",
                "text",
                "--quiet")
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Finished(process.waitFor(), output);
  }

  /** A circle with many vertices, at a place of its own. */
  private static void createZone(ManagedChannel channel, int number) {
    String ring =
        IntStream.rangeClosed(0, 5000)
            .mapToDouble(i -> i % 5000 * 2 * Math.PI / 5000)
            .mapToObj(angle ->
                "[%s,%s]"
                    .formatted(
                        number % 300 - 149.5 + 0.4 * Math.cos(angle), -70 + 0.4 * Math.sin(angle)))
            .collect(Collectors.joining(",", "[", "]"));
    ZonesGrpc.newBlockingStub(channel)
        .createZone(
            CreateZoneRequest.newBuilder()
                .setZone(
                    Zone.newBuilder()
                        .setName("zone " + number)
                        .setGeojson("{\"type\":\"Polygon\",\"coordinates\":[" + ring + "]}"))
                .build());
  }

  private static int zones(ManagedChannel channel) {
    return ZonesGrpc.newBlockingStub(channel)
        .listZones(ListZonesRequest.newBuilder().setPageSize(1000).setOmitOutlines(true).build())
        .getZonesCount();
  }

  /** Creates zones until there is no space for one, and answers how many there are then. */
  private static int fillWithZones(ManagedChannel channel) {
    for (int zones = 0; ; zones++) {
      try {
        createZone(channel, zones);
      } catch (StatusRuntimeException e) {
        assertEquals(Status.Code.RESOURCE_EXHAUSTED, e.getStatus().getCode(), e.toString());
        assertTrue(e.toString().contains("No space left on device"), e.toString());
        return zones;
      }
    }
  }

  private static long count(String output, String text) {
    return output.lines().filter(line -> line.contains(text)).count();
  }

  @Test
  void write_diskIsFull_isRefusedAndReadsGoOn() throws Exception {
    try (ServerProcess server = ServerProcess.start(settings()).awaitReady()) {
      Finished refused = importAreas(100_000);

      assertEquals(1, refused.exitCode(), refused.output());
      assertTrue(
          refused
              .output()
              .contains(
                  "nothing was imported into the embedded store in %s: the embedded store has no space left on its disk"
                      .formatted(store)),
          refused.output());
      assertTrue(refused.output().contains("No space left on device"), refused.output());
      assertTrue(refused.output().contains("free some space"), refused.output());
      assertEquals(1, count(server.output(), NO_SPACE), server.output());
      disk.fill();
      int zones = fillWithZones(server.channel());
      assertEquals(List.of("250 - France"), Answers.search(server.channel(), 45.75f, 4.85f));
      assertEquals(zones, zones(server.channel()));
      disk.free();
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> {
            Finished imported = importAreas(1000);
            assertEquals(0, imported.exitCode(), imported.output());
          });
      createZone(server.channel(), zones);
      assertEquals(zones + 1, zones(server.channel()));
      assertEquals(0, count(server.output(), "\tat "), server.output());
    }
  }

  @Test
  void serve_diskIsFull_answersAndIsAdministeredOnceThereIsSpace() throws Exception {
    int zones;
    try (ServerProcess server = ServerProcess.start(settings()).awaitReady()) {
      disk.fill();
      zones = fillWithZones(server.channel());
      server.terminate();
      assertEquals(0, server.awaitExit(Duration.ofSeconds(20)), server.output());
      assertEquals(0, count(server.output(), "\tat "), server.output());
    }
    disk.fill();

    try (ServerProcess server = ServerProcess.start(settings()).awaitReady()) {
      assertEquals(List.of("250 - France"), Answers.search(server.channel(), 45.75f, 4.85f));
      assertEquals(zones, zones(server.channel()));
      assertEquals(1, count(server.output(), "Can't write server.properties"), server.output());
      assertEquals(0, count(server.output(), "\tat "), server.output());
      assertFalse(Files.exists(store.resolve("server.properties")));

      disk.free();

      await().until(() -> Files.exists(store.resolve("server.properties")));
      Finished imported = importAreas(1000);
      assertEquals(0, imported.exitCode(), imported.output());
      assertEquals(1, count(server.output(), "Wrote server.properties"), server.output());
    }
  }
}
