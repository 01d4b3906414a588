package geosearch.config;

import java.time.Duration;

/** Who may write zones, their limits, and how long their past is kept. Sizes in bytes. */
public record ZonesConfig(
    Writers write,
    int maxOutlineBytes,
    int maxVertices,
    int maxRings,
    int maxAttributes,
    int maxZones,
    int maxCollections,
    int maxWatches,
    Duration keepRevisions,
    Duration keepRequestIds) {

  /**
   * @throws ConfigException for values out of their bounds
   */
  public ZonesConfig {
    new Check("zones")
        .bytes("max-outline-bytes", maxOutlineBytes, 100, 64 * Sizes.MIB)
        .range("max-vertices", maxVertices, 4, 1_000_000)
        .range("max-rings", maxRings, 1, 100_000)
        .range("max-attributes", maxAttributes, 0, 1000)
        .range("max-zones", maxZones, 1, 10_000_000)
        .range("max-collections", maxCollections, 1, 1000)
        .range("max-watches", maxWatches, 0, 10_000)
        .notNegative("keep-request-ids", keepRequestIds)
        .atLeast("keep-revisions", keepRevisions, keepRequestIds)
        .end();
  }

  /** These, and for the rest what is in force where nothing is set. */
  public ZonesConfig(Writers write, int maxOutlineBytes, int maxVertices, int maxZones) {
    this(
        write,
        maxOutlineBytes,
        maxVertices,
        1000,
        32,
        maxZones,
        100,
        100,
        Duration.ofDays(3650),
        Duration.ofDays(1));
  }

  /** With others who may write. */
  public ZonesConfig withWriters(Writers writers) {
    return new ZonesConfig(
        writers,
        maxOutlineBytes,
        maxVertices,
        maxRings,
        maxAttributes,
        maxZones,
        maxCollections,
        maxWatches,
        keepRevisions,
        keepRequestIds);
  }

  /** Who may create and delete zones. */
  public enum Writers {
    /** Callers on this machine. */
    LOCAL,
    EVERYONE,
    NOBODY
  }
}
