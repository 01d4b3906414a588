package geosearch.load;

import geosearch.store.AreaSink;
import geosearch.store.StoreException;
import geosearch.store.StoreException.Kind;
import geosearch.store.Zone;
import geosearch.store.ZoneChanges;
import geosearch.store.ZoneDraft;
import geosearch.store.ZoneKey;
import geosearch.store.ZonePage;
import geosearch.store.ZonePast;
import geosearch.store.Zones;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/** Zones whose changes are never kept, so that they are read as a whole each time. */
record FakeZones(LongSupplier latest) implements Zones {

  @Override
  public ZonePast past(String collection, AreaSink sink) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ZoneChanges changes(long afterRevision, int limit, boolean withOutlines) {
    if (afterRevision != revision()) {
      throw new StoreException(Kind.OUT_OF_RANGE, "not kept");
    }
    return new ZoneChanges(List.of(), afterRevision, false);
  }

  @Override
  public long revision() {
    return latest.getAsLong();
  }

  @Override
  public Zone create(ZoneDraft zone, Optional<Request> request, Runnable mayBeAdded) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ZonePage page(Selection which, ZoneKey after, int limit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Zone get(ZoneKey key, Optional<Instant> asOf) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Zone update(ZoneDraft zone, long expectedRevision) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long delete(ZoneKey key, OptionalLong expectedRevision) {
    throw new UnsupportedOperationException();
  }
}
