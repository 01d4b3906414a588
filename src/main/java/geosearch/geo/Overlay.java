package geosearch.geo;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Set;
import java.util.function.IntConsumer;

/**
 * Areas that were packed together, some of which are replaced by others that were packed later.
 *
 * <p>Over the base there are at most two more packs. A change is packed anew with what the upper
 * one has; only once that is {@link #FEW} are both packed into one. So a change costs the packing
 * of a few areas, however many have changed since the base was made, and a look-up asks three grids
 * at most.
 *
 * <p>Each pack has numbers of its own; what is told outside are ordinals, which go through all of
 * them in the order of answers. Immutable.
 */
final class Overlay {

  /** The ordinal of an area that is no longer there. */
  private static final int GONE = -1;

  /** So many areas the upper pack has at most, unless more came at once. */
  static final int FEW = 64;

  /** No index has as many areas: it would have more vertices than it can hold. */
  private static final int NUMBER_BITS = 28;

  private static final int NUMBER_MASK = (1 << NUMBER_BITS) - 1;

  /** So many positions of a batch are looked up in one pack before the next. */
  private static final int BLOCK = 512;

  /** The base, then what is over it. */
  private final PackedAreas[] packs;

  /** By pack, of each of its areas the ordinal or {@link #GONE}; empty if there is but the base. */
  private final int[][] ordinals;

  /** Of each ordinal its number, and over that the number of its pack. */
  private final int[] numbers;

  private final int overlaid;

  private Overlay(PackedAreas[] packs, int[][] ordinals, int[] numbers) {
    this.packs = packs;
    this.ordinals = ordinals;
    this.numbers = numbers;
    int changed = 0;
    if (packs.length > 1) {
      for (int ordinal : ordinals[0]) {
        changed += ordinal == GONE ? 1 : 0;
      }
      for (int pack = 1; pack < packs.length; pack++) {
        changed += packs[pack].size();
      }
    }
    this.overlaid = changed;
  }

  /** Areas of which none is replaced. */
  static Overlay on(PackedAreas base) {
    return new Overlay(new PackedAreas[] {base}, new int[0][], new int[0]);
  }

  /** The first of the packs that are packed anew when areas are changed; the base never is. */
  int firstRepacked(int changes) {
    if (packs.length == 1 || packs[1].size() + changes <= FEW) {
      return 1;
    }
    int upper = packs.length > 2 ? packs[2].size() : 0;
    return upper + changes <= FEW ? 2 : 1;
  }

  /** Tells of the areas in a pack and those over it. */
  void forEachFrom(int pack, AreaVisitor visitor) {
    for (int from = pack; from < packs.length; from++) {
      for (int number = 0; number < packs[from].size(); number++) {
        if (ordinals[from][number] != GONE) {
          visitor.visit(packs[from], number, ordinals[from][number]);
        }
      }
    }
  }

  /**
   * The same with another pack. What it costs is a few passes over arrays of ints: no area is
   * looked at but those that are near in order.
   *
   * @param at in the place of which pack, and of those over it
   * @param more all that is there now
   * @param gone the ordinals of areas that are no longer there; those of areas in packs that go
   *     don't matter
   */
  Overlay with(int at, PackedAreas more, BitSet gone) {
    BitSet leaving = (BitSet) gone.clone();
    forEachFrom(at, (packed, number, ordinal) -> leaving.set(ordinal));
    int[] staying = without(leaving);
    int[] merged = new int[staying.length + more.size()];
    int from = 0;
    for (int next = 0; next < more.size(); next++) {
      int to = placeAmong(staying, from, more, next);
      System.arraycopy(staying, from, merged, from + next, to - from);
      merged[to + next] = at << NUMBER_BITS | next;
      from = to;
    }
    System.arraycopy(staying, from, merged, from + more.size(), staying.length - from);

    PackedAreas[] all = Arrays.copyOf(packs, at + 1);
    all[at] = more;
    int[][] places = new int[all.length][];
    for (int pack = 0; pack < at; pack++) {
      places[pack] = isWhole() ? new int[packs[pack].size()] : ordinals[pack].clone();
    }
    places[at] = new int[more.size()];
    for (int ordinal = leaving.nextSetBit(0); ordinal >= 0; ) {
      if (ordinal < size() && packOf(ordinal) < at) {
        places[packOf(ordinal)][number(ordinal)] = GONE;
      }
      ordinal = leaving.nextSetBit(ordinal + 1);
    }
    for (int ordinal = 0; ordinal < merged.length; ordinal++) {
      places[merged[ordinal] >> NUMBER_BITS][merged[ordinal] & NUMBER_MASK] = ordinal;
    }
    return new Overlay(all, places, merged);
  }

  /** The numbers of all areas but some, as in {@link #numbers}. */
  private int[] without(BitSet leaving) {
    int[] all = numbers;
    if (isWhole()) {
      all = new int[base().size()];
      Arrays.setAll(all, number -> number);
    }
    int[] staying = new int[all.length];
    int count = 0;
    for (int from = leaving.nextClearBit(0); from < all.length; ) {
      int next = leaving.nextSetBit(from);
      int to = next < 0 ? all.length : Math.min(next, all.length);
      System.arraycopy(all, from, staying, count, to - from);
      count += to - from;
      from = leaving.nextClearBit(to);
    }
    return Arrays.copyOf(staying, count);
  }

  private int packOf(int ordinal) {
    return isWhole() ? 0 : numbers[ordinal] >> NUMBER_BITS;
  }

  /** How many of the areas that stay come before one of a pack, if so many do at least. */
  private int placeAmong(int[] staying, int least, PackedAreas pack, int number) {
    int low = least;
    int high = staying.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      PackedAreas other = packs[staying[middle] >> NUMBER_BITS];
      if (pack.isBefore(number, other, staying[middle] & NUMBER_MASK)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  int size() {
    return isWhole() ? base().size() : numbers.length;
  }

  /** How many areas differ from the base, or did once. */
  int overlaid() {
    return overlaid;
  }

  /** What was packed together first. */
  PackedAreas base() {
    return packs[0];
  }

  /** Whether the area of an ordinal is over the base. */
  boolean isAdded(int ordinal) {
    return packOf(ordinal) > 0;
  }

  /** Where the area of an ordinal is packed. */
  PackedAreas packed(int ordinal) {
    return packs[packOf(ordinal)];
  }

  /** The number that the area of an ordinal has there. */
  int number(int ordinal) {
    return isWhole() ? ordinal : numbers[ordinal] & NUMBER_MASK;
  }

  /** The ordinal of an area of the base; -1 if it is no longer there. */
  int ordinal(int number) {
    return ordinal(0, number);
  }

  private int ordinal(int pack, int number) {
    return isWhole() ? number : ordinals[pack][number];
  }

  /** The ordinals of the areas of some ids; ids that no area has don't matter. */
  BitSet ordinals(Set<String> ids) {
    BitSet found = new BitSet(size());
    for (int pack = 0; pack < packs.length; pack++) {
      for (String id : ids) {
        int number = packs[pack].number(id);
        if (number >= 0 && ordinal(pack, number) != GONE) {
          found.set(ordinal(pack, number));
        }
      }
    }
    return found;
  }

  Area area(int ordinal) {
    return packed(ordinal).area(number(ordinal));
  }

  Outlines outlines(int ordinal) {
    return packed(ordinal).outlines();
  }

  double clearanceMetres() {
    return base().grid().clearance();
  }

  long sizeInBytes() {
    long bytes = 4L * numbers.length;
    for (int[] ofPack : ordinals) {
      bytes += 4L * ofPack.length;
    }
    for (PackedAreas pack : packs) {
      bytes += pack.sizeInBytes();
    }
    return bytes;
  }

  boolean locate(double latitude, double longitude, AreaIndex.MatchConsumer consumer) {
    if (isWhole()) {
      return base().grid().locate(latitude, longitude, consumer);
    }
    boolean clear = true;
    for (int pack = 0; pack < packs.length; pack++) {
      clear &= packs[pack].grid().locate(latitude, longitude, toOrdinals(ordinals[pack], consumer));
    }
    return clear;
  }

  void locateAll(
      double[] latitudes, double[] longitudes, int from, int to, AreaIndex.BatchConsumer consumer) {
    if (isWhole()) {
      base().grid().locateAll(latitudes, longitudes, from, to, consumer);
      return;
    }
    Gathered[] gathered = new Gathered[packs.length];
    Arrays.setAll(gathered, pack -> new Gathered(ordinals[pack]));
    for (int start = from; start < to; start += BLOCK) {
      int end = Math.min(start + BLOCK, to);
      for (int pack = 0; pack < packs.length; pack++) {
        packs[pack].grid().locateAll(latitudes, longitudes, start, end, gathered[pack]);
      }
      for (int i = start; i < end; i++) {
        for (Gathered ofPack : gathered) {
          ofPack.tell(i, consumer);
        }
      }
      for (Gathered ofPack : gathered) {
        ofPack.clear();
      }
    }
  }

  void locateAtPole(double latitude, AreaIndex.MatchConsumer consumer) {
    for (int pack = 0; pack < packs.length; pack++) {
      for (int number : packs[pack].atPole(latitude)) {
        if (ordinal(pack, number) != GONE) {
          consumer.accept(ordinal(pack, number), true);
        }
      }
    }
  }

  boolean isTimed() {
    for (PackedAreas pack : packs) {
      if (pack.timed().length > 0) {
        return true;
      }
    }
    return false;
  }

  /** Tells of the areas that do not always hold. */
  void forEachTimed(IntConsumer consumer) {
    for (int pack = 0; pack < packs.length; pack++) {
      for (int number : packs[pack].timed()) {
        if (ordinal(pack, number) != GONE) {
          consumer.accept(ordinal(pack, number));
        }
      }
    }
  }

  /** Tells of the edges about a box, as {@link CellGrid#forEachEdges} does. */
  void forEachEdges(
      double west, double south, double east, double north, CellEdges.Consumer consumer) {
    if (isWhole()) {
      base().grid().forEachEdges(west, south, east, north, consumer);
      return;
    }
    for (int pack = 0; pack < packs.length; pack++) {
      int[] ofPack = ordinals[pack];
      packs[pack]
          .grid()
          .forEachEdges(
              west,
              south,
              east,
              north,
              (number, xy, firstVertex, edges) -> {
                if (ofPack[number] != GONE) {
                  consumer.accept(ofPack[number], xy, firstVertex, edges);
                }
              });
    }
  }

  private boolean isWhole() {
    return packs.length == 1;
  }

  /** Is told of areas. */
  interface AreaVisitor {
    void visit(PackedAreas packed, int number, int ordinal);
  }

  /** Passes on the areas that are still there. */
  private static AreaIndex.MatchConsumer toOrdinals(
      int[] ordinals, AreaIndex.MatchConsumer consumer) {
    return (number, border) -> {
      if (ordinals[number] != GONE) {
        consumer.accept(ordinals[number], border);
      }
    };
  }

  /** What one pack says of positions, kept until it is asked for position by position. */
  private static final class Gathered implements AreaIndex.BatchConsumer {
    private final int[] ordinals;
    private final Ints positions = new Ints(BLOCK);

    /** Twice the ordinal, and one more on the border. */
    private final Ints found = new Ints(BLOCK);

    private int next;

    Gathered(int[] ordinals) {
      this.ordinals = ordinals;
    }

    @Override
    public void accept(int index, int number, boolean border) {
      if (ordinals[number] != GONE) {
        positions.add(index);
        found.add(ordinals[number] << 1 | (border ? 1 : 0));
      }
    }

    void tell(int position, AreaIndex.BatchConsumer consumer) {
      while (next < positions.size() && positions.get(next) == position) {
        consumer.accept(position, found.get(next) >> 1, (found.get(next) & 1) != 0);
        next++;
      }
    }

    void clear() {
      positions.clear();
      found.clear();
      next = 0;
    }
  }
}
