package geosearch.geo;

/**
 * Says which cells of a grid an edge touches, and perhaps some that it just misses: never too few.
 *
 * <p>The answer is rows, each with a range of columns: of the part of the edge within the row's
 * latitudes, a little widened, the longitudes, a little widened. The widening exceeds by far what
 * rounding can do, so plain doubles are enough here; what is decided exactly is decided by {@link
 * Crossing}.
 */
final class Raster {

  /** In cells: beyond the rounding of a coordinate at the finest cells, 2^-45 degrees. */
  private static final double SLACK = 1e-6;

  /** Of the size of the coordinates in cells: beyond what interpolation loses below FLAT. */
  private static final double RELATIVE_SLACK = 1e-11;

  /** The slope in columns per row from which on each row gets all of the edge's columns. */
  private static final double FLAT = 512;

  private int columns;
  private int rows;
  private double west;
  private double south;
  private double cellsPerDegree;

  private int[] from = {};
  private int[] to = {};
  private int firstRow;
  private int endRow;

  /**
   * Chooses the grid.
   *
   * @param x the step in which it begins in the west
   * @param y the step in which it begins in the south
   * @param shift its cells have 2^shift steps
   */
  void place(int x, int y, int shift, int columns, int rows) {
    this.columns = columns;
    this.rows = rows;
    west = Lattice.degrees(x);
    south = Lattice.degrees(y);
    cellsPerDegree = 1 / Lattice.cellDegrees(shift);
    if (from.length < rows) {
      from = new int[rows];
      to = new int[rows];
    }
  }

  /** The first row that the edge touches. */
  int firstRow() {
    return firstRow;
  }

  /** The row after the last one that it touches. */
  int endRow() {
    return endRow;
  }

  /** The first column that it touches in a row. */
  int firstColumn(int row) {
    return from[row];
  }

  /** The column after the last one that it touches in a row. */
  int endColumn(int row) {
    return to[row];
  }

  /** Finds the cells that an edge touches. */
  void scan(double ax, double ay, double bx, double by) {
    scan(ax, ay, bx, by, 0, 0);
  }

  /**
   * Finds the cells that come within a distance of an edge.
   *
   * @param marginX degrees to the east and the west
   * @param marginY degrees to the north and the south
   */
  void scan(double ax, double ay, double bx, double by, double marginX, double marginY) {
    double u = (ax - west) * cellsPerDegree;
    double v = (ay - south) * cellsPerDegree;
    double du = (bx - west) * cellsPerDegree - u;
    double dv = (by - south) * cellsPerDegree - v;
    if (dv < 0) {
      u += du;
      v += dv;
      du = -du;
      dv = -dv;
    }
    double slack = SLACK + RELATIVE_SLACK * (Math.abs(u) + Math.abs(v) + Math.abs(du) + dv);
    double wideX = slack + marginX * cellsPerDegree;
    double wideY = slack + marginY * cellsPerDegree;
    firstRow = clamp(v - wideY, rows);
    endRow = v + dv + wideY < 0 ? firstRow : clamp(v + dv + wideY + 1, rows);
    double left = Math.min(u, u + du) - wideX;
    double right = Math.max(u, u + du) + wideX;
    if (right < 0 || left >= columns) {
      endRow = firstRow;
    } else if (endRow - firstRow <= 1 || Math.abs(du) >= FLAT * dv) {
      int first = clamp(left, columns);
      int end = clamp(right + 1, columns);
      for (int row = firstRow; row < endRow; row++) {
        from[row] = first;
        to[row] = end;
      }
    } else {
      double slope = du / dv;
      for (int row = firstRow; row < endRow; row++) {
        double low = Math.max(row - wideY - v, 0) * slope;
        double high = Math.min(row + 1 + wideY - v, dv) * slope;
        double lowest = u + Math.min(low, high) - wideX;
        double highest = u + Math.max(low, high) + wideX;
        from[row] = clamp(lowest, columns);
        to[row] = highest < 0 ? from[row] : clamp(highest + 1, columns);
      }
    }
  }

  private static int clamp(double value, int limit) {
    return (int) Math.min(Math.max(value, 0), limit);
  }
}
