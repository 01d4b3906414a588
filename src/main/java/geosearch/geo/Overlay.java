package geosearch.geo;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Set;
import java.util.function.IntConsumer;

/**
 * Areas that were packed together, some of which are replaced by others that were packed later.
 *
 * <p>Over the base there are at most three more packs, each with many times as many areas as the
 * one over it. A change is packed anew with what the uppermost has; once that would have too many,
 * with those of the next as well, and so on. So a change costs the packing of a few areas, however
 * many have changed since the base was made, and a look-up asks four grids at most.
 *
 * <p>Each pack has numbers of its own; what is told outside are {@link Ordinals}. Immutable.
 */
final class Overlay {

  private static final int GONE = Ordinals.GONE;

  /** By pack, how many areas it has at most, unless it is the only one over the base. */
  private static final int[] MOST = {Integer.MAX_VALUE, Integer.MAX_VALUE, 384, 24};

  /** Up to so many areas are packed for a while only. */
  private static final int FEW = MOST[2];

  /** So many positions of a batch are looked up in one pack before the next. */
  private static final int BLOCK = 512;

  /** The base, then what is over it. */
  private final PackedAreas[] packs;

  private final Ordinals ordinals;

  /** How many areas of the base are no longer there. */
  private final int goneOfBase;

  /** Of all areas that are there. */
  private final long vertices;

  private Overlay(PackedAreas[] packs, Ordinals ordinals, int goneOfBase, long vertices) {
    this.packs = packs;
    this.ordinals = ordinals;
    this.goneOfBase = goneOfBase;
    this.vertices = vertices;
  }

  /** Areas of which none is replaced. */
  static Overlay on(PackedAreas base) {
    return new Overlay(
        new PackedAreas[] {base}, new Ordinals.OfOne(base.size()), 0, base.outlines().vertices());
  }

  /** The first of the packs that are packed anew when areas are changed; the base never is. */
  int firstRepacked(int changes) {
    int uppermost = MOST.length - 1;
    if (overBase() + changes <= MOST[uppermost]) {
      return 1;
    }
    int at = Math.min(packs.length, uppermost);
    int areas = changes + (at < packs.length ? packs[at].size() : 0);
    while (areas > MOST[at]) {
      at--;
      areas += packs[at].size();
    }
    return at;
  }

  /** Whether so many areas are better packed quickly than well. */
  static boolean areForNow(int areas) {
    return areas <= FEW;
  }

  /** Tells of the areas in a pack and those over it. */
  void forEachFrom(int pack, AreaVisitor visitor) {
    for (int from = pack; from < packs.length; from++) {
      for (int number = 0; number < packs[from].size(); number++) {
        int ordinal = ordinals.ordinal(from, number);
        if (ordinal != GONE) {
          visitor.visit(packs[from], number, ordinal);
        }
      }
    }
  }

  /**
   * The same with another pack. Where that is put in the place of the uppermost, what it costs
   * grows with that one alone; else it is a few passes over an int for each area.
   *
   * @param at in the place of which pack, and of those over it
   * @param more all that is there now
   * @param gone the ordinals of areas that are no longer there; those of areas in packs that go
   *     don't matter
   */
  Overlay with(int at, PackedAreas more, BitSet gone) {
    PackedAreas[] all = Arrays.copyOf(packs, at + 1);
    all[at] = more;
    Ordinals below;
    int[] goneBelow = {};
    if (at == packs.length - 1 && ordinals instanceof Ordinals.Changed changed) {
      below = changed.below();
      goneBelow = changed.goneWith(gone);
    } else {
      int[] sizes = new int[at];
      Arrays.setAll(sizes, pack -> packs[pack].size());
      below = new Ordinals.Written(ordinals, sizes, gone);
    }
    int left = goneOfBase;
    long verticesLeft = vertices - verticesFrom(at);
    for (int ordinal = gone.nextSetBit(0);
        ordinal >= 0 && ordinal < size();
        ordinal = gone.nextSetBit(ordinal + 1)) {
      int place = ordinals.place(ordinal);
      int pack = Ordinals.packOf(place);
      left += pack > 0 ? 0 : 1;
      if (pack < at) {
        verticesLeft -= packs[pack].outlines().vertices(Ordinals.numberOf(place));
      }
    }
    return new Overlay(
        all,
        new Ordinals.Changed(below, at, goneBelow, befores(below, more)),
        left,
        verticesLeft + more.outlines().vertices());
  }

  /** Of the areas that are there in a pack and those over it. */
  private long verticesFrom(int pack) {
    long[] count = new long[1];
    forEachFrom(pack, (packed, number, ordinal) -> count[0] += packed.outlines().vertices(number));
    return count[0];
  }

  /** Of each area of a pack the ordinal of the first other one that comes after it. */
  private int[] befores(Ordinals others, PackedAreas pack) {
    int[] befores = new int[pack.size()];
    int least = 0;
    for (int number = 0; number < befores.length; number++) {
      int high = others.size();
      while (least < high) {
        int middle = (least + high) >>> 1;
        int place = others.place(middle);
        PackedAreas other = packs[Ordinals.packOf(place)];
        if (pack.isBefore(number, other, Ordinals.numberOf(place))) {
          high = middle;
        } else {
          least = middle + 1;
        }
      }
      befores[number] = least;
    }
    return befores;
  }

  /** How many areas there are in the packs over the base. */
  private int overBase() {
    int areas = 0;
    for (int pack = 1; pack < packs.length; pack++) {
      areas += packs[pack].size();
    }
    return areas;
  }

  int size() {
    return ordinals.size();
  }

  long vertices() {
    return vertices;
  }

  /** How many areas differ from the base, or did once. */
  int overlaid() {
    return goneOfBase + overBase();
  }

  /** What was packed together first. */
  PackedAreas base() {
    return packs[0];
  }

  /** Whether the area of an ordinal is over the base. */
  boolean isAdded(int ordinal) {
    return Ordinals.packOf(ordinals.place(ordinal)) > 0;
  }

  /** Where the area of an ordinal is packed. */
  PackedAreas packed(int ordinal) {
    return packs[Ordinals.packOf(ordinals.place(ordinal))];
  }

  /** The number that the area of an ordinal has there. */
  int number(int ordinal) {
    return Ordinals.numberOf(ordinals.place(ordinal));
  }

  /** The ordinal of an area of the base; -1 if it is no longer there. */
  int ordinal(int number) {
    return ordinals.ordinal(0, number);
  }

  /** The ordinals of the areas of some ids; ids that no area has don't matter. */
  BitSet ordinals(Set<String> ids) {
    BitSet found = new BitSet(size());
    for (int pack = 0; pack < packs.length; pack++) {
      for (String id : ids) {
        int number = packs[pack].number(id);
        int ordinal = number < 0 ? GONE : ordinals.ordinal(pack, number);
        if (ordinal != GONE) {
          found.set(ordinal);
        }
      }
    }
    return found;
  }

  Area area(int ordinal) {
    int place = ordinals.place(ordinal);
    return packs[Ordinals.packOf(place)].area(Ordinals.numberOf(place));
  }

  Outlines outlines(int ordinal) {
    return packed(ordinal).outlines();
  }

  double clearanceMetres() {
    return base().grid().clearance();
  }

  long sizeInBytes() {
    long bytes = ordinals.sizeInBytes();
    for (PackedAreas pack : packs) {
      bytes += pack.sizeInBytes();
    }
    return bytes;
  }

  long textBytes() {
    long bytes = 0;
    for (PackedAreas pack : packs) {
      bytes += pack.textBytes();
    }
    return bytes;
  }

  boolean locate(double latitude, double longitude, AreaIndex.MatchConsumer consumer) {
    if (isWhole()) {
      return base().grid().locate(latitude, longitude, consumer);
    }
    boolean clear = true;
    for (int pack = 0; pack < packs.length; pack++) {
      clear &= packs[pack].grid().locate(latitude, longitude, toOrdinals(pack, consumer));
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
    Arrays.setAll(gathered, pack -> new Gathered(ordinals, pack));
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
        int ordinal = ordinals.ordinal(pack, number);
        if (ordinal != GONE) {
          consumer.accept(ordinal, true);
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
        int ordinal = ordinals.ordinal(pack, number);
        if (ordinal != GONE) {
          consumer.accept(ordinal);
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
      int ofPack = pack;
      packs[pack]
          .grid()
          .forEachEdges(
              west,
              south,
              east,
              north,
              (number, xy, firstVertex, edges) -> {
                int ordinal = ordinals.ordinal(ofPack, number);
                if (ordinal != GONE) {
                  consumer.accept(ordinal, xy, firstVertex, edges);
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
  private AreaIndex.MatchConsumer toOrdinals(int pack, AreaIndex.MatchConsumer consumer) {
    return (number, border) -> {
      int ordinal = ordinals.ordinal(pack, number);
      if (ordinal != GONE) {
        consumer.accept(ordinal, border);
      }
    };
  }

  /** What one pack says of positions, kept until it is asked for position by position. */
  private static final class Gathered implements AreaIndex.BatchConsumer {
    private final Ordinals ordinals;
    private final int pack;
    private final Ints positions = new Ints(BLOCK);

    /** Twice the ordinal, and one more on the border. */
    private final Ints found = new Ints(BLOCK);

    private int next;

    Gathered(Ordinals ordinals, int pack) {
      this.ordinals = ordinals;
      this.pack = pack;
    }

    @Override
    public void accept(int index, int number, boolean border) {
      int ordinal = ordinals.ordinal(pack, number);
      if (ordinal != GONE) {
        positions.add(index);
        found.add(ordinal << 1 | (border ? 1 : 0));
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
