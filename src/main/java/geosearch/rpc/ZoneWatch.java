package geosearch.rpc;

import geosearch.atlas.Snapshot;
import geosearch.atlas.View;
import geosearch.geo.Layer;
import geosearch.geo.Validity;
import geosearch.store.StoreException;
import geosearch.store.ZoneChange;
import geosearch.store.ZoneChanges;
import geosearch.store.ZoneKey;
import geosearch.store.ZonePage;
import geosearch.store.Zones;
import geosearch.v1.WatchZonesRequest;
import geosearch.v1.WatchZonesResponse;
import geosearch.v1.WatchZonesResponse.Change;
import geosearch.v1.Zone;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * One caller who watches zones: first those that there are, then the changes after the revision
 * that the store had when that began.
 *
 * <p>{@link #tell} is called by one thread at a time; the rest by any.
 */
final class ZoneWatch {

  /** How many zones or changes are read at once; fewer if their outlines are large. */
  private static final int PAGE = 50;

  /** How many pages are told before others have their turn. */
  private static final int PAGES_AT_ONCE = 20;

  private final Set<String> collections;
  private final boolean omitOutlines;
  private final Zones zones;
  private final Supplier<Optional<View>> view;
  private final ServerCallStreamObserver<WatchZonesResponse> caller;
  private final Object connection;

  private boolean begun;

  /** The last zone that was told of those that were there; nothing once they all were. */
  private Optional<ZoneKey> listedUpTo;

  private long revision;

  /** Up to when starts and ends of validity have been told. */
  private Instant toldUpTo = Instant.now();

  private boolean asked;
  private boolean telling;
  private boolean over;

  ZoneWatch(
      WatchZonesRequest request,
      Zones zones,
      Supplier<Optional<View>> view,
      ServerCallStreamObserver<WatchZonesResponse> caller,
      Object connection) {
    this.collections = new TreeSet<>(request.getCollectionsList());
    this.omitOutlines = request.getOmitOutlines();
    this.revision = request.getAfterRevision();
    this.listedUpTo = revision == 0 ? Optional.of(ZoneKey.FIRST) : Optional.empty();
    this.zones = zones;
    this.view = view;
    this.caller = caller;
    this.connection = connection;
  }

  /** Asks for what there is to be told; returns whether {@link #tell} is to be called for it. */
  synchronized boolean askFor() {
    asked = true;
    if (telling || over) {
      return false;
    }
    telling = true;
    return true;
  }

  /**
   * Tells what there is, as long as the caller is ready for it.
   *
   * @return whether it is to be called again; if not, {@link #askFor} says when
   */
  boolean tell() {
    for (int page = 0; page < PAGES_AT_ONCE; page++) {
      synchronized (this) {
        asked = false;
      }
      boolean more = isGoing() && caller.isReady() && tellPage();
      synchronized (this) {
        if (over || !(more || asked)) {
          telling = false;
          return false;
        }
      }
    }
    return true;
  }

  /** Returns what tells its connection from others. */
  Object connection() {
    return connection;
  }

  private synchronized boolean isGoing() {
    return !over;
  }

  /** Returns whether there may be more. */
  private boolean tellPage() {
    if (!begun) {
      begin();
      begun = true;
    }
    return listedUpTo.isPresent() ? tellPresent(listedUpTo.get()) : tellChanges();
  }

  private void begin() {
    if (listedUpTo.isPresent()) {
      toldUpTo = Instant.now();
      // What comes after it is told as a change, whatever is seen of it while zones are listed.
      revision = zones.revision();
    } else {
      toldUpTo = timeOf(revision);
    }
  }

  /** What has started or ended since the caller was told of a change may be told again. */
  private Instant timeOf(long change) {
    try {
      return zones.changes(change - 1, 1, false).changes().stream()
          .map(ZoneChange::time)
          .findFirst()
          .orElseGet(Instant::now);
    } catch (StoreException e) {
      if (e.kind() == StoreException.Kind.OUT_OF_RANGE) {
        return Instant.now();
      }
      throw e;
    }
  }

  private boolean tellPresent(ZoneKey after) {
    ZonePage page =
        zones.page(new Zones.Selection("", Optional.empty(), !omitOutlines), after, PAGE);
    ZoneKey told = after;
    for (geosearch.store.Zone zone : page.zones()) {
      if (!told.equals(after) && !caller.isReady()) {
        listedUpTo = Optional.of(told);
        return true;
      }
      told = zone.key();
      if (isWatched(zone.collection()) && zone.revision() <= revision) {
        send(
            WatchZonesResponse.newBuilder()
                .setChange(Change.CHANGE_PRESENT)
                .setZone(ZoneMessages.of(zone)));
      }
    }
    if (page.more()) {
      listedUpTo = Optional.of(told);
    } else {
      listedUpTo = Optional.empty();
      send(
          WatchZonesResponse.newBuilder()
              .setChange(Change.CHANGE_CAUGHT_UP)
              .setRevision(revision)
              .setTime(ZoneMessages.timestamp(toldUpTo)));
    }
    return true;
  }

  private boolean tellChanges() {
    ZoneChanges page = zones.changes(revision, PAGE, !omitOutlines);
    long before = revision;
    for (ZoneChange change : page.changes()) {
      if (revision > before && !caller.isReady()) {
        return true;
      }
      if (isWatched(change.key().collection())) {
        send(message(change));
      }
      revision = change.revision();
    }
    revision = page.revision();
    if (!page.more()) {
      tellStartsAndEnds();
    }
    return page.more();
  }

  private static WatchZonesResponse.Builder message(ZoneChange change) {
    Zone zone =
        change
            .zone()
            .map(ZoneMessages::of)
            .orElseGet(() ->
                Zone.newBuilder()
                    .setCollection(change.key().collection())
                    .setId(change.key().id())
                    .build());
    return WatchZonesResponse.newBuilder()
        .setChange(change.zone().isPresent() ? Change.CHANGE_PUT : Change.CHANGE_DELETED)
        .setZone(zone)
        .setRevision(change.revision())
        .setTime(ZoneMessages.timestamp(change.time()));
  }

  /** A zone whose validity starts or ends. */
  private record Turn(Instant time, Change change, ZoneKey key) {}

  private void tellStartsAndEnds() {
    Instant now = Instant.now();
    List<Snapshot> collectionsNow =
        view.get().stream()
            .flatMap(known -> known.layers().stream())
            .filter(snapshot -> snapshot.layer().kind() == Layer.Kind.ZONES)
            .toList();
    if (collectionsNow.stream().anyMatch(snapshot -> snapshot.revision() < revision)) {
      // They don't know yet what has just been told.
      return;
    }
    List<Turn> turns = new ArrayList<>();
    collectionsNow.stream()
        .filter(snapshot -> isWatched(snapshot.layer().name()))
        .forEach(snapshot ->
            snapshot.index().forEachTimed(ordinal -> addTurns(snapshot, ordinal, now, turns)));
    turns.sort(Comparator.comparing(Turn::time));
    turns.forEach(this::tell);
    toldUpTo = now;
  }

  private void addTurns(Snapshot snapshot, int ordinal, Instant now, List<Turn> turns) {
    Validity validity = snapshot.index().area(ordinal).validity();
    ZoneKey key = new ZoneKey(snapshot.layer().name(), snapshot.index().area(ordinal).id());
    validity
        .start()
        .filter(start -> isNew(start, now))
        .ifPresent(start -> turns.add(new Turn(start, Change.CHANGE_STARTED, key)));
    validity
        .end()
        .filter(end -> isNew(end, now))
        .ifPresent(end -> turns.add(new Turn(end, Change.CHANGE_ENDED, key)));
  }

  private boolean isNew(Instant time, Instant now) {
    return time.isAfter(toldUpTo) && !time.isAfter(now);
  }

  private void tell(Turn turn) {
    Zone zone;
    try {
      zone = ZoneMessages.of(zones.get(turn.key(), Optional.empty()));
    } catch (StoreException e) {
      if (e.kind() == StoreException.Kind.NOT_FOUND) {
        return;
      }
      throw e;
    }
    send(
        WatchZonesResponse.newBuilder()
            .setChange(turn.change())
            .setZone(omitOutlines ? zone.toBuilder().clearWkb().clearCircle().build() : zone)
            .setRevision(revision)
            .setTime(ZoneMessages.timestamp(turn.time())));
  }

  private boolean isWatched(String collection) {
    return collections.isEmpty() || collections.contains(collection);
  }

  private synchronized void send(WatchZonesResponse.Builder message) {
    if (!over) {
      caller.onNext(message.build());
    }
  }

  /** The caller is gone. */
  synchronized void end() {
    over = true;
  }

  /** Ends it with an error. */
  synchronized void fail(StatusRuntimeException failure) {
    if (!over) {
      over = true;
      caller.onError(failure);
    }
  }
}
