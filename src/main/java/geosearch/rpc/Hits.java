package geosearch.rpc;

import geosearch.geo.AreaIndex;
import java.util.Arrays;

/** The areas of one layer that contain a position. For use by one thread. */
final class Hits implements AreaIndex.MatchConsumer {

  private int[] ordinals = new int[8];
  private int count;

  @Override
  public void accept(int ordinal, boolean border) {
    if (count == ordinals.length) {
      ordinals = Arrays.copyOf(ordinals, count * 2);
    }
    ordinals[count++] = ordinal;
  }

  /** Forgets what was found. */
  void clear() {
    count = 0;
  }

  /** Brings them into the order of the answers. */
  void sort() {
    if (count > 1) {
      Arrays.sort(ordinals, 0, count);
    }
  }

  int count() {
    return count;
  }

  /** The number of the i-th area. */
  int ordinal(int i) {
    return ordinals[i];
  }
}
