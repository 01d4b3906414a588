package geosearch.geo;

import org.locationtech.jts.geom.Envelope;

/**
 * Finds the areas that contain a position: a grid of cells, each of which knows its answer or the
 * few edges that decide it.
 *
 * <h2>The cells</h2>
 *
 * Tiles divide what the outlines span; there are about as many as a fraction of the edges, so where
 * outlines are spread over the world a tile is a fraction of a degree. A tile that borders touch is
 * divided into 4^k cells, two or three for each of its edges, and a cell in which edges crowd is
 * divided again. So the memory follows the number of edges, and the edges of a cell stay few
 * wherever they are dense, be there a thousand areas or a million. Sides of cells lie at multiples
 * of powers of two of a degree ({@link Lattice}), so a position falls into its cell without
 * rounding, by a multiplication and a few shifts.
 *
 * <p>Most cells no border touches: such a cell is the number of the area that holds it, or leads to
 * a list of several. Its answer costs two reads, of which the first is nearly always cached.
 *
 * <h2>The edges of a cell</h2>
 *
 * A cell that borders touch leads to a record: the areas that have to do with the cell, which of
 * them hold a position whose ray to the west crosses none of the cell's edges, and the edges, as
 * chains of consecutive vertices, each with the areas whose border it is ({@link Records}). A
 * position's ray to the west, as far as the western side of the cell, crosses some edges; each
 * chain that is crossed odd times moves the position into its areas or out of them. {@link
 * Crossing} says how the edges that reach over the western side are counted, so that one ray is
 * enough and no corner is looked at. Areas are bits, and toggled as bits: so overlaps, holes,
 * multipolygons and several layers of areas all come out together, and a border between two areas
 * is looked at once.
 *
 * <p>An area that overlaps itself, which no valid outline does, holds what is enclosed odd times.
 *
 * <h2>Exactness</h2>
 *
 * Chains lead to the outlines' own vertices, in the doubles in which they were given: there is no
 * other copy of a coordinate, and none that is rounded. On which side of an edge a position lies is
 * decided by {@link Side}, exactly. A position on an edge or a vertex is on the border of all areas
 * that have it. Which edges are listed for a cell needs care only in one direction: an edge too
 * many is never wrong, so {@link Raster} uses plain doubles and widens.
 *
 * <h2>Batches</h2>
 *
 * What a lookup costs is waiting for memory: for the cell, the record and the vertices, each of
 * which says where the next one is. A batch takes some dozens of positions through each of these
 * steps before the next step, so that their reads overlap; what these have fetched must still be in
 * the first cache when they are answered.
 *
 * <h2>Sources</h2>
 *
 * Cells with the edges that touch them, and containment told from a point of each cell whose answer
 * is known, are those of S2ShapeIndex (S2 Geometry) and, for one polygon, of E. Haines, "Point in
 * Polygon Strategies", Graphics Gems IV (1994); the adaptive grid of grids follows the idea of K.
 * Zalik and I. Kolingerova, "A cell-based point-in-polygon algorithm suitable for large sets of
 * points", Computers and Geosciences 27 (2001).
 *
 * <p>Immutable.
 */
final class CellGrid {

  /**
   * Where the tiles are.
   *
   * @param shift a tile has 2^shift steps
   * @param column the first column of tiles, counted from longitude 0
   * @param row the first row of tiles, counted from latitude 0
   */
  record Root(int shift, int column, int row, int columns, int rows) {
    int tiles() {
      return columns * rows;
    }

    /** The step in which a column begins in the west. */
    int x(int index) {
      return (column + index) << shift;
    }

    /** The step in which a row begins in the south. */
    int y(int index) {
      return (row + index) << shift;
    }
  }

  private static final int BLOCK = 64;

  /** So many ints are in a line of the cache. */
  private static final int LINE = 16;

  private final int rootShift;
  private final int rootColumn;
  private final int rootRow;
  private final int rootColumns;

  private final double west;
  private final double south;
  private final double east;
  private final double north;

  final int[] cells;
  final int[] lists;
  final int[] records;
  private final double[] xy;
  private final double clearance;

  /**
   * @param reach no position outside of it is in an area, or near one
   * @param cells the tiles by row and column, then what they are divided into ({@link Cells})
   * @param lists the areas of cells that several areas hold ({@link AreaSets})
   * @param records the edges of cells that borders touch ({@link Records})
   * @param xy the vertices of {@link Outlines}
   * @param clearance how far from every border cells without a mark are, in metres
   */
  CellGrid(
      Root root,
      Envelope reach,
      int[] cells,
      int[] lists,
      int[] records,
      double[] xy,
      double clearance) {
    rootShift = root.shift();
    rootColumn = root.column();
    rootRow = root.row();
    rootColumns = root.columns();
    west = reach.getMinX();
    south = reach.getMinY();
    east = reach.getMaxX();
    north = reach.getMaxY();
    this.cells = cells;
    this.lists = lists;
    this.records = records;
    this.xy = xy;
    this.clearance = clearance;
  }

  CellGrid(IndexParts parts) {
    rootShift = parts.tiles()[0];
    rootColumn = parts.tiles()[1];
    rootRow = parts.tiles()[2];
    rootColumns = parts.tiles()[3];
    west = parts.reach()[0];
    east = parts.reach()[1];
    south = parts.reach()[2];
    north = parts.reach()[3];
    cells = parts.cells();
    lists = parts.lists();
    records = parts.records();
    xy = parts.xy();
    clearance = parts.clearanceMetres();
  }

  /** For {@link IndexParts#tiles}. */
  int[] tiles() {
    return new int[] {rootShift, rootColumn, rootRow, rootColumns};
  }

  /** For {@link IndexParts#reach}. */
  double[] reach() {
    return new double[] {west, east, south, north};
  }

  /**
   * Tells of each area that contains a position, in ascending order.
   *
   * @return whether the position is known to be farther than the clearance from every border; never
   *     near the poles and the meridian of 180 degrees
   */
  boolean locate(double latitude, double longitude, AreaIndex.MatchConsumer consumer) {
    if (isBeyond(latitude, longitude)) {
      return Clearance.isKnown(latitude, longitude);
    }
    int x = Lattice.step(longitude);
    int y = Lattice.step(latitude);
    int shift = rootShift;
    int cell = cells[tile(x, y)];
    while (Cells.isGrid(cell)) {
      shift -= Cells.gridBits(cell);
      cell = cells[part(cell, x, y, shift)];
    }
    if (cell < 0) {
      read(Cells.recordOffset(cell), west(x, shift), latitude, longitude, consumer);
      return false;
    }
    if (Cells.kind(cell) == Cells.SEVERAL) {
      readList(Cells.listOffset(cell), consumer);
    } else if (Cells.areaPlusOne(cell) != 0) {
      consumer.accept(Cells.areaPlusOne(cell) - 1, false);
    }
    return !Cells.isNear(cell) && Clearance.isKnown(latitude, longitude);
  }

  /**
   * Tells of each area that contains each position from one to another, in the order of positions,
   * then of areas.
   */
  void locateAll(
      double[] latitudes, double[] longitudes, int from, int to, AreaIndex.BatchConsumer consumer) {
    Batch batch = new Batch(consumer);
    for (int start = from; start < to; start += BLOCK) {
      batch.locate(latitudes, longitudes, start, Math.min(BLOCK, to - start));
    }
  }

  /**
   * Tells of the edges of the borders that touch the cells of a closed box, and of some beside it:
   * each at least once, as chains.
   */
  void forEachEdges(double from, double low, double to, double high, CellEdges.Consumer consumer) {
    double boxWest = Math.max(from, west);
    double boxSouth = Math.max(low, south);
    double boxEast = Math.min(to, east);
    double boxNorth = Math.min(high, north);
    if (boxWest > boxEast || boxSouth > boxNorth) {
      return;
    }
    CellEdges box = new CellEdges(cells, records, xy, consumer);
    box.place(boxWest, boxSouth, boxEast, boxNorth);
    for (int row = box.firstRow(rootShift); row <= box.lastRow(rootShift); row++) {
      for (int column = box.firstColumn(rootShift); column <= box.lastColumn(rootShift); column++) {
        int x = column << rootShift;
        int y = row << rootShift;
        box.visit(cells[tile(x, y)], x, y, rootShift);
      }
    }
  }

  double clearance() {
    return clearance;
  }

  long sizeInBytes() {
    return 4L * (cells.length + lists.length + records.length);
  }

  private boolean isBeyond(double latitude, double longitude) {
    return !(longitude >= west && longitude <= east && latitude >= south && latitude <= north);
  }

  private int tile(int x, int y) {
    return ((y >> rootShift) - rootRow) * rootColumns + (x >> rootShift) - rootColumn;
  }

  private static int part(int grid, int x, int y, int shift) {
    int bits = Cells.gridBits(grid);
    int mask = (1 << bits) - 1;
    return Cells.gridOffset(grid) + ((y >> shift & mask) << bits) + (x >> shift & mask);
  }

  private static double west(int x, int shift) {
    return Lattice.degrees(x >> shift << shift);
  }

  private void readList(int offset, AreaIndex.MatchConsumer consumer) {
    int end = offset + lists[offset];
    for (int i = offset + 1; i <= end; i++) {
      consumer.accept(lists[i], false);
    }
  }

  private void read(
      int offset, double cellWest, double y, double x, AreaIndex.MatchConsumer consumer) {
    int at = offset;
    int head;
    do {
      head = records[at];
      int areas = at + 1;
      int count = head >> Records.AREAS_SHIFT & Records.AREAS_MASK;
      at = areas + count;
      int inside = head & 0xFFFF;
      int border = 0;
      if ((head & Records.CHAINS) != 0) {
        int start;
        do {
          start = records[at];
          int chain = records[at + 1];
          at += 2;
          int crossing = cross(start & ~Records.LAST_CHAIN, chain & 0xFFFF, cellWest, y, x);
          if ((crossing & Crossing.CROSSED) != 0) {
            inside ^= chain >>> 16;
          }
          if ((crossing & Crossing.ON) != 0) {
            border |= chain >>> 16;
          }
        } while (start >= 0);
      }
      for (int found = inside | border; found != 0; found &= found - 1) {
        int bit = Integer.numberOfTrailingZeros(found);
        consumer.accept(records[areas + bit], (border >> bit & 1) != 0);
      }
    } while ((head & Records.MORE) != 0);
  }

  /** Whether the ray crosses a chain odd times, and whether the position lies on it. */
  private int cross(int vertex, int edges, double cellWest, double y, double x) {
    int at = 2 * vertex;
    double ax = xy[at];
    double ay = xy[at + 1];
    int crossed = 0;
    int on = 0;
    for (int i = 0; i < edges; i++) {
      at += 2;
      double bx = xy[at];
      double by = xy[at + 1];
      int crossing = Crossing.of(ax, ay, bx, by, x, y, cellWest);
      crossed ^= crossing;
      on |= crossing;
      ax = bx;
      ay = by;
    }
    return (crossed & Crossing.CROSSED) | (on & Crossing.ON);
  }

  /** The steps of a batch, for a block of positions at a time. */
  private final class Batch {
    private final int[] x = new int[BLOCK];
    private final int[] y = new int[BLOCK];
    private final int[] cell = new int[BLOCK];
    private final int[] shift = new int[BLOCK];

    /** Where the records begin that positions lead to. */
    private final int[] at = new int[BLOCK];

    private final int[] head = new int[BLOCK];
    private final AreaIndex.BatchConsumer consumer;
    private final ToIndex toIndex = new ToIndex();

    /** Keeps the reads that only fetch from being left out by the compiler. */
    @SuppressWarnings("UnusedVariable")
    private double fetched;

    Batch(AreaIndex.BatchConsumer consumer) {
      this.consumer = consumer;
    }

    void locate(double[] latitudes, double[] longitudes, int start, int count) {
      for (int i = 0; i < count; i++) {
        double latitude = latitudes[start + i];
        double longitude = longitudes[start + i];
        x[i] = Lattice.step(longitude);
        y[i] = Lattice.step(latitude);
        shift[i] = rootShift;
        cell[i] = isBeyond(latitude, longitude) ? Cells.EMPTY : cells[tile(x[i], y[i])];
      }
      boolean divided = true;
      while (divided) {
        divided = false;
        for (int i = 0; i < count; i++) {
          if (Cells.isGrid(cell[i])) {
            shift[i] -= Cells.gridBits(cell[i]);
            cell[i] = cells[part(cell[i], x[i], y[i], shift[i])];
            divided |= Cells.isGrid(cell[i]);
          }
        }
      }
      fetch(count);
      for (int i = 0; i < count; i++) {
        toIndex.index = start + i;
        answer(cell[i], west(x[i], shift[i]), latitudes[start + i], longitudes[start + i]);
      }
    }

    private void fetch(int count) {
      int touched = 0;
      for (int i = 0; i < count; i++) {
        // Without a branch, which would be foretold wrongly each third time.
        at[touched] = Cells.recordOffset(cell[i]);
        touched += cell[i] >>> 31;
      }
      for (int i = 0; i < touched; i++) {
        head[i] = records[at[i]];
        // Most records are shorter than a line, and every third reaches into the next.
        fetched += records[Math.min(at[i] + LINE / 2, records.length - 1)];
      }
      for (int i = 0; i < touched; i++) {
        if ((head[i] & Records.CHAINS) != 0) {
          int chain = at[i] + 1 + (head[i] >> Records.AREAS_SHIFT & Records.AREAS_MASK);
          int start;
          do {
            start = records[chain];
            int vertex = 2 * (start & ~Records.LAST_CHAIN);
            // Of eight vertices, the last is in another line of the cache.
            fetched += xy[vertex] + xy[vertex + 2 * (records[chain + 1] & 0xFFFF)];
            chain += 2;
          } while (start >= 0);
        }
      }
    }

    private void answer(int cell, double cellWest, double latitude, double longitude) {
      if (cell < 0) {
        read(Cells.recordOffset(cell), cellWest, latitude, longitude, toIndex);
      } else if (Cells.kind(cell) == Cells.SEVERAL) {
        readList(Cells.listOffset(cell), toIndex);
      } else if (Cells.areaPlusOne(cell) != 0) {
        consumer.accept(toIndex.index, Cells.areaPlusOne(cell) - 1, false);
      }
    }

    /** Tells of the areas of one position. */
    private final class ToIndex implements AreaIndex.MatchConsumer {
      private int index;

      @Override
      public void accept(int area, boolean border) {
        consumer.accept(index, area, border);
      }
    }
  }
}
