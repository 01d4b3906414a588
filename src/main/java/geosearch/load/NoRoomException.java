package geosearch.load;

/** That a load does not fit into the memory beside what is held. */
final class NoRoomException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final boolean passing;

  /**
   * @param passing whether other loads take what is missing
   */
  NoRoomException(String message, boolean passing) {
    super(message);
    this.passing = passing;
  }

  /** Whether there may be room when other loads have ended. */
  boolean isPassing() {
    return passing;
  }
}
