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

  private double[] xy = new double[256];
  private int vertices;
  private final Ints ringStart = new Ints(16);
  private final Ints areaStart = new Ints(16);
  private long[] holes = new long[1];
  private double[] sizes = new double[16];

  OutlineBuffer() {
    ringStart.add(0);
    areaStart.add(0);
  }

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
      reserve(count);
      System.arraycopy(other.xy, 2 * first, xy, 2 * vertices, 2 * count);
      vertices += count;
      endRing(other.isHole(ring));
    }
    endArea(other.size(area));
  }

  /** Appends all outlines of another buffer. */
  void addAll(OutlineBuffer other) {
    int[] order = new int[other.areas()];
    Arrays.setAll(order, i -> i);
    Outlines packed = other.toOutlines(order);
    for (int area = 0; area < order.length; area++) {
      add(packed, area);
    }
  }

  /**
   * Packs what has been gathered.
   *
   * @param order the areas in the order in which they are to be numbered
   */
  Outlines toOutlines(int[] order) {
    int[] start = new int[order.length];
    int[] end = new int[order.length];
    double[] size = new double[order.length];
    for (int i = 0; i < order.length; i++) {
      start[i] = areaStart.get(order[i]);
      end[i] = areaStart.get(order[i] + 1);
      size[i] = sizes[order[i]];
    }
    int rings = ringStart.size() - 1;
    return new Outlines(
        Arrays.copyOf(xy, 2 * vertices),
        ringStart.toArray(),
        Arrays.copyOf(holes, (rings + 63) / 64),
        start,
        end,
        size);
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

  /** Appends a ring, and says what it encloses. */
  private double addRing(LinearRing ring, boolean hole) {
    double[] ordinates = ordinates(ring.getCoordinateSequence());
    int count = ordinates.length / 2;
    if (count == 0) {
      return 0;
    }
    reserve(count);
    System.arraycopy(ordinates, 0, xy, 2 * vertices, ordinates.length);
    int at = 2 * (vertices + count);
    double twice = 0;
    double originX = xy[2 * vertices];
    double originY = xy[2 * vertices + 1];
    for (int i = 2 * vertices; i + 3 < at; i += 2) {
      twice +=
          (xy[i] - originX) * (xy[i + 3] - originY) - (xy[i + 2] - originX) * (xy[i + 1] - originY);
    }
    vertices += count;
    endRing(hole);
    return Math.abs(twice) / 2;
  }

  private void endRing(boolean hole) {
    int ring = ringStart.size() - 1;
    if (ring >> 6 == holes.length) {
      holes = Arrays.copyOf(holes, holes.length * 2);
    }
    if (hole) {
      holes[ring >> 6] |= 1L << ring;
    }
    ringStart.add(vertices);
  }

  private void endArea(double size) {
    int area = areas();
    if (area == sizes.length) {
      sizes = Arrays.copyOf(sizes, area * 2);
    }
    sizes[area] = size;
    areaStart.add(ringStart.size() - 1);
  }

  private void reserve(int count) {
    if (count > MOST_VERTICES - vertices) {
      throw new IllegalStateException("an index cannot hold more than 2^30 vertices");
    }
    int needed = 2 * (vertices + count);
    if (needed > xy.length || needed < 0) {
      long grown = Math.max(needed, xy.length + (long) (xy.length >> 1));
      xy = Arrays.copyOf(xy, (int) Math.min(grown, 2L * MOST_VERTICES));
    }
  }
}
