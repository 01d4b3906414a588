package geosearch.rpc;

import geosearch.v1.Match;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Areas of several layers that have to do with a position. For use by one thread. */
final class FoundAreas {

  private static final int FEW = 4;

  // Of the two that a call makes, one mostly stays empty.
  private int[] layers = {};
  private int[] ordinals = {};
  private Match[] matches = {};
  private double[] distances = {};
  private int count;

  /**
   * Adds one.
   *
   * @param layer which of the layers that are asked about
   * @param metres its distance; NaN if it is not asked for
   */
  void add(int layer, int ordinal, Match match, double metres) {
    if (count == layers.length) {
      int grown = Math.max(FEW, 2 * count);
      layers = Arrays.copyOf(layers, grown);
      ordinals = Arrays.copyOf(ordinals, grown);
      matches = Arrays.copyOf(matches, grown);
      distances = Arrays.copyOf(distances, grown);
    }
    layers[count] = layer;
    ordinals[count] = ordinal;
    matches[count] = match;
    distances[count++] = metres;
  }

  void clear() {
    count = 0;
  }

  int count() {
    return count;
  }

  /** Which of the layers that are asked about the i-th area is of. */
  int layer(int i) {
    return layers[i];
  }

  /** The i-th area's number in its layer. */
  int ordinal(int i) {
    return ordinals[i];
  }

  Match match(int i) {
    return matches[i];
  }

  /** The i-th area's distance in metres; NaN if it is not asked for. */
  double distance(int i) {
    return distances[i];
  }

  /** Brings those from a place on into the order of answers. */
  void sortByOrder(int from) {
    sort(from, Comparator.<Integer>comparingInt(i -> layers[i]).thenComparingInt(i -> ordinals[i]));
  }

  /** Brings the nearest to the front, and leaves out those beyond a number. */
  void keepNearest(int most) {
    sort(
        0,
        Comparator.<Integer>comparingDouble(i -> distances[i])
            .thenComparingInt(i -> layers[i])
            .thenComparingInt(i -> ordinals[i]));
    count = Math.min(count, most);
  }

  private void sort(int from, Comparator<Integer> comparator) {
    if (count - from < 2) {
      return;
    }
    int[] order =
        IntStream.range(from, count).boxed().sorted(comparator).mapToInt(i -> i).toArray();
    int[] oldLayers = Arrays.copyOf(layers, count);
    int[] oldOrdinals = Arrays.copyOf(ordinals, count);
    Match[] oldMatches = Arrays.copyOf(matches, count);
    double[] oldDistances = Arrays.copyOf(distances, count);
    for (int i = 0; i < order.length; i++) {
      layers[from + i] = oldLayers[order[i]];
      ordinals[from + i] = oldOrdinals[order[i]];
      matches[from + i] = oldMatches[order[i]];
      distances[from + i] = oldDistances[order[i]];
    }
  }
}
