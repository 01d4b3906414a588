package geosearch.config;

import java.nio.file.Path;

/**
 * Where areas are kept.
 *
 * @param folder of the embedded store; it is used while no host of PostGIS is named
 */
public record StoreConfig(Path folder, PostgisConfig postgis) {

  /** Whether areas are kept in PostGIS rather than in the embedded store. */
  public boolean usesPostgis() {
    return !postgis.host().isEmpty();
  }
}
