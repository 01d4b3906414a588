package geosearch.atlas;

/** What is looked for among names. Immutable. */
public final class SoughtName {

  private final String[] words;
  private final String folded;
  private final String written;

  private SoughtName(String text) {
    this.words = FoldedName.words(text);
    this.folded = FoldedName.of(text);
    this.written = String.join(" ", words);
  }

  /** What somebody typed. */
  public static SoughtName of(String text) {
    return new SoughtName(text);
  }

  /** Its words; abbreviations as they are, for the last word may be the beginning of another. */
  String[] words() {
    return words;
  }

  /** The name that it is, if it is one. */
  String folded() {
    return folded;
  }

  /** Its words, abbreviations as they are, with a space between. */
  String written() {
    return written;
  }
}
