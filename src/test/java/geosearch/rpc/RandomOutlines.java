package geosearch.rpc;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.LinearRing;
import org.locationtech.jts.geom.Polygon;

/** Valid outlines that overlap one another, with holes, some of several parts. */
final class RandomOutlines {

  private static final GeometryFactory FACTORY = new GeometryFactory();

  private final Random random;
  private final double west;
  private final double south;
  private final double extent;

  RandomOutlines(long seed, double west, double south, double extent) {
    this.random = new Random(seed);
    this.west = west;
    this.south = south;
    this.extent = extent;
  }

  /** Some of them, all within the square. */
  List<Geometry> outlines(int count) {
    List<Geometry> outlines = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double radius = extent * random.nextDouble(0.05, 0.24);
      double x = west + extent * random.nextDouble(0.25, 0.75);
      double y = south + extent * random.nextDouble(0.25, 0.75);
      Polygon one = star(x, y, radius);
      outlines.add(
          i % 3 == 0
              ? FACTORY.createMultiPolygon(
                  new Polygon[] {
                    one,
                    star(west + extent * 0.05, south + extent * (i + 1) / (count + 2), radius / 99)
                  })
              : one);
    }
    return outlines;
  }

  /** Positions in the square, vertices of the outlines, and some on level and upright edges. */
  List<Coordinate> positions(List<Geometry> outlines, int count) {
    List<Coordinate> positions = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Coordinate[] vertices = outlines.get(random.nextInt(outlines.size())).getCoordinates();
      Coordinate vertex = vertices[random.nextInt(vertices.length)];
      positions.add(
          switch (i % 4) {
            case 0 -> vertex;
            case 1 -> new Coordinate(vertex.x, south + extent * random.nextDouble());
            default ->
                new Coordinate(
                    west + extent * random.nextDouble(), south + extent * random.nextDouble());
          });
    }
    return positions;
  }

  /** Every vertex is seen from the middle, so it never crosses itself; a hole is a smaller one. */
  private Polygon star(double x, double y, double radius) {
    int points = 5 + random.nextInt(40);
    double[] angles = random.doubles(points, 0, 2 * Math.PI).sorted().toArray();
    Coordinate[] shell = new Coordinate[points + 1];
    Coordinate[] hole = new Coordinate[points + 1];
    for (int i = 0; i < points; i++) {
      double from = radius * random.nextDouble(0.5, 1);
      shell[i] = at(x, y, angles[i], from);
      hole[i] = at(x, y, angles[i], from * 0.4);
    }
    shell[points] = shell[0];
    hole[points] = hole[0];
    LinearRing ring = FACTORY.createLinearRing(shell);
    Polygon holed = FACTORY.createPolygon(ring, new LinearRing[] {FACTORY.createLinearRing(hole)});
    // Where all angles lie on one side the middle is outside, and the hole may reach out.
    return holed.isValid() ? holed : FACTORY.createPolygon(ring);
  }

  private static Coordinate at(double x, double y, double angle, double distance) {
    return new Coordinate(x + distance * Math.cos(angle), y + distance * Math.sin(angle));
  }
}
