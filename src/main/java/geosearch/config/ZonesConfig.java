package geosearch.config;

/** Who may write zones, and their limits. Sizes in bytes. */
public record ZonesConfig(Writers write, int maxOutlineBytes, int maxVertices, int maxZones) {

  /** Who may create and delete zones. */
  public enum Writers {
    /** Callers on this machine. */
    LOCAL,
    EVERYONE,
    NOBODY
  }
}
