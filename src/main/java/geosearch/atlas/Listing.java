package geosearch.atlas;

import geosearch.geo.AreaIndex;
import java.util.BitSet;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.locationtech.jts.geom.Envelope;

/**
 * Areas of an index, some or all, by name, by id, and by where they lie. They are known by their
 * places, from 0 on, in the order in which they were given. Immutable.
 */
final class Listing {

  private final NameIndex names;
  private final String[] ids;

  /** The places in the order of the ids. */
  private final int[] byId;

  /** West, south, east and north of each area. */
  private final double[] bounds;

  /**
   * @param ordinals the areas' numbers in the index
   */
  Listing(AreaIndex index, int[] ordinals) {
    String[] allNames = new String[ordinals.length];
    this.ids = new String[ordinals.length];
    this.bounds = new double[4 * ordinals.length];
    for (int place = 0; place < ordinals.length; place++) {
      allNames[place] = index.area(ordinals[place]).name();
      ids[place] = index.area(ordinals[place]).id();
      Envelope envelope = index.bounds(ordinals[place]);
      bounds[4 * place] = envelope.getMinX();
      bounds[4 * place + 1] = envelope.getMinY();
      bounds[4 * place + 2] = envelope.getMaxX();
      bounds[4 * place + 3] = envelope.getMaxY();
    }
    this.names = new NameIndex(allNames);
    this.byId =
        IntStream.range(0, ids.length)
            .boxed()
            .sorted(Comparator.comparing((Integer place) -> ids[place]))
            .mapToInt(place -> place)
            .toArray();
  }

  /** The areas of an id. */
  BitSet withId(String id) {
    BitSet found = new BitSet();
    for (int i = firstFrom(id); i < byId.length && ids[byId[i]].equals(id); i++) {
      found.set(byId[i]);
    }
    return found;
  }

  /** The areas whose names have all of the words, the last of which may be a beginning. */
  BitSet named(String[] words) {
    return names.withWords(words);
  }

  /** The areas whose names have all of the words, each perhaps with a misspelling. */
  BitSet misspelt(String[] words) {
    return names.withMisspeltWords(words);
  }

  /** The folded name of an area. */
  String foldedName(int place) {
    return names.name(place);
  }

  /** Whether an area's bounding box meets another, sides included. */
  boolean meets(int place, double west, double south, double east, double north) {
    int at = 4 * place;
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
      if (ids[byId[middle]].compareTo(id) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
