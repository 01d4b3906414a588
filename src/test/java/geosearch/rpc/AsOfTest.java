package geosearch.rpc;

import static geosearch.rpc.GeoSearchServer.at;
import static geosearch.rpc.ZoneMessages.timestamp;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Timestamp;
import com.google.rpc.ErrorInfo;
import geosearch.config.FollowConfig;
import geosearch.geo.Area;
import geosearch.geo.Validity;
import geosearch.health.Readiness;
import geosearch.load.EarlierStates;
import geosearch.load.Follower;
import geosearch.metrics.Metrics;
import geosearch.store.EmbeddedStore;
import geosearch.store.Store;
import geosearch.store.Zone;
import geosearch.store.ZoneDraft;
import geosearch.store.ZoneLimits;
import geosearch.testing.WatchedStore;
import geosearch.v1.FindAreasRequest;
import geosearch.v1.GetAreaRequest;
import geosearch.v1.GetAreaResponse;
import geosearch.v1.LocateBatchRequest;
import geosearch.v1.LocateBatchResponse;
import geosearch.v1.LocateOptions;
import geosearch.v1.LocateRequest;
import geosearch.v1.LocateResponse;
import geosearch.v1.LocateStreamRequest;
import geosearch.v1.LocateStreamResponse;
import geosearch.v1.PositionAnswer;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.locationtech.jts.io.WKTReader;

/** Answers about zones as they were. */
class AsOfTest {

  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir private Path folder;

  private final AtomicInteger reads = new AtomicInteger();
  private Store store;
  private Follower follower;
  private EarlierStates states;
  private GeoSearchServer server;

  @BeforeEach
  void serve() throws Exception {
    serve(new ZoneLimits(1000, 10, Duration.ofDays(1), Duration.ofDays(1)), 100_000);
  }

  private void serve(ZoneLimits limits, int room) throws Exception {
    store = EmbeddedStore.open(folder, limits);
    states =
        new EarlierStates(
            WatchedStore.of(
                store,
                method -> {
                  if (method.equals("Zones.past")) {
                    reads.incrementAndGet();
                  }
                }),
            room);
    server = GeoSearchServer.remembering(states, InstantSource.system(), Duration.ofMinutes(2));
    follower =
        new Follower(
            store,
            server.atlas,
            new Readiness().condition("layers"),
            new Metrics(new SimpleMeterRegistry()),
            new FollowConfig(Duration.ofHours(1), Duration.ofMillis(10), Duration.ofMillis(20)));
    follower.start();
    follower.awaitRevision(store.zones().revision(), SOON);
  }

  @AfterEach
  void close() {
    server.close();
    follower.close();
    states.close();
    store.close();
  }

  @Test
  void locate_asOfBeforeAChange_isWhatThereWas() throws Exception {
    Zone created = create("a", "first", 0, Validity.ALWAYS);
    pass(created);
    Zone changed =
        store.zones().update(draft("a", "second", 10, Validity.ALWAYS), created.revision());
    pass(changed);
    long gone = store.zones().delete(created.key(), OptionalLong.empty());
    follower.awaitRevision(gone, SOON);
    Instant deleted = store.zones().changes(gone - 1, 1, false).changes().getFirst().time();
    pass(deleted);

    assertEquals(List.of(), located(0, created.updateTime().orElseThrow().minusNanos(1000)));
    assertEquals(List.of("a first"), located(0, created.updateTime().orElseThrow()));
    assertEquals(
        List.of("a first"), located(0, changed.updateTime().orElseThrow().minusNanos(1000)));
    assertEquals(List.of(), located(0, changed.updateTime().orElseThrow()));
    assertEquals(List.of("a second"), located(10, changed.updateTime().orElseThrow()));
    assertEquals(List.of("a second"), located(10, deleted.minusNanos(1000)));
    assertEquals(List.of(), located(10, deleted));
  }

  @Test
  void locate_asOfWithValidityAsItWasThen_isNotThatOfNow() throws Exception {
    Instant end = Instant.now().plus(Duration.ofDays(1));
    Zone created = create("a", "first", 0, new Validity(Optional.empty(), Optional.of(end)));
    pass(created);
    Zone changed =
        store.zones().update(draft("a", "first", 0, Validity.ALWAYS), created.revision());
    follower.awaitRevision(changed.revision(), SOON);
    pass(changed);

    LocateResponse response = server.stub().locate(request(0, created.updateTime().orElseThrow()));

    assertEquals(end.getEpochSecond(), response.getAreas(0).getArea().getValidUntil().getSeconds());
    assertEquals(0, response.getLayers(0).getGeneration());
    // What was told of a time to come holds from the present state.
    assertEquals(List.of("a first"), located(0, end.plusSeconds(1)));
  }

  @Test
  void getAreaAndFindAreas_asOfBeforeAChange_areWhatThereWas() throws Exception {
    Zone created = create("a", "first", 0, Validity.ALWAYS);
    pass(created);
    Zone changed =
        store.zones().update(draft("a", "second", 10, Validity.ALWAYS), created.revision());
    follower.awaitRevision(changed.revision(), SOON);
    pass(changed);
    Timestamp then = timestamp(created.updateTime().orElseThrow());

    GetAreaResponse area =
        server
            .stub()
            .getArea(
                GetAreaRequest.newBuilder().setLayer("thing").setId("a").setAsOf(then).build());
    assertEquals("first", area.getArea().getName());
    assertEquals(0, area.getBounds().getWest());
    assertEquals(
        1,
        server
            .stub()
            .findAreas(FindAreasRequest.newBuilder().setName("first").setAsOf(then).build())
            .getAreasCount());
    assertEquals(
        0,
        server
            .stub()
            .findAreas(FindAreasRequest.newBuilder().setName("second").setAsOf(then).build())
            .getAreasCount());
  }

  @Test
  void locate_randomChanges_isAsANaiveModelSays() throws Exception {
    Random random = new Random(20261123);
    Model model = new Model();
    for (int round = 0; round < 150; round++) {
      model.change(random);
      if (round % 10 == 9) {
        follower.awaitRevision(store.zones().revision(), SOON);
        check(model, random);
      }
    }
    assertEquals(1, reads.get());
  }

  private void check(Model model, Random random) throws Exception {
    pass(model.lastChange());
    List<Instant> moments = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Instant change = model.changes.get(random.nextInt(model.changes.size()));
      moments.add(change.plusNanos(1000L * (random.nextInt(3) - 1)));
    }
    LocateBatchRequest.Builder batch = LocateBatchRequest.newBuilder();
    List<List<String>> expectedOfBatch = new ArrayList<>();
    BlockingQueue<LocateStreamResponse> answers = new LinkedBlockingQueue<>();
    StreamObserver<LocateStreamRequest> stream = server.stream(answers);
    for (Instant moment : moments) {
      double longitude = random.nextInt(4) + 0.5;
      List<String> expected = model.at(longitude, moment);

      assertEquals(
          expected,
          named(server.stub().locate(request(longitude - 0.5, moment))),
          () -> "" + moment);
      stream.onNext(
          LocateStreamRequest.newBuilder()
              .setPosition(at(0.5, longitude))
              .setAsOf(timestamp(moment))
              .build());
      LocateStreamResponse answer =
          Objects.requireNonNull(answers.poll(30, TimeUnit.SECONDS), "no answer came");
      assertEquals(
          expected,
          answer.getAreasList().stream()
              .map(area -> area.getArea().getId() + " " + area.getArea().getName())
              .sorted()
              .toList());
      batch.addLatitudes(0.5).addLongitudes(longitude).addAsOfUnixMs(moment.toEpochMilli());
      expectedOfBatch.add(model.at(longitude, Instant.ofEpochMilli(moment.toEpochMilli())));
    }
    stream.onCompleted();
    LocateBatchResponse response = server.stub().locateBatch(batch.build());
    for (int i = 0; i < moments.size(); i++) {
      assertEquals(expectedOfBatch.get(i), named(response, response.getAnswers(i)));
    }
  }

  @Test
  void locate_asOfBeforeAllChanges_takesNoFurtherReading() throws Exception {
    Zone created = create("a", "first", 0, Validity.ALWAYS);
    pass(created);
    assertEquals(List.of("a first"), located(0, created.updateTime().orElseThrow()));
    store.close();

    assertEquals(
        List.of(), located(0, created.updateTime().orElseThrow().minus(Duration.ofDays(1))));
  }

  @Test
  void locate_asOfLongerAgoThanStatesAreKept_isOutOfRangeWithDetails() throws Exception {
    close();
    serve(new ZoneLimits(1000, 10, Duration.ZERO, Duration.ZERO), 100_000);
    Zone first = create("kept", "kept", 0, Validity.ALWAYS);
    for (int i = 0; i < 64; i++) {
      Zone zone = create("z", "z", 0, Validity.ALWAYS);
      store.zones().delete(zone.key(), OptionalLong.empty());
    }
    Zone last = create("last", "last", 0, Validity.ALWAYS);
    follower.awaitRevision(last.revision(), SOON);
    pass(last);
    Instant early = first.updateTime().orElseThrow();

    StatusRuntimeException e =
        assertThrows(StatusRuntimeException.class, () -> server.stub().locate(request(0, early)));
    assertEquals(Status.Code.OUT_OF_RANGE, e.getStatus().getCode());
    com.google.rpc.Status status = Objects.requireNonNull(StatusProto.fromThrowable(e));
    assertEquals("OUT_OF_RANGE", status.getDetails(0).unpack(ErrorInfo.class).getReason());

    LocateBatchResponse batch =
        server
            .stub()
            .locateBatch(
                LocateBatchRequest.newBuilder()
                    .addLatitudes(0.5)
                    .addLongitudes(0.5)
                    .addAsOfUnixMs(early.toEpochMilli())
                    .addLatitudes(0.5)
                    .addLongitudes(0.5)
                    .addAsOfUnixMs(0)
                    .build());
    assertEquals(Status.Code.OUT_OF_RANGE.value(), batch.getAnswers(0).getError().getCode());
    assertEquals(List.of("kept kept", "last last"), named(batch, batch.getAnswers(1)));

    BlockingQueue<LocateStreamResponse> answers = new LinkedBlockingQueue<>();
    StreamObserver<LocateStreamRequest> stream = server.stream(answers);
    stream.onNext(
        LocateStreamRequest.newBuilder()
            .setPosition(at(0.5, 0.5))
            .setAsOf(timestamp(early))
            .build());
    LocateStreamResponse answer =
        Objects.requireNonNull(answers.poll(30, TimeUnit.SECONDS), "no answer came");
    assertEquals(Status.Code.OUT_OF_RANGE.value(), answer.getError().getCode());
    stream.onCompleted();
  }

  @Test
  void locate_statesWithoutRoom_areRefused() throws Exception {
    close();
    serve(new ZoneLimits(1000, 10, Duration.ofDays(1), Duration.ofDays(1)), 8);
    Zone first = create("a", "first", 0, Validity.ALWAYS);
    pass(first);
    Instant moment = first.updateTime().orElseThrow();
    assertEquals(List.of("a first"), located(0, moment));
    Zone second = create("b", "second", 0, Validity.ALWAYS);
    pass(second);

    StatusRuntimeException e =
        assertThrows(
            StatusRuntimeException.class,
            () -> server.stub().locate(request(0, second.updateTime().orElseThrow())));

    assertEquals(Status.Code.FAILED_PRECONDITION, e.getStatus().getCode());
    assertTrue(
        String.valueOf(e.getMessage()).contains("follow.max-earlier-vertices"), e.getMessage());
  }

  /** The states that zones were in, in a list. */
  private final class Model {
    private final List<Kept> kept = new ArrayList<>();
    private final Map<String, Zone> present = new TreeMap<>();
    private final List<Instant> changes = new ArrayList<>();

    private record Kept(
        String id,
        String name,
        int longitude,
        Validity validity,
        Instant start,
        AtomicReference<Instant> end) {}

    Instant lastChange() {
      return changes.getLast();
    }

    void change(Random random) {
      String id = "z" + random.nextInt(6);
      String name = "n" + random.nextInt(1000);
      int longitude = random.nextInt(4);
      Validity validity =
          random.nextBoolean() || changes.isEmpty()
              ? Validity.ALWAYS
              : new Validity(
                  Optional.empty(), Optional.of(changes.get(random.nextInt(changes.size()))));
      Zone before = present.remove(id);
      if (before != null && random.nextInt(3) == 0) {
        long gone = store.zones().delete(before.key(), OptionalLong.empty());
        end(id, store.zones().changes(gone - 1, 1, false).changes().getFirst().time());
        return;
      }
      ZoneDraft draft = draft(id, name, longitude, validity);
      Zone after =
          before == null
              ? store.zones().create(draft, Optional.empty())
              : store.zones().update(draft, before.revision());
      present.put(id, after);
      Instant time = after.updateTime().orElseThrow();
      end(id, time);
      kept.add(new Kept(id, name, longitude, validity, time, new AtomicReference<>()));
    }

    private void end(String id, Instant time) {
      changes.add(time);
      for (Kept one : kept) {
        if (one.id.equals(id) && one.end.get() == null) {
          one.end.set(time);
        }
      }
    }

    List<String> at(double longitude, Instant moment) {
      TreeSet<String> found = new TreeSet<>();
      for (Kept one : kept) {
        if (one.longitude == (int) longitude
            && !moment.isBefore(one.start)
            && (one.end.get() == null || moment.isBefore(one.end.get()))
            && one.validity.holdsAt(moment)) {
          found.add(one.id + " " + one.name);
        }
      }
      return List.copyOf(found);
    }
  }

  private Zone create(String id, String name, double longitude, Validity validity) {
    Zone zone = store.zones().create(draft(id, name, longitude, validity), Optional.empty());
    try {
      follower.awaitRevision(zone.revision(), SOON);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    return zone;
  }

  private static ZoneDraft draft(String id, String name, double longitude, Validity validity) {
    try {
      return new ZoneDraft(
          Store.ZONE_LAYER,
          new Area(id, name, Map.of(), 0, validity),
          new WKTReader().read(Layers.box(longitude, 0, longitude + 1, 1)),
          Optional.empty());
    } catch (org.locationtech.jts.io.ParseException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static void pass(Zone zone) {
    pass(zone.updateTime().orElseThrow());
  }

  /** Waits until a moment is in the past, some microseconds after it. */
  private static void pass(Instant moment) {
    while (!Instant.now().isAfter(moment.plusNanos(5_000))) {
      Thread.onSpinWait();
    }
  }

  private List<String> located(double longitude, Instant moment) {
    return named(server.stub().locate(request(longitude, moment)));
  }

  private static LocateRequest request(double longitude, Instant moment) {
    return LocateRequest.newBuilder()
        .setPosition(at(0.5, longitude + 0.5))
        .setOptions(LocateOptions.newBuilder().setAsOf(timestamp(moment)))
        .build();
  }

  private static List<String> named(LocateResponse response) {
    return response.getAreasList().stream()
        .map(area -> area.getArea().getId() + " " + area.getArea().getName())
        .sorted()
        .toList();
  }

  private static List<String> named(LocateBatchResponse response, PositionAnswer answer) {
    return answer.getAreasList().stream()
        .map(match -> response.getAreas(match.getAreaIndex()))
        .map(area -> area.getId() + " " + area.getName())
        .sorted()
        .toList();
  }
}
