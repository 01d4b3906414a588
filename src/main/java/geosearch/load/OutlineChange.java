package geosearch.load;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.locationtech.jts.algorithm.RayCrossingCounter;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.LineString;
import org.locationtech.jts.geom.Location;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.operation.overlayng.OverlayNGRobust;
import org.locationtech.jts.operation.polygonize.Polygonizer;

/**
 * How much a repair has changed: the area of all positions that were inside and are outside now, or
 * the other way round. Inside a broken polygon is what a ray from it crosses an odd number of times
 * (the even-odd rule).
 *
 * <p>Parity adds up: a position has changed where the edges of both outlines together are crossed
 * an odd number of times, and there an edge that both have does not matter. So only the few edges
 * that the repair has touched are noded and made into faces, and the odd faces summed. No overlay
 * of the broken polygon is needed, which would fail.
 */
final class OutlineChange {

  /** Beyond this many edges the work would grow out of proportion. */
  private static final int MAX_EDGES = 20_000;

  private final GeometryFactory factory;

  OutlineChange(GeometryFactory factory) {
    this.factory = factory;
  }

  /**
   * The changed area in square kilometres. Where nearly every edge was touched it is the difference
   * of the areas, which is no more than the change.
   *
   * @param broken as it was
   * @param repaired the valid polygon or multipolygon that was made of it
   */
  double km2(Polygon broken, Geometry repaired) {
    Set<Edge> edges = new HashSet<>();
    toggle(edges, broken);
    toggle(edges, repaired);
    if (edges.isEmpty()) {
      return 0;
    }
    if (edges.size() > MAX_EDGES) {
      return Math.abs(SphericalArea.km2(repaired) - SphericalArea.km2(broken));
    }
    List<Edge> touched = List.copyOf(edges);
    double area = 0;
    for (Polygon face : faces(touched)) {
      if (isOdd(face.getInteriorPoint().getCoordinate(), touched)) {
        area += SphericalArea.km2(face);
      }
    }
    return area;
  }

  private static void toggle(Set<Edge> edges, Geometry outline) {
    for (int i = 0; i < outline.getNumGeometries(); i++) {
      Polygon polygon = (Polygon) outline.getGeometryN(i);
      toggle(edges, polygon.getExteriorRing());
      for (int hole = 0; hole < polygon.getNumInteriorRing(); hole++) {
        toggle(edges, polygon.getInteriorRingN(hole));
      }
    }
  }

  private static void toggle(Set<Edge> edges, LineString ring) {
    Coordinate[] points = ring.getCoordinates();
    for (int i = 1; i < points.length; i++) {
      if (!points[i].equals2D(points[i - 1])) {
        Edge edge = Edge.of(points[i - 1], points[i]);
        if (!edges.remove(edge)) {
          edges.add(edge);
        }
      }
    }
  }

  private List<Polygon> faces(List<Edge> edges) {
    List<LineString> lines = new ArrayList<>();
    for (Edge edge : edges) {
      lines.add(factory.createLineString(new Coordinate[] {edge.from(), edge.to()}));
    }
    Polygonizer polygonizer = new Polygonizer();
    polygonizer.add(OverlayNGRobust.union(factory.buildGeometry(lines)));
    List<Polygon> faces = new ArrayList<>();
    for (Object face : polygonizer.getPolygons()) {
      faces.add((Polygon) face);
    }
    return faces;
  }

  private static boolean isOdd(Coordinate point, List<Edge> edges) {
    RayCrossingCounter counter = new RayCrossingCounter(point);
    for (Edge edge : edges) {
      counter.countSegment(edge.from(), edge.to());
    }
    return counter.getLocation() == Location.INTERIOR;
  }

  /** An edge in whichever direction. */
  private record Edge(Coordinate from, Coordinate to) {
    static Edge of(Coordinate a, Coordinate b) {
      return a.compareTo(b) < 0 ? new Edge(a, b) : new Edge(b, a);
    }
  }
}
