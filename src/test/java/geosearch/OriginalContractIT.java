package geosearch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.Empty;
import com.google.protobuf.TextFormat;
import geosearch.original.SearchGrpc;
import geosearch.original.SearchRequest;
import geosearch.testing.RequiresContainers;
import geosearch.testing.ServerProcess;
import geosearch.testing.Servers;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The original system's three tests, on its own two tables, as its clients send them. */
@RequiresContainers
class OriginalContractIT {

  private static ServerProcess server;
  private static SearchGrpc.SearchBlockingStub search;

  @BeforeAll
  static void startServerOnTheOriginalsTables() {
    Servers.Database database = Servers.newDatabase();
    database.execute(
        """
        CREATE TABLE ogrgeojson (
          ogc_fid serial PRIMARY KEY, insee varchar, nom varchar, wikipedia varchar, surf_ha varchar,
          wkb_geometry geometry(Geometry, 4326));
        INSERT INTO ogrgeojson (insee, nom, wikipedia, surf_ha, wkb_geometry) VALUES
          ('69123', 'Lyon', 'fr:Lyon', '4798', ST_GeomFromText(
            'MULTIPOLYGON(((4.77 45.71,4.90 45.71,4.90 45.81,4.77 45.81,4.77 45.71)))', 4326)),
          ('69266', 'Villeurbanne', 'fr:Villeurbanne', '1452', ST_GeomFromText(
            'POLYGON((4.90 45.74,4.93 45.74,4.93 45.79,4.90 45.79,4.90 45.74))', 4326)),
          ('01004', 'Ambérieu-en-Bugey', NULL, '2460', ST_GeomFromText(
            'POLYGON((5.32 45.92,5.41 45.92,5.41 46.00,5.32 46.00,5.32 45.92))', 4326));
        CREATE TABLE thing (id serial PRIMARY KEY, name varchar, geom geometry(Polygon));
        INSERT INTO thing (name, geom) VALUES
          ('test_squared_thing', ST_GeomFromText('POLYGON((0 0,1 0,1 1,0 1,0 0))'));
        """);
    server = ServerProcess.start(ServerProcess.on(database)).awaitReady();
    search = SearchGrpc.newBlockingStub(server.channel());
  }

  @AfterAll
  static void stopServer() {
    if (server != null) {
      server.close();
    }
  }

  @Test
  void search_recordedExchange_comesBackWordForWord() throws Exception {
    SearchRequest request =
        TextFormat.parse(
            "query: \"search_client\" result_per_page: 10 lat: 4.849999904632568 lng: 45.75",
            SearchRequest.class);

    assertEquals(
        "responses {\n  response: \"69123 - Lyon - fr:Lyon\"\n}\n",
        search.search(request).toString());
  }

  @Test
  void search_areaWithoutWikipedia_leavesThePartOutWithItsDash() {
    assertEquals(
        List.of("01004 - Ambérieu-en-Bugey"), Answers.search(server.channel(), 5.35f, 45.95f));
  }

  @Test
  void searchThing_positionInside_answersExactlyTheThing() {
    assertEquals(List.of("test_squared_thing"), Answers.searchThing(server.channel(), 0.5f, 0.5f));
  }

  @Test
  void searchThing_positionOutside_answersNothing() {
    assertEquals(List.of(), Answers.searchThing(server.channel(), -1.0f, 0.0f));
  }

  @Test
  void monitor_oneThing_countsIt() {
    assertEquals(1, search.monitor(Empty.getDefaultInstance()).getNThings());
  }
}
