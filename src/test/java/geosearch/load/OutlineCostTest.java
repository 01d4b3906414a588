package geosearch.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import geosearch.geo.Area;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.CoordinateXY;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.LinearRing;
import org.locationtech.jts.geom.Polygon;

class OutlineCostTest {

  private static final GeometryFactory FACTORY = new GeometryFactory();

  /** Without the guard these would take hours. */
  private static final Duration SOON = Duration.ofSeconds(60);

  private static Polygon polygon(int vertices, IntFunction<Coordinate> vertex) {
    return FACTORY.createPolygon(ring(vertices, vertex));
  }

  private static LinearRing ring(int vertices, IntFunction<Coordinate> vertex) {
    Coordinate[] ring = new Coordinate[vertices + 1];
    for (int i = 0; i < vertices; i++) {
      ring[i] = vertex.apply(i);
    }
    ring[vertices] = ring[0].copy();
    return FACTORY.createLinearRing(ring);
  }

  private static Coordinate polar(double angle, double radius) {
    return new CoordinateXY(radius * Math.cos(angle), radius * Math.sin(angle));
  }

  /** Valid, and every tooth's box overlaps every other's. */
  private static Polygon comb(int teeth) {
    double width = 1.0 / teeth;
    return polygon(
        2 * teeth + 2,
        i -> {
          if (i >= 2 * teeth) {
            return new CoordinateXY(i == 2 * teeth ? 60 : -60, -60);
          }
          int tooth = i / 2;
          double base = tooth * width;
          boolean tip = tooth % 2 == i % 2;
          return tip ? new CoordinateXY(50 + base, 50 - base) : new CoordinateXY(base, -base);
        });
  }

  /** Valid, and the box of every turn holds those of all inner ones, though no edges' do. */
  private static Polygon spiral(int turns) {
    double step = 40.0 / turns;
    List<Coordinate> there = new ArrayList<>();
    List<Coordinate> back = new ArrayList<>();
    for (int i = 1; i <= turns; i++) {
      double r = i * step;
      double inner = r - 0.4 * step;
      there.add(new CoordinateXY(r, -r + step));
      there.add(new CoordinateXY(r, r));
      there.add(new CoordinateXY(-r, r));
      there.add(new CoordinateXY(-r, -r));
      back.add(new CoordinateXY(inner, -r + step + 0.4 * step));
      back.add(new CoordinateXY(inner, inner));
      back.add(new CoordinateXY(-inner, inner));
      back.add(new CoordinateXY(-inner, -inner));
    }
    there.addAll(back.reversed());
    return polygon(there.size(), there::get);
  }

  /** Every edge crosses nearly every other. */
  private static Polygon star(int points) {
    return polygon(
        points, i -> polar(2 * Math.PI * ((long) i * (points / 2) % points) / points, 10));
  }

  /** Like a coast. */
  private static Polygon coast(int vertices) {
    Random random = new Random(1);
    return polygon(
        vertices,
        i ->
            polar(
                2 * Math.PI * i / vertices,
                10 + Math.sin(50.0 * i / vertices) + random.nextDouble() * 20 / vertices));
  }

  @Test
  void isTooDearToCheck_coast_isNot() {
    assertFalse(OutlineCost.isTooDearToCheck(coast(200_000)));
  }

  @Test
  void isTooDearToCheck_smallOutline_isNot() {
    assertFalse(OutlineCost.isTooDearToCheck(star(3999)));
  }

  @Test
  void isTooDearToCheck_comb_is() {
    assertTrue(OutlineCost.isTooDearToCheck(comb(10_000)));
  }

  @Test
  void isTooDearToCheck_spiral_is() {
    assertTrue(OutlineCost.isTooDearToCheck(spiral(10_000)));
  }

  @Test
  void isTooDearToCheck_manyHolesInALongShell_is() {
    LinearRing[] holes = new LinearRing[60_000];
    for (int i = 0; i < holes.length; i++) {
      int row = i / 300;
      double x = -5 + i % 300 * 0.03;
      double y = -5 + row * 0.03;
      holes[i] = ring(3, v -> new CoordinateXY(v == 1 ? x + 0.01 : x, v == 2 ? y + 0.01 : y));
    }
    LinearRing shell = coast(100_000).getExteriorRing();

    assertTrue(OutlineCost.isTooDearToCheck(FACTORY.createPolygon(shell, holes)));
  }

  @Test
  void isTooDearToCheck_holesAroundHoles_is() {
    LinearRing[] holes = new LinearRing[2000];
    for (int hole = 0; hole < holes.length; hole++) {
      double radius = 1 + hole * 0.001;
      holes[hole] = ring(3000, i -> polar(2 * Math.PI * i / 3000, radius));
    }

    assertTrue(
        OutlineCost.isTooDearToCheck(
            FACTORY.createPolygon(ring(4, i -> polar(Math.PI / 2 * i, 20)), holes)));
  }

  @Test
  void isTooDearToRepair_star_is() {
    assertTrue(OutlineCost.isTooDearToRepair(star(1001)));
  }

  @Test
  void isTooDearToRepair_smallStar_isNot() {
    assertFalse(OutlineCost.isTooDearToRepair(star(101)));
  }

  @Test
  void check_hostileOutlines_endsSoon() {
    assertEquals(
        "its outline is too intricate to be checked in a reasonable time", check(comb(100_000)));
    assertEquals(
        "its outline is too intricate to be checked in a reasonable time", check(star(20_001)));
    assertTrue(check(star(3001)).endsWith("and crosses itself too often to be repaired"));
    assertEquals("", check(star(101)));
  }

  /** Why the outline can't be used. */
  private static String check(Geometry outline) {
    Coordinate[] vertices = outline.getCoordinates();
    double[] coordinates = new double[2 * vertices.length];
    for (int i = 0; i < vertices.length; i++) {
      coordinates[2 * i] = vertices[i].x;
      coordinates[2 * i + 1] = vertices[i].y;
    }
    RawOutline raw = new RawOutline(coordinates, new int[] {vertices.length}, new int[] {1});
    Feature.Candidate candidate =
        new Feature.Candidate("file", 1, new Area("a", "", Map.of()), raw);
    Feature checked =
        assertTimeoutPreemptively(SOON, () -> new OutlineCheck(true).check(candidate));
    return checked instanceof Feature.Unusable unusable ? unusable.reason() : "";
  }
}
