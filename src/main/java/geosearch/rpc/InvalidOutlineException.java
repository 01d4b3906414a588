package geosearch.rpc;

/** An outline that a zone can't have. The message is for the caller. */
final class InvalidOutlineException extends Exception {

  private static final long serialVersionUID = 1L;

  InvalidOutlineException(String message) {
    super(message);
  }
}
