package geosearch.geo;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Set;
import java.util.function.IntConsumer;

/**
 * Areas that were packed together, some of which are replaced by a few that were packed later.
 *
 * <p>Both have numbers of their own; what is told outside are ordinals, which go through both in
 * the order of answers. Immutable.
 */
final class Overlay {

  /** The number of an area that is no longer there. */
  private static final int GONE = -1;

  private final PackedAreas base;
  private final PackedAreas added;

  /** Of each area of the base its ordinal or {@link #GONE}; empty if the numbers are ordinals. */
  private final int[] baseOrdinals;

  private final int[] addedOrdinals;

  /** Of each ordinal its number in the base, or the complement of that among the added. */
  private final int[] numbers;

  private Overlay(
      PackedAreas base, PackedAreas added, int[] baseOrdinals, int[] addedOrdinals, int[] numbers) {
    this.base = base;
    this.added = added;
    this.baseOrdinals = baseOrdinals;
    this.addedOrdinals = addedOrdinals;
    this.numbers = numbers;
  }

  /** Areas of which none is replaced. */
  static Overlay on(PackedAreas base) {
    return new Overlay(base, base, new int[0], new int[0], new int[0]);
  }

  /**
   * The same base with other areas over it. What it costs beyond the packing of those is a few
   * passes over arrays of ints: no area of the base is looked at but those that are near in order.
   *
   * @param more all that is over it now
   * @param stale the ids of areas of the base that are no longer there, beside those that aren't
   *     already
   */
  Overlay with(PackedAreas more, Set<String> stale) {
    int[] ofBase = isWhole() ? new int[base.size()] : baseOrdinals.clone();
    for (String id : stale) {
      int number = base.number(id);
      if (number >= 0) {
        ofBase[number] = GONE;
      }
    }
    return over(more, ofBase);
  }

  /**
   * As {@link #with(PackedAreas, Set)}, by number.
   *
   * @param stale the ordinals of areas that are no longer there; those of areas over the base don't
   *     matter
   */
  Overlay with(PackedAreas more, BitSet stale) {
    int[] ofBase = isWhole() ? new int[base.size()] : baseOrdinals.clone();
    for (int ordinal = stale.nextSetBit(0); ordinal >= 0; ordinal = stale.nextSetBit(ordinal + 1)) {
      if (!isAdded(ordinal)) {
        ofBase[number(ordinal)] = GONE;
      }
    }
    return over(more, ofBase);
  }

  /** Puts areas over what is left of the base, and numbers all of them. */
  private Overlay over(PackedAreas more, int[] ofBase) {
    int[] ofMore = new int[more.size()];
    int[] merged = new int[base.size() + more.size()];
    int count = 0;
    int from = 0;
    for (int next = 0; next < ofMore.length; next++) {
      int to = more.placeAmong(next, base, from);
      count = take(from, to, ofBase, merged, count);
      from = to;
      merged[count] = ~next;
      ofMore[next] = count++;
    }
    count = take(from, ofBase.length, ofBase, merged, count);
    return new Overlay(base, more, ofBase, ofMore, Arrays.copyOf(merged, count));
  }

  /** Gives ordinals to the areas of the base that are still there, and says how many there are. */
  private static int take(int from, int to, int[] ofBase, int[] merged, int taken) {
    int count = taken;
    for (int number = from; number < to; number++) {
      if (ofBase[number] != GONE) {
        merged[count] = number;
        ofBase[number] = count++;
      }
    }
    return count;
  }

  int size() {
    return isWhole() ? base.size() : numbers.length;
  }

  /** How many areas differ from the base. */
  int overlaid() {
    return isWhole() ? 0 : base.size() - (numbers.length - added.size()) + added.size();
  }

  /** What was packed together first. */
  PackedAreas base() {
    return base;
  }

  /** Whether the area of an ordinal is over the base. */
  boolean isAdded(int ordinal) {
    return !isWhole() && numbers[ordinal] < 0;
  }

  /** Where the area of an ordinal is packed. */
  PackedAreas packed(int ordinal) {
    return isAdded(ordinal) ? added : base;
  }

  /** The number that the area of an ordinal has there. */
  int number(int ordinal) {
    if (isWhole()) {
      return ordinal;
    }
    return numbers[ordinal] >= 0 ? numbers[ordinal] : ~numbers[ordinal];
  }

  Area area(int ordinal) {
    return packed(ordinal).area(number(ordinal));
  }

  Outlines outlines(int ordinal) {
    return packed(ordinal).outlines();
  }

  double clearanceMetres() {
    return base.grid().clearance();
  }

  long sizeInBytes() {
    long over = isWhole() ? 0 : added.sizeInBytes();
    int ints = baseOrdinals.length + addedOrdinals.length + numbers.length;
    return base.sizeInBytes() + over + 4L * ints;
  }

  boolean locate(double latitude, double longitude, AreaIndex.MatchConsumer consumer) {
    if (isWhole()) {
      return base.grid().locate(latitude, longitude, consumer);
    }
    boolean clear = base.grid().locate(latitude, longitude, toOrdinals(baseOrdinals, consumer));
    return added.grid().locate(latitude, longitude, toOrdinals(addedOrdinals, consumer)) && clear;
  }

  void locateAll(
      double[] latitudes, double[] longitudes, int from, int to, AreaIndex.BatchConsumer consumer) {
    if (isWhole()) {
      base.grid().locateAll(latitudes, longitudes, from, to, consumer);
      return;
    }
    for (int i = from; i < to; i++) {
      int index = i;
      locate(
          latitudes[i],
          longitudes[i],
          (ordinal, border) -> consumer.accept(index, ordinal, border));
    }
  }

  void locateAtPole(double latitude, AreaIndex.MatchConsumer consumer) {
    for (int number : base.atPole(latitude)) {
      if (isWhole()) {
        consumer.accept(number, true);
      } else if (baseOrdinals[number] != GONE) {
        consumer.accept(baseOrdinals[number], true);
      }
    }
    if (!isWhole()) {
      for (int number : added.atPole(latitude)) {
        consumer.accept(addedOrdinals[number], true);
      }
    }
  }

  boolean isTimed() {
    return base.timed().length > 0 || added.timed().length > 0;
  }

  /** Tells of the areas that do not always hold. */
  void forEachTimed(IntConsumer consumer) {
    for (int number : base.timed()) {
      if (isWhole()) {
        consumer.accept(number);
      } else if (baseOrdinals[number] != GONE) {
        consumer.accept(baseOrdinals[number]);
      }
    }
    if (!isWhole()) {
      for (int number : added.timed()) {
        consumer.accept(addedOrdinals[number]);
      }
    }
  }

  /** Tells of the edges about a box, as {@link CellGrid#forEachEdges} does. */
  void forEachEdges(
      double west, double south, double east, double north, CellEdges.Consumer consumer) {
    if (isWhole()) {
      base.grid().forEachEdges(west, south, east, north, consumer);
      return;
    }
    CellEdges.Consumer ofBase =
        (number, xy, firstVertex, edges) -> {
          if (baseOrdinals[number] != GONE) {
            consumer.accept(baseOrdinals[number], xy, firstVertex, edges);
          }
        };
    base.grid().forEachEdges(west, south, east, north, ofBase);
    added
        .grid()
        .forEachEdges(
            west,
            south,
            east,
            north,
            (number, xy, firstVertex, edges) ->
                consumer.accept(addedOrdinals[number], xy, firstVertex, edges));
  }

  /** Tells of the areas that are over the base. */
  void forEachAdded(AreaVisitor visitor) {
    if (!isWhole()) {
      for (int number = 0; number < added.size(); number++) {
        visitor.visit(added, number);
      }
    }
  }

  private boolean isWhole() {
    return added == base;
  }

  /** Is told of areas. */
  interface AreaVisitor {
    void visit(PackedAreas packed, int number);
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
}
