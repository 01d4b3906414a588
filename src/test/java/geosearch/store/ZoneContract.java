package geosearch.store;

import static geosearch.store.StoreContract.area;
import static geosearch.store.StoreContract.assertFails;
import static geosearch.store.StoreContract.assertSameZone;
import static geosearch.store.StoreContract.square;
import static geosearch.store.StoreContract.wkt;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import geosearch.geo.Area;
import geosearch.geo.Circle;
import geosearch.geo.Layer;
import geosearch.geo.Validity;
import geosearch.store.DatasetWriter.Provenance;
import geosearch.store.StoreException.Kind;
import geosearch.store.Zones.Request;
import geosearch.store.Zones.Selection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.locationtech.jts.geom.Geometry;

/** The laws of collections and of the past of zones, which every {@link Store} keeps. */
abstract class ZoneContract {

  private static final ZoneLimits LIMITS =
      new ZoneLimits(1000, 4, Duration.ofDays(1), Duration.ofDays(1));

  /** Keeps nothing longer than it must. */
  private static final ZoneLimits FORGETFUL = new ZoneLimits(1000, 4, Duration.ZERO, Duration.ZERO);

  Store store;

  /** As {@link StoreContract#open}. */
  abstract Store open(ZoneLimits limits);

  @BeforeEach
  final void openStore() {
    store = open(LIMITS);
  }

  @AfterEach
  final void closeStore() {
    store.close();
  }

  // Collections

  @Test
  void page_largeOutlines_endsEarlyAndSaysThatThereIsMore() {
    Geometry large = square(0, 0).getCentroid().buffer(1, 10_000);
    assertTrue(large.getNumPoints() > 40_000);
    for (String id : List.of("a", "b", "c", "d", "e")) {
      store.zones().create(area(id), large);
    }
    Selection all = new Selection("", Optional.empty(), true);
    Selection past = new Selection("", Optional.of(Instant.now().plusSeconds(60)), true);

    for (Selection which : List.of(all, past)) {
      ZonePage first = store.zones().page(which, ZoneKey.FIRST, 10);
      assertEquals(List.of("thing/a", "thing/b"), keys(first.zones()));
      assertTrue(first.more());
      ZonePage last = store.zones().page(which, new ZoneKey("thing", "d"), 10);
      assertEquals(List.of("thing/e"), keys(last.zones()));
      assertFalse(last.more());
      assertEquals(5, store.zones().list(which, ZoneKey.FIRST, 10).size());
    }
    Selection plain = new Selection("", Optional.empty(), false);
    assertEquals(5, store.zones().page(plain, ZoneKey.FIRST, 5).zones().size());
    assertFalse(store.zones().page(plain, ZoneKey.FIRST, 5).more());
    assertTrue(store.zones().page(plain, ZoneKey.FIRST, 4).more());
    ZoneChanges changes = store.zones().changes(0, 10, true);
    assertEquals(2, changes.changes().size());
    assertTrue(changes.more());
    assertEquals(changes.changes().getLast().revision(), changes.revision());
    assertEquals(5, store.zones().changes(0, 10, false).changes().size());
  }

  @Test
  void layers_zonesOfSeveralCollections_areOneEach() {
    Zone first = create("delivery", "a");
    create("no-go", "a");
    Zone last = create("delivery", "b");

    assertEquals(List.of("thing", "delivery", "no-go"), layerNames());
    LayerState delivery = state("delivery");
    assertEquals(Layer.Kind.ZONES, delivery.layer().kind());
    assertEquals(last.revision(), delivery.revision());
    assertTrue(first.revision() < last.revision());
    assertEquals(Set.of("a", "b"), StoreContents.of(store, "delivery").areas.keySet());
    assertEquals(Set.of("a"), StoreContents.of(store, "no-go").areas.keySet());
    assertTrue(StoreContents.of(store, "thing").areas.isEmpty());
  }

  @Test
  void delete_lastZoneOfACollection_leavesAnEmptyLayer() {
    create("delivery", "a");

    store.zones().delete(new ZoneKey("delivery", "a"), OptionalLong.empty());

    assertEquals(List.of("thing", "delivery"), layerNames());
    assertTrue(StoreContents.of(store, "delivery").areas.isEmpty());
  }

  @Test
  void create_collectionThatIsAnImportedLayer_isRefused() {
    importArea("commune");

    assertFails(Kind.REFUSED, () -> create("commune", "a"), "commune");
    assertEquals(Layer.Kind.DATASET, state("commune").layer().kind());
  }

  @Test
  void begin_layerThatIsACollection_isRefusedUntilItIsEmpty() {
    create("delivery", "a");

    assertFails(Kind.REFUSED, () -> store.datasets().begin("delivery"), "delivery", "zones");
    store.zones().delete(new ZoneKey("delivery", "a"), OptionalLong.empty());
    importArea("delivery");

    assertEquals(Layer.Kind.DATASET, state("delivery").layer().kind());
    assertEquals(Set.of("imported"), StoreContents.of(store, "delivery").areas.keySet());
  }

  @Test
  void create_moreCollectionsThanMayBe_isFull() {
    create("a", "z");
    create("b", "z");
    create("c", "z");

    assertFails(Kind.FULL, () -> create("d", "z"), "4", "zones.max-collections");
    create("c", "y");
    create("thing", "z");
  }

  @Test
  void list_severalCollections_isInTheOrderOfCollectionAndId() {
    create("b", "1");
    create("a", "2");
    create("thing", "0");
    create("a", "1");

    assertEquals(List.of("a/1", "a/2", "b/1", "thing/0"), keys(list("", ZoneKey.FIRST, 10)));
    assertEquals(List.of("a/2", "b/1"), keys(list("", new ZoneKey("a", "1"), 2)));
    assertEquals(List.of("b/1"), keys(list("b", ZoneKey.FIRST, 10)));
    assertEquals(List.of("a/2"), keys(list("a", new ZoneKey("a", "1"), 10)));
    assertEquals(List.of(), keys(list("c", ZoneKey.FIRST, 10)));
  }

  // What a zone has

  @Test
  void create_validityAndCircle_areKeptAndRead() {
    Validity validity =
        new Validity(
            Optional.of(Instant.parse("0001-01-01T00:00:00.000001Z")),
            Optional.of(Instant.parse("9999-12-31T23:59:59.999999Z")));
    Circle circle = new Circle(-45.125, 179.5, 1234.5);
    Area area = new Area("z", "timed", Map.of("a", "b"), 3, validity);

    Zone zone =
        store
            .zones()
            .create(
                new ZoneDraft("delivery", area, square(3, 3), Optional.of(circle)),
                Optional.empty());

    assertEquals(area, zone.area());
    assertEquals(Optional.of(circle), zone.circle());
    assertEquals(zone.createTime(), zone.updateTime());
    assertSame(zone, store.zones().get(zone.key(), Optional.empty()));
    assertSame(zone, list("delivery", ZoneKey.FIRST, 10).getFirst());
    assertSame(zone, store.zones().changes(0, 10, true).changes().getLast().zone().orElseThrow());
    assertEquals(Map.of("z", area), StoreContents.of(store, "delivery").areas);
  }

  @Test
  void read_validityWithOneSide_isKept() {
    Instant noon = Instant.parse("2026-03-01T12:00:00.123456Z");
    Area from = new Area("from", "n", Map.of(), 0, validity(Optional.of(noon), Optional.empty()));
    Area until = new Area("until", "n", Map.of(), 0, validity(Optional.empty(), Optional.of(noon)));
    for (Area area : List.of(from, until)) {
      store.zones().create(draft("thing", area), Optional.empty());
    }

    assertEquals(Map.of("from", from, "until", until), StoreContents.of(store, "thing").areas);
  }

  // Updates

  @Test
  void update_zone_isPutInItsPlaceWithARevisionOfItsOwn() {
    Zone before = create("delivery", "a");
    Zone other = create("delivery", "b");
    Area area = new Area("a", "changed", Map.of("x", "y"), 9);
    Geometry outline = wkt("POLYGON ((5 5, 6 5, 6 6, 5 5))");

    Zone after =
        store
            .zones()
            .update(new ZoneDraft("delivery", area, outline, Optional.empty()), before.revision());

    assertTrue(after.revision() > other.revision());
    assertEquals(before.createTime(), after.createTime());
    assertFalse(after.updateTime().orElseThrow().isBefore(before.updateTime().orElseThrow()));
    assertEquals(area, after.area());
    assertSame(after, store.zones().get(after.key(), Optional.empty()));
    assertEquals(Set.of("a", "b"), StoreContents.of(store, "delivery").areas.keySet());
    assertEquals(after.revision(), state("delivery").revision());
  }

  @Test
  void updateAndDelete_ofAnotherStateThanExpected_changeNothing() {
    Zone first = create("delivery", "a");
    Zone second = store.zones().update(draft("delivery", area("a")), first.revision());

    assertFails(
        Kind.CHANGED,
        () -> store.zones().update(draft("delivery", area("a")), first.revision()),
        "a");
    assertFails(
        Kind.CHANGED,
        () -> store.zones().delete(first.key(), OptionalLong.of(first.revision())),
        "a");
    assertSame(second, store.zones().get(first.key(), Optional.empty()));

    store.zones().delete(first.key(), OptionalLong.of(second.revision()));
    assertFails(Kind.NOT_FOUND, () -> store.zones().get(first.key(), Optional.empty()), "a");
  }

  @Test
  void anyMethod_zoneThatIsNotThere_isNotFound() {
    create("delivery", "a");
    ZoneKey elsewhere = new ZoneKey("no-go", "a");

    assertFails(Kind.NOT_FOUND, () -> store.zones().get(elsewhere, Optional.empty()), "no-go");
    assertFails(
        Kind.NOT_FOUND, () -> store.zones().get(elsewhere, Optional.of(Instant.now())), "no-go");
    assertFails(Kind.NOT_FOUND, () -> store.zones().update(draft("no-go", area("a")), 1), "no-go");
    assertFails(
        Kind.NOT_FOUND, () -> store.zones().delete(elsewhere, OptionalLong.empty()), "no-go");
  }

  // Requests that are made again

  @Test
  void create_sameRequestAgain_createsNothingTwice() {
    ZoneDraft asked = draft("delivery", area("made-up-1"));
    Zone first = store.zones().create(asked, request("r", "content"));
    store.zones().update(draft("delivery", area("made-up-1", "changed")), first.revision());

    Zone again =
        store.zones().create(draft("delivery", area("made-up-2")), request("r", "content"));

    assertSame(first, again);
    assertEquals(List.of("delivery/made-up-1"), keys(list("", ZoneKey.FIRST, 10)));
  }

  @Test
  void create_sameRequestWithAnotherContent_isContradictory() {
    store.zones().create(draft("delivery", area("a")), request("r", "content"));

    assertFails(
        Kind.CONTRADICTORY,
        () -> store.zones().create(draft("delivery", area("b")), request("r", "other")),
        "r");
    assertEquals(1, list("", ZoneKey.FIRST, 10).size());
  }

  @Test
  void create_failedRequestAgain_isTriedAnew() {
    create("delivery", "a");
    assertFails(
        Kind.ALREADY_EXISTS,
        () -> store.zones().create(draft("delivery", area("a")), request("r", "c")));
    store.zones().delete(new ZoneKey("delivery", "a"), OptionalLong.empty());

    assertEquals(
        "a", store.zones().create(draft("delivery", area("a")), request("r", "c")).area().id());
  }

  @Test
  void create_sameRequestFromSeveralAtOnce_createsOne() throws Exception {
    Set<Long> revisions = new HashSet<>();
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      List<Future<Zone>> all = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        String id = "made-up-" + i;
        all.add(
            threads.submit(
                () -> store.zones().create(draft("delivery", area(id)), request("r", "content"))));
      }
      for (Future<Zone> each : all) {
        revisions.add(each.get().revision());
      }
    }

    assertEquals(1, revisions.size());
    assertEquals(1, list("", ZoneKey.FIRST, 10).size());
  }

  // The past

  @Test
  void changes_afterARevision_areAllThatCameInTheirOrder() {
    Zone a = create("delivery", "a");
    Zone b = create("no-go", "b");
    Zone changed = store.zones().update(draft("delivery", area("a", "changed")), a.revision());
    long gone = store.zones().delete(b.key(), OptionalLong.empty());

    ZoneChanges all = store.zones().changes(0, 10, true);
    assertEquals(
        List.of(a.revision(), b.revision(), changed.revision(), gone),
        all.changes().stream().map(ZoneChange::revision).toList());
    assertFalse(all.more());
    assertEquals(gone, all.revision());
    assertSame(a, all.changes().getFirst().zone().orElseThrow());
    assertSame(changed, all.changes().get(2).zone().orElseThrow());
    assertEquals(b.key(), all.changes().getLast().key());
    assertTrue(all.changes().getLast().zone().isEmpty());

    ZoneChanges some = store.zones().changes(a.revision(), 2, false);
    assertTrue(some.more());
    assertEquals(changed.revision(), some.revision());
    assertEquals(2, some.changes().size());
    assertTrue(some.changes().getFirst().zone().orElseThrow().outline().isEmpty());

    assertEquals(new ZoneChanges(List.of(), gone, false), store.zones().changes(gone, 1, true));
    assertFails(Kind.OUT_OF_RANGE, () -> store.zones().changes(gone + 1, 1, true));
  }

  @Test
  void get_asOfAnEarlierMoment_isTheZoneAsItWas() {
    Instant before = Instant.now().minusSeconds(60);
    Zone first = create("delivery", "a");
    Zone second = store.zones().update(draft("delivery", area("a", "changed")), first.revision());
    create("delivery", "b");
    long gone = store.zones().delete(first.key(), OptionalLong.empty());
    Instant end = time(gone);

    assertSame(first, get(first.key(), time(first.revision())));
    assertSame(first, get(first.key(), time(second.revision()).minusNanos(1000)));
    assertSame(second, get(first.key(), time(second.revision())));
    assertSame(second, get(first.key(), end.minusNanos(1000)));
    assertFails(Kind.NOT_FOUND, () -> get(first.key(), before), "a");
    assertFails(Kind.NOT_FOUND, () -> get(first.key(), end), "a");
  }

  @Test
  void list_asOfAnEarlierMoment_isWhatThereWas() {
    Zone a = create("delivery", "a");
    Zone b = create("no-go", "b");
    store.zones().update(draft("delivery", area("a", "changed")), a.revision());
    long gone = store.zones().delete(b.key(), OptionalLong.empty());
    create("delivery", "c");

    Selection then = new Selection("", Optional.of(time(b.revision())), true);
    List<Zone> zones = store.zones().list(then, ZoneKey.FIRST, 10);
    assertEquals(List.of("delivery/a", "no-go/b"), keys(zones));
    assertSame(a, zones.getFirst());
    assertEquals(List.of("no-go/b"), keys(store.zones().list(then, a.key(), 1)));
    assertEquals(
        List.of("delivery/a"),
        keys(
            store
                .zones()
                .list(
                    new Selection("delivery", Optional.of(time(gone)), false), ZoneKey.FIRST, 10)));
  }

  @Test
  void past_olderThanItIsKept_isForgotten() {
    store.close();
    store = open(FORGETFUL);
    Zone kept = create("delivery", "kept");
    Instant early = time(kept.revision());
    store.zones().create(draft("delivery", area("once")), request("r", "c"));
    for (int i = 0; i < ZoneLimits.CHANGES_PER_SWEEP; i++) {
      Zone zone = create("delivery", "z");
      store.zones().delete(zone.key(), OptionalLong.empty());
    }
    long latest = create("delivery", "last").revision();

    assertFails(
        Kind.OUT_OF_RANGE,
        () -> store.zones().changes(kept.revision(), 10, false),
        "zones.keep-revisions");
    assertFails(Kind.OUT_OF_RANGE, () -> get(kept.key(), early), "zones.keep-revisions");
    assertSame(kept, store.zones().get(kept.key(), Optional.empty()));
    assertSame(kept, get(kept.key(), Instant.now()));
    assertTrue(store.zones().changes(latest, 10, false).changes().isEmpty());
    assertTrue(past("delivery", new ArrayList<>()).begin().isPresent());
    assertFails(
        Kind.ALREADY_EXISTS,
        () -> store.zones().create(draft("delivery", area("once")), request("r", "c")));
  }

  @Test
  void past_zonesThatChanged_isEveryStateWithWhenItWasKept() {
    Zone first = create("delivery", "a");
    create("thing", "other");
    Zone second =
        store
            .zones()
            .update(draft("delivery", new Area("a", "renamed", Map.of())), first.revision());
    Zone gone = create("delivery", "b");
    long revision = store.zones().delete(gone.key(), OptionalLong.empty());
    Instant deleted = store.zones().changes(revision - 1, 1, false).changes().getFirst().time();

    List<String> states = new ArrayList<>();
    ZonePast past = past("delivery", states);

    assertEquals(
        Set.of(
            state(first, second.updateTime()),
            state(second, Optional.empty()),
            state(gone, Optional.of(deleted))),
        Set.copyOf(states));
    assertEquals(3, states.size());
    assertEquals(new ZonePast(revision, Optional.empty()), past);
  }

  /** Reads the states of a collection's zones into a list. */
  private ZonePast past(String collection, List<String> states) {
    AreaSink sink =
        new AreaSink() {
          @Override
          public void accept(Area area, Geometry outline) {
            assertTrue(outline.isValid());
            states.add(area.id() + " " + area.name() + " " + area.kept());
          }

          @Override
          public void skip(String id, String reason) {
            throw new AssertionError(id + " " + reason);
          }
        };
    return store.zones().past(collection, sink);
  }

  private static String state(Zone zone, Optional<Instant> end) {
    return zone.area().id() + " " + zone.area().name() + " " + new Validity(zone.updateTime(), end);
  }

  @Test
  void open_afterClose_hasThePast() {
    Zone first = create("delivery", "a");
    Zone second = store.zones().update(draft("delivery", area("a", "changed")), first.revision());
    ZoneChanges changes = store.zones().changes(0, 10, false);

    store.close();
    store = open(LIMITS);

    assertEquals(changes, store.zones().changes(0, 10, false));
    assertSame(first, get(first.key(), time(second.revision()).minusNanos(1000)));
    assertEquals(List.of("thing", "delivery"), layerNames());
  }

  // What the tests speak of

  private Zone create(String collection, String id) {
    return store.zones().create(draft(collection, area(id)), Optional.empty());
  }

  private static ZoneDraft draft(String collection, Area area) {
    return new ZoneDraft(collection, area, square(3, 3), Optional.empty());
  }

  private static Optional<Request> request(String id, String content) {
    return Optional.of(new Request(id, content));
  }

  private static Validity validity(Optional<Instant> start, Optional<Instant> end) {
    return new Validity(start, end);
  }

  private Zone get(ZoneKey key, Instant asOf) {
    return store.zones().get(key, Optional.of(asOf));
  }

  /** When a change was made. */
  private Instant time(long revision) {
    return store.zones().changes(revision - 1, 1, false).changes().getFirst().time();
  }

  private List<Zone> list(String collection, ZoneKey after, int limit) {
    return store.zones().list(new Selection(collection, Optional.empty(), true), after, limit);
  }

  private static List<String> keys(List<Zone> zones) {
    return zones.stream().map(zone -> zone.collection() + "/" + zone.area().id()).toList();
  }

  private static void assertSame(Zone expected, Zone actual) {
    assertSameZone(expected, actual);
    assertEquals(expected.collection(), actual.collection());
    assertEquals(expected.circle(), actual.circle());
    assertEquals(expected.updateTime(), actual.updateTime());
  }

  private LayerState state(String layer) {
    return store.layers().stream()
        .filter(state -> state.layer().name().equals(layer))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no layer " + layer));
  }

  private List<String> layerNames() {
    return store.layers().stream().map(state -> state.layer().name()).toList();
  }

  private void importArea(String layer) {
    try (DatasetWriter writer = store.datasets().begin(layer)) {
      writer.add(1, area("imported"), square(0, 0));
      writer.commit(new Provenance("test.geojson", "00ff", 0, 0, "", 0), false);
    }
  }
}
