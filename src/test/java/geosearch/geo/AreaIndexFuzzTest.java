package geosearch.geo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Nasty outlines, all answers compared with exact arithmetic. {@code -Dgeosearch.fuzz=N} makes N
 * times as many rounds.
 */
class AreaIndexFuzzTest {
  private static final int ROUNDS = 25 * Integer.getInteger("geosearch.fuzz", 1);

  @ParameterizedTest
  @CsvSource({
    "2, 45, 1", // one tile or few
    "2.3456789, 45.987654, 0.001", // beyond five decimals
    "-0.5, -0.5, 1", // about 0, 0
    "-180, -90, 360", // the world, and beyond the poles
    "179, 10, 1", // up to the meridian of 180 degrees
    "-180, 10, 1",
    "170, 80, 20", // beyond both
    "5, 50, 1e-7", // a few steps
    "5, 50, 1e-12", // much smaller than a cell can be
  })
  void locate_nastyOutlines_equalsExactArithmetic(double west, double south, double extent) {
    for (int round = 0; round < ROUNDS; round++) {
      Random random = new Random(7919L * round + Double.hashCode(west + extent));
      NastyAreas areas = new NastyAreas(random, west, south, extent);
      AreaIndex index = areas.index(1 + random.nextInt(12));
      ExactAreas truth = new ExactAreas(index);
      for (double[] position : areas.positions(index, 60)) {
        check(index, truth, position[0], position[1], round);
      }
    }
  }

  private static void check(
      AreaIndex index, ExactAreas truth, double latitude, double longitude, int round) {
    NavigableMap<Integer, Boolean> found = new TreeMap<>();
    boolean clear =
        index.locate(
            latitude,
            longitude,
            (ordinal, border) ->
                assertEquals(null, found.put(ordinal, border), "told twice of " + ordinal));
    String where = latitude + " " + longitude + " in round " + round;
    assertEquals(truth.locate(latitude, longitude), found, where);
    if (clear) {
      double nearest = metresToNearestBorder(index, latitude, longitude);
      assertTrue(
          nearest >= 0.98 * index.clearanceMetres(),
          () -> where + " is told to be clear, but a border is " + nearest + " m away");
    }
  }

  /** Good to a percent or so where that matters, within a kilometre. */
  private static double metresToNearestBorder(AreaIndex index, double latitude, double longitude) {
    double nearest = Double.POSITIVE_INFINITY;
    double metresEast = 111_320 * Math.cos(Math.toRadians(latitude));
    for (int ordinal = 0; ordinal < index.size(); ordinal++) {
      for (double[] edge : ExactAreas.edges(index, ordinal)) {
        double ax = (edge[0] - longitude) * metresEast;
        double ay = (edge[1] - latitude) * 111_000;
        double dx = (edge[2] - longitude) * metresEast - ax;
        double dy = (edge[3] - latitude) * 111_000 - ay;
        double length = dx * dx + dy * dy;
        double along = length == 0 ? 0 : Math.clamp(-(ax * dx + ay * dy) / length, 0.0, 1.0);
        nearest = Math.min(nearest, Math.hypot(ax + along * dx, ay + along * dy));
      }
    }
    return nearest;
  }
}
