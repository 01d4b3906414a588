package geosearch.geo;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import net.sf.geographiclib.Geodesic;
import net.sf.geographiclib.GeodesicData;
import net.sf.geographiclib.GeodesicMask;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.CoordinateXY;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.geom.util.AffineTransformation;

/**
 * Makes a polygon of a circle: its vertices lie on the circle, at equal angles as seen from the
 * centre, and closer where the straight line in longitude and latitude between two of them leaves
 * the circle by more than a thousandth of the radius, as it does near a pole. Across the meridian
 * of 180 degrees it is cut into a multipolygon; around a pole it goes up to it along that meridian.
 */
final class CirclePolygon {

  private static final int VERTICES = 128;

  /** The chords of as many vertices are off by 0.03 %. */
  private static final double TOLERANCE = 0.0006;

  /** A border this near to a pole, in radii, is moved away from it: it has no longitude there. */
  private static final double NEAR_POLE = 0.0002;

  private static final int MOST_HALVINGS = 12;
  private static final GeometryFactory GEOMETRIES = new GeometryFactory();

  private final Circle circle;
  private final double radius;
  private final List<Coordinate> ring = new ArrayList<>();

  private CirclePolygon(Circle circle) {
    this.circle = circle;
    double toPole = distance(Math.copySign(90, circle.latitude()), 0);
    boolean touches = Math.abs(toPole - circle.radiusMetres()) < NEAR_POLE * circle.radiusMetres();
    this.radius = circle.radiusMetres() * (touches ? 1 - 2 * NEAR_POLE : 1);
  }

  static Geometry of(Circle circle) {
    return new CirclePolygon(circle).build();
  }

  private Geometry build() {
    Coordinate first = vertex(0, circle.longitude());
    ring.add(first);
    for (int i = 0; i < VERTICES; i++) {
      addEdge(360.0 * i / VERTICES, 360.0 * (i + 1) / VERTICES, MOST_HALVINGS);
    }
    double turned = ring.getLast().x - first.x;
    if (Math.abs(turned) > 180) {
      return aroundPole();
    }
    ring.set(ring.size() - 1, first.copy());
    return cut(GEOMETRIES.createPolygon(ring.toArray(Coordinate[]::new)));
  }

  /** Adds the vertices after the last one up to an angle. */
  private void addEdge(double from, double to, int halvings) {
    Coordinate last = ring.getLast();
    Coordinate next = vertex(to, last.x);
    if (halvings > 0 && leaves(last, next)) {
      double middle = (from + to) / 2;
      addEdge(from, middle, halvings - 1);
      addEdge(middle, to, halvings - 1);
    } else {
      ring.add(next);
    }
  }

  private boolean leaves(Coordinate from, Coordinate to) {
    for (double part = 0.25; part < 1; part += 0.25) {
      double distance = distance(from.y + part * (to.y - from.y), from.x + part * (to.x - from.x));
      if (Math.abs(distance - radius) > TOLERANCE * radius) {
        return true;
      }
    }
    return false;
  }

  private double distance(double latitude, double longitude) {
    return Geodesic.WGS84.Inverse(
            circle.latitude(), circle.longitude(), latitude, longitude, GeodesicMask.DISTANCE)
        .s12;
  }

  /**
   * @param near the longitude comes out within 180 degrees of this one
   */
  private Coordinate vertex(double azimuth, double near) {
    GeodesicData end =
        Geodesic.WGS84.Direct(circle.latitude(), circle.longitude(), azimuth, radius);
    return new CoordinateXY(near + Math.IEEEremainder(end.lon2 - near, 360), end.lat2);
  }

  private Geometry aroundPole() {
    List<Coordinate> around = new ArrayList<>();
    for (Coordinate vertex : ring.subList(0, ring.size() - 1)) {
      around.add(new CoordinateXY(Math.IEEEremainder(vertex.x, 360), vertex.y));
    }
    around.sort(Comparator.comparingDouble(vertex -> vertex.x));
    double pole = Math.copySign(90, circle.latitude());
    Coordinate west = around.getFirst();
    Coordinate east = around.getLast();
    double gap = west.x + 360 - east.x;
    double latitude = gap == 0 ? east.y : east.y + (180 - east.x) / gap * (west.y - east.y);
    List<Coordinate> closed = new ArrayList<>();
    closed.add(new CoordinateXY(-180, latitude));
    around.stream().filter(vertex -> Math.abs(vertex.x) < 180).forEach(closed::add);
    closed.add(new CoordinateXY(180, latitude));
    closed.add(new CoordinateXY(180, pole));
    closed.add(new CoordinateXY(-180, pole));
    closed.add(new CoordinateXY(-180, latitude));
    return GEOMETRIES.createPolygon(closed.toArray(Coordinate[]::new));
  }

  private static Geometry cut(Polygon polygon) {
    Envelope bounds = polygon.getEnvelopeInternal();
    if (bounds.getMinX() >= -180 && bounds.getMaxX() <= 180) {
      return polygon;
    }
    Geometry world = GEOMETRIES.toGeometry(new Envelope(-180, 180, -90, 90));
    List<Polygon> parts = new ArrayList<>();
    for (int turn = -1; turn <= 1; turn++) {
      Geometry part =
          AffineTransformation.translationInstance(360.0 * turn, 0)
              .transform(polygon)
              .intersection(world);
      for (int i = 0; i < part.getNumGeometries(); i++) {
        if (part.getGeometryN(i) instanceof Polygon piece && !piece.isEmpty()) {
          parts.add(piece);
        }
      }
    }
    return parts.size() == 1
        ? parts.getFirst()
        : GEOMETRIES.createMultiPolygon(parts.toArray(Polygon[]::new));
  }
}
