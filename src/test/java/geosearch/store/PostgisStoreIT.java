package geosearch.store;

import geosearch.testing.RequiresContainers;
import geosearch.testing.Servers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Each test has a schema of its own. */
@RequiresContainers
class PostgisStoreIT extends StoreContract {

  private static final AtomicInteger SCHEMAS = new AtomicInteger();

  private final PostgisSettings settings =
      PostgisSettings.of(SharedDatabase.DATABASE)
          .withSchema("store_" + SCHEMAS.incrementAndGet() + "_of_a_test");

  @Override
  Store open(int maxZones) {
    return PostgisStore.open(settings.config(), List.of(), maxZones, new SimpleMeterRegistry());
  }

  /** Not created where the tests are skipped. */
  private static final class SharedDatabase {
    static final Servers.Database DATABASE = Servers.newDatabase();
  }
}
