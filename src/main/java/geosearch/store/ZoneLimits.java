package geosearch.store;

import geosearch.config.ZonesConfig;
import java.time.Duration;

/**
 * How much a store keeps of zones.
 *
 * @param maxZones how many zones it may hold in all, from 1
 * @param maxCollections how many collections, from 1
 * @param keepRevisions for how long the states are kept that zones were in
 * @param keepRequestIds for how long it is known which request created a zone; at most as long
 */
public record ZoneLimits(
    int maxZones, int maxCollections, Duration keepRevisions, Duration keepRequestIds) {

  /** What is past is swept out once in so many changes. */
  static final int CHANGES_PER_SWEEP = 64;

  /** How many states and requests are swept out at once, so that no change takes long. */
  static final int SWEPT_AT_ONCE = 1000;

  /** Those of the settings. */
  public static ZoneLimits of(ZonesConfig config) {
    return new ZoneLimits(
        config.maxZones(),
        config.maxCollections(),
        config.keepRevisions(),
        config.keepRequestIds());
  }

  /** So many zones, and for the rest the defaults of the settings. */
  public static ZoneLimits of(int maxZones) {
    return new ZoneLimits(maxZones, 100, Duration.ofDays(3650), Duration.ofDays(1));
  }
}
