package geosearch.atlas;

import geosearch.geo.AreaIndex;
import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;

/**
 * Finds the areas of a layer by name, by id, and by where they lie. Made of an index, some 50 ms
 * for the communes of France; of one that changes have made of it, as the changes are many.
 * Immutable.
 */
public final class Directory {

  /** How well a name fits what is looked for, best first. */
  public enum Fit {
    /** It is the name. */
    EXACT(0),
    /** The name begins with it. */
    PREFIX(1),
    /** The name has its words. */
    WORDS(2),
    /** The name has its words, but for misspellings. */
    MISSPELT(3);

    private final int rank;

    Fit(int rank) {
      this.rank = rank;
    }

    /**
     * The one of a rank.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Fit of(int rank) {
      for (Fit fit : values()) {
        if (fit.rank == rank) {
          return fit;
        }
      }
      throw new IllegalArgumentException("there is no rank " + rank);
    }

    /** Grows from the best on; page tokens hold it, so it stays. */
    public int rank() {
      return rank;
    }
  }

  private final AreaIndex index;
  private final Listing built;

  /** The numbers of the areas that came or changed since the index was built, in order. */
  private final int[] later;

  private final Listing ofLater;

  /** The directory of an index. */
  Directory(AreaIndex index) {
    this(index, new Listing(index.built(), allOf(index.built())));
  }

  /**
   * The directory of an index that other changes have made of the same whole: what was made of that
   * serves both.
   */
  Directory(AreaIndex index, Directory other) {
    this(index, other.built);
  }

  private Directory(AreaIndex index, Listing built) {
    this.index = index;
    this.built = built;
    this.later =
        IntStream.range(0, index.overlaid() == 0 ? 0 : index.size())
            .filter(ordinal -> index.numberInBuilt(ordinal) < 0)
            .toArray();
    this.ofLater = new Listing(index, later);
  }

  private static int[] allOf(AreaIndex index) {
    return IntStream.range(0, index.size()).toArray();
  }

  /** The index that it was made of. */
  public AreaIndex index() {
    return index;
  }

  /** The numbers of the areas of an id: one, unless several hold at different times. */
  public int[] withId(String id) {
    BitSet found = new BitSet();
    gather(built.withId(id), ofLater.withId(id), found);
    return found.stream().toArray();
  }

  /** The areas with a name that fits, those with misspellings aside. */
  public BitSet named(SoughtName name) {
    BitSet found = new BitSet();
    if (name.words().length > 0) {
      gather(built.named(name.words()), ofLater.named(name.words()), found);
    }
    return found;
  }

  /** The areas with a name that fits but for misspellings. */
  public BitSet misspelt(SoughtName name) {
    BitSet found = new BitSet();
    if (name.words().length > 0) {
      gather(built.misspelt(name.words()), ofLater.misspelt(name.words()), found);
    }
    return found;
  }

  /** How well the name of an area that {@link #named} tells of fits. */
  public Fit fit(int ordinal, SoughtName name) {
    String own = foldedName(ordinal);
    if (own.equals(name.folded())) {
      return Fit.EXACT;
    }
    return own.startsWith(name.folded()) || own.startsWith(name.written()) ? Fit.PREFIX : Fit.WORDS;
  }

  /** An area's name as it is compared and sorted: without case, accents and punctuation. */
  public String foldedName(int ordinal) {
    return listing(ordinal).foldedName(place(ordinal));
  }

  /** Whether an area's bounding box meets another, sides included. */
  public boolean meets(int ordinal, double west, double south, double east, double north) {
    return listing(ordinal).meets(place(ordinal), west, south, east, north);
  }

  private Listing listing(int ordinal) {
    return index.numberInBuilt(ordinal) < 0 ? ofLater : built;
  }

  /** Where an area is in its listing. */
  private int place(int ordinal) {
    int number = index.numberInBuilt(ordinal);
    return number < 0 ? Arrays.binarySearch(later, ordinal) : number;
  }

  /** Gathers the areas at places of both listings, without those that were built and are gone. */
  private void gather(BitSet ofBuilt, BitSet since, BitSet found) {
    ofBuilt.stream().map(index::numberOfBuilt).filter(o -> o >= 0).forEach(found::set);
    since.stream().map(place -> later[place]).forEach(found::set);
  }
}
