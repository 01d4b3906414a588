package geosearch.rpc;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import geosearch.atlas.Atlas;
import geosearch.config.FollowConfig;
import geosearch.config.ZonesConfig;
import geosearch.config.ZonesConfig.Writers;
import geosearch.geo.Area;
import geosearch.geo.Validity;
import geosearch.health.Readiness;
import geosearch.load.Follower;
import geosearch.metrics.Metrics;
import geosearch.store.EmbeddedStore;
import geosearch.store.Store;
import geosearch.store.Zone;
import geosearch.store.ZoneDraft;
import geosearch.store.ZoneLimits;
import geosearch.v1.WatchZonesRequest;
import geosearch.v1.WatchZonesResponse;
import geosearch.v1.WatchZonesResponse.Change;
import geosearch.v1.ZonesGrpc;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.GeometryFactory;

/** What those are told who watch zones. */
final class ZoneWatchTest {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final ZonesConfig CONFIG =
      new ZonesConfig(
          Writers.LOCAL, 1 << 20, 10_000, 100, 32, 10_000, 100, 2, Duration.ZERO, Duration.ZERO);

  @TempDir private Path folder;

  private Store store;
  private Loopback loopback;
  private Follower follower;

  @BeforeEach
  void serve() throws IOException {
    store = EmbeddedStore.open(folder, ZoneLimits.of(CONFIG));
    Atlas atlas = new Atlas(List.of());
    follower =
        new Follower(
            store,
            atlas,
            new Readiness().condition("layers"),
            new Metrics(new SimpleMeterRegistry()),
            new FollowConfig(Duration.ofHours(1), Duration.ofMillis(10), Duration.ofMillis(20)));
    follower.start();
    loopback =
        Loopback.start(metrics ->
            new ZonesService(
                store,
                CONFIG,
                new ServerSettings().config(),
                follower::awaitRevision,
                follower::checkRoom,
                atlas::view));
  }

  @AfterEach
  void close() {
    loopback.close();
    follower.close();
    store.close();
  }

  @Test
  void watchZones_fromTheStart_tellsAllAndThenEveryChange() {
    create("delivery", "a");
    Zone last = create("thing", "b");

    Caller caller = watch(WatchZonesRequest.getDefaultInstance());
    caller.awaitTold("PRESENT delivery/a", "PRESENT thing/b", "CAUGHT_UP");
    assertEquals(last.revision(), caller.last().getRevision());
    assertTrue(caller.told.getFirst().getZone().hasWkb());

    Zone created = create("delivery", "c");
    Zone changed = store.zones().update(draft("delivery", "c"), created.revision());
    long gone = store.zones().delete(created.key(), OptionalLong.empty());
    caller.awaitTold(
        "PRESENT delivery/a",
        "PRESENT thing/b",
        "CAUGHT_UP",
        "PUT delivery/c",
        "PUT delivery/c",
        "DELETED delivery/c");
    assertEquals(changed.revision(), caller.told.get(4).getZone().getRevision());
    assertEquals(gone, caller.last().getRevision());
  }

  @Test
  void watchZones_afterARevision_tellsWhatCameAfterIt() {
    Zone first = create("thing", "a");
    create("thing", "b");

    Caller caller =
        watch(WatchZonesRequest.newBuilder().setAfterRevision(first.revision()).build());

    caller.awaitTold("PUT thing/b");
    create("thing", "c");
    caller.awaitTold("PUT thing/b", "PUT thing/c");
  }

  @Test
  void watchZones_ofSomeCollections_tellsOfThoseAlone() {
    create("delivery", "a");
    create("no-go", "a");

    Caller caller =
        watch(
            WatchZonesRequest.newBuilder()
                .addCollections("no-go")
                .addCollections("later")
                .setOmitOutlines(true)
                .build());
    caller.awaitTold("PRESENT no-go/a", "CAUGHT_UP");
    assertTrue(caller.told.getFirst().getZone().getWkb().isEmpty());
    create("delivery", "b");
    create("later", "b");

    caller.awaitTold("PRESENT no-go/a", "CAUGHT_UP", "PUT later/b");
  }

  @Test
  void watchZones_afterARevisionThatIsForgotten_isOutOfRange() {
    Zone first = create("thing", "a");
    for (int i = 0; i < 70; i++) {
      store.zones().delete(create("thing", "x").key(), OptionalLong.empty());
    }

    assertEquals(
        Status.Code.OUT_OF_RANGE,
        watch(WatchZonesRequest.newBuilder().setAfterRevision(first.revision()).build())
            .awaitFailure());
    assertEquals(
        Status.Code.OUT_OF_RANGE,
        watch(WatchZonesRequest.newBuilder().setAfterRevision(1_000_000).build()).awaitFailure());
    assertEquals(
        Status.Code.INVALID_ARGUMENT,
        watch(WatchZonesRequest.newBuilder().setAfterRevision(-1).build()).awaitFailure());
  }

  @Test
  void watchZones_validityStartsAndEnds_isTold() {
    Caller caller = watch(WatchZonesRequest.getDefaultInstance());
    caller.awaitTold("CAUGHT_UP");
    Instant now = Instant.now();
    Area area =
        new Area(
            "a",
            "timed",
            Map.of(),
            0,
            new Validity(Optional.of(now.plusMillis(300)), Optional.of(now.plusMillis(900))));

    store
        .zones()
        .create(new ZoneDraft("thing", area, square(), Optional.empty()), Optional.empty());

    caller.awaitTold("CAUGHT_UP", "PUT thing/a", "STARTED thing/a", "ENDED thing/a");
    assertEquals(1, caller.last().getRevision());
    assertEquals(now.plusMillis(900).getEpochSecond(), caller.last().getTime().getSeconds());
  }

  @Test
  void watchZones_moreThanMay_isRefusedUntilOneIsGone() {
    Caller first = watch(WatchZonesRequest.getDefaultInstance());
    Caller second = watch(WatchZonesRequest.getDefaultInstance());
    first.awaitTold("CAUGHT_UP");
    second.awaitTold("CAUGHT_UP");

    assertEquals(
        Status.Code.RESOURCE_EXHAUSTED,
        watch(WatchZonesRequest.getDefaultInstance()).awaitFailure());

    first.call.cancel("enough", null);
    await()
        .atMost(SOON)
        .until(() -> {
          Caller again = watch(WatchZonesRequest.getDefaultInstance());
          await().atMost(SOON).until(() -> again.failure != null || !again.told.isEmpty());
          return again.failure == null;
        });
  }

  @Test
  void watchZones_callerWhoDoesNotRead_isWaitedForAndMissesNothing() {
    IntStream.range(0, 500).forEach(i -> create("thing", "z%03d".formatted(i)));
    Caller slow = new Caller(false);
    ZonesGrpc.newStub(loopback.channel()).watchZones(WatchZonesRequest.getDefaultInstance(), slow);
    Zone other = create("thing", "zz");
    Caller fast =
        watch(WatchZonesRequest.newBuilder().setAfterRevision(other.revision() - 1).build());
    fast.awaitTold("PUT thing/zz");

    slow.call.request(10_000);

    await().atMost(SOON).until(() -> slow.told.size() >= 502);
    assertEquals(
        502L,
        slow.told.stream()
            .map(told -> told.getChange() + told.getZone().getId())
            .distinct()
            .count());
  }

  @Test
  void watchZones_serverStops_isUnavailable() {
    Caller caller = watch(WatchZonesRequest.getDefaultInstance());
    caller.awaitTold("CAUGHT_UP");

    loopback.server.stop(Duration.ofSeconds(5), Duration.ofSeconds(5));

    assertEquals(Status.Code.UNAVAILABLE, caller.awaitFailure());
  }

  private Zone create(String collection, String id) {
    return store.zones().create(draft(collection, id), Optional.empty());
  }

  private static ZoneDraft draft(String collection, String id) {
    return new ZoneDraft(collection, new Area(id, "n", Map.of()), square(), Optional.empty());
  }

  private static org.locationtech.jts.geom.Geometry square() {
    return new GeometryFactory().toGeometry(new Envelope(0, 1, 0, 1));
  }

  private Caller watch(WatchZonesRequest request) {
    Caller caller = new Caller(true);
    ZonesGrpc.newStub(loopback.channel()).watchZones(request, caller);
    return caller;
  }

  /** Keeps what it is told. */
  private static final class Caller
      implements ClientResponseObserver<WatchZonesRequest, WatchZonesResponse> {
    private final List<WatchZonesResponse> told = new CopyOnWriteArrayList<>();
    private final boolean reads;
    private volatile Throwable failure;
    private ClientCallStreamObserver<WatchZonesRequest> call;

    Caller(boolean reads) {
      this.reads = reads;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<WatchZonesRequest> started) {
      call = started;
      if (!reads) {
        started.disableAutoRequestWithInitial(0);
      }
    }

    @Override
    public void onNext(WatchZonesResponse response) {
      told.add(response);
    }

    @Override
    public void onError(Throwable e) {
      failure = e;
    }

    @Override
    public void onCompleted() {}

    WatchZonesResponse last() {
      return told.getLast();
    }

    void awaitTold(String... expected) {
      try {
        await().atMost(SOON).until(() -> told.size() >= expected.length);
      } finally {
        assertEquals(
            List.of(expected),
            told.stream()
                .map(one ->
                    one.getChange().name().substring("CHANGE_".length())
                        + (one.getChange() == Change.CHANGE_CAUGHT_UP
                            ? ""
                            : " " + one.getZone().getCollection() + "/" + one.getZone().getId()))
                .toList(),
            String.valueOf(failure));
      }
    }

    Status.Code awaitFailure() {
      await().atMost(SOON).until(() -> failure != null);
      return ((StatusRuntimeException) failure).getStatus().getCode();
    }
  }
}
