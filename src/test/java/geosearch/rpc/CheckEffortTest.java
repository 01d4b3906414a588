package geosearch.rpc;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.LinearRing;
import org.locationtech.jts.geom.Polygon;

class CheckEffortTest {

  private static final GeometryFactory GEOMETRIES = new GeometryFactory();

  // What people draw.

  @ParameterizedTest
  @ValueSource(ints = {4, 1_000, 10_000, 300_000})
  void check_coast_passes(int vertices) {
    Random random = new Random(1);
    double roughness = 1_000.0 / vertices;
    Coordinate[] coast = new Coordinate[vertices];
    for (int i = 0; i < vertices - 1; i++) {
      double angle = 2 * Math.PI * i / (vertices - 1);
      // Capes and bays of all sizes, the smallest a few steps wide.
      double radius =
          20 + Math.sin(5 * angle) + Math.sin(77 * angle) / 10 + random.nextDouble() * roughness;
      coast[i] = new Coordinate(radius * Math.cos(angle), radius * Math.sin(angle));
    }
    coast[vertices - 1] = coast[0].copy();

    assertDoesNotThrow(() -> CheckEffort.check(GEOMETRIES.createPolygon(coast)));
  }

  @Test
  void check_archipelagoAroundAMainland_passes() {
    Polygon[] islands = new Polygon[2_001];
    islands[0] = (Polygon) GEOMETRIES.createPoint(new Coordinate(0, 0)).buffer(40, 500);
    Random random = new Random(2);
    for (int i = 1; i < islands.length; i++) {
      double x = 80 * random.nextDouble() - 40;
      double y = 80 * random.nextDouble() - 40;
      islands[i] = GEOMETRIES.createPolygon(square(x, y, 0.01));
    }

    assertDoesNotThrow(() -> CheckEffort.check(GEOMETRIES.createMultiPolygon(islands)));
  }

  @Test
  void check_lakes_passes() {
    LinearRing[] lakes = new LinearRing[1_600];
    for (int i = 0; i < lakes.length; i++) {
      lakes[i] = square(i % 40 - 20, Math.floorDiv(i, 40) - 20, 0.3);
    }
    Polygon shell = (Polygon) GEOMETRIES.createPoint(new Coordinate(0, 0)).buffer(60, 500);

    assertDoesNotThrow(
        () -> CheckEffort.check(GEOMETRIES.createPolygon(shell.getExteriorRing(), lakes)));
  }

  // What is made to keep the server busy.

  @ParameterizedTest
  @ValueSource(ints = {10_000, 400_000})
  void check_slantedComb_isRefused(int vertices) {
    int teeth = vertices / 4;
    double step = 0.01 / teeth;
    Coordinate[] comb = new Coordinate[4 * teeth + 2];
    for (int i = 0; i < teeth; i++) {
      double base = i * step;
      comb[4 * i] = new Coordinate(base, -base);
      comb[4 * i + 1] = new Coordinate(base + 50, 50 - base);
      comb[4 * i + 2] = new Coordinate(base + 50 + step / 4, 50 - base - step / 4);
      comb[4 * i + 3] = new Coordinate(base + step / 4, -base - step / 4);
    }
    comb[4 * teeth] = new Coordinate(-1, -1);
    comb[4 * teeth + 1] = comb[0].copy();

    assertRefused(GEOMETRIES.createPolygon(comb));
  }

  @ParameterizedTest
  @ValueSource(ints = {10_000, 400_000})
  void check_ringsWithinRings_isRefused(int vertices) {
    int rings = vertices / 10;
    Polygon[] polygons = new Polygon[rings];
    for (int i = 0; i < rings; i++) {
      double outer = 80 - i * 79.0 / rings;
      polygons[i] =
          GEOMETRIES.createPolygon(
              square(0, 0, outer), new LinearRing[] {square(0, 0, outer - 30.0 / rings)});
    }

    assertRefused(GEOMETRIES.createMultiPolygon(polygons));
  }

  @Test
  void check_slantedSlits_isRefused() {
    LinearRing[] slits = new LinearRing[2_000];
    for (int i = 0; i < slits.length; i++) {
      double at = i * 50.0 / slits.length;
      double width = 10.0 / slits.length;
      slits[i] =
          GEOMETRIES.createLinearRing(
              new Coordinate[] {
                new Coordinate(at - 40, -at),
                new Coordinate(at, 40 - at),
                new Coordinate(at + width, 40 - at - width),
                new Coordinate(at - 40 + width, -at - width),
                new Coordinate(at - 40, -at)
              });
    }

    assertRefused(GEOMETRIES.createPolygon(square(0, 0, 85), slits));
  }

  @Test
  void check_holesInALongShell_isRefused() {
    LinearRing[] holes = new LinearRing[100_000];
    for (int i = 0; i < holes.length; i++) {
      holes[i] = square(i % 400 * 0.1 - 20, Math.floorDiv(i, 400) * 0.1 - 20, 0.01);
    }
    Polygon shell = (Polygon) GEOMETRIES.createPoint(new Coordinate(0, 0)).buffer(80, 125_000);

    assertRefused(GEOMETRIES.createPolygon(shell.getExteriorRing(), holes));
  }

  private static void assertRefused(Geometry outline) {
    String message =
        String.valueOf(
            assertThrows(InvalidOutlineException.class, () -> CheckEffort.check(outline))
                .getMessage());
    assertTrue(message.contains("too entangled"), message);
  }

  private static LinearRing square(double x, double y, double half) {
    return GEOMETRIES.createLinearRing(
        new Coordinate[] {
          new Coordinate(x - half, y - half),
          new Coordinate(x + half, y - half),
          new Coordinate(x + half, y + half),
          new Coordinate(x - half, y + half),
          new Coordinate(x - half, y - half)
        });
  }
}
