package geosearch.config;

/** Who may write zones, and their limits. Sizes in bytes. */
public record ZonesConfig(Writers write, int maxOutlineBytes, int maxVertices, int maxZones) {

  /**
   * @throws ConfigException for values out of their bounds
   */
  public ZonesConfig {
    new Check("zones")
        .bytes("max-outline-bytes", maxOutlineBytes, 100, 64 * Sizes.MIB)
        .range("max-vertices", maxVertices, 4, 1_000_000)
        .range("max-zones", maxZones, 1, 10_000_000)
        .end();
  }

  /** Who may create and delete zones. */
  public enum Writers {
    /** Callers on this machine. */
    LOCAL,
    EVERYONE,
    NOBODY
  }
}
