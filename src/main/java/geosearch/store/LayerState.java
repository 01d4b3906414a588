package geosearch.store;

import geosearch.geo.Layer;
import java.util.Optional;

/**
 * A layer as the store has it now, without its areas.
 *
 * @param layer what is known of it
 * @param fingerprint differs after every committed change of the layer
 * @param acceptedFingerprint the state of a user's own table that `datasets accept` let through
 *     although it had shrunk
 */
public record LayerState(Layer layer, String fingerprint, Optional<String> acceptedFingerprint) {}
