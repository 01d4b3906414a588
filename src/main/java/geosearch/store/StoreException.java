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
    /** The store holds as many as it may. */
    FULL,
    /** What is in the store can't be read as it should be. */
    CORRUPT
  }

  private final Kind kind;

  public StoreException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public StoreException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** What sort of failure it is. */
  public Kind kind() {
    return kind;
  }
}
