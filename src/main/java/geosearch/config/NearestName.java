package geosearch.config;

import java.util.Collection;
import java.util.Locale;
import org.apache.commons.text.similarity.DamerauLevenshteinDistance;

/** Finds what a misspelt name may have meant. */
final class NearestName {

  /** Two letters changed about are one mistake. */
  private static final DamerauLevenshteinDistance DISTANCE = new DamerauLevenshteinDistance();

  private NearestName() {}

  /**
   * The name that is nearest to an unknown one, the first of several. Upper and lower case and the
   * kind of separator do not count, and a name that lacks its sections is near to the whole one.
   *
   * @param known not empty
   */
  static String of(String unknown, Collection<String> known) {
    String wanted = plain(unknown);
    String best = "";
    int least = Integer.MAX_VALUE;
    for (String name : known) {
      String leaf = name.substring(name.lastIndexOf('.') + 1);
      int distance = Math.min(distance(wanted, plain(name)), 1 + distance(wanted, plain(leaf)));
      if (distance < least) {
        least = distance;
        best = name;
      }
    }
    return best;
  }

  private static int distance(String one, String other) {
    return DISTANCE.apply(one, other);
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }
}
