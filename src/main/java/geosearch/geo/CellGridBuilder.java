package geosearch.geo;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.locationtech.jts.geom.Envelope;

/**
 * Builds a {@link CellGrid}: spreads the edges over tiles, then each tile's edges over cells.
 *
 * <p>The areas that hold a cell's south-western corner are known from the corner before it: those
 * whose borders the cell's side between the two crosses odd times change. The first corner of each
 * row of tiles lies west of everything, in no area.
 *
 * <p>One thread does it all. Bands of rows could be built side by side, but in a process that has
 * just started, when there is most of a hurry, two threads took longer than one: until code is
 * compiled to the end it counts its branches, and the counters are shared.
 */
final class CellGridBuilder {

  /** So many edges are there to a tile at least, on average over the tiles. */
  private static final int EDGES_PER_TILE = 4;

  private static final int FEWEST_TILES = 1024;

  /**
   * A division makes about so many cells for each edge. With 4, small zones take a fifth more
   * memory and are found hardly sooner; with 2, they take a tenth less and are found later.
   */
  private static final double CELLS_PER_EDGE = 2.5;

  /** With up to so many edges a tile isn't divided. */
  private static final int FEW = 2;

  /** With up to so many edges a part of a tile isn't divided again. */
  private static final int CROWD = 24;

  private static final int MOST_DIVISION_BITS = 12;

  /** Divisions may list an edge so many times, on average over the edges of a tile. */
  private static final double MOST_COPIES = 16;

  /** With so many areas, a grid that is soon made anew has so many tiles. */
  private static final int TILES_FOR_NOW = 4096;

  private final boolean forNow;
  private final Outlines outlines;
  private final Clearance clearance;
  private final Envelope bounds = new Envelope();
  private final AreaSets sets = new AreaSets();
  private final Records records = new Records();
  private final TileEdges edges = new TileEdges();
  private final Raster raster = new Raster();

  /** Edges of which another area has the same, by the vertex; of such two one is enough. */
  private final BitSet twins;

  private final PagedInts cells = new PagedInts();

  /** For the cells within one another that are divided at a time, the outermost first. */
  private final List<Division> divisions = new ArrayList<>();

  /** How many cells are divided at the moment. */
  private int depth;

  /** The edges of the tile that is made. */
  private int[] tileList = {};

  /**
   * @param clearanceMetres how far from every border a position is that is told to be clear of them
   * @param forNow whether to be quick, for a few areas: then the parts of a grid are not divided
   *     before edges crowd, and positions near an area are not known to be clear of its border
   */
  CellGridBuilder(Outlines outlines, double clearanceMetres, boolean forNow) {
    this.forNow = forNow;
    this.outlines = outlines;
    this.clearance = new Clearance(clearanceMetres);
    this.twins = new BitSet(outlines.vertices());
    for (int area = 0; area < outlines.areas(); area++) {
      outlines.expand(bounds, area);
    }
  }

  CellGrid build() {
    Envelope reach = clearance.reach(bounds);
    CellGrid.Root root = root(reach);
    divide(root);
    int[] packed = cells.drain();
    clearance.mark(outlines, twins, root, packed);
    return new CellGrid(
        root, reach, packed, sets.lists(), records.drain(), outlines.xy, clearance.metres());
  }

  private void divide(CellGrid.Root root) {
    TileLists lists = TileLists.of(outlines, root, raster);
    cells.addZeros(Cells.aligned(root.tiles()));
    for (int row = 0; row < root.rows(); row++) {
      int[] inside = AreaSets.NONE;
      for (int column = 0; column < root.columns(); column++) {
        int tile = row * root.columns() + column;
        if (lists.isEmpty(tile)) {
          cells.set(tile, sets.cell(inside));
        } else {
          lists.load(tile, outlines, edges, twins);
          inside = addTile(tile, root.x(column), root.y(row), root.shift(), inside);
        }
      }
    }
    divisions.clear();
    tileList = new int[0];
  }

  private CellGrid.Root root(Envelope reach) {
    if (reach.isNull()) {
      return new CellGrid.Root(0, 0, 0, 1, 1);
    }
    long most =
        Math.max(forNow ? TILES_FOR_NOW : FEWEST_TILES, outlines.vertices() / EDGES_PER_TILE);
    for (int shift = 0; ; shift++) {
      int x = Lattice.step(reach.getMinX()) >> shift;
      int y = Lattice.step(reach.getMinY()) >> shift;
      long columns = (long) (Lattice.step(reach.getMaxX()) >> shift) - x + 1;
      long rows = (long) (Lattice.step(reach.getMaxY()) >> shift) - y + 1;
      if (columns <= most && rows <= most && columns * rows <= most) {
        return new CellGrid.Root(shift, x, y, (int) columns, (int) rows);
      }
    }
  }

  /** Makes a tile of the edges that are loaded; answers what holds the next tile's corner. */
  private int[] addTile(int tile, int x, int y, int shift, int[] inside) {
    if (tileList.length < edges.count()) {
      tileList = new int[2 * edges.count()];
    }
    for (int edge = 0; edge < edges.count(); edge++) {
      tileList[edge] = edge;
    }
    int end = prune(tileList, 0, edges.count(), x, y, shift);
    int few = forNow ? CROWD : FEW;
    cells.set(tile, cell(tileList, 0, end, x, y, shift, inside, few, MOST_COPIES));
    return eastward(tileList, 0, end, x, y, shift, inside);
  }

  /**
   * Makes a cell.
   *
   * @param list numbers of edges; those from {@code from} to {@code to} may touch it
   * @param inside the areas that hold its south-western corner
   * @param few with how many edges it isn't divided
   * @param copies how many times each of its edges may be listed by its parts, on average
   */
  private int cell(
      int[] list, int from, int to, int x, int y, int shift, int[] inside, int few, double copies) {
    if (from == to) {
      return sets.cell(inside);
    }
    int count = to - from;
    Division division = division();
    int bits = count <= few ? 0 : divisionBits(count, shift);
    long most = (long) (copies * count);
    while (bits > 0 && !division.divide(list, from, to, x, y, shift - bits, bits, most)) {
      bits--;
    }
    if (bits == 0) {
      return records.write(edges, list, from, to, Lattice.degrees(x), Lattice.degrees(y), inside);
    }
    double left = copies * count / division.size();
    return divided(division, x, y, shift - bits, bits, inside, left);
  }

  private Division division() {
    if (depth == divisions.size()) {
      divisions.add(new Division(edges, raster));
    }
    return divisions.get(depth);
  }

  private static int divisionBits(int count, int shift) {
    int bits = (int) Math.round(Math.log(CELLS_PER_EDGE * count) / Math.log(4));
    return Math.min(Math.max(bits, 1), Math.min(shift, MOST_DIVISION_BITS));
  }

  private int divided(
      Division division, int x, int y, int shift, int bits, int[] corner, double copies) {
    int side = 1 << bits;
    int offset = cells.addZeros(Cells.aligned(side * side));
    int[] lists = division.lists();
    depth++;
    int[] leftmost = corner;
    for (int row = 0; row < side; row++) {
      int cellY = y + (row << shift);
      int[] inside = leftmost;
      for (int column = 0; column < side; column++) {
        int cellX = x + (column << shift);
        int part = (row << bits) + column;
        int from = division.from(part);
        if (from == division.to(part)) {
          cells.set(offset + part, sets.cell(inside));
          continue;
        }
        int to = prune(lists, from, division.to(part), cellX, cellY, shift);
        int cell = cell(lists, from, to, cellX, cellY, shift, inside, CROWD, copies);
        cells.set(offset + part, cell);
        if (column == 0) {
          leftmost = northward(lists, from, to, cellX, cellY, shift, inside);
        }
        inside = eastward(lists, from, to, cellX, cellY, shift, inside);
      }
    }
    depth--;
    return Cells.grid(bits, offset);
  }

  /** Moves the edges whose envelopes meet the closed cell to the front; answers their end. */
  private int prune(int[] list, int from, int to, int x, int y, int shift) {
    double west = Lattice.degrees(x);
    double south = Lattice.degrees(y);
    double east = west + Lattice.cellDegrees(shift);
    double north = south + Lattice.cellDegrees(shift);
    int end = from;
    for (int i = from; i < to; i++) {
      if (edges.meets(list[i], west, south, east, north)) {
        list[end++] = list[i];
      }
    }
    return end;
  }

  private int[] eastward(int[] list, int from, int to, int x, int y, int shift, int[] inside) {
    double east = Lattice.degrees(x) + Lattice.cellDegrees(shift);
    return moved(list, from, to, x, y, east, Lattice.degrees(y), inside);
  }

  private int[] northward(int[] list, int from, int to, int x, int y, int shift, int[] inside) {
    double north = Lattice.degrees(y) + Lattice.cellDegrees(shift);
    return moved(list, from, to, x, y, Lattice.degrees(x), north, inside);
  }

  /** What holds another corner of a cell, of whose south-western corner it is known. */
  private int[] moved(
      int[] list, int from, int to, int x, int y, double px, double py, int[] inside) {
    double west = Lattice.degrees(x);
    double south = Lattice.degrees(y);
    int[] moved = inside;
    for (int i = from; i < to; i++) {
      if (edges.isCrossed(list[i], west, south, west) != edges.isCrossed(list[i], px, py, west)) {
        moved = edges.flip(list[i], moved);
      }
    }
    return moved;
  }
}
