package geosearch.geo;

import java.util.BitSet;

/** Which edges touch which tile, and whose they are. */
final class TileLists {

  /** Where each tile's edges begin, and one more. */
  private final int[] start;

  /** Where each edge begins in {@link Outlines#xy}. */
  private final int[] vertices;

  private final int[] areas;

  private TileLists(int[] start, int[] vertices, int[] areas) {
    this.start = start;
    this.vertices = vertices;
    this.areas = areas;
  }

  /** Lists the edges by tile; within a tile areas ascend, and an area's edges keep their order. */
  static TileLists of(Outlines outlines, CellGrid.Root root, Raster raster) {
    int[] start = new int[root.tiles() + 2];
    PagedInts tiles = tiles(outlines, root, raster);
    for (int i = 0; i < tiles.size(); i++) {
      start[tile(tiles.get(i)) + 2]++;
    }
    for (int i = 2; i < start.length; i++) {
      start[i] = Math.addExact(start[i], start[i - 1]);
    }
    int[] vertices = new int[tiles.size()];
    int[] areas = new int[tiles.size()];
    int next = 0;
    for (int area = 0; area < outlines.areas(); area++) {
      for (int ring = outlines.firstRing(area); ring < outlines.endRing(area); ring++) {
        int last = outlines.lastVertex(ring);
        for (int v = outlines.firstVertex(ring); v < last; v++) {
          int tile;
          do {
            tile = tiles.get(next++);
            int at = start[tile(tile) + 1]++;
            vertices[at] = v;
            areas[at] = area;
          } while (tile >= 0);
        }
      }
    }
    return new TileLists(start, vertices, areas);
  }

  /** The tiles that each edge touches, at least one; the last one's complement. */
  private static PagedInts tiles(Outlines outlines, CellGrid.Root root, Raster raster) {
    raster.place(root.x(0), root.y(0), root.shift(), root.columns(), root.rows());
    double[] xy = outlines.xy;
    PagedInts tiles = new PagedInts();
    for (int area = 0; area < outlines.areas(); area++) {
      for (int ring = outlines.firstRing(area); ring < outlines.endRing(area); ring++) {
        int last = outlines.lastVertex(ring);
        for (int v = outlines.firstVertex(ring); v < last; v++) {
          raster.scan(xy[2 * v], xy[2 * v + 1], xy[2 * v + 2], xy[2 * v + 3]);
          for (int row = raster.firstRow(); row < raster.endRow(); row++) {
            int end = raster.endColumn(row);
            for (int column = raster.firstColumn(row); column < end; column++) {
              tiles.add(row * root.columns() + column);
            }
          }
          tiles.set(tiles.size() - 1, ~tiles.get(tiles.size() - 1));
        }
      }
    }
    return tiles;
  }

  private static int tile(int listed) {
    return listed < 0 ? ~listed : listed;
  }

  boolean isEmpty(int tile) {
    return start[tile] == start[tile + 1];
  }

  void load(int tile, Outlines outlines, TileEdges edges, BitSet twins) {
    edges.load(outlines.xy, vertices, areas, start[tile], start[tile + 1], twins);
  }
}
