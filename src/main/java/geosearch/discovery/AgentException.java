package geosearch.discovery;

import org.jspecify.annotations.Nullable;

/** The agent of Consul did not do what it was asked; the message says why, for the log. */
final class AgentException extends Exception {

  private static final long serialVersionUID = 1;

  private final boolean answered;

  AgentException(String message, boolean answered, @Nullable Throwable cause) {
    super(message, cause);
    this.answered = answered;
  }

  /** Whether it answered at all. */
  boolean answered() {
    return answered;
  }
}
