package geosearch.store;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import geosearch.geo.Area;
import geosearch.geo.Layer;
import geosearch.store.DatasetWriter.Provenance;
import geosearch.store.Store.Listening;
import geosearch.store.StoreException.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.io.ParseException;
import org.locationtech.jts.io.WKTReader;

/** The laws that every {@link Store} keeps. */
abstract class StoreContract {

  static final String LAYER = "commune";
  static final int MAX_ZONES = 1000;

  private static final GeometryFactory GEOMETRY = new GeometryFactory();
  private static final Duration SOON = Duration.ofSeconds(10);

  /** Open during each test. A test that closes it puts the next one here. */
  Store store;

  /**
   * Opens the store that belongs to this test: a new one the first time, and the very same data
   * whenever a test opens it again after closing it.
   */
  abstract Store open(int maxZones);

  @BeforeEach
  final void openStore() {
    store = open(MAX_ZONES);
  }

  @AfterEach
  final void closeStore() {
    store.close();
  }

  // Layers

  @Test
  void layers_newStore_areTheZonesAlone() {
    List<LayerState> layers = store.layers();

    assertEquals(1, layers.size(), layers.toString());
    Layer zones = layers.getFirst().layer();
    assertEquals(Store.ZONE_LAYER, zones.name());
    assertEquals(Layer.Kind.ZONES, zones.kind());
    assertEquals("", zones.version());
    assertFalse(zones.original());
    assertTrue(StoreContents.of(store, Store.ZONE_LAYER).areas.isEmpty());
  }

  @Test
  void layers_nothingChanged_haveTheSameFingerprint() {
    importSquares(LAYER, "a", "b");
    zone("z");

    assertEquals(store.layers(), store.layers());
  }

  @Test
  void description_ofAnyStore_saysWhatItIs() {
    assertFalse(store.description().isBlank());
  }

  @Test
  void readOnlyReason_writableStore_isAbsent() {
    assertEquals(Optional.empty(), store.readOnlyReason());
  }

  @Test
  void read_layerThatIsNotThere_isNotFound() {
    assertFails(Kind.NOT_FOUND, () -> store.read("nowhere", new StoreContents()), "nowhere");
  }

  @Test
  void read_sinkFails_passesItsFailureOnAndGoesOn() {
    importSquares(LAYER, "a", "b");
    IllegalStateException failure = new IllegalStateException("enough");
    AreaSink failing =
        new AreaSink() {
          @Override
          public void accept(Area area, Geometry outline) {
            throw failure;
          }

          @Override
          public void skip(String id, String reason) {}
        };

    for (int again = 0; again < 20; again++) {
      assertSame(failure, assertThrows(RuntimeException.class, () -> store.read(LAYER, failing)));
    }

    assertEquals(Set.of("a", "b"), StoreContents.of(store, LAYER).areas.keySet());
  }

  // Imports

  @Test
  void commit_firstVersion_isActiveAndTellsWhatItHolds() {
    Instant before = Instant.now().minusSeconds(60);
    Dataset dataset;
    try (DatasetWriter writer = store.datasets().begin(LAYER)) {
      writer.add(1, area("a"), square(0, 0));
      writer.add(3, area("b"), square(2, 0));
      dataset = writer.commit(new Provenance("a.geojson", "c0ffee", 4, 5, "Somebody", 2.5), false);
    }

    assertTrue(dataset.importTime().isAfter(before), dataset.toString());
    assertTrue(dataset.importTime().isBefore(Instant.now().plusSeconds(60)), dataset.toString());
    assertEquals(
        new Dataset(
            LAYER,
            1,
            "a.geojson",
            dataset.importTime(),
            2,
            10,
            4,
            5,
            "c0ffee",
            "Somebody",
            2.5,
            true,
            false),
        dataset);
    assertEquals(List.of(dataset), store.datasets().list());
    assertEquals(
        new Layer(LAYER, Layer.Kind.DATASET, false, "1", "a.geojson", "Somebody", 2.5),
        state(LAYER).layer());
  }

  @Test
  void read_importedLayer_givesWhatWasAdded() {
    Area plain = new Area("01001", "", Map.of());
    Area rich =
        new Area(
            "Ünï→𝄞'\"\\;--",
            "L'Abergement \"Clémenciat\" \t\n",
            Map.of("wikipedia", "fr:Lyon", "with 'quote' and \"", "{\"x\": null}\n𝄞", "empty", ""),
            7);
    Geometry polygon =
        wkt("POLYGON ((0.1 0.2, 9 0, 9 9.123456789012345, 0 9, 0.1 0.2), (1 1, 2 1, 2 2, 1 1))");
    Geometry multi =
        wkt("MULTIPOLYGON (((-180 -90, -179 -90, -179 -89, -180 -90)), ((5 5, 6 5, 6 6, 5 5)))");
    try (DatasetWriter writer = store.datasets().begin(LAYER)) {
      writer.add(1, plain, polygon);
      writer.add(2, rich, multi);
      writer.commit(provenance(), false);
    }

    StoreContents contents = new StoreContents();
    LayerContent content = store.read(LAYER, contents);

    assertEquals(Map.of(plain.id(), plain, rich.id(), rich), contents.areas);
    assertTrue(polygon.equalsExact(contents.outlines.get(plain.id())));
    assertTrue(multi.equalsExact(contents.outlines.get(rich.id())));
    assertEquals(new LayerContent(state(LAYER), 0, 0), content);
    assertTrue(contents.skipped.isEmpty());
  }

  @Test
  void read_versionThatIsNotActive_givesWhatItWas() {
    importSquares(LAYER, "a", "b");
    importSquares(LAYER, "b", "c");

    StoreContents first = new StoreContents();
    LayerContent content = store.datasets().read(LAYER, 1, first);
    StoreContents second = new StoreContents();
    store.datasets().read(LAYER, 2, second);

    assertEquals(Set.of("a", "b"), first.areas.keySet());
    assertTrue(square(0, 0).equalsExact(first.outlines.get("a")));
    assertEquals("1", content.state().layer().version());
    assertEquals(Set.of("b", "c"), second.areas.keySet());
    assertEquals(store.read(LAYER, new StoreContents()), new LayerContent(state(LAYER), 0, 0));
  }

  @Test
  void read_versionThatIsNotKept_isNotFound() {
    importSquares(LAYER, "a");
    importSquares(LAYER, "b");
    store.datasets().delete(LAYER, 1);

    assertFails(
        Kind.NOT_FOUND, () -> store.datasets().read(LAYER, 1, new StoreContents()), LAYER, "1");
    assertFails(
        Kind.NOT_FOUND, () -> store.datasets().read("nowhere", 1, new StoreContents()), "nowhere");
  }

  @Test
  void layers_severalVersions_areNamedTheNewestFirst() {
    importSquares(LAYER, "a");
    importSquares(LAYER, "a", "b");
    importSquares(LAYER, "a", "b", "c");
    store.datasets().activate(LAYER, 2);

    assertEquals("2", state(LAYER).layer().version());
    assertEquals(List.of("3", "2", "1"), state(LAYER).layer().versions());

    store.datasets().delete(LAYER, 1);
    assertEquals(List.of("3", "2"), state(LAYER).layer().versions());
  }

  @Test
  void read_outlineOfManyVertices_givesEachOfThem() {
    int count = 300_000;
    Coordinate[] ring =
        IntStream.rangeClosed(0, count)
            .mapToObj(i -> Math.TAU * (i % count) / count)
            .map(angle -> new Coordinate(80 * Math.cos(angle), 80 * Math.sin(angle)))
            .toArray(Coordinate[]::new);
    Polygon circle = GEOMETRY.createPolygon(ring);
    try (DatasetWriter writer = store.datasets().begin(LAYER)) {
      writer.add(1, area("circle"), circle);
      assertEquals(count + 1, writer.commit(provenance(), false).vertices());
    }

    assertTrue(circle.equalsExact(StoreContents.of(store, LAYER).outlines.get("circle")));
  }

  @Test
  void read_whileAnImportIsUnderWay_givesTheOldVersion() {
    importSquares(LAYER, "a");
    LayerState before = state(LAYER);
    try (DatasetWriter writer = store.datasets().begin(LAYER)) {
      writer.add(1, area("b"), square(0, 0));
      writer.add(2, area("c"), square(0, 0));

      assertEquals(before, state(LAYER));
      assertEquals(Set.of("a"), StoreContents.of(store, LAYER).areas.keySet());
      assertEquals(1, store.datasets().list().size());
      writer.commit(provenance(), false);
    }
    assertEquals(Set.of("b", "c"), StoreContents.of(store, LAYER).areas.keySet());
  }

  @Test
  void commit_secondVersion_replacesTheFirst() {
    importSquares(LAYER, "a", "b");
    String fingerprint = state(LAYER).fingerprint();

    Dataset second = importSquares(LAYER, "b", "c");

    assertEquals(2, second.version());
    assertNotEquals(fingerprint, state(LAYER).fingerprint());
    assertEquals("2", state(LAYER).layer().version());
    assertEquals(Set.of("b", "c"), StoreContents.of(store, LAYER).areas.keySet());
    assertEquals(List.of("commune 2 active", "commune 1"), versions());
  }

  @Test
  void close_withoutCommit_changesNothing() {
    importSquares(LAYER, "a", "b");
    List<LayerState> before = store.layers();

    try (DatasetWriter writer = store.datasets().begin(LAYER)) {
      writer.add(1, area("c"), square(0, 0));
    }

    assertEquals(before, store.layers());
    assertEquals(List.of("commune 1 active"), versions());
    assertEquals(Set.of("a", "b"), StoreContents.of(store, LAYER).areas.keySet());
    assertEquals("commune 2 active", describe(importSquares(LAYER, "a", "b")));
  }

  @Test
  void begin_layerOfTheZones_isRefused() {
    assertFails(Kind.REFUSED, () -> store.datasets().begin(Store.ZONE_LAYER), "zones");
  }

  @Test
  void begin_whileAnotherImportOfTheLayerIsUnderWay_isRefused() {
    try (DatasetWriter writer = store.datasets().begin(LAYER)) {
      writer.add(1, area("a"), square(0, 0));
      assertFails(Kind.REFUSED, () -> store.datasets().begin(LAYER), LAYER, "under way");
      writer.commit(provenance(), false);
    }
    importSquares(LAYER, "a", "b");
    assertEquals(List.of("commune 2 active", "commune 1"), versions());
  }

  @Test
  void commit_idsTwice_isRefusedWithTheirFeatureNumbers() {
    importSquares(LAYER, "a");
    List<LayerState> before = store.layers();

    try (DatasetWriter writer = store.datasets().begin(LAYER)) {
      for (int i = 1; i <= 24; i++) {
        writer.add(i * 10L, area("id" + i % 12), square(i, 0));
      }
      writer.add(999, area("single"), square(0, 2));
      StoreException refusal =
          assertFails(
              Kind.REFUSED,
              () -> writer.commit(provenance(), true),
              "12",
              "\"id1\" (features 10, 130)",
              "\"id10\" (features 100, 220)");
      assertFalse(refusal.getMessage().contains("id11"), refusal.getMessage());
      assertFalse(refusal.getMessage().contains("single"), refusal.getMessage());
    }

    assertEquals(before, store.layers());
    assertEquals(List.of("commune 1 active"), versions());
    assertEquals(Set.of("a"), StoreContents.of(store, LAYER).areas.keySet());
  }

  @Test
  void commit_lossOfMoreThanHalf_isRefusedUnlessForced() {
    importSquares(LAYER, "a", "b", "c", "d", "e");
    List<LayerState> before = store.layers();

    try (DatasetWriter writer = store.datasets().begin(LAYER)) {
      writer.add(1, area("a"), square(0, 0));
      writer.add(2, area("b"), square(0, 0));
      assertFails(
          Kind.REFUSED, () -> writer.commit(provenance(), false), LAYER, "5", "2", "--force");
    }
    assertEquals(before, store.layers());
    assertEquals(List.of("commune 1 active"), versions());

    try (DatasetWriter writer = store.datasets().begin(LAYER)) {
      writer.add(1, area("a"), square(0, 0));
      assertEquals("commune 2 active", describe(writer.commit(provenance(), true)));
    }
    assertEquals(Set.of("a"), StoreContents.of(store, LAYER).areas.keySet());
  }

  @Test
  void commit_lossOfExactlyHalf_isAccepted() {
    importSquares(LAYER, "a", "b", "c", "d");

    assertEquals("commune 2 active", describe(importSquares(LAYER, "a", "b")));
  }

  @Test
  void commit_manyVersions_keepsTheNewestAndTheMarkedOnes() {
    importSquares(LAYER, "a");
    assertTrue(store.datasets().keep(LAYER, 1, true).keep());
    for (int i = 0; i < 4; i++) {
      importSquares(LAYER, "a");
    }
    assertEquals(
        List.of("commune 5 active", "commune 4", "commune 3", "commune 1 keep"), versions());

    assertFalse(store.datasets().keep(LAYER, 1, false).keep());
    assertEquals(List.of("commune 5 active", "commune 4", "commune 3", "commune 1"), versions());
    importSquares(LAYER, "a");
    assertEquals(List.of("commune 6 active", "commune 5", "commune 4"), versions());
  }

  @Test
  void list_severalLayers_isByLayerAndFromNewToOld() {
    importSquares("parcel", "p");
    importSquares("canton", "c");
    importSquares("parcel", "p");

    assertEquals(List.of("canton 1 active", "parcel 2 active", "parcel 1"), versions());
    assertEquals(Set.of("c"), StoreContents.of(store, "canton").areas.keySet());
    assertEquals(Set.of("p"), StoreContents.of(store, "parcel").areas.keySet());
  }

  @Test
  void activate_earlierVersion_isServedAgain() {
    importSquares(LAYER, "a");
    importSquares(LAYER, "b");
    String fingerprint = state(LAYER).fingerprint();

    assertEquals("commune 1 active", describe(store.datasets().activate(LAYER, 1)));

    assertEquals(List.of("commune 2", "commune 1 active"), versions());
    assertNotEquals(fingerprint, state(LAYER).fingerprint());
    assertEquals("1", state(LAYER).layer().version());
    assertEquals(Set.of("a"), StoreContents.of(store, LAYER).areas.keySet());
    assertEquals("commune 3 active", describe(importSquares(LAYER, "c")));
  }

  @Test
  void commit_oldVersionIsActive_comparesWithThatOne() {
    importSquares(LAYER, "a");
    importSquares(LAYER, "a", "b", "c");
    store.datasets().activate(LAYER, 1);

    assertEquals("commune 3 active", describe(importSquares(LAYER, "a")));
  }

  @Test
  void activate_versionThatIsNotThere_isNotFound() {
    importSquares(LAYER, "a");

    assertFails(Kind.NOT_FOUND, () -> store.datasets().activate(LAYER, 2), LAYER, "2");
    assertFails(Kind.NOT_FOUND, () -> store.datasets().activate("nowhere", 1), "nowhere");
    assertEquals(List.of("commune 1 active"), versions());
  }

  @Test
  void delete_versionThatIsNotActive_isGoneAndItsNumberIsNotUsedAgain() {
    importSquares(LAYER, "a");
    importSquares(LAYER, "b");
    store.datasets().activate(LAYER, 1);
    String before = state(LAYER).fingerprint();

    store.datasets().delete(LAYER, 2);

    assertEquals(List.of("commune 1 active"), versions());
    assertEquals(before, state(LAYER).fingerprint());
    assertEquals(List.of("1"), state(LAYER).layer().versions());
    assertEquals("commune 3 active", describe(importSquares(LAYER, "c")));
    assertEquals(Set.of("c"), StoreContents.of(store, LAYER).areas.keySet());
  }

  @Test
  void delete_activeVersion_isRefused() {
    importSquares(LAYER, "a");

    assertFails(Kind.REFUSED, () -> store.datasets().delete(LAYER, 1), LAYER, "1", "activate");
    assertEquals(List.of("commune 1 active"), versions());
  }

  @Test
  void deleteLayer_imported_isGoneWithAllVersions() {
    importSquares(LAYER, "a");
    importSquares(LAYER, "b");
    store.datasets().keep(LAYER, 1, true);
    importSquares("other", "o");

    store.datasets().deleteLayer(LAYER);

    assertEquals(List.of("other 1 active"), versions());
    assertTrue(store.layers().stream().noneMatch(state -> state.layer().name().equals(LAYER)));
    assertFails(Kind.NOT_FOUND, () -> store.read(LAYER, new StoreContents()), LAYER);
    assertEquals(Set.of("o"), StoreContents.of(store, "other").areas.keySet());
  }

  @Test
  void deleteLayer_andImportedAgain_usesNoNumberAgain() {
    importSquares(LAYER, "a");
    importSquares(LAYER, "b");
    store.datasets().deleteLayer(LAYER);
    store.close();
    store = open(MAX_ZONES);

    assertEquals(List.of(), versions());
    assertEquals("commune 3 active", describe(importSquares(LAYER, "c")));
    assertEquals(Set.of("c"), StoreContents.of(store, LAYER).areas.keySet());
  }

  @Test
  void deleteLayer_importUnderWay_staysDeleted() {
    importSquares(LAYER, "a");
    try (DatasetWriter writer = store.datasets().begin(LAYER)) {
      writer.add(1, area("b"), square(0, 0));

      store.datasets().deleteLayer(LAYER);

      assertFails(Kind.CHANGED, () -> writer.commit(provenance(), true), LAYER, "was deleted");
    }
    assertEquals(List.of(), versions());
    assertTrue(store.layers().stream().noneMatch(state -> state.layer().name().equals(LAYER)));
    assertEquals("commune 2 active", describe(importSquares(LAYER, "c")));
  }

  @Test
  void deleteLayer_beforeTheImportBegins_doesNotStopIt() {
    importSquares(LAYER, "a");
    store.datasets().deleteLayer(LAYER);

    try (DatasetWriter writer = store.datasets().begin(LAYER)) {
      writer.add(1, area("b"), square(0, 0));
      assertEquals("commune 2 active", describe(writer.commit(provenance(), false)));
    }
  }

  @Test
  void create_zoneOfACollectionOfThatNameWhileAnImportIsUnderWay_isWhatStays() {
    try (DatasetWriter writer = store.datasets().begin(LAYER)) {
      writer.add(1, area("a"), square(0, 0));

      store.zones().create(zoneIn(LAYER), Optional.empty());

      assertFails(Kind.REFUSED, () -> writer.commit(provenance(), false), LAYER, "zones");
    }
    assertEquals(List.of(), versions());
    assertEquals(Layer.Kind.ZONES, state(LAYER).layer().kind());
  }

  private static ZoneDraft zoneIn(String collection) {
    return new ZoneDraft(collection, area("z"), square(3, 3), Optional.empty());
  }

  @Test
  void deleteLayer_notImported_isNotFound() {
    importSquares(LAYER, "a");
    store.datasets().deleteLayer(LAYER);

    assertFails(Kind.NOT_FOUND, () -> store.datasets().deleteLayer(LAYER), LAYER);
    assertFails(Kind.NOT_FOUND, () -> store.datasets().deleteLayer("nowhere"), "nowhere");
    assertFails(
        Kind.NOT_FOUND, () -> store.datasets().deleteLayer(Store.ZONE_LAYER), Store.ZONE_LAYER);
  }

  @Test
  void deleteAndKeep_versionThatIsNotThere_areNotFound() {
    assertFails(Kind.NOT_FOUND, () -> store.datasets().delete(LAYER, 1), LAYER, "1");
    assertFails(Kind.NOT_FOUND, () -> store.datasets().keep(LAYER, 1, true), LAYER, "1");
  }

  @Test
  void keep_anyVersion_changesNoFingerprint() {
    importSquares(LAYER, "a");
    List<LayerState> before = store.layers();

    store.datasets().keep(LAYER, 1, true);

    assertEquals(before, store.layers());
  }

  @Test
  void accept_layerThatIsNoTable_isNotFound() {
    importSquares(LAYER, "a");

    assertFails(Kind.NOT_FOUND, () -> store.datasets().accept(LAYER), LAYER);
    assertFails(Kind.NOT_FOUND, () -> store.datasets().accept("nowhere"), "nowhere");
  }

  // Zones

  @Test
  void create_newZone_isKeptAndRead() {
    Area area = new Area("z-1", "Zone «un»", Map.of("colour", "blue"), -3);
    Geometry outline = wkt("POLYGON ((0 0, 1 0, 1 1, 0 1, 0 0))");
    Instant before = Instant.now().minusSeconds(60);
    LayerState stateBefore = state(Store.ZONE_LAYER);

    Zone zone = store.zones().create(area, outline);

    assertEquals(area, zone.area());
    assertTrue(outline.equalsExact(zone.outline().orElseThrow()));
    assertTrue(zone.createTime().orElseThrow().isAfter(before), zone.toString());
    assertTrue(zone.revision() > 0, zone.toString());
    assertFalse(zone.readOnly());
    List<Zone> listed = store.zones().list("", 10, true);
    assertEquals(1, listed.size());
    assertSameZone(zone, listed.getFirst());
    assertNotEquals(stateBefore, state(Store.ZONE_LAYER));
    StoreContents contents = new StoreContents();
    LayerContent content = store.read(Store.ZONE_LAYER, contents);
    assertEquals(Map.of("z-1", area), contents.areas);
    assertTrue(outline.equalsExact(contents.outlines.get("z-1")));
    assertEquals(new LayerContent(state(Store.ZONE_LAYER), zone.revision(), 0), content);
  }

  @Test
  void create_idThatIsTaken_alreadyExists() {
    Zone first = zone("z");
    List<LayerState> before = store.layers();

    assertFails(
        Kind.ALREADY_EXISTS, () -> store.zones().create(area("z", "other"), square(5, 5)), "z");

    assertEquals(before, store.layers());
    assertSameZone(first, store.zones().list("", 10, true).getFirst());
  }

  @Test
  void create_asManyAsMayBe_isFullUntilOneIsDeleted() {
    store.close();
    store = open(2);
    zone("a");
    zone("b");
    List<LayerState> before = store.layers();

    assertFails(Kind.FULL, () -> zone("c"), "2", "zones.max-zones");
    assertEquals(before, store.layers());
    store.zones().delete("a");
    zone("c");

    assertEquals(List.of("b", "c"), zoneIds("", 10));
  }

  @Test
  void delete_zone_isGoneWithARevisionOfItsOwn() {
    Zone first = zone("a");
    Zone second = zone("b");
    LayerState before = state(Store.ZONE_LAYER);

    long revision = store.zones().delete("a");

    assertTrue(first.revision() < second.revision());
    assertTrue(second.revision() < revision);
    assertNotEquals(before, state(Store.ZONE_LAYER));
    assertEquals(List.of("b"), zoneIds("", 10));
    StoreContents contents = new StoreContents();
    assertEquals(revision, store.read(Store.ZONE_LAYER, contents).revision());
    assertEquals(Set.of("b"), contents.areas.keySet());
    assertTrue(revision < zone("a").revision());
  }

  @Test
  void delete_zoneThatIsNotThere_isNotFound() {
    zone("a");
    List<LayerState> before = store.layers();

    assertFails(Kind.NOT_FOUND, () -> store.zones().delete("b"), "b");
    assertFails(
        Kind.NOT_FOUND, () -> store.zones().delete(Zones.ORIGINAL_ID_PREFIX + 1), "thing/1");
    assertEquals(before, store.layers());
  }

  @Test
  void list_inPages_isInTheOrderOfCodePoints() {
    List<String> ordered = List.of("-", ".x", "0", "10", "9", "B", "Z", "_", "a", "aa", "b", "é");
    for (String id : List.of("b", "é", "Z", "10", "aa", "_", "-", "9", "B", "a", ".x", "0")) {
      zone(id);
    }

    assertEquals(ordered, zoneIds("", 100));
    assertEquals(ordered.subList(0, 5), zoneIds("", 5));
    assertEquals(ordered.subList(5, 10), zoneIds("9", 5));
    assertEquals(ordered.subList(10, 12), zoneIds("aa", 5));
    assertEquals(List.of(), zoneIds("é", 5));
    assertEquals(List.of("Z", "_"), zoneIds("BBB", 2));
  }

  @Test
  void list_withoutOutlines_hasNone() {
    zone("a");

    assertTrue(store.zones().list("", 10, false).getFirst().outline().isEmpty());
  }

  @Test
  void read_whileZonesAreWritten_holdsExactlyTheChangesUpToItsRevision() throws Exception {
    int writers = 3;
    int zonesOfEach = 25;
    Map<Long, String> created = new ConcurrentSkipListMap<>();
    Map<Long, String> deleted = new ConcurrentSkipListMap<>();
    Map<Long, Set<String>> seen = new ConcurrentSkipListMap<>();
    AtomicInteger running = new AtomicInteger(writers);
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      Callable<Void> reader =
          () -> {
            boolean last;
            do {
              last = running.get() == 0;
              StoreContents contents = new StoreContents();
              LayerContent content = store.read(Store.ZONE_LAYER, contents);
              seen.put(content.revision(), contents.areas.keySet());
            } while (!last);
            return null;
          };
      List<Future<Void>> all =
          new ArrayList<>(
              IntStream.range(0, writers)
                  .mapToObj(writer ->
                      threads.submit(() -> {
                        try {
                          for (int i = 0; i < zonesOfEach; i++) {
                            // So that the reader sees states in between, however slow it is.
                            int states = 3 * i / zonesOfEach;
                            await()
                                .atMost(Duration.ofMinutes(1))
                                .until(() -> seen.size() >= states);
                            String id = writer + "-" + i;
                            created.put(zone(id).revision(), id);
                            if (i % 3 == 0) {
                              deleted.put(store.zones().delete(id), id);
                            }
                          }
                        } finally {
                          running.decrementAndGet();
                        }
                        return (Void) null;
                      }))
                  .toList());
      all.add(threads.submit(reader));
      for (Future<Void> each : all) {
        each.get();
      }
    }

    assertEquals(writers * zonesOfEach, created.size(), "every change has a revision of its own");
    assertTrue(seen.size() > 2, "the reader saw states in between");
    seen.forEach((revision, ids) -> {
      Set<String> expected = new TreeSet<>();
      created.forEach((at, id) -> {
        if (at <= revision) {
          expected.add(id);
        }
      });
      deleted.forEach((at, id) -> {
        if (at <= revision) {
          expected.remove(id);
        }
      });
      assertEquals(expected, ids, "at revision " + revision);
    });
  }

  // Closing, and opening again

  @Test
  void open_afterClose_hasEverythingThatWasWritten() {
    importSquares(LAYER, "a", "b");
    importSquares(LAYER, "b", "c");
    store.datasets().keep(LAYER, 1, true);
    Zone kept = zone("kept");
    zone("gone");
    long revision = store.zones().delete("gone");
    List<LayerState> layers = store.layers();
    List<Dataset> datasets = store.datasets().list();

    store.close();
    store = open(MAX_ZONES);

    assertEquals(layers, store.layers());
    assertEquals(datasets, store.datasets().list());
    assertEquals(Set.of("b", "c"), StoreContents.of(store, LAYER).areas.keySet());
    assertSameZone(kept, store.zones().list("", 10, true).getFirst());
    assertTrue(revision < zone("new").revision());
    assertEquals(3, importSquares(LAYER, "d").version());
  }

  @Test
  void close_twice_doesNothing() {
    store.close();
    store.close();
    store = open(MAX_ZONES);
  }

  // Notices

  @Test
  void listen_anythingChanges_callsBack() {
    AtomicInteger calls = new AtomicInteger();
    try (Listening _ = store.listen(calls::incrementAndGet)) {
      assertCallsBack(calls, () -> zone("a"));
      assertCallsBack(calls, () -> store.zones().delete("a"));
      assertCallsBack(calls, () -> importSquares(LAYER, "a"));
      assertCallsBack(calls, () -> importSquares(LAYER, "b"));
      assertCallsBack(calls, () -> store.datasets().activate(LAYER, 1));
      assertCallsBack(calls, () -> store.datasets().delete(LAYER, 2));
    }
  }

  @Test
  void listen_closed_callsBackNoMore() {
    AtomicInteger closed = new AtomicInteger();
    AtomicInteger open = new AtomicInteger();
    store.listen(closed::incrementAndGet).close();
    int calls = closed.get();

    try (Listening _ = store.listen(open::incrementAndGet)) {
      assertCallsBack(open, () -> zone("a"));
    }

    assertEquals(calls, closed.get());
  }

  /** Makes a change and waits until it is heard of. */
  private static void assertCallsBack(AtomicInteger calls, Executable change) {
    int before = calls.get();
    try {
      change.execute();
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
    await().atMost(SOON).until(() -> calls.get() > before);
  }

  // What the tests speak of

  static Polygon square(double lng, double lat) {
    return GEOMETRY.createPolygon(
        new Coordinate[] {
          new Coordinate(lng, lat),
          new Coordinate(lng + 1, lat),
          new Coordinate(lng + 1, lat + 1),
          new Coordinate(lng, lat + 1),
          new Coordinate(lng, lat)
        });
  }

  static Geometry wkt(String text) {
    try {
      return new WKTReader(GEOMETRY).read(text);
    } catch (ParseException e) {
      throw new IllegalArgumentException(e);
    }
  }

  static Area area(String id) {
    return area(id, "name of " + id);
  }

  static Area area(String id, String name) {
    return new Area(id, name, Map.of("of", id));
  }

  static Provenance provenance() {
    return new Provenance("test.geojson", "00ff", 0, 0, "", 0);
  }

  /** Imports a version of a layer with areas of these ids. */
  final Dataset importSquares(String layer, String... ids) {
    try (DatasetWriter writer = store.datasets().begin(layer)) {
      for (int i = 0; i < ids.length; i++) {
        writer.add(i + 1, area(ids[i]), square(i * 2, 0));
      }
      return writer.commit(provenance(), false);
    }
  }

  final Zone zone(String id) {
    return store.zones().create(area(id), square(3, 3));
  }

  final LayerState state(String layer) {
    return store.layers().stream()
        .filter(state -> state.layer().name().equals(layer))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no layer " + layer));
  }

  final List<String> versions() {
    return store.datasets().list().stream().map(StoreContract::describe).toList();
  }

  static String describe(Dataset dataset) {
    return dataset.layer()
        + " "
        + dataset.version()
        + (dataset.active() ? " active" : "")
        + (dataset.keep() ? " keep" : "");
  }

  final List<String> zoneIds(String afterId, int limit) {
    return store.zones().list(afterId, limit, false).stream()
        .map(zone -> zone.area().id())
        .toList();
  }

  static void assertSameZone(Zone expected, Zone actual) {
    assertAll(
        () -> assertEquals(expected.area(), actual.area()),
        () ->
            assertTrue(
                expected.outline().orElseThrow().equalsExact(actual.outline().orElseThrow())),
        () -> assertEquals(expected.createTime(), actual.createTime()),
        () -> assertEquals(expected.revision(), actual.revision()),
        () -> assertEquals(expected.readOnly(), actual.readOnly()));
  }

  /** The message must be of this kind and hold each of the parts. */
  static StoreException assertFails(Kind kind, Executable call, String... parts) {
    StoreException failure = assertThrows(StoreException.class, call);
    assertEquals(kind, failure.kind(), failure.getMessage());
    for (String part : parts) {
      assertTrue(failure.getMessage().contains(part), failure.getMessage());
    }
    return failure;
  }
}
