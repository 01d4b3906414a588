package geosearch.geo;

import java.util.Arrays;

/**
 * A growing array of very many ints. It grows by whole pages: what is there is not copied into a
 * larger array again and again, which would need memory for both, and leave most of it as garbage.
 */
final class PagedInts {

  /** With the array's header a page takes a mebibyte, one region of the collector in the image. */
  private static final int PAGE = (1 << 18) - 4;

  private int[][] pages = {new int[1024]};

  /** How many pages there are; all but the first are whole. */
  private int pageCount = 1;

  private int size;

  int size() {
    return size;
  }

  int get(int index) {
    return pages[index / PAGE][index % PAGE];
  }

  void set(int index, int value) {
    pages[index / PAGE][index % PAGE] = value;
  }

  void add(int value) {
    reserve(1);
    set(size++, value);
  }

  void addAll(int[] more, int from, int to) {
    reserve(to - from);
    for (int i = from; i < to; i++) {
      set(size++, more[i]);
    }
  }

  /** Appends zeros, and says where they begin. */
  int addZeros(int count) {
    reserve(count);
    int start = size;
    size += count;
    return start;
  }

  /** Takes all out, into one array. */
  int[] drain() {
    int[] all = new int[size];
    for (int page = 0; page < pageCount; page++) {
      int start = page * PAGE;
      System.arraycopy(pages[page], 0, all, start, Math.min(PAGE, size - start));
    }
    pages = new int[][] {{}};
    pageCount = 1;
    size = 0;
    return all;
  }

  private void reserve(int count) {
    int needed = Math.addExact(size, count);
    if (needed > pages[0].length && pages[0].length < PAGE) {
      int grown = Math.max(Math.min(needed, PAGE), pages[0].length + (pages[0].length >> 1));
      pages[0] = Arrays.copyOf(pages[0], Math.min(grown, PAGE));
    }
    for (; needed > (long) pageCount * PAGE; pageCount++) {
      if (pageCount == pages.length) {
        pages = Arrays.copyOf(pages, pageCount + (pageCount >> 1) + 1);
      }
      pages[pageCount] = new int[PAGE];
    }
  }
}
