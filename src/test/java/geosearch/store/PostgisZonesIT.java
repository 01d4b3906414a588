package geosearch.store;

import geosearch.testing.RequiresContainers;
import geosearch.testing.Servers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Zones in PostGIS. Each test has a schema of its own. */
@RequiresContainers
class PostgisZonesIT extends ZoneContract {

  private static final AtomicInteger SCHEMAS = new AtomicInteger();

  private final PostgisSettings settings =
      PostgisSettings.of(SharedDatabase.DATABASE)
          .withSchema("zones_" + SCHEMAS.incrementAndGet() + "_of_a_test");

  @Override
  Store open(ZoneLimits limits) {
    return PostgisStore.open(settings.config(), List.of(), limits, new SimpleMeterRegistry());
  }

  /** Not created where the tests are skipped. */
  private static final class SharedDatabase {
    static final Servers.Database DATABASE = Servers.newDatabase();
  }
}
