package geosearch.discovery;

/** No server was found; the message says why, for people. */
public final class DiscoveryException extends RuntimeException {

  private static final long serialVersionUID = 1;

  DiscoveryException(String message) {
    super(message);
  }

  DiscoveryException(String message, Throwable cause) {
    super(message, cause);
  }
}
