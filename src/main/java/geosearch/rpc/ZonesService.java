package geosearch.rpc;

import com.google.protobuf.Timestamp;
import geosearch.atlas.View;
import geosearch.config.ServerConfig;
import geosearch.config.ZonesConfig;
import geosearch.store.Store;
import geosearch.store.StoreException;
import geosearch.store.ZoneDraft;
import geosearch.store.ZoneKey;
import geosearch.store.ZonePage;
import geosearch.store.Zones;
import geosearch.v1.CreateZoneRequest;
import geosearch.v1.DeleteZoneRequest;
import geosearch.v1.DeleteZoneResponse;
import geosearch.v1.GetZoneRequest;
import geosearch.v1.ListZonesRequest;
import geosearch.v1.ListZonesResponse;
import geosearch.v1.UpdateZoneRequest;
import geosearch.v1.WatchZonesRequest;
import geosearch.v1.WatchZonesResponse;
import geosearch.v1.Zone;
import geosearch.v1.ZonesGrpc;
import io.grpc.BindableService;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;

/**
 * The zones that users keep; {@code zones.proto} says what is promised. Its calls wait for the
 * store, on threads of their own.
 */
public final class ZonesService implements BindableService, Stoppable, Drained {

  private static final int DEFAULT_PAGE = 100;
  private static final int LARGEST_PAGE = 1000;

  /** Clients take messages of 4 MiB unless told otherwise. */
  private static final int PAGE_BYTES = 4_000_000;

  /** How many collections a watch may name. */
  private static final int MAX_WATCHED = 100;

  /** How often a change is tried that others keep coming before. */
  private static final int ATTEMPTS = 10;

  /** How many zones are asked for at once where each brings its outline. */
  private static final int OUTLINES_AT_ONCE = 50;

  private final Store store;
  private final ZonesConfig config;
  private final Published published;
  private final ZoneRoom room;
  private final StoreCalls calls;
  private final ZoneReader reader;
  private final ZoneWatches watches;

  /**
   * @param server how many threads, and how long a call may take
   * @param published knows when a change is in this server's answers
   */
  public ZonesService(Store store, ZonesConfig config, ServerConfig server, Published published) {
    this(store, config, server, published, (area, vertices, larger) -> {}, Optional::empty);
  }

  /**
   * As the other one.
   *
   * @param room is asked before a zone is written that this server will have to hold
   * @param view what this server knows, for those who want to hear when zones start and end
   */
  public ZonesService(
      Store store,
      ZonesConfig config,
      ServerConfig server,
      Published published,
      ZoneRoom room,
      Supplier<Optional<View>> view) {
    this.store = store;
    this.config = config;
    this.published = published;
    this.room = room;
    this.calls = new StoreCalls(server);
    this.reader = new ZoneReader(config);
    this.watches = new ZoneWatches(store, view, config.maxWatches());
  }

  @Override
  public ServerServiceDefinition bindService() {
    return ServerInterceptors.intercept(
        new Methods(), new ZoneWriters(config.write()), ConnectionAge.forMethods());
  }

  @Override
  public void drain() {
    watches.stop();
  }

  @Override
  public void stop(Duration timeout) {
    watches.stop();
    calls.stop(timeout);
  }

  private final class Methods extends ZonesGrpc.ZonesImplBase {

    @Override
    public void createZone(CreateZoneRequest request, StreamObserver<Zone> observer) {
      calls.run("CreateZone", observer, () -> create(request));
    }

    @Override
    public void watchZones(WatchZonesRequest request, StreamObserver<WatchZonesResponse> observer) {
      check(request);
      watches.begin(request, observer);
    }

    @Override
    public void getZone(GetZoneRequest request, StreamObserver<Zone> observer) {
      calls.run("GetZone", observer, () -> get(request));
    }

    @Override
    public void updateZone(UpdateZoneRequest request, StreamObserver<Zone> observer) {
      calls.run("UpdateZone", observer, () -> update(request));
    }

    @Override
    public void listZones(ListZonesRequest request, StreamObserver<ListZonesResponse> observer) {
      calls.run("ListZones", observer, () -> list(request));
    }

    @Override
    public void deleteZone(DeleteZoneRequest request, StreamObserver<DeleteZoneResponse> observer) {
      calls.run("DeleteZone", observer, () -> delete(request));
    }
  }

  private static void check(WatchZonesRequest request) {
    Violations violations = new Violations();
    if (request.getAfterRevision() < 0) {
      violations.add("after_revision", "must be at least 0, not " + request.getAfterRevision());
    }
    if (request.getCollectionsCount() > MAX_WATCHED) {
      violations.add(
          "collections",
          "must be at most " + MAX_WATCHED + ", not " + request.getCollectionsCount());
    }
    for (String collection : request.getCollectionsList()) {
      if (collection.isEmpty()) {
        violations.add("collections", "must not be empty texts");
      }
      ZoneReader.checkCollection("collections", collection, violations);
    }
    if (!violations.isEmpty()) {
      throw violations.refusal();
    }
  }

  private Zone create(CreateZoneRequest request) throws InterruptedException {
    if (!request.hasZone()) {
      throw Violations.of("zone", "must be set");
    }
    Violations violations = new Violations();
    if (!request.getRequestId().isEmpty()) {
      ZoneReader.checkId("request_id", request.getRequestId(), violations);
    }
    if (!violations.isEmpty()) {
      throw violations.refusal();
    }
    ZoneDraft zone = reader.read(request.getZone());
    checkInTime();
    geosearch.store.Zone created = create(zone, request);
    awaitPublished(created.revision(), "the zone %s was created".formatted(created.area().id()));
    return ZoneMessages.of(created);
  }

  private geosearch.store.Zone create(ZoneDraft zone, CreateZoneRequest request) {
    try {
      return store
          .zones()
          .create(
              zone,
              ZoneRequests.of(request),
              () -> room.check(zone.area(), zone.outline().getNumPoints(), true));
    } catch (StoreException e) {
      if (e.kind() == StoreException.Kind.CONTRADICTORY) {
        throw Violations.of(
            "request_id",
            "must be one that has not been used for another zone, not "
                + Violations.quoted(request.getRequestId()));
      }
      throw e;
    }
  }

  private Zone get(GetZoneRequest request) {
    ZoneKey key = ZoneReader.key("", request.getCollection(), request.getId());
    Optional<Instant> asOf =
        asOf(request.hasAsOf() ? Optional.of(request.getAsOf()) : Optional.empty());
    checkInTime();
    return ZoneMessages.of(store.zones().get(key, asOf));
  }

  private static Optional<Instant> asOf(Optional<Timestamp> sent) {
    Violations violations = new Violations();
    Optional<Instant> asOf = sent.flatMap(time -> ZoneReader.time("as_of", time, violations));
    if (!violations.isEmpty()) {
      throw violations.refusal();
    }
    return asOf;
  }

  private Zone update(UpdateZoneRequest request) throws InterruptedException {
    if (!request.hasZone()) {
      throw Violations.of("zone", "must be set");
    }
    Zone sent = request.getZone();
    ZoneKey key = ZoneReader.key("zone.", sent.getCollection(), sent.getId());
    OptionalLong expected = ZoneMessages.revision("zone.etag", sent.getEtag());
    ZoneUpdate update = ZoneUpdate.of(request, reader);
    geosearch.store.Zone updated = update(key, expected, update);
    awaitPublished(updated.revision(), "the zone %s was changed".formatted(key.id()));
    return ZoneMessages.of(updated);
  }

  /** What others change meanwhile is no reason to fail, unless the caller has named a state. */
  private geosearch.store.Zone update(ZoneKey key, OptionalLong expected, ZoneUpdate update) {
    for (int attempt = 1; ; attempt++) {
      checkInTime();
      geosearch.store.Zone before = store.zones().get(key, Optional.empty());
      ZoneDraft after = before.readOnly() ? draft(before) : update.applyTo(before);
      if (!before.readOnly()) {
        checkRoom(before, after);
      }
      try {
        return store.zones().update(after, expected.orElse(before.revision()));
      } catch (StoreException e) {
        boolean again =
            e.kind() == StoreException.Kind.CHANGED && expected.isEmpty() && attempt < ATTEMPTS;
        if (!again) {
          throw e;
        }
      }
    }
  }

  private void checkRoom(geosearch.store.Zone before, ZoneDraft after) {
    int vertices = after.outline().getNumPoints();
    boolean larger =
        vertices > before.outline().map(Geometry::getNumPoints).orElse(0)
            || after.area().textBytes() > before.area().textBytes();
    room.check(after.area(), vertices, larger);
  }

  /** The zone as it is, for the store to refuse. */
  private static ZoneDraft draft(geosearch.store.Zone zone) {
    return new ZoneDraft(
        zone.collection(),
        zone.area(),
        zone.outline().orElseGet(() -> new GeometryFactory().createPolygon()),
        zone.circle());
  }

  private DeleteZoneResponse delete(DeleteZoneRequest request) throws InterruptedException {
    ZoneKey key = ZoneReader.key("", request.getCollection(), request.getId());
    OptionalLong expected = ZoneMessages.revision("etag", request.getEtag());
    checkInTime();
    long revision = store.zones().delete(key, expected);
    awaitPublished(revision, "the zone %s was deleted".formatted(key.id()));
    return DeleteZoneResponse.newBuilder().setRevision(revision).setGeneration(revision).build();
  }

  private ListZonesResponse list(ListZonesRequest request) {
    Violations violations = new Violations();
    if (request.getPageSize() < 0) {
      violations.add("page_size", "must be at least 0, not " + request.getPageSize());
    }
    ZoneReader.checkCollection("collection", request.getCollection(), violations);
    if (!violations.isEmpty()) {
      throw violations.refusal();
    }
    int size =
        request.getPageSize() == 0 ? DEFAULT_PAGE : Math.min(request.getPageSize(), LARGEST_PAGE);
    ZoneKey after =
        request.getPageToken().isEmpty()
            ? ZoneKey.FIRST
            : PageToken.read(request.getPageToken())
                .orElseThrow(() ->
                    Violations.of(
                        "page_token",
                        "must be the next_page_token of an earlier answer, or empty, not "
                            + Violations.quoted(request.getPageToken())));
    Optional<Instant> asOf =
        asOf(request.hasAsOf() ? Optional.of(request.getAsOf()) : Optional.empty());
    return list(
        new Zones.Selection(request.getCollection(), asOf, !request.getOmitOutlines()),
        after,
        size);
  }

  /** A page ends early where its outlines are large; the token tells that there are more. */
  private ListZonesResponse list(Zones.Selection which, ZoneKey after, int size) {
    ListZonesResponse.Builder page = ListZonesResponse.newBuilder();
    int atOnce = which.withOutlines() ? OUTLINES_AT_ONCE : size + 1;
    ZoneKey last = after;
    int bytes = 0;
    while (true) {
      checkInTime();
      ZonePage zones = store.zones().page(which, last, atOnce);
      for (geosearch.store.Zone zone : zones.zones()) {
        Zone message = ZoneMessages.of(zone);
        bytes += message.getSerializedSize();
        if (page.getZonesCount() == size || (bytes > PAGE_BYTES && page.getZonesCount() > 0)) {
          return page.setNextPageToken(PageToken.write(last)).build();
        }
        page.addZones(message);
        last = zone.key();
      }
      if (!zones.more()) {
        return page.build();
      }
    }
  }

  /** Work whose caller is gone, or told that it takes too long, is not begun. */
  private static void checkInTime() {
    if (StoreCalls.timeLeft().isZero()) {
      throw Details.tooLate("did not end in time");
    }
  }

  private void awaitPublished(long revision, String done) throws InterruptedException {
    // Less than what is left: there should be time to say what has happened.
    Duration timeout = StoreCalls.timeLeft().multipliedBy(9).dividedBy(10);
    try {
      published.await(revision, timeout);
    } catch (TimeoutException e) {
      throw Details.tooLate(
          done + " with revision " + revision + ", but is not in this server's answers yet");
    }
  }
}
