package geosearch.config;

/** A text that must not be printed: its string form is a mask. */
public record Secret(String value) {

  /** Whether there is none. */
  public boolean isEmpty() {
    return value.isEmpty();
  }

  @Override
  public String toString() {
    return value.isEmpty() ? "" : "********";
  }
}
