package geosearch.load;

/** A file that was not imported; nothing has changed. The message says why and what to do. */
public final class ImportRefusedException extends Exception {

  private static final long serialVersionUID = 1L;

  private final transient ImportReport report;

  public ImportRefusedException(String message, ImportReport report) {
    super(message);
    this.report = report;
  }

  /** What was found before the refusal. */
  public ImportReport report() {
    return report;
  }
}
