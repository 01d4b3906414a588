package geosearch.cli;

/** Text from elsewhere, made fit for a terminal. */
final class Text {

  private static final int QUOTED = 80;

  private Text() {}

  /** The text with control characters, which could steer the terminal, replaced by spaces. */
  static String printable(String text) {
    return text.chars().anyMatch(Character::isISOControl)
        ? text.replaceAll("\\p{Cntrl}", " ")
        : text;
  }

  /** The beginning of a text that may be long. */
  static String shortened(String text) {
    return text.length() <= QUOTED ? text : text.substring(0, QUOTED) + "…";
  }
}
