package geosearch.geo;

import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** The sets of areas that hold whole cells; each set is listed once, however many cells it has. */
final class AreaSets {

  /** No areas. Sets are sorted and don't change. */
  static final int[] NONE = {};

  private final Map<IntBuffer, Integer> cells = new HashMap<>();
  private final Ints lists = new Ints(16);
  private int[] lastSet = NONE;
  private int lastCell;

  /** The set with an area more if it lacks it, else without it. */
  static int[] flip(int[] set, int area) {
    int at = Arrays.binarySearch(set, area);
    int[] flipped;
    if (at >= 0 && set.length == 1) {
      flipped = NONE;
    } else if (at >= 0) {
      flipped = new int[set.length - 1];
      System.arraycopy(set, 0, flipped, 0, at);
      System.arraycopy(set, at + 1, flipped, at, flipped.length - at);
    } else {
      flipped = new int[set.length + 1];
      System.arraycopy(set, 0, flipped, 0, ~at);
      flipped[~at] = area;
      System.arraycopy(set, ~at, flipped, ~at + 1, set.length - ~at);
    }
    return flipped;
  }

  /** The cell that a set holds wholly. */
  int cell(int[] set) {
    if (set.length < 2) {
      return set.length == 0 ? Cells.EMPTY : Cells.one(set[0]);
    }
    if (!Arrays.equals(set, lastSet)) {
      lastSet = set;
      lastCell = cells.computeIfAbsent(IntBuffer.wrap(set), this::append);
    }
    return lastCell;
  }

  /** Each list is its length and then its areas. */
  int[] lists() {
    return lists.toArray();
  }

  private int append(IntBuffer set) {
    int cell = Cells.several(lists.size());
    lists.add(set.capacity());
    lists.addAll(set.array(), 0, set.capacity());
    return cell;
  }
}
