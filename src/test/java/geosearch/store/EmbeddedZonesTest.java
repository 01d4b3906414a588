package geosearch.store;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** Zones in the embedded store. */
final class EmbeddedZonesTest extends ZoneContract {

  @TempDir private Path folder;

  @Override
  Store open(ZoneLimits limits) {
    return EmbeddedStore.open(folder, limits);
  }
}
