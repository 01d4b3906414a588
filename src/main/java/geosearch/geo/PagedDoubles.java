package geosearch.geo;

import java.util.Arrays;

/** A growing array of very many doubles, as {@link PagedInts} is one of ints. */
final class PagedDoubles {

  /** With the array's header a page takes a mebibyte. */
  private static final int PAGE = (1 << 17) - 2;

  private double[][] pages = {new double[256]};

  /** How many pages there are; all but the first are whole. */
  private int pageCount = 1;

  private int size;

  int size() {
    return size;
  }

  void addAll(double[] more, int from, int to) {
    reserve(to - from);
    for (int done = from; done < to; ) {
      int at = size % PAGE;
      int count = Math.min(to - done, PAGE - at);
      System.arraycopy(more, done, pages[size / PAGE], at, count);
      size += count;
      done += count;
    }
  }

  void addAll(PagedDoubles more) {
    for (int page = 0; page < more.pageCount; page++) {
      addAll(more.pages[page], 0, Math.min(PAGE, more.size - page * PAGE));
    }
  }

  /** Takes all out, into one array. */
  double[] drain() {
    double[] all = new double[size];
    for (int page = 0; page < pageCount; page++) {
      int start = page * PAGE;
      System.arraycopy(pages[page], 0, all, start, Math.min(PAGE, size - start));
    }
    pages = new double[][] {{}};
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
      pages[pageCount] = new double[PAGE];
    }
  }
}
