package geosearch.geo;

import java.util.Arrays;

/**
 * Finds the borders about a position, and how far they are.
 *
 * <p>The cells of a box about the position say which edges there are; a box that reaches over the
 * meridian of 180 degrees goes on at its other name, and one that comes near a pole goes all
 * around.
 */
final class Borders {

  /** Up to so many vertices an outline is measured as a whole. */
  private static final int SMALL = 1_024;

  private static final double FIRST_RADIUS_METRES = 1_000;
  private static final double GROWTH = 8;

  /** Beyond this radius a box spares little. */
  private static final double LARGEST_RADIUS_METRES = 1_000_000;

  private Borders() {}

  /**
   * Tells of each area with a border within a radius, once and in no order, and how far that is.
   */
  static void forEachWithin(
      Overlay areas,
      double latitude,
      double longitude,
      double metres,
      AreaIndex.DistanceConsumer consumer) {
    Gatherer gatherer = new Gatherer(areas, latitude, longitude, metres);
    gatherer.gather();
    gatherer.tell(consumer);
  }

  /** How far it is to the border of an area, in metres. */
  static double to(Overlay areas, int ordinal, double latitude, double longitude) {
    Outlines outlines = areas.outlines(ordinal);
    int number = areas.number(ordinal);
    if (outlines.vertices(number) > SMALL) {
      for (double radius = FIRST_RADIUS_METRES; radius <= LARGEST_RADIUS_METRES; radius *= GROWTH) {
        Gatherer gatherer = new Gatherer(areas, latitude, longitude, radius);
        gatherer.only = ordinal;
        gatherer.gather();
        if (gatherer.count > 0 && gatherer.distances[0].isFound()) {
          return gatherer.distances[0].metres();
        }
      }
    }
    BorderDistance distance = new BorderDistance(latitude, longitude, Double.POSITIVE_INFINITY);
    for (int ring = outlines.firstRing(number); ring < outlines.endRing(number); ring++) {
      int first = outlines.firstVertex(ring);
      distance.edges(outlines.xy, first, outlines.lastVertex(ring) - first);
    }
    return distance.metres();
  }

  /** The distances to the borders of areas, as the cells tell of their edges. */
  private static final class Gatherer implements CellEdges.Consumer {
    private static final int ANY = -1;

    private final Overlay areas;
    private final double latitude;
    private final double longitude;
    private final double metres;
    private int only = ANY;
    private int[] ordinals = new int[8];
    private BorderDistance[] distances = new BorderDistance[8];
    private int count;

    Gatherer(Overlay areas, double latitude, double longitude, double metres) {
      this.areas = areas;
      this.latitude = latitude;
      this.longitude = longitude;
      this.metres = metres;
    }

    void gather() {
      double north = metres / Clearance.METRES_PER_DEGREE_NORTH;
      double highest = Math.abs(latitude) + north;
      double south = Math.max(latitude - north, -90);
      double top = Math.min(latitude + north, 90);
      if (highest >= Clearance.HIGHEST_LATITUDE) {
        areas.forEachEdges(-360, south, 360, top, this);
        return;
      }
      double east = metres / (Clearance.METRES_PER_DEGREE_EAST * Math.cos(Math.toRadians(highest)));
      if (east >= 180) {
        areas.forEachEdges(-360, south, 360, top, this);
        return;
      }
      double from = longitude - east;
      double to = longitude + east;
      areas.forEachEdges(from, south, to, top, this);
      if (to >= 180) {
        areas.forEachEdges(from - 360, south, to - 360, top, this);
      }
      if (from <= -180) {
        areas.forEachEdges(from + 360, south, to + 360, top, this);
      }
    }

    @Override
    public void accept(int ordinal, double[] xy, int firstVertex, int edges) {
      if (only != ANY && ordinal != only) {
        return;
      }
      distance(ordinal).edges(xy, firstVertex, edges);
    }

    void tell(AreaIndex.DistanceConsumer consumer) {
      for (int i = 0; i < count; i++) {
        if (distances[i].isFound()) {
          double exact = distances[i].metres();
          if (exact <= metres) {
            consumer.accept(ordinals[i], exact);
          }
        }
      }
    }

    /** The areas about a position are few, mostly: so they are looked through. */
    private BorderDistance distance(int ordinal) {
      for (int i = 0; i < count; i++) {
        if (ordinals[i] == ordinal) {
          return distances[i];
        }
      }
      if (count == ordinals.length) {
        ordinals = Arrays.copyOf(ordinals, 2 * count);
        distances = Arrays.copyOf(distances, 2 * count);
      }
      ordinals[count] = ordinal;
      distances[count] = new BorderDistance(latitude, longitude, metres);
      return distances[count++];
    }
  }
}
