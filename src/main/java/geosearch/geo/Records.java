package geosearch.geo;

import java.util.Arrays;

/**
 * Writes what a cell knows of the borders that touch it; {@link CellGrid} reads it.
 *
 * <p>A record is one block or more, each for at most 16 areas:
 *
 * <pre>
 *   head    areas that hold positions whose rays cross nothing (16 bits) | how many areas (5 bits)
 *           | whether chains follow | whether another block follows
 *   areas   their numbers, ascending
 *   chains  two ints each:
 *           the first vertex | whether it is the last chain (sign)
 *           the areas whose border it is (16 bits) | how many edges (16 bits)
 * </pre>
 */
final class Records {
  static final int AREAS_SHIFT = 16;
  static final int AREAS_MASK = 31;
  static final int CHAINS = 1 << 21;
  static final int MORE = 1 << 22;
  static final int LAST_CHAIN = 1 << 31;

  private static final int BLOCK = 16;
  private static final int LONGEST_CHAIN = (1 << 16) - 1;

  private final Ints ints = new Ints(1024);

  int[] toArray() {
    return ints.toArray();
  }

  /**
   * Appends a record.
   *
   * @param list numbers of edges; those from {@code from} to {@code to} touch the cell
   * @param inside the areas that hold the south-western corner
   * @return the cell
   */
  int write(
      TileEdges edges, int[] list, int from, int to, double west, double south, int[] inside) {
    int record = Cells.record(ints.size());
    int[] areas = areas(edges, list, from, to, inside);
    int[] uncrossed = inside;
    for (int i = from; i < to; i++) {
      if (edges.isCrossed(list[i], west, south, west)) {
        uncrossed = edges.flip(list[i], uncrossed);
      }
    }
    for (int first = 0; first < areas.length; first += BLOCK) {
      int end = Math.min(first + BLOCK, areas.length);
      int head = (end - first) << AREAS_SHIFT | (end < areas.length ? MORE : 0);
      for (int i = first; i < end; i++) {
        if (Arrays.binarySearch(uncrossed, areas[i]) >= 0) {
          head |= 1 << (i - first);
        }
      }
      int at = ints.size();
      ints.add(head);
      ints.addAll(areas, first, end);
      if (writeChains(edges, list, from, to, areas, first, end)) {
        ints.set(at, head | CHAINS);
      }
    }
    return record;
  }

  /** Edges that follow one another and have the same areas are one chain. */
  private boolean writeChains(
      TileEdges edges, int[] list, int from, int to, int[] areas, int first, int end) {
    int chain = -1;
    int mask = 0;
    int next = 0;
    int length = 0;
    for (int i = from; i < to; i++) {
      int edge = list[i];
      int edgeMask =
          bit(areas, first, end, edges.owner(edge)) | bit(areas, first, end, edges.other(edge));
      if (edgeMask == 0) {
        continue;
      }
      int vertex = edges.vertex(edge);
      if (chain < 0 || edgeMask != mask || vertex != next || length == LONGEST_CHAIN) {
        chain = ints.addZeros(2);
        mask = edgeMask;
        length = 0;
        ints.set(chain, vertex);
      }
      length++;
      next = vertex + 1;
      ints.set(chain + 1, mask << 16 | length);
    }
    if (chain >= 0) {
      ints.set(chain, ints.get(chain) | LAST_CHAIN);
    }
    return chain >= 0;
  }

  private static int bit(int[] areas, int first, int end, int area) {
    int at = area < 0 ? -1 : Arrays.binarySearch(areas, first, end, area);
    return at < 0 ? 0 : 1 << (at - first);
  }

  private static int[] areas(TileEdges edges, int[] list, int from, int to, int[] inside) {
    int[] all = Arrays.copyOf(inside, inside.length + 2 * (to - from));
    int count = inside.length;
    for (int i = from; i < to; i++) {
      all[count++] = edges.owner(list[i]);
      if (edges.other(list[i]) != TileEdges.NONE) {
        all[count++] = edges.other(list[i]);
      }
    }
    Arrays.sort(all, 0, count);
    int distinct = 0;
    for (int i = 0; i < count; i++) {
      if (distinct == 0 || all[i] != all[distinct - 1]) {
        all[distinct++] = all[i];
      }
    }
    return Arrays.copyOf(all, distinct);
  }
}
