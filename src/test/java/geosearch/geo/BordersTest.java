package geosearch.geo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import net.sf.geographiclib.Geodesic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.io.ParseException;
import org.locationtech.jts.io.WKTReader;

/** Distances to borders, compared with GeographicLib's along finely divided edges. */
class BordersTest {

  @Test
  void borderDistance_dueNorthOfAParallel_isTheMeridiansLength() throws ParseException {
    AreaIndex index = index("POLYGON((0 0,2 0,2 1,0 1,0 0))");

    double metres = Geodesic.WGS84.Inverse(1.1, 1, 1, 1).s12;

    assertEquals(metres, index.borderDistance(0, 1.1, 1), 1e-6);
  }

  @Test
  void borderDistance_inAHole_isToTheHolesEdge() throws ParseException {
    AreaIndex index = index("POLYGON((0 0,10 0,10 10,0 10,0 0),(4 4,6 4,6 6,4 6,4 4))");

    assertEquals(Geodesic.WGS84.Inverse(5.9, 5, 6, 5).s12, index.borderDistance(0, 5.9, 5), 1e-3);
  }

  @Test
  void borderDistance_acrossTheMeridianOf180Degrees_isTheShortWay() throws ParseException {
    AreaIndex index = index("POLYGON((178 0,179.9 0,179.9 1,178 1,178 0))");

    assertEquals(
        Geodesic.WGS84.Inverse(0.5, -179.9, 0.5, 179.9).s12,
        index.borderDistance(0, 0.5, -179.9),
        1e-3);
    assertEquals(List.of("0"), ids(index, 0.5, -179.9, 23_000), "within 23 km over the meridian");
    assertEquals(List.of(), ids(index, 0.5, -179.9, 22_000));
  }

  @Test
  void borderDistance_overThePole_isTheShortWay() throws ParseException {
    AreaIndex index = index("POLYGON((0 89,10 89,10 89.9,0 89.9,0 89))");

    double metres = Geodesic.WGS84.Inverse(89.9, -175, 89.9, 10).s12;

    assertEquals(metres, index.borderDistance(0, 89.9, -175), 1e-3);
    assertEquals(List.of("0"), ids(index, 89.9, -175, metres + 1));
    assertEquals(List.of(), ids(index, 89.9, -175, metres - 1));
    assertEquals(List.of("0"), ids(index, 90, 77, 12_000));
  }

  @ParameterizedTest
  @CsvSource({
    "2, 45, 1",
    "2, 45, 0.01",
    "-70, -33, 1",
    "179.5, 10, 1",
    "-180, 60, 2",
    "0, 85, 4.9",
    "30, -89.9, 0.1",
    "-100, -60, 100",
    "-30, -20, 60",
  })
  void forEachBorder_nastyOutlines_equalsGeographicLib(double west, double south, double extent) {
    for (int round = 0; round < 5; round++) {
      Random random = new Random(31L * round + Double.hashCode(west + extent));
      NastyAreas areas = new NastyAreas(random, west, south, extent);
      AreaIndex whole = areas.index(1 + random.nextInt(5));
      AreaIndex index = whole.with(AreaIndex.builder(), Set.of(whole.area(0).id()));
      for (double[] position : areas.positions(whole, 5)) {
        Map<Integer, Double> truth = truth(index, position[0], position[1]);
        String where = position[0] + " " + position[1] + " in round " + round;
        truth.forEach((ordinal, metres) ->
            assertEquals(
                metres,
                index.borderDistance(ordinal, position[0], position[1]),
                tolerance(metres),
                where));
        for (double radius : new double[] {1, 100, 10_000, 1_000_000}) {
          Map<Integer, Double> found = new TreeMap<>();
          index.forEachBorder(
              position[0],
              position[1],
              radius,
              (ordinal, metres) ->
                  assertEquals(null, found.put(ordinal, metres), "told twice of " + ordinal));
          truth.forEach((ordinal, metres) -> {
            double slack = tolerance(metres);
            if (metres <= radius - slack) {
              assertTrue(found.containsKey(ordinal), () -> where + " lacks " + ordinal);
              assertEquals(metres, found.get(ordinal), slack, where);
            } else if (metres > radius + slack) {
              assertEquals(null, found.get(ordinal), where);
            }
          });
        }
      }
    }
  }

  /** What is promised. */
  private static double tolerance(double metres) {
    return metres <= 100_000 ? 1e-3 : 1e-5 * metres;
  }

  /** The nearest of positions along each edge, ever closer together where they are near. */
  private static Map<Integer, Double> truth(AreaIndex index, double latitude, double longitude) {
    Map<Integer, Double> nearest = new TreeMap<>();
    for (int ordinal = 0; ordinal < index.size(); ordinal++) {
      double best = Double.POSITIVE_INFINITY;
      for (double[] edge : ExactAreas.edges(index, ordinal)) {
        best = Math.min(best, toEdge(edge, latitude, longitude));
      }
      nearest.put(ordinal, best);
    }
    return nearest;
  }

  private static double toEdge(double[] edge, double latitude, double longitude) {
    double low = 0;
    double high = 1;
    double best = Double.POSITIVE_INFINITY;
    double at = 0;
    int steps = 64;
    for (int zoom = 0; zoom < 14; zoom++) {
      for (int i = 0; i <= steps; i++) {
        double part = low + (high - low) * i / steps;
        double metres =
            Geodesic.WGS84.Inverse(
                    latitude,
                    longitude,
                    edge[1] + part * (edge[3] - edge[1]),
                    edge[0] + part * (edge[2] - edge[0]))
                .s12;
        if (metres < best) {
          best = metres;
          at = part;
        }
      }
      double step = (high - low) / steps;
      low = Math.max(0, at - 2 * step);
      high = Math.min(1, at + 2 * step);
      steps = 12;
    }
    return best;
  }

  private static List<String> ids(
      AreaIndex index, double latitude, double longitude, double metres) {
    List<String> ids = new ArrayList<>();
    index.forEachBorder(
        latitude, longitude, metres, (ordinal, distance) -> ids.add(index.area(ordinal).id()));
    return ids;
  }

  private static AreaIndex index(String... outlines) throws ParseException {
    AreaIndex.Builder builder = AreaIndex.builder();
    for (int i = 0; i < outlines.length; i++) {
      Geometry outline = new WKTReader().read(outlines[i]);
      builder.add(new Area(String.valueOf(i), "", Map.of()), outline);
    }
    return builder.build();
  }
}
