package geosearch.geo;

import java.util.Arrays;
import java.util.BitSet;

/**
 * The edges of one tile while it is built, each stored once for the two areas that share it.
 *
 * <p>Edges are the same if their ends are, whichever comes first. An edge that one area has twice,
 * or that a third area has, is stored again: that is rare, and right as well.
 */
final class TileEdges {
  static final int NONE = -1;

  private int count;
  private double[] ax = {};
  private double[] ay = {};
  private double[] bx = {};
  private double[] by = {};

  /** Where the edge begins in {@link Outlines#xy}. */
  private int[] vertex = {};

  private int[] owner = {};
  private int[] other = {};

  /** Open addressing by an edge's ends; its number plus one, or 0. */
  private int[] table = {};

  private int mask;

  /**
   * Takes the edges of a tile instead of those it has.
   *
   * @param vertices where each begins
   * @param areas whose it is; areas of lower numbers come first
   * @param twins gets those that are stored with another one, which is the same
   */
  void load(double[] xy, int[] vertices, int[] areas, int from, int to, BitSet twins) {
    prepare(to - from);
    for (int i = from; i < to; i++) {
      if (!add(xy, vertices[i], areas[i])) {
        twins.set(vertices[i]);
      }
    }
  }

  int count() {
    return count;
  }

  int vertex(int edge) {
    return vertex[edge];
  }

  /** The area whose edge it is. */
  int owner(int edge) {
    return owner[edge];
  }

  /** The area that shares it, of a higher number, or {@link #NONE}. */
  int other(int edge) {
    return other[edge];
  }

  /** Whether the edge's envelope meets a closed cell. */
  boolean meets(int edge, double west, double south, double east, double north) {
    return Math.max(ax[edge], bx[edge]) >= west
        && Math.min(ax[edge], bx[edge]) <= east
        && Math.max(ay[edge], by[edge]) >= south
        && Math.min(ay[edge], by[edge]) <= north;
  }

  /** Whether a ray from the position crosses the edge, as {@link Crossing} has it. */
  boolean isCrossed(int edge, double px, double py, double west) {
    return (Crossing.of(ax[edge], ay[edge], bx[edge], by[edge], px, py, west) & Crossing.CROSSED)
        != 0;
  }

  /** A set of areas, those of the edge in if they were out and out if they were in. */
  int[] flip(int edge, int[] set) {
    int[] flipped = AreaSets.flip(set, owner[edge]);
    return other[edge] == NONE ? flipped : AreaSets.flip(flipped, other[edge]);
  }

  void scan(int edge, Raster raster) {
    raster.scan(ax[edge], ay[edge], bx[edge], by[edge]);
  }

  private void prepare(int capacity) {
    count = 0;
    int slots = Integer.highestOneBit(capacity) << 2;
    mask = slots - 1;
    if (capacity > vertex.length) {
      int grown = capacity + (capacity >> 1);
      ax = new double[grown];
      ay = new double[grown];
      bx = new double[grown];
      by = new double[grown];
      vertex = new int[grown];
      owner = new int[grown];
      other = new int[grown];
      table = new int[Integer.highestOneBit(grown) << 2];
    } else {
      Arrays.fill(table, 0, slots, 0);
    }
  }

  /** Stores an edge; answers whether it's a new one. */
  private boolean add(double[] xy, int start, int area) {
    double x0 = xy[2 * start];
    double y0 = xy[2 * start + 1];
    double x1 = xy[2 * start + 2];
    double y1 = xy[2 * start + 3];
    int slot = (hash(x0, y0) + hash(x1, y1)) & mask;
    while (table[slot] != 0) {
      int known = table[slot] - 1;
      if (other[known] == NONE && owner[known] != area && hasEnds(known, x0, y0, x1, y1)) {
        other[known] = area;
        return false;
      }
      slot = (slot + 1) & mask;
    }
    ax[count] = x0;
    ay[count] = y0;
    bx[count] = x1;
    by[count] = y1;
    vertex[count] = start;
    owner[count] = area;
    other[count] = NONE;
    table[slot] = ++count;
    return true;
  }

  private boolean hasEnds(int edge, double x0, double y0, double x1, double y1) {
    return (ax[edge] == x1 && ay[edge] == y1 && bx[edge] == x0 && by[edge] == y0)
        || (ax[edge] == x0 && ay[edge] == y0 && bx[edge] == x1 && by[edge] == y1);
  }

  /** The same for 0.0 and -0.0, which are one coordinate. */
  private static int hash(double x, double y) {
    long bits = Double.doubleToRawLongBits(x + 0.0) * 0x9E3779B97F4A7C15L;
    bits = (bits ^ bits >>> 32) + Double.doubleToRawLongBits(y + 0.0);
    bits *= 0xD6E8FEB86659FD93L;
    return (int) (bits >>> 32);
  }
}
