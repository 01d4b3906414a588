package geosearch.store;

import static geosearch.store.StoreContract.area;
import static geosearch.store.StoreContract.square;
import static org.junit.jupiter.api.Assertions.assertEquals;

import geosearch.testing.RequiresContainers;
import geosearch.testing.Servers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

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

  /**
   * A later last change is what a clock that is set back leaves, between runs as between servers.
   */
  @Test
  void change_clockSetBack_hasTheTimeOfTheLastChange() {
    Zone first = store.zones().create(area("a"), square(0, 0));
    Instant later = Instant.now().truncatedTo(ChronoUnit.MICROS).plusSeconds(3600);
    SharedDatabase.DATABASE.execute(
        "UPDATE %s.zone_revision SET change_time = '%s'"
            .formatted(settings.config().schema(), later));

    Zone created = store.zones().create(area("b"), square(0, 0));
    Zone updated =
        store
            .zones()
            .update(
                new ZoneDraft("thing", area("a"), square(1, 1), Optional.empty()),
                first.revision());
    store.zones().delete("b");
    SharedDatabase.DATABASE.execute(
        "UPDATE %1$s.zone SET collection = 'moved'; TRUNCATE %1$s.zone"
            .formatted(settings.config().schema()));

    assertEquals(Optional.of(later), created.createTime());
    assertEquals(Optional.of(later), updated.updateTime());
    List<ZoneChange> changes = store.zones().changes(first.revision(), 10, false).changes();
    assertEquals(6, changes.size());
    changes.forEach(change -> assertEquals(later, change.time()));
  }

  /** Not created where the tests are skipped. */
  private static final class SharedDatabase {
    static final Servers.Database DATABASE = Servers.newDatabase();
  }
}
