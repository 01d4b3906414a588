package geosearch.store;

import java.time.Instant;
import java.util.Optional;

/**
 * What {@link Zones#past} has read.
 *
 * @param revision up to which change it has every state
 * @param begin from when on it has every state; nothing if none was ever forgotten
 */
public record ZonePast(long revision, Optional<Instant> begin) {}
