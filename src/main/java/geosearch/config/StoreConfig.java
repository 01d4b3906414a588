package geosearch.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where areas are kept.
 *
 * @param folder of the embedded store; it is used while no host of PostGIS is named
 * @param template a folder with an embedded store, of which a server makes a copy where there is
 *     none in {@code folder}
 * @param identity of the only store to use, or empty for the one that is found
 */
public record StoreConfig(
    Path folder, Optional<Path> template, String identity, PostgisConfig postgis) {

  /** Whether areas are kept in PostGIS rather than in the embedded store. */
  public boolean usesPostgis() {
    return !postgis.host().isEmpty();
  }
}
