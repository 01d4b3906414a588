package geosearch.load;

import java.io.IOException;

/** A file that can't be used as a whole. The message says why, for people. */
final class FileRefusedException extends IOException {

  private static final long serialVersionUID = 1L;

  private final String reason;

  FileRefusedException(String reason) {
    super(reason);
    this.reason = reason;
  }

  FileRefusedException(String reason, Throwable cause) {
    super(reason, cause);
    this.reason = reason;
  }

  /** The message. */
  String reason() {
    return reason;
  }
}
