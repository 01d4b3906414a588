package geosearch.geo;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.LinearRing;
import org.locationtech.jts.geom.Polygon;

/** Makes outlines that are hard on an index: much of it is not valid, all of it must be right. */
final class NastyAreas {
  private static final GeometryFactory FACTORY = new GeometryFactory();

  private final Random random;
  private final double west;
  private final double south;
  private final double extent;
  private final List<Geometry> outlines = new ArrayList<>();

  /** Outlines somewhere in a square of so many degrees. */
  NastyAreas(Random random, double west, double south, double extent) {
    this.random = random;
    this.west = west;
    this.south = south;
    this.extent = extent;
  }

  /** An index of some outlines of every kind. */
  AreaIndex index(int count) {
    for (int i = 0; i < count; i++) {
      switch (random.nextInt(10)) {
        case 0 -> add(star());
        case 1 -> add(sliver());
        case 2 -> add(spiked());
        case 3 -> add(withTouchingHole());
        case 4 -> addNeighboursWithJunctions();
        case 5 -> add(severalParts());
        case 6 -> add(box(point(), point()));
        case 7 -> addAgain();
        case 8 -> add(stuttering());
        default -> add(scribble());
      }
    }
    AreaIndex.Builder builder = AreaIndex.builder();
    for (int i = 0; i < outlines.size(); i++) {
      builder.add(new Area("a" + i, "", Map.of(), random.nextInt(3)), outlines.get(i));
    }
    return builder.clearanceMetres(random.nextBoolean() ? 0 : random.nextInt(500)).build();
  }

  /** Positions where an index might err: latitude, longitude. */
  double[][] positions(AreaIndex index, int count) {
    double[][] positions = new double[count][];
    for (int i = 0; i < count; i++) {
      Coordinate[] vertices = index.outline(random.nextInt(index.size())).getCoordinates();
      int v = random.nextInt(vertices.length - 1);
      Coordinate a = vertices[v];
      Coordinate b = vertices[v + 1];
      Coordinate found =
          switch (random.nextInt(7)) {
            case 0 -> a;
            case 1 -> new Coordinate((a.x + b.x) / 2, (a.y + b.y) / 2);
            case 2 -> new Coordinate(nudged(a.x), nudged(a.y));
            case 3 -> new Coordinate(nudged((a.x + b.x) / 2), nudged((a.y + b.y) / 2));
            case 4 -> new Coordinate(a.x, vertices[random.nextInt(vertices.length)].y);
            case 5 -> corner();
            default -> new Coordinate(within(west, extent), within(south, extent));
          };
      positions[i] = new double[] {Math.clamp(found.y, -90, 90), Math.clamp(found.x, -180, 180)};
    }
    return positions;
  }

  private void add(Geometry outline) {
    outlines.add(outline);
  }

  private Polygon star() {
    Coordinate centre = point();
    int arms = random.nextInt(3, 40);
    List<Coordinate> ring = new ArrayList<>();
    for (int i = 0; i < arms; i++) {
      double angle = 2 * Math.PI * i / arms;
      double radius = random.nextDouble() * extent / 3;
      ring.add(
          new Coordinate(centre.x + radius * Math.cos(angle), centre.y + radius * Math.sin(angle)));
    }
    return polygon(ring);
  }

  private Polygon sliver() {
    Coordinate a = point();
    Coordinate b = point();
    double t = random.nextDouble();
    Coordinate c = new Coordinate(nudged(a.x + t * (b.x - a.x)), nudged(a.y + t * (b.y - a.y)));
    return polygon(List.of(a, b, c));
  }

  private Polygon spiked() {
    Coordinate a = point();
    Coordinate b = point();
    Coordinate tip = point();
    return polygon(List.of(a, tip, a, b, point(), tip, point()));
  }

  private Polygon withTouchingHole() {
    Coordinate low = point();
    double size = extent / 4;
    LinearRing shell =
        ring(
            List.of(
                low,
                new Coordinate(low.x + size, low.y),
                new Coordinate(low.x + size, low.y + size),
                new Coordinate(low.x, low.y + size)));
    LinearRing atCorner =
        ring(
            List.of(
                low,
                new Coordinate(low.x + size / 2, low.y + size / 4),
                new Coordinate(low.x + size / 4, low.y + size / 2)));
    LinearRing atSide =
        ring(
            List.of(
                new Coordinate(low.x + size, low.y + size * 0.75),
                new Coordinate(low.x + size / 2, low.y + size * 0.875),
                new Coordinate(low.x + size / 2, low.y + size / 2)));
    return FACTORY.createPolygon(shell, new LinearRing[] {atCorner, atSide});
  }

  /** Three areas about one border, of which one side has a vertex that the other has not. */
  private void addNeighboursWithJunctions() {
    Coordinate a = point();
    Coordinate b = point();
    Coordinate middle = new Coordinate((a.x + b.x) / 2, (a.y + b.y) / 2);
    Coordinate left = point();
    Coordinate right = point();
    add(polygon(List.of(a, b, left)));
    add(polygon(List.of(b, middle, right)));
    add(polygon(List.of(middle, a, right)));
  }

  private Geometry severalParts() {
    return FACTORY.createMultiPolygon(
        new Polygon[] {star(), box(point(), point()), withTouchingHole()});
  }

  private void addAgain() {
    Geometry known = outlines.isEmpty() ? star() : outlines.get(random.nextInt(outlines.size()));
    for (int i = random.nextInt(25); i >= 0; i--) {
      add(i % 2 == 0 ? known : known.reverse());
    }
  }

  /** Vertices twice, and a ring that is one point. */
  private Polygon stuttering() {
    Coordinate a = point();
    Coordinate b = point();
    Coordinate hole = point();
    return FACTORY.createPolygon(
        ring(List.of(a, a, b, b, point(), a)), new LinearRing[] {ring(List.of(hole, hole, hole))});
  }

  private Polygon scribble() {
    List<Coordinate> ring = new ArrayList<>();
    for (int i = random.nextInt(3, 30); i >= 0; i--) {
      ring.add(point());
    }
    return polygon(ring);
  }

  private static Polygon box(Coordinate a, Coordinate b) {
    return polygon(List.of(a, new Coordinate(b.x, a.y), b, new Coordinate(a.x, b.y)));
  }

  /** Mostly from few values, so that edges meet, line up and lie level. */
  private Coordinate point() {
    return new Coordinate(coordinate(west), coordinate(south));
  }

  private double coordinate(double from) {
    return switch (random.nextInt(4)) {
      case 0 -> within(from, extent);
      case 1 -> nudged(from + extent * random.nextInt(9) / 8);
      default -> from + extent * random.nextInt(9) / 8;
    };
  }

  /** Where sides of cells may be. */
  private Coordinate corner() {
    double step = Math.scalb(1.0, random.nextInt(-12, 2));
    return new Coordinate(
        Math.rint(within(west, extent) / step) * step,
        Math.rint(within(south, extent) / step) * step);
  }

  private double within(double from, double size) {
    return from + random.nextDouble() * size;
  }

  private double nudged(double value) {
    double nudged = value;
    for (int i = random.nextInt(3); i > 0; i--) {
      nudged = random.nextBoolean() ? Math.nextUp(nudged) : Math.nextDown(nudged);
    }
    return nudged;
  }

  private static Polygon polygon(List<Coordinate> open) {
    return FACTORY.createPolygon(ring(open));
  }

  private static LinearRing ring(List<Coordinate> open) {
    List<Coordinate> closed = new ArrayList<>(open);
    closed.add(open.getFirst());
    return FACTORY.createLinearRing(closed.toArray(Coordinate[]::new));
  }
}
