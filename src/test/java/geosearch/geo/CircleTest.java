package geosearch.geo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Random;
import net.sf.geographiclib.Geodesic;
import net.sf.geographiclib.GeodesicData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.locationtech.jts.geom.Geometry;

/** Circles, and the polygons that stand for them. */
final class CircleTest {

  @ParameterizedTest
  @CsvSource({
    "45, 5, 0.1",
    "45, 5, 250",
    "0, 0, 1000000",
    "60, 10, 100000",
    "-16, 179.9, 50000",
    "-16, -180, 50000",
    "70, 180, 1000000",
    "89, 20, 100000",
    "89, 20, 200000",
    "-89.99, -170, 1000000",
    "90, 0, 1000",
    "-90, 33, 1000000",
    "89.5, 0, 55847",
    "89.1, 0, 100519.5",
    "81.05, 12, 1000000"
  })
  void outline_anywhere_isOffByAtMostAThousandth(double latitude, double longitude, double radius) {
    assertNear(new Circle(latitude, longitude, radius), new Random(1));
  }

  @Test
  void outline_atRandom_isOffByAtMostAThousandth() {
    Random random = new Random(7);
    for (int i = 0; i < 300; i++) {
      double latitude = Math.toDegrees(Math.asin(random.nextDouble() * 2 - 1));
      double longitude = random.nextDouble() * 360 - 180;
      assertNear(
          new Circle(latitude, longitude, Math.pow(10, random.nextDouble() * 7 - 1)), random);
    }
  }

  @Test
  void new_outOfBounds_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Circle(90.1, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> new Circle(0, Double.NaN, 1));
    assertThrows(IllegalArgumentException.class, () -> new Circle(0, 0, 0.09));
    assertThrows(IllegalArgumentException.class, () -> new Circle(0, 0, 1_000_001));
    assertThrows(IllegalArgumentException.class, () -> new Circle(0, 0, Double.NaN));
  }

  private static void assertNear(Circle circle, Random random) {
    Geometry outline = circle.outline();
    assertTrue(outline.isValid(), circle + " " + outline);
    assertTrue(outline.getNumPoints() < 4000, circle + " has " + outline.getNumPoints());
    AreaIndex index = AreaIndex.builder().add(new Area("c", "", Map.of()), outline).build();
    for (int i = 0; i < 720; i++) {
      double azimuth = random.nextDouble() * 360;
      assertEquals(1, found(index, circle, azimuth, 0.999), circle + " inside at " + azimuth);
      assertEquals(0, found(index, circle, azimuth, 1.001), circle + " outside at " + azimuth);
    }
  }

  private static int found(AreaIndex index, Circle circle, double azimuth, double radii) {
    GeodesicData end =
        Geodesic.WGS84.Direct(
            circle.latitude(), circle.longitude(), azimuth, circle.radiusMetres() * radii);
    return index.locate(new Position(end.lat2, end.lon2)).length;
  }
}
