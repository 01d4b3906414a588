package geosearch.load;

/** That a load does not fit into the memory beside what is held. */
final class NoRoomException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final boolean passing;
  private final long held;

  /**
   * @param passing whether other loads take what is missing
   * @param held how much was held, in bytes
   */
  NoRoomException(String message, boolean passing, long held) {
    super(message);
    this.passing = passing;
    this.held = held;
  }

  /** Whether there may be room when other loads have ended. */
  boolean isPassing() {
    return passing;
  }

  /** How much was held, in bytes: with less there may be room. */
  long held() {
    return held;
  }
}
