package geosearch.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import geosearch.testing.RequiresContainers;
import geosearch.testing.Servers;
import geosearch.v1.LocateBatchResponse;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.io.WKBWriter;

/** Locate says what PostGIS says of the same outlines and positions. */
@RequiresContainers
class LocateAgainstPostgisIT {

  @ParameterizedTest
  @CsvSource({"21, 2, 45, 10", "22, -75, -35, 20", "23, 170, 60, 9.5", "24, -5, -5, 0.01"})
  void locate_overlappingOutlinesWithHoles_agreesWithPostgis(
      long seed, double west, double south, double extent) throws Exception {
    RandomOutlines random = new RandomOutlines(seed, west, south, extent);
    List<Geometry> outlines = random.outlines(30);
    List<Coordinate> positions = random.positions(outlines, 1_500);
    try (GeoSearchServer server = LocateAgainstOthersTest.serve(outlines);
        Connection connection = Servers.newDatabase().connect()) {
      insert(connection, outlines);
      LocateBatchResponse response =
          server.stub().locateBatch(LocateAgainstOthersTest.batch(positions));
      try (PreparedStatement query =
          connection.prepareStatement(
              """
              SELECT id || CASE WHEN ST_Contains(outline, p) THEN ' MATCH_INSIDE' ELSE ' MATCH_BORDER' END
              FROM own, ST_MakePoint(?, ?) AS p WHERE ST_Covers(outline, p)
              """)) {
        for (int i = 0; i < positions.size(); i++) {
          query.setDouble(1, positions.get(i).x);
          query.setDouble(2, positions.get(i).y);
          Set<String> expected = new TreeSet<>();
          try (ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
              expected.add(rows.getString(1));
            }
          }
          assertEquals(
              expected, LocateAgainstOthersTest.found(response, i), positions.get(i)::toString);
        }
      }
    }
  }

  private static void insert(Connection connection, List<Geometry> outlines) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE own (id text, outline geometry)");
    }
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO own VALUES (?, ST_GeomFromWKB(?))")) {
      for (int i = 0; i < outlines.size(); i++) {
        insert.setString(1, String.valueOf(i));
        insert.setBytes(2, new WKBWriter(2).write(outlines.get(i)));
        insert.executeUpdate();
      }
    }
  }
}
