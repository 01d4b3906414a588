package geosearch.geo;

import java.util.Arrays;

/**
 * Spreads the edges of a cell over the parts that it is divided into. Its arrays are kept for the
 * next cell: an index has hundreds of thousands of them.
 */
final class Division {

  private final TileEdges edges;
  private final Raster raster;

  /** Where each part's list begins, and one more, once they are {@link #spread}. */
  private int[] start = {};

  private int[] lists = {};
  private int bits;

  /**
   * @param edges of which cells have the numbers
   * @param raster for use while a cell is divided
   */
  Division(TileEdges edges, Raster raster) {
    this.edges = edges;
    this.raster = raster;
  }

  /**
   * Divides a cell, if that does not list the edges too often.
   *
   * @param list numbers of edges; those from {@code from} to {@code to} may touch the cell
   * @param shift of a part
   * @param bits the cell's sides have 2^bits parts
   * @param most how many edges the parts may list together
   * @return whether it has been divided
   */
  boolean divide(int[] list, int from, int to, int x, int y, int shift, int bits, long most) {
    int side = 1 << bits;
    raster.place(x, y, shift, side, side);
    this.bits = bits;
    if (!count(list, from, to, most)) {
      return false;
    }
    spread(list, from, to);
    return true;
  }

  /** How many edges the parts list together. */
  int size() {
    return start[1 << (2 * bits)];
  }

  /** Numbers of edges, by part. */
  int[] lists() {
    return lists;
  }

  /** Where the list of a part begins. */
  int from(int part) {
    return start[part];
  }

  /** Where the list of a part ends. */
  int to(int part) {
    return start[part + 1];
  }

  /** Leaves in the second element after each part where its list begins. */
  private boolean count(int[] list, int from, int to, long most) {
    int length = (1 << (2 * bits)) + 2;
    if (start.length < length) {
      start = new int[length];
    } else {
      Arrays.fill(start, 0, length, 0);
    }
    long total = 0;
    for (int i = from; i < to; i++) {
      edges.scan(list[i], raster);
      for (int row = raster.firstRow(); row < raster.endRow(); row++) {
        int end = raster.endColumn(row);
        for (int column = raster.firstColumn(row); column < end; column++) {
          start[(row << bits) + column + 2]++;
          total++;
        }
      }
      if (total > most) {
        return false;
      }
    }
    for (int i = 2; i < length; i++) {
      start[i] += start[i - 1];
    }
    if (lists.length < total) {
      lists = new int[(int) Math.min(total + (total >> 1), Integer.MAX_VALUE - 8)];
    }
    return true;
  }

  private void spread(int[] list, int from, int to) {
    for (int i = from; i < to; i++) {
      edges.scan(list[i], raster);
      for (int row = raster.firstRow(); row < raster.endRow(); row++) {
        int end = raster.endColumn(row);
        for (int column = raster.firstColumn(row); column < end; column++) {
          lists[start[(row << bits) + column + 1]++] = list[i];
        }
      }
    }
  }
}
