package geosearch.geo;

import java.util.Arrays;
import org.locationtech.jts.geom.CoordinateSequence;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.LinearRing;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.geom.Polygonal;
import org.locationtech.jts.geom.impl.PackedCoordinateSequence;

/** Gathers outlines into packed form; of the geometries themselves nothing is kept. */
final class OutlineBuffer {
  private static final int MOST_VERTICES = (1 << 30) - 16;

  private final PagedDoubles xy = new PagedDoubles();
  private Ints ringStart = started();
  private Ints areaStart = started();
  private long[] holes = new long[1];
  private double[] sizes = new double[16];

  int areas() {
    return areaStart.size() - 1;
  }

  double size(int area) {
    return sizes[area];
  }

  /**
   * Appends an outline.
   *
   * @throws IllegalArgumentException if it is no polygon or multipolygon, empty, or has a
   *     coordinate that is not finite or beyond {@link Lattice#LIMIT} degrees; then nothing is
   *     added
   */
  void add(Geometry outline) {
    if (!(outline instanceof Polygonal) || outline.isEmpty()) {
      throw new IllegalArgumentException(
          "an area's outline must be a polygon or multipolygon that is not empty, not "
              + (outline.isEmpty() ? "an empty " : "a ")
              + outline.getGeometryType());
    }
    checkCoordinates(outline);
    double size = 0;
    for (int i = 0; i < outline.getNumGeometries(); i++) {
      Polygon polygon = (Polygon) outline.getGeometryN(i);
      if (!polygon.isEmpty()) {
        size += addRing(polygon.getExteriorRing(), false);
        for (int hole = 0; hole < polygon.getNumInteriorRing(); hole++) {
          size -= addRing(polygon.getInteriorRingN(hole), true);
        }
      }
    }
    endArea(size);
  }

  /** Appends an outline that has been packed before. */
  void add(Outlines other, int area) {
    for (int ring = other.firstRing(area); ring < other.endRing(area); ring++) {
      int first = other.firstVertex(ring);
      int count = other.lastVertex(ring) + 1 - first;
      add(other.xy, 2 * first, 2 * (first + count));
      endRing(vertices(), other.isHole(ring));
    }
    endArea(other.size(area));
  }

  /** Appends all outlines of another buffer. */
  void addAll(OutlineBuffer other) {
    int first = vertices();
    checkRoom(other.vertices());
    xy.addAll(other.xy);
    for (int area = 0; area < other.areas(); area++) {
      int end = other.areaStart.get(area + 1);
      for (int ring = other.areaStart.get(area); ring < end; ring++) {
        endRing(first + other.ringStart.get(ring + 1), other.isHole(ring));
      }
      endArea(other.sizes[area]);
    }
  }

  /**
   * Packs what has been gathered; afterwards nothing has been.
   *
   * @param order the areas in the order in which they are to be numbered
   */
  Outlines drain(int[] order) {
    int[] start = new int[order.length];
    int[] end = new int[order.length];
    double[] size = new double[order.length];
    for (int i = 0; i < order.length; i++) {
      start[i] = areaStart.get(order[i]);
      end[i] = areaStart.get(order[i] + 1);
      size[i] = sizes[order[i]];
    }
    int words = (ringStart.size() - 1 + 63) / 64;
    Outlines packed =
        new Outlines(
            xy.drain(), ringStart.toArray(), Arrays.copyOf(holes, words), start, end, size);
    ringStart = started();
    areaStart = started();
    holes = new long[1];
    return packed;
  }

  /** A list of where things begin, the first of which begins at 0. */
  private static Ints started() {
    Ints starts = new Ints(16);
    starts.add(0);
    return starts;
  }

  private static void checkCoordinates(Geometry outline) {
    for (int i = 0; i < outline.getNumGeometries(); i++) {
      Polygon polygon = (Polygon) outline.getGeometryN(i);
      checkCoordinates(polygon.getExteriorRing().getCoordinateSequence());
      for (int hole = 0; hole < polygon.getNumInteriorRing(); hole++) {
        checkCoordinates(polygon.getInteriorRingN(hole).getCoordinateSequence());
      }
    }
  }

  private static void checkCoordinates(CoordinateSequence sequence) {
    double[] ordinates = ordinates(sequence);
    for (int i = 0; i < ordinates.length; i += 2) {
      double x = ordinates[i];
      double y = ordinates[i + 1];
      if (!(Math.abs(x) <= Lattice.LIMIT && Math.abs(y) <= Lattice.LIMIT)) {
        throw new IllegalArgumentException(
            "an outline's coordinates must be degrees of longitude and latitude, not (%s %s)"
                .formatted(x, y));
      }
    }
  }

  /** Longitudes and latitudes by turns; not copied if they are in such an array. */
  private static double[] ordinates(CoordinateSequence sequence) {
    if (sequence instanceof PackedCoordinateSequence.Double packed && packed.getDimension() == 2) {
      return packed.getRawCoordinates();
    }
    double[] ordinates = new double[2 * sequence.size()];
    for (int i = 0; i < sequence.size(); i++) {
      ordinates[2 * i] = sequence.getX(i);
      ordinates[2 * i + 1] = sequence.getY(i);
    }
    return ordinates;
  }

  private int vertices() {
    return xy.size() / 2;
  }

  /** Appends a ring, and says what it encloses. */
  private double addRing(LinearRing ring, boolean hole) {
    double[] ordinates = ordinates(ring.getCoordinateSequence());
    if (ordinates.length == 0) {
      return 0;
    }
    add(ordinates, 0, ordinates.length);
    endRing(vertices(), hole);
    double twice = 0;
    double originX = ordinates[0];
    double originY = ordinates[1];
    for (int i = 0; i + 3 < ordinates.length; i += 2) {
      twice +=
          (ordinates[i] - originX) * (ordinates[i + 3] - originY)
              - (ordinates[i + 2] - originX) * (ordinates[i + 1] - originY);
    }
    return Math.abs(twice) / 2;
  }

  private void add(double[] ordinates, int from, int to) {
    checkRoom((to - from) / 2);
    xy.addAll(ordinates, from, to);
  }

  private void checkRoom(int count) {
    if (count > MOST_VERTICES - vertices()) {
      throw new IllegalStateException("an index cannot hold more than 2^30 vertices");
    }
  }

  private boolean isHole(int ring) {
    return (holes[ring >> 6] & 1L << ring) != 0;
  }

  /**
   * Ends a ring.
   *
   * @param end the vertex after its last one
   */
  private void endRing(int end, boolean hole) {
    int ring = ringStart.size() - 1;
    if (ring >> 6 == holes.length) {
      holes = Arrays.copyOf(holes, holes.length * 2);
    }
    if (hole) {
      holes[ring >> 6] |= 1L << ring;
    }
    ringStart.add(end);
  }

  private void endArea(double size) {
    int area = areas();
    if (area == sizes.length) {
      sizes = Arrays.copyOf(sizes, area * 2);
    }
    sizes[area] = size;
    areaStart.add(ringStart.size() - 1);
  }
}
