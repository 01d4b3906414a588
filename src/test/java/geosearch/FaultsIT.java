package geosearch;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import geosearch.original.SearchRequest;
import geosearch.original.SearchResponse;
import geosearch.original.SearchResponses;
import geosearch.testing.FixedAddresses;
import geosearch.testing.Load;
import geosearch.testing.RequiresContainers;
import geosearch.testing.ServerProcess;
import geosearch.testing.Servers;
import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** What clients see while something breaks or stops. */
@RequiresContainers
class FaultsIT {

  private static final SearchRequest REQUEST =
      SearchRequest.newBuilder().setLat(0.5f).setLng(0.5f).build();
  private static final SearchResponses ANSWER =
      SearchResponses.newBuilder()
          .addResponses(SearchResponse.newBuilder().setResponse("1 - square"))
          .build();
  private static final String TABLE =
      """
      CREATE TABLE ogrgeojson (ogc_fid serial PRIMARY KEY, insee varchar, nom varchar,
        wikipedia varchar, wkb_geometry geometry(Geometry, 4326));
      INSERT INTO ogrgeojson (insee, nom, wkb_geometry) VALUES
        ('1', 'square', ST_GeomFromText('POLYGON((0 0,1 0,1 1,0 1,0 0))', 4326));
      """;

  @Test
  void terminate_underLoadWithASecondServer_losesNoCallAndEndsInTime() {
    Servers.Database database = Servers.newDatabase();
    database.execute(TABLE);
    Map<String, String> settings = ServerProcess.on(database);
    try (ServerProcess first = ServerProcess.start(settings).awaitReady();
        ServerProcess second = ServerProcess.start(settings).awaitReady()) {
      ManagedChannel both = FixedAddresses.roundRobin(first.port(), second.port());
      Load load = Load.start(both, 8, REQUEST, ANSWER);
      try (load) {
        await().until(() -> load.answered() > 500);

        first.terminate();

        assertEquals(0, first.awaitExit(Duration.ofSeconds(20)), first.output());
        long atTheEnd = load.answered();
        await().until(() -> load.answered() > atTheEnd + 500);
      }
      both.shutdownNow();
      assertEquals(List.of(), load.failures());
    }
  }

  @Test
  void terminate_whileDraining_saysNotServingAndStillAnswers() {
    Servers.Database database = Servers.newDatabase();
    database.execute(TABLE);
    Map<String, String> settings = ServerProcess.on(database);
    settings.put(
        "server.address", "0.0.0.0"); // others may come from elsewhere, so there is a drain
    settings.put("stop.drain-delay", "3s");
    try (ServerProcess server = ServerProcess.start(settings).awaitReady()) {
      Load load = Load.start(server.channel(), 2, REQUEST, ANSWER);
      try (load) {
        await().until(() -> load.answered() > 100);

        server.terminate();

        server.awaitHealth("readiness", ServingStatus.NOT_SERVING);
        long drainingFrom = load.answered();
        await().until(() -> load.answered() > drainingFrom + 100);
        assertEquals(List.of(), load.failures());
      }
      assertEquals(0, server.awaitExit(Duration.ofSeconds(20)), server.output());
    }
  }

  @Test
  void postgisAway_whileClientsAsk_isNotNoticedByThemAndFollowedAgainLater() {
    try (PostgreSQLContainer postgis = Servers.newPostgis()) {
      postgis.start();
      Servers.Database database =
          new Servers.Database(postgis.getHost(), postgis.getMappedPort(5432), "test");
      database.execute(TABLE);
      Map<String, String> settings = ServerProcess.on(database);
      settings.put("store.postgis.socket-timeout", "2s");
      settings.put("store.postgis.connect-timeout", "1s");
      try (ServerProcess server = ServerProcess.start(settings).awaitReady()) {
        Load load = Load.start(server.channel(), 4, REQUEST, ANSWER);
        try (load) {
          await().until(() -> load.answered() > 100);

          pause(postgis, true);
          await()
              .atMost(Duration.ofSeconds(20))
              .until(() -> server.output().contains("The store can't be read"));
          long away = load.answered();
          await().until(() -> load.answered() > away + 500);
          pause(postgis, false);
          assertEquals(List.of(), load.failures());
        }
        database.execute("UPDATE ogrgeojson SET nom = 'renamed'");

        await()
            .atMost(Duration.ofSeconds(20))
            .untilAsserted(() ->
                assertEquals(
                    "1 - renamed", Answers.search(server.channel(), 0.5f, 0.5f).getFirst()));
        assertTrue(
            server.output().lines().count() < 40, "the log should be quiet:\n" + server.output());
      }
    }
  }

  private static void pause(PostgreSQLContainer container, boolean pause) {
    var client = DockerClientFactory.instance().client();
    if (pause) {
      client.pauseContainerCmd(container.getContainerId()).exec();
    } else {
      client.unpauseContainerCmd(container.getContainerId()).exec();
    }
  }
}
