package geosearch.config;

import java.util.List;

/** How the original's service Search answers. */
public record SearchConfig(AxisOrder axisOrder, List<String> layers, int maxResults) {

  /**
   * @throws ConfigException for values out of their bounds
   */
  public SearchConfig {
    layers = List.copyOf(layers);
    new Check("search").range("max-results", maxResults, 1, 100_000).end();
  }

  /** How the fields lat and lng are read. */
  public enum AxisOrder {
    /** Longitude in lat on the original's own tables, as they are named elsewhere. */
    ORIGINAL,
    /** The longitude in lat, everywhere. */
    LNG_LAT,
    /** As they are named, everywhere. */
    LAT_LNG
  }
}
