package geosearch.rpc;

import geosearch.geo.Area;
import geosearch.store.AreaSink;
import geosearch.store.Datasets;
import geosearch.store.LayerContent;
import geosearch.store.LayerState;
import geosearch.store.Store;
import geosearch.store.StoreException;
import geosearch.store.Zone;
import geosearch.store.ZoneChanges;
import geosearch.store.ZoneDraft;
import geosearch.store.ZoneKey;
import geosearch.store.ZonePage;
import geosearch.store.ZonePast;
import geosearch.store.Zones;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Zones that do what a test wants before each method; they keep nothing. */
final class StubZones implements Zones {

  /** What happens first. */
  interface Step {
    void run() throws Exception;
  }

  volatile Step before = () -> {};

  /** Whether every zone is a row of the original's table. */
  volatile boolean original;

  /** A store that has only zones. */
  Store store() {
    return new Store() {
      @Override
      public String description() {
        return "stub";
      }

      @Override
      public Optional<String> readOnlyReason() {
        return Optional.empty();
      }

      @Override
      public List<LayerState> layers() {
        throw new UnsupportedOperationException();
      }

      @Override
      public LayerContent read(String layer, AreaSink sink) {
        throw new UnsupportedOperationException();
      }

      @Override
      public Datasets datasets() {
        throw new UnsupportedOperationException();
      }

      @Override
      public void accept() {
        throw new UnsupportedOperationException();
      }

      @Override
      public Zones zones() {
        return StubZones.this;
      }

      @Override
      public Listening listen(Runnable onChange, Runnable onZoneChange) {
        throw new UnsupportedOperationException();
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public Zone create(ZoneDraft zone, Optional<Request> request, Runnable mayBeAdded) {
    step();
    return kept(zone, 1);
  }

  private static Zone kept(ZoneDraft zone, long revision) {
    return new Zone(
        zone.collection(),
        zone.area(),
        Optional.of(zone.outline()),
        zone.circle(),
        Optional.of(Instant.EPOCH),
        Optional.of(Instant.EPOCH),
        revision,
        false);
  }

  @Override
  public ZonePage page(Selection which, ZoneKey after, int limit) {
    step();
    return new ZonePage(List.of(), false);
  }

  @Override
  public Zone get(ZoneKey key, Optional<Instant> asOf) {
    step();
    if (original) {
      return new Zone(
          key.collection(),
          new Area(key.id(), "a row", Map.of()),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          0,
          true);
    }
    throw new StoreException(StoreException.Kind.NOT_FOUND, "there is no zone " + key.id());
  }

  @Override
  public Zone update(ZoneDraft zone, long expectedRevision) {
    step();
    checkWritable();
    return kept(zone, expectedRevision + 1);
  }

  @Override
  public long delete(ZoneKey key, OptionalLong expectedRevision) {
    step();
    checkWritable();
    return 2;
  }

  private void checkWritable() {
    if (original) {
      throw new StoreException(StoreException.Kind.REFUSED, "a row is only read");
    }
  }

  @Override
  public long revision() {
    return 2;
  }

  @Override
  public ZonePast past(String collection, AreaSink sink) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ZoneChanges changes(long afterRevision, int limit, boolean withOutlines) {
    step();
    return new ZoneChanges(List.of(), afterRevision, false);
  }

  private void step() {
    try {
      before.run();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
