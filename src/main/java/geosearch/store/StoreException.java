package geosearch.store;

/**
 * Something that a store could not do. Its message is for people and holds neither SQL nor
 * addresses nor secrets.
 */
public final class StoreException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** What sort of failure it is. */
  public enum Kind {
    /** The store can't be reached, or did not answer in time. Try again later. */
    UNAVAILABLE,
    /** The store can only be read. */
    READ_ONLY,
    /** There is no such layer, version or zone. */
    NOT_FOUND,
    /** There is one of that id already. */
    ALREADY_EXISTS,
    /** The state does not allow it; the message says what to do. */
    REFUSED,
    /** It is not in the state any more that the caller expected. */
    CHANGED,
    /** What is asked for is not kept any more. */
    OUT_OF_RANGE,
    /** What was asked for contradicts what had been asked for before. */
    CONTRADICTORY,
    /** The store holds as many as it may, or its disk has no space left. */
    FULL,
    /** It is not the store that was served before, or its state is an older one. */
    MISMATCH,
    /** What is in the store can't be read as it should be. */
    CORRUPT
  }

  private final Kind kind;
  private final String missingType;
  private final String missingName;

  public StoreException(Kind kind, String message) {
    super(message);
    this.kind = kind;
    this.missingType = "";
    this.missingName = "";
  }

  public StoreException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.missingType = "";
    this.missingName = "";
  }

  private StoreException(String missingType, String missingName, String message) {
    super(message);
    this.kind = Kind.NOT_FOUND;
    this.missingType = missingType;
    this.missingName = missingName;
  }

  /**
   * That something is not there.
   *
   * @param type what sort of thing: layer, dataset (a version of a layer) or zone
   * @param name which one, with its layer or collection and a slash before it if it is in one
   */
  public static StoreException notFound(String type, String name, String message) {
    return new StoreException(type, name, message);
  }

  /** What sort of failure it is. */
  public Kind kind() {
    return kind;
  }

  /** What sort of thing is not there; empty unless that is the failure. */
  public String missingType() {
    return missingType;
  }

  /** Which one is not there; empty unless that is the failure. */
  public String missingName() {
    return missingName;
  }
}
