package geosearch.atlas;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.text.similarity.LevenshteinDistance;

/**
 * Finds areas by the words of their names. Every word is listed once, in order, with the areas that
 * have it: a beginning of a word is a range of the list. Immutable.
 */
final class NameIndex {

  private static final int ONE_MISSPELLING = 4;
  private static final int TWO_MISSPELLINGS = 8;
  private static final LevenshteinDistance ONE = new LevenshteinDistance(1);
  private static final LevenshteinDistance TWO = new LevenshteinDistance(2);

  private final String[] names;
  private final String[] words;
  private final long[] letters;
  private final int[][] areas;

  /**
   * @param all of the areas, which are known by their places here
   */
  NameIndex(String[] all) {
    names = new String[all.length];
    Map<String, List<Integer>> byWord = new TreeMap<>();
    for (int place = 0; place < names.length; place++) {
      names[place] = FoldedName.of(all[place]);
      for (String word : names[place].split(" ", -1)) {
        if (!word.isEmpty()) {
          byWord.computeIfAbsent(word, w -> new ArrayList<>(2)).add(place);
        }
      }
    }
    words = byWord.keySet().toArray(String[]::new);
    letters = Arrays.stream(words).mapToLong(NameIndex::letters).toArray();
    areas =
        byWord.values().stream()
            .map(list -> list.stream().mapToInt(i -> i).toArray())
            .toArray(int[][]::new);
  }

  /** The folded name of an area. */
  String name(int place) {
    return names[place];
  }

  /** The areas whose names have all of the words, the last of which may be a beginning. */
  BitSet withWords(String[] wanted) {
    BitSet found = all();
    for (int i = 0; i < wanted.length; i++) {
      BitSet having = new BitSet(names.length);
      add(exactly(FoldedName.whole(wanted[i])), having);
      if (i == wanted.length - 1) {
        for (int at = from(wanted[i]); at < words.length && words[at].startsWith(wanted[i]); at++) {
          add(at, having);
        }
      }
      found.and(having);
    }
    return found;
  }

  /** The areas whose names have all of the words, each perhaps with a misspelling. */
  BitSet withMisspeltWords(String[] wanted) {
    BitSet found = all();
    for (String word : wanted) {
      String whole = FoldedName.whole(word);
      BitSet having = new BitSet(names.length);
      if (whole.length() < ONE_MISSPELLING) {
        add(exactly(whole), having);
      } else {
        LevenshteinDistance distance = whole.length() < TWO_MISSPELLINGS ? ONE : TWO;
        int most = distance.getThreshold();
        long wantedLetters = letters(whole);
        for (int at = 0; at < words.length; at++) {
          if (Long.bitCount(letters[at] ^ wantedLetters) <= 2 * most
              && Math.abs(words[at].length() - whole.length()) <= most
              && distance.apply(whole, words[at]) >= 0) {
            add(at, having);
          }
        }
      }
      found.and(having);
    }
    return found;
  }

  /**
   * The letters that a word has, as bits; letters may share one. A misspelling takes one away and
   * adds one at most, so words whose letters differ by more need not be compared.
   */
  private static long letters(String word) {
    long letters = 0;
    for (int i = 0; i < word.length(); i++) {
      letters |= 1L << word.charAt(i);
    }
    return letters;
  }

  private BitSet all() {
    BitSet all = new BitSet(names.length);
    all.set(0, names.length);
    return all;
  }

  private int exactly(String word) {
    return Arrays.binarySearch(words, word);
  }

  private int from(String prefix) {
    int at = Arrays.binarySearch(words, prefix);
    return at >= 0 ? at : ~at;
  }

  private void add(int word, BitSet set) {
    if (word >= 0) {
      for (int place : areas[word]) {
        set.set(place);
      }
    }
  }
}
