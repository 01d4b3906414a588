package geosearch;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Empty;
import com.google.type.LatLng;
import geosearch.original.SearchGrpc;
import geosearch.testing.RequiresContainers;
import geosearch.testing.ServerProcess;
import geosearch.testing.Servers;
import geosearch.v1.CreateZoneRequest;
import geosearch.v1.DeleteZoneRequest;
import geosearch.v1.GeoSearchGrpc;
import geosearch.v1.LocateOptions;
import geosearch.v1.LocateRequest;
import geosearch.v1.Zone;
import geosearch.v1.ZonesGrpc;
import io.grpc.ManagedChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.testcontainers.containers.GenericContainer;

/** Two servers that share a PostGIS and a Consul. */
@RequiresContainers
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TwoServersIT {

  private static final Duration SOON = Duration.ofSeconds(30);

  private GenericContainer<?> consul;
  private Map<String, String> settings;
  private ServerProcess first;
  private ServerProcess second;

  @BeforeAll
  void startServers() {
    consul = Servers.newConsul();
    consul.start();
    Servers.Database database = Servers.newDatabase();
    database.execute(
        """
        CREATE TABLE ogrgeojson (ogc_fid serial PRIMARY KEY, insee varchar, nom varchar,
          wikipedia varchar, wkb_geometry geometry(Geometry, 4326));
        INSERT INTO ogrgeojson (insee, nom, wkb_geometry) VALUES
          ('1', 'square', ST_GeomFromText('POLYGON((0 0,1 0,1 1,0 1,0 0))', 4326));
        """);
    settings = ServerProcess.on(database);
    settings.putAll(registeredIn(consul));
    first = ServerProcess.start(settings);
    second = ServerProcess.start(settings);
    first.awaitReady();
    second.awaitReady();
    await()
        .untilAsserted(() -> assertEquals(2, Servers.instances(consul, "search-service").size()));
  }

  private static Map<String, String> registeredIn(GenericContainer<?> consul) {
    return Map.of(
        "server.address", "0.0.0.0",
        "consul.host", consul.getHost(),
        "consul.port", String.valueOf(consul.getMappedPort(8500)),
        "consul.advertise-address", Servers.addressForContainers(),
        "consul.check-interval", "1s",
        "consul.check-timeout", "1s",
        "consul.reconcile-interval", "1s");
  }

  @AfterAll
  void stopServers() {
    first.close();
    second.close();
    consul.stop();
  }

  @ParameterizedTest
  @CsvSource({"--consul, 8500", "--consul-dns, 8600"})
  void locate_throughConsul_isAnsweredByOneOfThem(String option, int port) throws Exception {
    Process command =
        ServerProcess.command(
                Map.of(),
                "locate",
                option,
                consul.getHost() + ":" + consul.getMappedPort(port),
                "0.5",
                "0.5")
            .redirectErrorStream(true)
            .start();
    String printed = new String(command.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertEquals(0, command.waitFor(), printed);
    assertTrue(printed.contains("square"), printed);
  }

  @Test
  void deleteLayer_besideBoth_leavesTheAnswersOfBoth(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("far.geojson");
    Files.writeString(
        file,
        """
        {"type":"Feature","id":"far","properties":{},"geometry":{"type":"Polygon",
         "coordinates":[[[50,50],[51,50],[51,51],[50,51],[50,50]]]}}
        """);
    List<ManagedChannel> channels = List.of(first.channel(), second.channel());
    run("import", file.toString(), "--layer", "far");
    for (ManagedChannel channel : channels) {
      await()
          .atMost(SOON)
          .until(() -> Answers.search(channel, 50.5f, 50.5f).equals(List.of("far")));
    }

    run("datasets", "delete", "far", "--all", "--yes");

    for (ManagedChannel channel : channels) {
      await().atMost(SOON).until(() -> Answers.search(channel, 50.5f, 50.5f).isEmpty());
    }
  }

  private void run(String... arguments) throws Exception {
    Process command = ServerProcess.command(settings, arguments).redirectErrorStream(true).start();
    String printed = new String(command.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, command.waitFor(), printed);
  }

  @Test
  void createZone_throughOne_isAnsweredByTheOtherWithinASecond() {
    ManagedChannel one = first.channel();
    ManagedChannel other = second.channel();
    for (int i = 0; i < 5; i++) {
      String name = "zone " + i;
      Zone zone =
          ZonesGrpc.newBlockingStub(one)
              .createZone(
                  CreateZoneRequest.newBuilder()
                      .setZone(
                          Zone.newBuilder()
                              .setName(name)
                              .setGeojson(
                                  "{\"type\":\"Polygon\",\"coordinates\":[[[10,10],[11,10],[11,11],[10,11],[10,10]]]}"))
                      .build());
      assertEquals(List.of(name), Answers.searchThing(one, 10.5f, 10.5f));
      await()
          .atMost(Duration.ofSeconds(1))
          .pollInterval(Duration.ofMillis(20))
          .until(() -> Answers.searchThing(other, 10.5f, 10.5f).equals(List.of(name)));

      ZonesGrpc.newBlockingStub(other)
          .deleteZone(DeleteZoneRequest.newBuilder().setId(zone.getId()).build());

      assertEquals(
          0, SearchGrpc.newBlockingStub(other).monitor(Empty.getDefaultInstance()).getNThings());
      await()
          .atMost(Duration.ofSeconds(1))
          .pollInterval(Duration.ofMillis(20))
          .until(() -> Answers.searchThing(one, 10.5f, 10.5f).isEmpty());
    }
  }

  @Test
  void locate_minGenerationOfAWriteThroughTheOther_isAnsweredWithIt() {
    for (int i = 0; i < 20; i++) {
      String name = "generation " + i;
      Zone zone =
          ZonesGrpc.newBlockingStub(first.channel())
              .createZone(
                  CreateZoneRequest.newBuilder()
                      .setZone(
                          Zone.newBuilder()
                              .setName(name)
                              .setGeojson(
                                  "{\"type\":\"Polygon\",\"coordinates\":[[[20,20],[21,20],[21,21],[20,21],[20,20]]]}"))
                      .build());

      // Once, and not until it succeeds: that is what it waits for.
      assertEquals(
          List.of(name), named(second.channel(), zone.getGeneration()), "zone " + zone.getId());

      long gone =
          ZonesGrpc.newBlockingStub(second.channel())
              .deleteZone(DeleteZoneRequest.newBuilder().setId(zone.getId()).build())
              .getGeneration();
      assertEquals(List.of(), named(first.channel(), gone));
    }
  }

  private static List<String> named(ManagedChannel channel, long generation) {
    return GeoSearchGrpc.newBlockingStub(channel)
        .withDeadlineAfter(30, TimeUnit.SECONDS)
        .locate(
            LocateRequest.newBuilder()
                .setPosition(LatLng.newBuilder().setLatitude(20.5).setLongitude(20.5))
                .setOptions(LocateOptions.newBuilder().setMinGeneration(generation))
                .build())
        .getAreasList()
        .stream()
        .map(located -> located.getArea().getName())
        .toList();
  }

  @Test
  void kill_ofAThirdServer_isOutOfConsulsDnsAfterOneFailedCheck() {
    try (ServerProcess third = startThird()) {
      third.kill();

      await()
          .atMost(Duration.ofSeconds(5)) // an interval, a timeout, and the agent's own jitter
          .untilAsserted(() -> assertEquals(2, Servers.instances(consul, "search-service").size()));
    }
  }

  @Test
  void terminate_ofAThirdServer_isOutOfConsulsDnsBeforeItStopsAnswering() {
    try (ServerProcess third = startThird()) {
      ManagedChannel channel = third.channel();
      assertEquals(List.of("1 - square"), Answers.search(channel, 0.5f, 0.5f));

      third.terminate();

      await()
          .atMost(Duration.ofSeconds(4))
          .untilAsserted(() -> assertEquals(2, Servers.instances(consul, "search-service").size()));
      assertEquals(List.of("1 - square"), Answers.search(channel, 0.5f, 0.5f));
      assertEquals(0, third.awaitExit(Duration.ofSeconds(20)), third.output());
    }
  }

  private ServerProcess startThird() {
    ServerProcess third = ServerProcess.start(settings).awaitReady();
    await()
        .untilAsserted(() -> assertEquals(3, Servers.instances(consul, "search-service").size()));
    return third;
  }
}
