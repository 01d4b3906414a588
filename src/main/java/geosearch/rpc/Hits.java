package geosearch.rpc;

import geosearch.geo.AreaIndex;
import java.time.Instant;
import java.util.Arrays;

/** The areas of one layer that contain a position. For use by one thread. */
final class Hits implements AreaIndex.MatchConsumer {

  /** Twice the area's number, and one more on its border: so they sort by number. */
  private int[] found = new int[8];

  private int count;

  @Override
  public void accept(int ordinal, boolean border) {
    if (count == found.length) {
      found = Arrays.copyOf(found, count * 2);
    }
    found[count++] = ordinal << 1 | (border ? 1 : 0);
  }

  /** Forgets what was found. */
  void clear() {
    count = 0;
  }

  /** Forgets those that do not hold at a moment. */
  void keepThoseThatHold(AreaIndex index, Instant moment) {
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (index.area(ordinal(i)).validity().holdsAt(moment)) {
        found[kept++] = found[i];
      }
    }
    count = kept;
  }

  /** Whether an area is among them. */
  boolean contains(int ordinal) {
    for (int i = 0; i < count; i++) {
      if (ordinal(i) == ordinal) {
        return true;
      }
    }
    return false;
  }

  /** Brings them into the order of the answers. */
  void sort() {
    if (count > 1) {
      Arrays.sort(found, 0, count);
    }
  }

  /** Brings some of them into the order of the answers. */
  void sort(int from, int to) {
    if (to - from > 1) {
      Arrays.sort(found, from, to);
    }
  }

  int count() {
    return count;
  }

  /** The number of the i-th area. */
  int ordinal(int i) {
    return found[i] >>> 1;
  }

  /** Whether the position lies on the border of the i-th area. */
  boolean isOnBorder(int i) {
    return (found[i] & 1) != 0;
  }
}
