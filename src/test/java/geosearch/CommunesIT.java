package geosearch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import geosearch.testing.RequiresContainers;
import geosearch.testing.ServerProcess;
import geosearch.testing.Servers;
import io.grpc.ManagedChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The server against PostGIS's own predicate, over the communes of France. */
@RequiresContainers
class CommunesIT {

  private static final Path COMMUNES =
      Path.of("..", "shared", "data", "communes-france-2018.geojson.gz");
  private static final int POSITIONS = 2_000;

  @Test
  void search_randomPositionsOverTheCommunes_answersAsCoversInPostgis() throws Exception {
    assumeTrue(Files.exists(COMMUNES), () -> "the communes are missing: " + COMMUNES);
    Servers.Database database = Servers.newDatabase();
    Map<String, String> settings = ServerProcess.on(database);
    Process command =
        ServerProcess.command(
                settings,
                "import",
                COMMUNES.toString(),
                "--layer",
                "commune",
                "--id",
                "code",
                "--name",
                "nom")
            .redirectErrorStream(true)
            .start();
    String printed = new String(command.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, command.waitFor(), printed);

    try (ServerProcess server = ServerProcess.start(settings).awaitReady();
        Connection connection = database.connect();
        PreparedStatement covers =
            connection.prepareStatement(
                """
                SELECT id || ' - ' || name FROM geosearch.area
                WHERE ST_Covers(outline, ST_SetSRID(ST_MakePoint(?, ?), 4326))
                ORDER BY ST_Area(outline), id COLLATE "C"
                """)) {
      ManagedChannel channel = server.channel();
      Random random = new Random(20181016);
      int found = 0;
      for (int i = 0; i < POSITIONS; i++) {
        float latitude = (float) (41 + random.nextDouble() * 10.5);
        float longitude = (float) (-5 + random.nextDouble() * 14.5);
        List<String> answered = Answers.search(channel, latitude, longitude);
        covers.setDouble(1, longitude);
        covers.setDouble(2, latitude);
        List<String> expected = new ArrayList<>();
        try (ResultSet rows = covers.executeQuery()) {
          while (rows.next()) {
            expected.add(rows.getString(1));
          }
        }
        assertEquals(expected, answered, () -> "at " + latitude + ", " + longitude);
        found += answered.size();
      }
      assertTrue(found > POSITIONS / 3, "most positions should lie on land, found " + found);
    }
  }
}
