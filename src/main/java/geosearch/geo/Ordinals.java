package geosearch.geo;

import java.util.Arrays;
import java.util.BitSet;

/**
 * The ordinals of areas that lie in several packs: numbers from 0 on that go through all of them in
 * the order of answers. Immutable.
 *
 * <p>A place is a pack and the area's number there, in one int.
 */
sealed interface Ordinals {

  /** The ordinal of an area that is no longer there. */
  int GONE = -1;

  /** No index has as many areas: it would have more vertices than it can hold. */
  int NUMBER_BITS = 28;

  int NUMBER_MASK = (1 << NUMBER_BITS) - 1;

  /** How many areas there are. */
  int size();

  /** The ordinal of an area, or {@link #GONE}. */
  int ordinal(int pack, int number);

  /** Where the area of an ordinal is. */
  int place(int ordinal);

  /** The places of all areas, in order. The caller does not change it. */
  int[] places();

  long sizeInBytes();

  static int place(int pack, int number) {
    return pack << NUMBER_BITS | number;
  }

  static int packOf(int place) {
    return place >> NUMBER_BITS;
  }

  static int numberOf(int place) {
    return place & NUMBER_MASK;
  }

  /** Those of a single pack, all of whose areas are there. */
  record OfOne(int size) implements Ordinals {

    @Override
    public int ordinal(int pack, int number) {
      return number;
    }

    @Override
    public int place(int ordinal) {
      return ordinal;
    }

    @Override
    public int[] places() {
      int[] places = new int[size];
      Arrays.setAll(places, number -> number);
      return places;
    }

    @Override
    public long sizeInBytes() {
      return 0;
    }
  }

  /** Written down for each area: quick to ask, and made in the time of a few passes over all. */
  final class Written implements Ordinals {
    private final int[][] ordinals;
    private final int[] places;

    /**
     * Those of the areas in the first of the packs that are in others, but for some.
     *
     * @param packs how many areas each of the packs has
     * @param leaving ordinals of areas that are no longer there
     */
    Written(Ordinals all, int[] packs, BitSet leaving) {
      int[] before = all.places();
      int[] staying = new int[before.length];
      int count = 0;
      for (int ordinal = 0; ordinal < before.length; ordinal++) {
        if (packOf(before[ordinal]) < packs.length && !leaving.get(ordinal)) {
          staying[count++] = before[ordinal];
        }
      }
      places = Arrays.copyOf(staying, count);
      ordinals = new int[packs.length][];
      for (int pack = 0; pack < packs.length; pack++) {
        ordinals[pack] = new int[packs[pack]];
        Arrays.fill(ordinals[pack], GONE);
      }
      for (int ordinal = 0; ordinal < count; ordinal++) {
        ordinals[packOf(places[ordinal])][numberOf(places[ordinal])] = ordinal;
      }
    }

    @Override
    public int size() {
      return places.length;
    }

    @Override
    public int ordinal(int pack, int number) {
      return ordinals[pack][number];
    }

    @Override
    public int place(int ordinal) {
      return places[ordinal];
    }

    @Override
    public int[] places() {
      return places;
    }

    @Override
    public long sizeInBytes() {
      long bytes = 4L * places.length;
      for (int[] ofPack : ordinals) {
        bytes += 4L * ofPack.length;
      }
      return bytes;
    }
  }

  /**
   * Others, and what one more pack over them changes: made in a time that grows with that pack
   * alone, and a binary search slower to ask.
   */
  final class Changed implements Ordinals {
    private final Ordinals below;
    private final int pack;

    /** The ordinals below of the areas that are no longer there, in order. */
    private final int[] gone;

    /** Of each of those, how many areas before it have stayed. */
    private final int[] stayedBefore;

    /** Of each area of the pack, the ordinal below of the area that it comes before. */
    private final int[] befores;

    /** The ordinal of each area of the pack. */
    private final int[] own;

    /**
     * @param pack the number of the pack that is over the others
     * @param gone the ordinals below of areas that are no longer there, in order
     * @param befores of each area of the pack the ordinal below of the area that it comes before,
     *     which may be gone, or how many there are below
     */
    Changed(Ordinals below, int pack, int[] gone, int[] befores) {
      this.below = below;
      this.pack = pack;
      this.gone = gone;
      this.befores = befores;
      this.stayedBefore = new int[gone.length];
      Arrays.setAll(stayedBefore, i -> gone[i] - i);
      this.own = new int[befores.length];
      Arrays.setAll(own, number -> befores[number] - countBelow(gone, befores[number]) + number);
    }

    Ordinals below() {
      return below;
    }

    /** The ordinals below of those that are gone, and of others that go now. */
    int[] goneWith(BitSet leaving) {
      Ints now = new Ints(gone.length + 8);
      now.addAll(gone, 0, gone.length);
      for (int ordinal = leaving.nextSetBit(0);
          ordinal >= 0 && ordinal < size();
          ordinal = leaving.nextSetBit(ordinal + 1)) {
        if (Arrays.binarySearch(own, ordinal) < 0) {
          now.add(ordinalBelow(ordinal));
        }
      }
      int[] sorted = now.toArray();
      Arrays.sort(sorted);
      return sorted;
    }

    @Override
    public int size() {
      return below.size() - gone.length + own.length;
    }

    @Override
    public int ordinal(int ofPack, int number) {
      if (ofPack == pack) {
        return own[number];
      }
      int was = below.ordinal(ofPack, number);
      if (was == GONE) {
        return GONE;
      }
      int left = Arrays.binarySearch(gone, was);
      return left >= 0 ? GONE : was + left + 1 + countBelow(befores, was + 1);
    }

    @Override
    public int place(int ordinal) {
      int number = Arrays.binarySearch(own, ordinal);
      return number >= 0 ? Ordinals.place(pack, number) : below.place(ordinalBelow(ordinal));
    }

    /** The ordinal below of an area that is not of the pack. */
    private int ordinalBelow(int ordinal) {
      int stayed = ordinal - countBelow(own, ordinal);
      return stayed + countBelow(stayedBefore, stayed + 1);
    }

    @Override
    public int[] places() {
      int[] before = below.places();
      int[] places = new int[size()];
      int count = 0;
      int number = 0;
      int left = 0;
      for (int was = 0; was <= before.length; was++) {
        while (number < befores.length && befores[number] == was) {
          places[count++] = Ordinals.place(pack, number++);
        }
        if (left < gone.length && gone[left] == was) {
          left++;
        } else if (was < before.length) {
          places[count++] = before[was];
        }
      }
      return places;
    }

    @Override
    public long sizeInBytes() {
      return below.sizeInBytes() + 8L * gone.length + 8L * own.length;
    }

    /** How many numbers of a row that never falls are below another. */
    private static int countBelow(int[] row, int number) {
      int low = 0;
      int high = row.length;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (row[middle] < number) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low;
    }
  }
}
