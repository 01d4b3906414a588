package geosearch.geo;

/**
 * Goes through the cells of a {@link CellGrid} that meet a box, and tells of the edges that touch
 * them. For use by one thread.
 */
final class CellEdges {

  private final int[] cells;
  private final int[] records;
  private final double[] xy;
  private final Consumer consumer;
  private int west;
  private int south;
  private int east;
  private int north;

  CellEdges(int[] cells, int[] records, double[] xy, Consumer consumer) {
    this.cells = cells;
    this.records = records;
    this.xy = xy;
    this.consumer = consumer;
  }

  /** Is told of edges of areas' borders. */
  @FunctionalInterface
  interface Consumer {

    /**
     * @param xy the vertices' longitudes and latitudes, by turns
     * @param firstVertex where the first edge begins; each begins where the one before ends
     */
    void accept(int area, double[] xy, int firstVertex, int edges);
  }

  /** Chooses the box, in degrees of which {@link Lattice} has steps; its sides belong to it. */
  void place(double west, double south, double east, double north) {
    this.west = Lattice.step(west);
    this.south = Lattice.step(south);
    this.east = Lattice.step(east);
    this.north = Lattice.step(north);
  }

  /** The first row of cells of 2^shift steps that meets the box. */
  int firstRow(int shift) {
    return south >> shift;
  }

  int lastRow(int shift) {
    return north >> shift;
  }

  int firstColumn(int shift) {
    return west >> shift;
  }

  int lastColumn(int shift) {
    return east >> shift;
  }

  /**
   * Tells of the edges of a cell, or of those of its parts that meet the box.
   *
   * @param x the step in which it begins in the west
   * @param y the step in which it begins in the south
   */
  void visit(int cell, int x, int y, int shift) {
    if (Cells.isGrid(cell)) {
      visitParts(cell, x, y, shift - Cells.gridBits(cell));
    } else if (cell < 0) {
      tell(Cells.recordOffset(cell));
    }
  }

  private void visitParts(int grid, int x, int y, int shift) {
    int bits = Cells.gridBits(grid);
    int last = (1 << bits) - 1;
    int offset = Cells.gridOffset(grid);
    int endRow = Math.min(last, (north - y) >> shift);
    int endColumn = Math.min(last, (east - x) >> shift);
    for (int row = Math.max(0, (south - y) >> shift); row <= endRow; row++) {
      for (int column = Math.max(0, (west - x) >> shift); column <= endColumn; column++) {
        int part = cells[offset + (row << bits) + column];
        visit(part, x + (column << shift), y + (row << shift), shift);
      }
    }
  }

  private void tell(int record) {
    int at = record;
    int head;
    do {
      head = records[at];
      int areas = at + 1;
      at = areas + (head >> Records.AREAS_SHIFT & Records.AREAS_MASK);
      if ((head & Records.CHAINS) != 0) {
        int start;
        do {
          start = records[at];
          int chain = records[at + 1];
          at += 2;
          for (int left = chain >>> 16; left != 0; left &= left - 1) {
            int area = records[areas + Integer.numberOfTrailingZeros(left)];
            consumer.accept(area, xy, start & ~Records.LAST_CHAIN, chain & 0xFFFF);
          }
        } while (start >= 0);
      }
    } while ((head & Records.MORE) != 0);
  }
}
