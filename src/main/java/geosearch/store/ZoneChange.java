package geosearch.store;

import java.time.Instant;
import java.util.Optional;

/**
 * A change of one zone.
 *
 * @param revision its place in the order of all changes
 * @param time when it was made
 * @param key of the zone
 * @param zone what it became; nothing if it was deleted
 */
public record ZoneChange(long revision, Instant time, ZoneKey key, Optional<Zone> zone) {}
