package geosearch.store;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedStoreTest extends StoreContract {

  @TempDir Path folder;

  @Override
  Store open(int maxZones) {
    return EmbeddedStore.open(folder, maxZones);
  }
}
