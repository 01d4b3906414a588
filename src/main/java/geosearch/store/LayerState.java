package geosearch.store;

import geosearch.geo.Layer;
import java.util.Optional;

/**
 * A layer as the store has it now, without its areas.
 *
 * @param layer what is known of it
 * @param fingerprint differs after every committed change of the layer, those of the zones aside
 * @param acceptedFingerprint the state of a user's own table that `datasets accept` let through
 *     although it had shrunk
 * @param problem why a layer of the settings can't be read just now, for people: its table or a
 *     column is not there (any more), it is locked, a view fails. {@link Store#read} of it throws
 *     the same. Whoever follows says so once, keeps what it had, and does not wait for such a layer
 *     to be ready.
 * @param revision the latest change of its zones; 0 where it has none
 */
public record LayerState(
    Layer layer,
    String fingerprint,
    Optional<String> acceptedFingerprint,
    Optional<String> problem,
    long revision) {

  /** A layer that can be read. */
  public LayerState(Layer layer, String fingerprint, Optional<String> acceptedFingerprint) {
    this(layer, fingerprint, acceptedFingerprint, Optional.empty());
  }

  /** A layer of which the store can't be read. */
  static LayerState damaged(String name, Layer.Kind kind, StoreException failure) {
    return new LayerState(
        new Layer(name, kind, false, "", "", "", 0),
        "",
        Optional.empty(),
        Optional.of(String.valueOf(failure.getMessage())));
  }

  /** A layer without zones. */
  public LayerState(
      Layer layer,
      String fingerprint,
      Optional<String> acceptedFingerprint,
      Optional<String> problem) {
    this(layer, fingerprint, acceptedFingerprint, problem, 0);
  }
}
