package geosearch.geo;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.CoordinateSequence;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.index.strtree.STRtree;

/**
 * The truth to measure an index by: every edge of every outline whose envelope holds the position
 * looked at, in exact arithmetic, with nothing in common with the index but the coordinates.
 */
final class ExactAreas {
  static final int OUTSIDE = 0;
  static final int BORDER = 1;
  static final int INSIDE = 2;

  private final STRtree tree = new STRtree();

  /** An area's rings, each as longitudes and latitudes one after another. */
  private record Rings(int ordinal, List<double[]> rings, Envelope envelope) {}

  ExactAreas(AreaIndex index) {
    for (int ordinal = 0; ordinal < index.size(); ordinal++) {
      Rings rings = rings(ordinal, index.outline(ordinal));
      tree.insert(rings.envelope(), rings);
    }
    tree.build();
  }

  /** Whether a position is on the outline's border, by the area's number; absent if outside. */
  NavigableMap<Integer, Boolean> locate(double latitude, double longitude) {
    NavigableMap<Integer, Boolean> found = new TreeMap<>();
    if (Math.abs(latitude) == 90) {
      Envelope beyond = new Envelope(-999, 999, latitude, latitude * 10);
      for (Object item : tree.query(beyond)) {
        found.put(((Rings) item).ordinal(), true);
      }
    } else if (Math.abs(longitude) == 180) {
      for (double side : new double[] {180, -180}) {
        collect(latitude, side, found);
      }
    } else {
      collect(latitude, longitude, found);
    }
    return found;
  }

  /** A border is none where another name of the position is inside. */
  private void collect(double latitude, double longitude, NavigableMap<Integer, Boolean> found) {
    for (Object item : tree.query(new Envelope(new Coordinate(longitude, latitude)))) {
      Rings rings = (Rings) item;
      int where = locate(rings.rings(), latitude, longitude);
      if (where != OUTSIDE) {
        found.merge(rings.ordinal(), where == BORDER, Boolean::logicalAnd);
      }
    }
  }

  /** Inside is what is enclosed odd times; the ray goes north, while the index looks west. */
  private static int locate(List<double[]> rings, double y, double x) {
    boolean inside = false;
    for (double[] ring : rings) {
      for (int i = 0; i + 3 < ring.length; i += 2) {
        double ax = ring[i];
        double ay = ring[i + 1];
        double bx = ring[i + 2];
        double by = ring[i + 3];
        if (Math.min(ax, bx) > x || Math.max(ax, bx) < x || Math.max(ay, by) < y) {
          continue;
        }
        boolean below = Math.min(ay, by) > y;
        int side = below ? 0 : side(ax, ay, bx, by, x, y);
        if (side == 0 && !below) {
          return BORDER;
        }
        if (ax <= x != bx <= x) {
          inside ^= below || (ax < bx ? side < 0 : side > 0);
        }
      }
    }
    return inside ? INSIDE : OUTSIDE;
  }

  private static int side(double ax, double ay, double bx, double by, double x, double y) {
    BigDecimal exactX = new BigDecimal(ax);
    BigDecimal exactY = new BigDecimal(ay);
    BigDecimal left =
        new BigDecimal(bx).subtract(exactX).multiply(new BigDecimal(y).subtract(exactY));
    BigDecimal right =
        new BigDecimal(by).subtract(exactY).multiply(new BigDecimal(x).subtract(exactX));
    return left.compareTo(right);
  }

  private static Rings rings(int ordinal, Geometry outline) {
    List<double[]> rings = new ArrayList<>();
    Envelope envelope = new Envelope();
    for (int i = 0; i < outline.getNumGeometries(); i++) {
      Polygon polygon = (Polygon) outline.getGeometryN(i);
      for (int ring = -1; ring < polygon.getNumInteriorRing(); ring++) {
        CoordinateSequence sequence =
            (ring < 0 ? polygon.getExteriorRing() : polygon.getInteriorRingN(ring))
                .getCoordinateSequence();
        double[] xy = new double[2 * sequence.size()];
        for (int v = 0; v < sequence.size(); v++) {
          xy[2 * v] = sequence.getX(v);
          xy[2 * v + 1] = sequence.getY(v);
        }
        sequence.expandEnvelope(envelope);
        rings.add(xy);
      }
    }
    return new Rings(ordinal, rings, envelope);
  }

  /** All edges of an area: longitude and latitude of one end, then of the other. */
  static List<double[]> edges(AreaIndex index, int ordinal) {
    List<double[]> edges = new ArrayList<>();
    for (double[] ring : rings(ordinal, index.outline(ordinal)).rings()) {
      for (int i = 0; i + 3 < ring.length; i += 2) {
        edges.add(new double[] {ring[i], ring[i + 1], ring[i + 2], ring[i + 3]});
      }
    }
    return edges;
  }
}
