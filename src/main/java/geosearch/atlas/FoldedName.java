package geosearch.atlas;

import java.text.Normalizer;
import java.util.Locale;

/**
 * Names as they are compared: without case, accents and what stands between words, in words with
 * one space between them. "St-Étienne" and "saint etienne" are the same.
 */
final class FoldedName {

  private FoldedName() {}

  /** Folds a name, or what is looked for. */
  static String of(String name) {
    StringBuilder folded = new StringBuilder(name.length() + 8);
    for (String word : words(name)) {
      if (!folded.isEmpty()) {
        folded.append(' ');
      }
      folded.append(whole(word));
    }
    return folded.toString();
  }

  /** The words of a name, as they are written but for case and accents. */
  static String[] words(String name) {
    String plain = Normalizer.normalize(name, Normalizer.Form.NFKD).toLowerCase(Locale.ROOT);
    StringBuilder words = new StringBuilder(plain.length());
    for (int at = 0; at < plain.length(); at += Character.charCount(plain.codePointAt(at))) {
      int letter = plain.codePointAt(at);
      int type = Character.getType(letter);
      if (Character.isLetterOrDigit(letter)) {
        append(words, letter);
      } else if (type != Character.NON_SPACING_MARK
          && type != Character.ENCLOSING_MARK
          && type != Character.COMBINING_SPACING_MARK) {
        words.append(' ');
      }
    }
    String text = words.toString().strip();
    return text.isEmpty() ? new String[0] : text.split(" +", -1);
  }

  /** An abbreviation's word, any other as it is. */
  static String whole(String word) {
    return switch (word) {
      case "st" -> "saint";
      case "ste" -> "sainte";
      default -> word;
    };
  }

  /** Letters that are two without being composed of them. */
  private static void append(StringBuilder words, int letter) {
    switch (letter) {
      case 'œ' -> words.append("oe");
      case 'æ' -> words.append("ae");
      case 'ß' -> words.append("ss");
      case 'ø' -> words.append('o');
      case 'ł' -> words.append('l');
      case 'đ' -> words.append('d');
      default -> words.appendCodePoint(letter);
    }
  }
}
