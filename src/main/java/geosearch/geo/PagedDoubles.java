package geosearch.geo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A growing array of very many doubles, by whole pages as {@link PagedInts}; there is no access to
 * one.
 */
final class PagedDoubles {

  /** With the array's header a page takes a mebibyte. */
  private static final int PAGE = (1 << 17) - 2;

  private final List<double[]> full = new ArrayList<>();

  /** The page after the full ones; smaller than a page as long as it is the first. */
  private double[] last = new double[256];

  private int size;

  int size() {
    return size;
  }

  void addAll(double[] more, int from, int to) {
    for (int done = from; done < to; ) {
      if (used() == last.length) {
        makeRoom(to - done);
      }
      int count = Math.min(to - done, last.length - used());
      System.arraycopy(more, done, last, used(), count);
      size = Math.addExact(size, count);
      done += count;
    }
  }

  void addAll(PagedDoubles more) {
    more.full.forEach(page -> addAll(page, 0, PAGE));
    addAll(more.last, 0, more.used());
  }

  /** Takes all out, into one array. */
  double[] drain() {
    double[] all = new double[size];
    int done = 0;
    for (double[] page : full) {
      System.arraycopy(page, 0, all, done, PAGE);
      done += PAGE;
    }
    System.arraycopy(last, 0, all, done, used());
    full.clear();
    last = new double[0];
    size = 0;
    return all;
  }

  /** How many of the last page. */
  private int used() {
    return size - full.size() * PAGE;
  }

  /** Behind a last page that is full. */
  private void makeRoom(int count) {
    if (last.length == PAGE) {
      full.add(last);
      last = new double[PAGE];
    } else {
      int wanted = last.length + Math.min(Math.max(count, last.length >> 1), PAGE);
      last = Arrays.copyOf(last, Math.min(wanted, PAGE));
    }
  }
}
