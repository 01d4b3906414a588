package geosearch.rpc;

/**
 * Says that a request can be answered only once a change of zones is in the answers. Not a failure:
 * whoever called for the answer lets the call wait, see {@link GenerationWaits}.
 */
final class AwaitsGenerationException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final long generation;

  AwaitsGenerationException(long generation) {
    // Thrown for each call that waits, and nobody reads where.
    super("waits for a change of zones", null, false, false);
    this.generation = generation;
  }

  /** The change's number. */
  long generation() {
    return generation;
  }
}
