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

  private final PagedInts ints = new PagedInts();

  /** The areas that have to do with the cell that is written, ascending. */
  private int[] areas = {};

  /** Which of them hold positions whose rays cross nothing. */
  private boolean[] isUncrossed = {};

  private int areaCount;

  /** Takes all records out. */
  int[] drain() {
    return ints.drain();
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
    gatherAreas(edges, list, from, to, inside);
    for (int area : inside) {
      flip(area);
    }
    for (int i = from; i < to; i++) {
      if (edges.isCrossed(list[i], west, south, west)) {
        flip(edges.owner(list[i]));
        flip(edges.other(list[i]));
      }
    }
    for (int first = 0; first < areaCount; first += BLOCK) {
      int end = Math.min(first + BLOCK, areaCount);
      int head = (end - first) << AREAS_SHIFT | (end < areaCount ? MORE : 0);
      for (int i = first; i < end; i++) {
        if (isUncrossed[i]) {
          head |= 1 << (i - first);
        }
      }
      int at = ints.size();
      ints.add(head);
      ints.addAll(areas, first, end);
      if (writeChains(edges, list, from, to, first, end)) {
        ints.set(at, head | CHAINS);
      }
    }
    return record;
  }

  /** Edges that follow one another and have the same areas are one chain. */
  private boolean writeChains(TileEdges edges, int[] list, int from, int to, int first, int end) {
    int chain = -1;
    int mask = 0;
    int next = 0;
    int length = 0;
    for (int i = from; i < to; i++) {
      int edge = list[i];
      int edgeMask = bit(first, end, edges.owner(edge)) | bit(first, end, edges.other(edge));
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

  private int bit(int first, int end, int area) {
    int at = area == TileEdges.NONE ? -1 : Arrays.binarySearch(areas, first, end, area);
    return at < 0 ? 0 : 1 << (at - first);
  }

  private void flip(int area) {
    if (area != TileEdges.NONE) {
      isUncrossed[Arrays.binarySearch(areas, 0, areaCount, area)] ^= true;
    }
  }

  /** Gathers the areas that have to do with a cell, all of them crossed at first. */
  private void gatherAreas(TileEdges edges, int[] list, int from, int to, int[] inside) {
    int most = inside.length + 2 * (to - from);
    if (areas.length < most) {
      areas = new int[2 * most];
      isUncrossed = new boolean[2 * most];
    }
    System.arraycopy(inside, 0, areas, 0, inside.length);
    int count = inside.length;
    for (int i = from; i < to; i++) {
      areas[count++] = edges.owner(list[i]);
      if (edges.other(list[i]) != TileEdges.NONE) {
        areas[count++] = edges.other(list[i]);
      }
    }
    Arrays.sort(areas, 0, count);
    areaCount = 0;
    for (int i = 0; i < count; i++) {
      if (areaCount == 0 || areas[i] != areas[areaCount - 1]) {
        areas[areaCount++] = areas[i];
      }
    }
    Arrays.fill(isUncrossed, 0, areaCount, false);
  }
}
