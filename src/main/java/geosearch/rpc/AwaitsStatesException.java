package geosearch.rpc;

import geosearch.atlas.Snapshot;
import geosearch.load.EarlierStates;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Says that a request can be answered only from states of layers that are not served. Not a
 * failure: whoever called for the answer has them found, see {@link StateWaits}.
 */
final class AwaitsStatesException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final transient List<Wanted> wanted;

  /**
   * A state that is needed.
   *
   * @param type what kind of thing it is
   * @param name which one
   * @param finding how it is found
   */
  record Wanted(
      String type, String name, Function<EarlierStates, CompletableFuture<Snapshot>> finding) {}

  AwaitsStatesException(List<Wanted> wanted) {
    // Thrown for each call about the past, and nobody reads where.
    super("waits for states that are not served", null, false, false);
    this.wanted = List.copyOf(wanted);
  }

  /** What is needed; not empty. */
  List<Wanted> wanted() {
    return wanted;
  }
}
