package geosearch.atlas;

import geosearch.geo.AreaIndex;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.locationtech.jts.geom.Envelope;

/**
 * Finds the areas of a layer by name, by id, and by where they lie. Made of an index, some 50 ms
 * for the communes of France. Immutable.
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
  private final NameIndex names;
  private final int[] byId;

  /** West, south, east and north of each area. */
  private final double[] bounds;

  Directory(AreaIndex index) {
    this.index = index;
    this.names = new NameIndex(index);
    this.byId =
        IntStream.range(0, index.size())
            .boxed()
            .sorted(Comparator.comparing((Integer ordinal) -> index.area(ordinal).id()))
            .mapToInt(ordinal -> ordinal)
            .toArray();
    this.bounds = new double[4 * index.size()];
    for (int ordinal = 0; ordinal < index.size(); ordinal++) {
      Envelope envelope = index.bounds(ordinal);
      bounds[4 * ordinal] = envelope.getMinX();
      bounds[4 * ordinal + 1] = envelope.getMinY();
      bounds[4 * ordinal + 2] = envelope.getMaxX();
      bounds[4 * ordinal + 3] = envelope.getMaxY();
    }
  }

  /** The index that it was made of. */
  public AreaIndex index() {
    return index;
  }

  /** The numbers of the areas of an id: one, unless several hold at different times. */
  public int[] withId(String id) {
    int from = firstFrom(id);
    int to = from;
    while (to < byId.length && index.area(byId[to]).id().equals(id)) {
      to++;
    }
    return Arrays.copyOfRange(byId, from, to);
  }

  /** The numbers of all areas, by id. */
  public int[] byId() {
    return byId.clone();
  }

  /** The areas with a name that fits, those with misspellings aside. */
  public BitSet named(SoughtName name) {
    return name.words().length == 0 ? new BitSet() : names.withWords(name.words());
  }

  /** The areas with a name that fits but for misspellings. */
  public BitSet misspelt(SoughtName name) {
    return name.words().length == 0 ? new BitSet() : names.withMisspeltWords(name.words());
  }

  /** How well the name of an area that {@link #named} tells of fits. */
  public Fit fit(int ordinal, SoughtName name) {
    String own = names.name(ordinal);
    if (own.equals(name.folded())) {
      return Fit.EXACT;
    }
    return own.startsWith(name.folded()) || own.startsWith(name.written()) ? Fit.PREFIX : Fit.WORDS;
  }

  /** An area's name as it is compared and sorted: without case, accents and punctuation. */
  public String foldedName(int ordinal) {
    return names.name(ordinal);
  }

  /** The smallest envelope that holds an area. */
  public Envelope bounds(int ordinal) {
    int at = 4 * ordinal;
    return new Envelope(bounds[at], bounds[at + 2], bounds[at + 1], bounds[at + 3]);
  }

  /** Whether an area's bounding box meets another, sides included. */
  public boolean meets(int ordinal, double west, double south, double east, double north) {
    int at = 4 * ordinal;
    return bounds[at] <= east
        && bounds[at + 2] >= west
        && bounds[at + 1] <= north
        && bounds[at + 3] >= south;
  }

  private int firstFrom(String id) {
    int low = 0;
    int high = byId.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (index.area(byId[middle]).id().compareTo(id) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
