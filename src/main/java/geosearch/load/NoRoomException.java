package geosearch.load;

/** That a load does not fit into the memory beside what is served. */
final class NoRoomException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  NoRoomException(String message) {
    super(message);
  }
}
