package geosearch.store;

import static geosearch.store.StoreContract.area;
import static geosearch.store.StoreContract.square;
import static org.junit.jupiter.api.Assertions.assertEquals;

import geosearch.store.Zones.Selection;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Zones in the embedded store. */
final class EmbeddedZonesTest extends ZoneContract {

  private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");

  @TempDir private Path folder;
  @TempDir private Path clocked;
  private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
  private final InstantSource clock = now::get;

  @Override
  Store open(ZoneLimits limits) {
    return EmbeddedStore.open(folder, limits);
  }

  private static List<Instant> times(Store store) {
    return store.zones().changes(0, 100, false).changes().stream().map(ZoneChange::time).toList();
  }

  @Test
  void change_clockSetBack_hasTheTimeOfTheLastChange() {
    try (Store opened = EmbeddedStore.open(clocked, "", ZoneLimits.of(10), clock)) {
      Zone created = opened.zones().create(area("a"), square(0, 0));
      now.set(NOON.minusSeconds(3600));

      Zone updated =
          opened
              .zones()
              .update(
                  new ZoneDraft("thing", area("a"), square(1, 1), Optional.empty()),
                  created.revision());

      assertEquals(Optional.of(NOON), updated.createTime());
      assertEquals(Optional.of(NOON), updated.updateTime());
    }
    try (Store opened = EmbeddedStore.open(clocked, "", ZoneLimits.of(10), clock)) {
      opened.zones().create(area("b"), square(0, 0));
      opened.zones().delete(new ZoneKey("thing", "a"), OptionalLong.empty());
      now.set(NOON.plusSeconds(1));
      opened.zones().create(area("c"), square(0, 0));

      assertEquals(List.of(NOON, NOON, NOON, NOON, NOON.plusSeconds(1)), times(opened));
    }
  }

  @Test
  void list_asOfTheTimeOfSeveralChanges_isTheLastOfThem() {
    try (Store opened = EmbeddedStore.open(clocked, "", ZoneLimits.of(10), clock)) {
      Zone created = opened.zones().create(area("a"), square(0, 0));
      now.set(NOON.minusSeconds(3600));
      opened
          .zones()
          .update(
              new ZoneDraft("thing", area("a"), square(1, 1), Optional.empty()),
              created.revision());

      List<Zone> then =
          opened.zones().list(new Selection("thing", Optional.of(NOON), true), ZoneKey.FIRST, 10);

      assertEquals(List.of(2L), then.stream().map(Zone::revision).toList());
      assertEquals(
          List.of(),
          opened
              .zones()
              .list(
                  new Selection("thing", Optional.of(NOON.minusSeconds(1)), true),
                  ZoneKey.FIRST,
                  10));
    }
  }
}
