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
    raster.place(root.x(0), root.y(0), root.shift(), root.columns(), root.rows());
    int[] start = new int[root.tiles() + 2];
    visit(outlines, root, raster, (tile, vertex, area) -> start[tile + 2]++);
    for (int i = 2; i < start.length; i++) {
      start[i] = Math.addExact(start[i], start[i - 1]);
    }
    int[] vertices = new int[start[start.length - 1]];
    int[] areas = new int[vertices.length];
    visit(
        outlines,
        root,
        raster,
        (tile, vertex, area) -> {
          int at = start[tile + 1]++;
          vertices[at] = vertex;
          areas[at] = area;
        });
    return new TileLists(start, vertices, areas);
  }

  boolean isEmpty(int tile) {
    return start[tile] == start[tile + 1];
  }

  void load(int tile, Outlines outlines, TileEdges edges, BitSet twins) {
    edges.load(outlines.xy, vertices, areas, start[tile], start[tile + 1], twins);
  }

  private static void visit(
      Outlines outlines, CellGrid.Root root, Raster raster, EdgeConsumer consumer) {
    double[] xy = outlines.xy;
    for (int area = 0; area < outlines.areas(); area++) {
      for (int ring = outlines.firstRing(area); ring < outlines.endRing(area); ring++) {
        int last = outlines.lastVertex(ring);
        for (int v = outlines.firstVertex(ring); v < last; v++) {
          raster.scan(xy[2 * v], xy[2 * v + 1], xy[2 * v + 2], xy[2 * v + 3]);
          for (int row = raster.firstRow(); row < raster.endRow(); row++) {
            int end = raster.endColumn(row);
            for (int column = raster.firstColumn(row); column < end; column++) {
              consumer.accept(row * root.columns() + column, v, area);
            }
          }
        }
      }
    }
  }

  /** Is told of each edge of each tile. */
  private interface EdgeConsumer {
    void accept(int tile, int vertex, int area);
  }
}
