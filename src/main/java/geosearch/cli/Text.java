package geosearch.cli;

/** Text from elsewhere, made fit for a terminal. */
final class Text {

  private Text() {}

  /** The text with control characters, which could steer the terminal, replaced by spaces. */
  static String printable(String text) {
    return text.chars().anyMatch(Character::isISOControl)
        ? text.replaceAll("\\p{Cntrl}", " ")
        : text;
  }
}
