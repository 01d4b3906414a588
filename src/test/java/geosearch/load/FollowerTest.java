package geosearch.load;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import geosearch.atlas.Atlas;
import geosearch.atlas.LayerProblem;
import geosearch.atlas.Snapshot;
import geosearch.atlas.View;
import geosearch.config.FollowConfig;
import geosearch.geo.Area;
import geosearch.geo.AreaIndex;
import geosearch.geo.Layer.Kind;
import geosearch.health.Readiness;
import geosearch.metrics.Metrics;
import geosearch.store.Store;
import geosearch.store.StoreException;
import geosearch.testing.LogRecords;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FollowerTest {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Duration NEVER = Duration.ofHours(1);
  private static final Duration OFTEN = Duration.ofMillis(100);

  private final FakeStore store = new FakeStore();
  private final Atlas atlas = new Atlas(List.of());
  private final Readiness readiness = new Readiness();
  private final Readiness.Condition loaded = readiness.condition("layers loaded");
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Metrics metrics = new Metrics(registry);
  private final LogRecords layerLog = LogRecords.of(FollowedLayer.class);
  private final LogRecords log = LogRecords.of(Follower.class);
  private Follower follower;

  @AfterEach
  void close() {
    if (follower != null) {
      follower.close();
    }
    layerLog.close();
    log.close();
    metrics.close();
  }

  // The first load

  @Test
  void start_noLayers_isReadyWithNone() {
    start(NEVER);

    await().atMost(SOON).until(readiness::isReady);
    assertTrue(view().layers().isEmpty());
  }

  @Test
  void start_severalLayers_arePublishedTogether() throws Exception {
    store.put("commune", Kind.DATASET, "1", "a", "b");
    store.put("parcel", Kind.TABLE, "x", "p");
    store.putZones(7, "z");
    store.hold("parcel");
    start(OFTEN);
    store.awaitHeld("parcel");
    await().atMost(SOON).until(() -> store.reads(Store.ZONE_LAYER) == 1);
    int looks = store.looks();
    await().atMost(SOON).until(() -> store.looks() > looks + 2);

    assertTrue(atlas.view().isEmpty());
    assertFalse(readiness.isReady());
    store.letGo("parcel");

    await().atMost(SOON).until(readiness::isReady);
    assertEquals(Set.of("commune", "parcel", "thing"), names(view()));
    assertEquals(Set.of("a", "b"), ids("commune"));
    assertEquals(7, snapshot(Store.ZONE_LAYER).revision());
    assertEquals("1", snapshot("commune").layer().version());
    assertEquals(1, store.reads("commune"));
  }

  @Test
  void start_changeBetweenTheFirstLookAndListening_isPublished() {
    List<Integer> looks = new CopyOnWriteArrayList<>();
    store.beforeListening(() -> {
      looks.add(store.looks());
      store.put("commune", Kind.DATASET, "1", "a");
    });
    start(NEVER);

    await()
        .atMost(SOON)
        .until(() -> atlas.view().stream().anyMatch(view -> names(view).contains("commune")));
    assertEquals(List.of(1), looks);
  }

  @Test
  void start_storeAway_isReadyOnceItIsBackAndSaysBothOnce() {
    String reason = "the database on vacation";
    store.goAway(reason);
    store.put("commune", Kind.DATASET, "1", "a");
    start(NEVER);
    await().atMost(SOON).until(() -> store.looks() > 4);

    assertFalse(readiness.isReady());
    assertEquals(1, count(log.texts(Level.WARNING), reason));
    assertEquals(1, count(log.texts(Level.WARNING), "Nothing is served yet"));
    store.comeBack();

    await().atMost(SOON).until(readiness::isReady);
    assertEquals(1, count(log.texts(Level.WARNING), reason));
    assertEquals(1, count(log.texts(Level.INFO), "can be read again (fake)"));
  }

  @Test
  void start_layerFails_isNotReadyUntilItIsLoaded() {
    store.put("commune", Kind.DATASET, "1", "a");
    store.put("broken", Kind.DATASET, "1", "b");
    store.fail("broken", new StoreException(StoreException.Kind.CORRUPT, "its bytes are cut off"));
    start(NEVER);
    await().atMost(SOON).until(() -> store.reads("broken") > 3);

    assertFalse(readiness.isReady());
    assertTrue(atlas.view().isEmpty());
    assertEquals(1, store.reads("commune"));
    store.mend("broken");

    await().atMost(SOON).until(readiness::isReady);
    assertEquals(Set.of("broken", "commune"), names(view()));
    assertEquals(
        List.of("Layer broken is not up to date: its bytes are cut off"),
        layerLog.texts(Level.WARNING));
    assertEquals(1, count(layerLog.texts(Level.INFO), "Layer broken is up to date again"));
  }

  @Test
  void start_layerThatCannotBeReadJustNow_isNotWaitedFor() {
    store.put("commune", Kind.DATASET, "1", "a");
    store.put("parcel", Kind.TABLE, "x", "p");
    store.problem("parcel", "there is no table cadastre.parcel");
    start(OFTEN);

    await().atMost(SOON).until(readiness::isReady);
    assertEquals(Set.of("commune"), names(view()));
    int looks = store.looks();
    await().atMost(SOON).until(() -> store.looks() > looks + 3);
    assertEquals(1, count(layerLog.texts(Level.WARNING), "no table cadastre.parcel"));
    assertEquals(1, counter("load.parcel.failed"));

    store.put("parcel", Kind.TABLE, "y", "p", "q");

    await().atMost(SOON).until(() -> names(view()).contains("parcel"));
    assertEquals(Set.of("p", "q"), ids("parcel"));
  }

  // Changes

  @Test
  void change_noticed_isPublishedWithoutAPoll() {
    store.put("commune", Kind.DATASET, "1", "a");
    startReady(NEVER);

    store.put("commune", Kind.DATASET, "2", "b");

    await().atMost(SOON).until(() -> ids("commune").equals(Set.of("b")));
    assertEquals("2", snapshot("commune").layer().version());
  }

  @Test
  void change_noticeLost_isFoundByThePoll() {
    store.put("commune", Kind.DATASET, "1", "a");
    store.loseNotices();
    startReady(OFTEN);

    store.put("commune", Kind.DATASET, "2", "b");

    await().atMost(SOON).until(() -> ids("commune").equals(Set.of("b")));
  }

  @Test
  void change_noticesAreNeverLost_isNotPolledFor() {
    store.put("commune", Kind.DATASET, "1", "a");
    store.loseNoNotices();
    startReady(OFTEN);
    FakeStore polled = new FakeStore();
    int looks = store.looks();
    try (Metrics elsewhere = new Metrics(new SimpleMeterRegistry());
        Follower clock =
            new Follower(
                polled,
                new Atlas(List.of()),
                new Readiness().condition("others loaded"),
                elsewhere,
                config(OFTEN))) {
      clock.start();
      await().atMost(SOON).until(() -> polled.looks() > 10);
    }

    assertTrue(store.looks() <= looks + 1, "looks: " + (store.looks() - looks));
    store.put("commune", Kind.DATASET, "2", "b");

    await().atMost(SOON).until(() -> ids("commune").equals(Set.of("b")));
  }

  @Test
  void change_committedLateWithAnEarlierNumber_isSeen() {
    store.putZones(5, "a");
    startReady(OFTEN);

    store.putZones(4, "a", "late");

    await().atMost(SOON).until(() -> ids(Store.ZONE_LAYER).equals(Set.of("a", "late")));
  }

  @Test
  void change_ofOneLayer_leavesTheSnapshotsOfOthers() {
    store.put("commune", Kind.DATASET, "1", "a");
    store.put("canton", Kind.DATASET, "1", "c");
    startReady(NEVER);
    Snapshot canton = snapshot("canton");

    store.put("commune", Kind.DATASET, "2", "b");

    await().atMost(SOON).until(() -> ids("commune").equals(Set.of("b")));
    assertSame(canton, snapshot("canton"));
    assertEquals(1, store.reads("canton"));
  }

  @Test
  void change_nothingChanged_readsNothing() {
    store.put("commune", Kind.DATASET, "1", "a");
    startReady(OFTEN);
    View before = view();
    int looks = store.looks();

    await().atMost(SOON).until(() -> store.looks() > looks + 10);

    assertEquals(1, store.reads("commune"));
    assertSame(before, view());
  }

  @Test
  void change_manyTimes_hasGenerationsThatOnlyGrow() throws Exception {
    store.putZones(1);
    long before = System.currentTimeMillis();
    startReady(NEVER);
    long generation = snapshot(Store.ZONE_LAYER).generation();
    assertTrue(generation >= before, "it begins with the time");

    for (int revision = 2; revision < 200; revision++) {
      store.putZones(revision);
      follower.awaitRevision(revision, SOON);
      assertTrue(snapshot(Store.ZONE_LAYER).generation() > generation);
      generation = snapshot(Store.ZONE_LAYER).generation();
    }
  }

  @Test
  void change_burstOfNotices_isTakenTogether() throws Exception {
    store.putZones(1);
    startReady(NEVER);
    store.hold(Store.ZONE_LAYER);
    store.putZones(2);
    store.awaitHeld(Store.ZONE_LAYER);

    for (int revision = 3; revision <= 1000; revision++) {
      store.putZones(revision);
    }
    store.letGo(Store.ZONE_LAYER);
    follower.awaitRevision(1000, SOON);

    assertTrue(store.reads(Store.ZONE_LAYER) <= 4, () -> "reads: " + store.reads("thing"));
  }

  // What goes wrong

  @Test
  void load_fails_keepsTheOldSnapshotAndTriesAgain() {
    store.put("commune", Kind.DATASET, "1", "a");
    store.put("canton", Kind.DATASET, "1", "c");
    startReady(NEVER);
    store.fail("commune", new StoreException(StoreException.Kind.UNAVAILABLE, "the disk is away"));

    store.put("commune", Kind.DATASET, "2", "b");
    store.put("canton", Kind.DATASET, "2", "d");

    await().atMost(SOON).until(() -> store.reads("commune") > 4);
    await().atMost(SOON).until(() -> ids("canton").equals(Set.of("d")));
    assertEquals(Set.of("a"), ids("commune"));
    assertTrue(readiness.isReady());
    assertTrue(counter("load.commune.failed") >= 3);
    store.mend("commune");
    await().atMost(SOON).until(() -> ids("commune").equals(Set.of("b")));
    assertEquals(1, count(layerLog.texts(Level.WARNING), "the disk is away"));
    assertEquals(1, count(layerLog.texts(Level.INFO), "Layer commune is up to date again"));
  }

  @Test
  void load_failsUnforeseen_goesOnFollowing() {
    store.put("commune", Kind.DATASET, "1", "a");
    startReady(NEVER);
    store.fail("commune", new IllegalStateException("a bug"));
    store.put("commune", Kind.DATASET, "2", "b");
    await().atMost(SOON).until(() -> store.reads("commune") > 2);

    store.mend("commune");

    await().atMost(SOON).until(() -> ids("commune").equals(Set.of("b")));
  }

  @Test
  void load_tableShrinksByMoreThanHalf_isRefusedUntilItIsAccepted() throws Exception {
    store.put("parcel", Kind.TABLE, "x", "a", "b", "c", "d", "e");
    startReady(OFTEN);

    store.put("parcel", Kind.TABLE, "y", "a", "b");

    await().atMost(SOON).until(() -> counter("load.parcel.refused") == 1);
    int looks = store.looks();
    await().atMost(SOON).until(() -> store.looks() > looks + 5);
    assertEquals(Set.of("a", "b", "c", "d", "e"), ids("parcel"));
    assertEquals(2, store.reads("parcel"), "a refused state is not read again");
    List<String> warnings = layerLog.texts(Level.WARNING);
    assertEquals(1, count(warnings, "from 5 to 2 areas"), warnings.toString());
    assertEquals(1, count(warnings, "geosearch datasets accept parcel"), warnings.toString());

    store.accept("parcel");
    follower.refresh("parcel", SOON);

    assertEquals(Set.of("a", "b"), ids("parcel"));
    assertEquals(1, counter("load.parcel.refused"));
  }

  @Test
  void load_tableShrinksByHalfOrADatasetByMore_isPublished() throws Exception {
    store.put("parcel", Kind.TABLE, "x", "a", "b", "c", "d");
    store.put("commune", Kind.DATASET, "1", "a", "b", "c", "d");
    startReady(NEVER);

    store.put("parcel", Kind.TABLE, "y", "a", "b");
    store.put("commune", Kind.DATASET, "2", "a");
    follower.refresh("parcel", SOON);
    follower.refresh("commune", SOON);

    assertEquals(Set.of("a", "b"), ids("parcel"));
    assertEquals(Set.of("a"), ids("commune"));
  }

  @Test
  void load_refusedTableGrowsAgain_isUpToDateAgain() throws Exception {
    store.put("parcel", Kind.TABLE, "x", "a", "b", "c");
    startReady(OFTEN);
    store.put("parcel", Kind.TABLE, "y", "a");
    await().atMost(SOON).until(() -> counter("load.parcel.refused") == 1);

    store.put("parcel", Kind.TABLE, "z", "a", "b");
    follower.refresh("parcel", SOON);

    assertEquals(Set.of("a", "b"), ids("parcel"));
    assertEquals(1, count(layerLog.texts(Level.INFO), "Layer parcel is up to date again"));
  }

  @Test
  void layer_datasetDeleted_isDropped() throws Exception {
    store.put("commune", Kind.DATASET, "1", "a");
    store.put("canton", Kind.DATASET, "1", "c");
    startReady(NEVER);

    store.remove("commune");
    follower.refresh("commune", SOON);

    assertEquals(Set.of("canton"), names(view()));
  }

  @Test
  void layer_tableVanishes_isServedOn() throws Exception {
    store.put("parcel", Kind.TABLE, "x", "a");
    startReady(OFTEN);

    store.remove("parcel");
    int looks = store.looks();
    await().atMost(SOON).until(() -> store.looks() > looks + 3);

    assertEquals(Set.of("a"), ids("parcel"));
    assertEquals(1, count(layerLog.texts(Level.WARNING), "parcel is not up to date: its table"));
    assertEquals(1, counter("load.parcel.failed"));
    store.put("parcel", Kind.TABLE, "x", "a");
    follower.refresh("parcel", SOON);
    assertEquals(1, count(layerLog.texts(Level.INFO), "Layer parcel is up to date again"));
  }

  @Test
  void store_goesAwayLater_changesNothingForReaders() {
    store.put("commune", Kind.DATASET, "1", "a");
    startReady(OFTEN);

    store.goAway("connection refused, it seems");
    await().atMost(SOON).until(() -> !log.texts(Level.WARNING).isEmpty());
    int looks = store.looks();
    await().atMost(SOON).until(() -> store.looks() > looks + 3);

    assertTrue(readiness.isReady());
    assertEquals(Set.of("a"), ids("commune"));
    assertEquals(1, count(log.texts(Level.WARNING), "connection refused, it seems"));
    assertEquals(1, count(log.texts(Level.WARNING), "Answers go on"));
    store.put("commune", Kind.DATASET, "2", "b");
    store.comeBack();
    await().atMost(SOON).until(() -> ids("commune").equals(Set.of("b")));
  }

  @Test
  void store_isNotTheOneServed_keepsAllAnswersAndSaysSoOnce() {
    store.put("commune", Kind.DATASET, "1", "a");
    store.putZones(7, "z");
    startReady(OFTEN);

    store.mismatch("expected identity A, found identity B");
    await().atMost(SOON).until(() -> atlas.problem().isPresent());
    int looks = store.looks();
    await().atMost(SOON).until(() -> store.looks() > looks + 3);

    assertTrue(readiness.isReady());
    assertEquals(Set.of("a"), ids("commune"));
    assertEquals(Set.of("z"), ids(Store.ZONE_LAYER));
    assertEquals(Optional.of(LayerProblem.STORE_MISMATCH), atlas.problem());
    assertEquals(1, gauge("store.mismatch"));
    assertEquals(1, count(log.texts(Level.WARNING), "Store mismatch"));
    assertEquals(1, count(log.texts(Level.WARNING), "expected identity A, found identity B"));
  }

  @Test
  void store_thatWasServedComesBack_isFollowedWithoutAcceptance() {
    store.put("commune", Kind.DATASET, "1", "a");
    startReady(OFTEN);
    store.mismatch("found identity B");
    await().atMost(SOON).until(() -> atlas.problem().isPresent());

    store.put("commune", Kind.DATASET, "2", "b");
    store.comeBack();

    await().atMost(SOON).until(() -> ids("commune").equals(Set.of("b")));
    assertEquals(Optional.empty(), atlas.problem());
    assertEquals(0, gauge("store.mismatch"));
    assertEquals(2, store.reads("commune"));
  }

  @Test
  void store_anotherOneIsAccepted_isReadAnewWhateverItsFingerprintsAre() {
    store.put("commune", Kind.DATASET, "1", "a");
    store.put("region", Kind.DATASET, "1", "r");
    store.put("depot", Kind.ZONES, "zones", "d");
    store.putZones(7, "z");
    startReady(OFTEN);
    store.mismatch("found identity B");
    await().atMost(SOON).until(() -> atlas.problem().isPresent());

    store.remove("region");
    store.remove("depot");
    store.put("commune", Kind.DATASET, "1", "b");
    store.putZones(7, "y");
    assertEquals(Set.of("a"), ids("commune"));
    store.accept();

    await()
        .atMost(SOON)
        .untilAsserted(() -> {
          assertEquals(Set.of("commune", Store.ZONE_LAYER), names(view()));
          assertEquals(Set.of("b"), ids("commune"));
          assertEquals(Set.of("y"), ids(Store.ZONE_LAYER));
        });
    assertEquals(Optional.empty(), atlas.problem());
  }

  @Test
  void store_anotherOneIsAcceptedDuringALoad_readsThatLayerAgain() throws Exception {
    store.put("commune", Kind.DATASET, "1", "a");
    startReady(OFTEN);
    store.hold("commune");
    store.put("commune", Kind.DATASET, "2", "b");
    store.awaitHeld("commune");

    store.put("commune", Kind.DATASET, "2", "c");
    int looks = store.looks();
    store.accept();
    await().atMost(SOON).until(() -> store.looks() > looks + 1);
    store.letGo("commune");

    await().atMost(SOON).until(() -> ids("commune").equals(Set.of("c")));
  }

  @Test
  void store_goesAwayDuringALoad_publishesWhatWasLoaded() throws Exception {
    store.put("commune", Kind.DATASET, "1", "a");
    startReady(NEVER);
    store.hold("commune");
    store.put("commune", Kind.DATASET, "2", "b");
    store.awaitHeld("commune");

    store.goAway("gone in the middle");
    store.letGo("commune");

    await().atMost(SOON).until(() -> ids("commune").equals(Set.of("b")));
  }

  @Test
  void load_rowsThatCannotBeUsed_areLoggedOncePerState() throws Exception {
    store.putSkipping("parcel", "x", Map.of("7", "no polygon"), "a", "b");
    startReady(NEVER);
    store.putSkipping("parcel", "y", Map.of("7", "no polygon"), "a", "b", "c");
    follower.refresh("parcel", SOON);

    assertEquals(
        List.of("Layer parcel: 1 rows can't be used and are left out: 7: no polygon"),
        layerLog.texts(Level.WARNING));
    store.put("parcel", Kind.TABLE, "z", "a", "b", "c", "7");
    follower.refresh("parcel", SOON);
    assertEquals(1, count(layerLog.texts(Level.INFO), "Layer parcel: all rows can be used now"));
  }

  // Waiting

  @Test
  void awaitRevision_noticeLost_looksAtOnce() throws Exception {
    store.putZones(1);
    startReady(NEVER);
    store.loseNotices();
    store.putZones(2, "z");

    follower.awaitRevision(2, SOON);

    assertEquals(Set.of("z"), ids(Store.ZONE_LAYER));
  }

  @Test
  void awaitRevision_whileAnotherLayerLoads_doesNotWaitForIt() throws Exception {
    store.putZones(1);
    store.put("commune", Kind.DATASET, "1", "a");
    startReady(NEVER);
    store.hold("commune");
    store.put("commune", Kind.DATASET, "2", "b");
    store.awaitHeld("commune");
    store.putZones(2, "z");

    follower.awaitRevision(2, SOON);

    assertEquals(Set.of("a"), ids("commune"));
    store.letGo("commune");
    follower.refresh("commune", SOON);
    assertEquals(Set.of("b"), ids("commune"));
  }

  @Test
  void awaitRevision_notSeenInTime_saysWhy() {
    store.putZones(1);
    startReady(NEVER);
    store.fail(Store.ZONE_LAYER, new StoreException(StoreException.Kind.UNAVAILABLE, "no disk"));
    store.putZones(2);

    TimeoutException failure =
        assertThrows(
            TimeoutException.class, () -> follower.awaitRevision(2, Duration.ofMillis(300)));

    assertTrue(failure.getMessage().contains("thing"), failure.getMessage());
    assertTrue(failure.getMessage().contains("no disk"), failure.getMessage());
  }

  @Test
  void refresh_changedMeanwhile_waitsForTheLatest() throws Exception {
    store.put("commune", Kind.DATASET, "1", "a");
    startReady(NEVER);
    store.hold("commune");
    store.put("commune", Kind.DATASET, "2", "b");
    store.awaitHeld("commune");
    store.put("commune", Kind.DATASET, "3", "c");
    try (ExecutorService waiting = Executors.newSingleThreadExecutor()) {
      Future<Set<String>> seen =
          waiting.submit(() -> {
            follower.refresh("commune", SOON);
            return ids("commune");
          });
      store.letGo("commune");

      assertEquals(Set.of("c"), seen.get());
    }
  }

  @Test
  void close_whileLoadingHangs_endsAndTellsWhoWaits() throws Exception {
    store.put("commune", Kind.DATASET, "1", "a");
    startReady(NEVER);
    store.hold("commune");
    store.put("commune", Kind.DATASET, "2", "b");
    store.awaitHeld("commune");
    try (ExecutorService waiting = Executors.newSingleThreadExecutor()) {
      Future<TimeoutException> waiter =
          waiting.submit(
              () -> assertThrows(TimeoutException.class, () -> follower.refresh("commune", NEVER)));

      assertTimeoutPreemptively(Duration.ofSeconds(10), follower::close);

      assertTrue(waiter.get().getMessage().contains("stopping"));
    }
    assertEquals(Set.of("a"), ids("commune"));
    assertEquals(0, store.listeners());
  }

  @Test
  void close_notStarted_doesNothing() {
    follower = newFollower(NEVER);

    assertTimeoutPreemptively(Duration.ofSeconds(10), follower::close);
  }

  @Test
  void close_storeAway_endsAtOnce() {
    store.goAway("away for good");
    follower =
        new Follower(
            store, atlas, loaded, metrics, new FollowConfig(NEVER, NEVER, NEVER.multipliedBy(2)));
    follower.start();
    await().atMost(SOON).until(() -> store.looks() > 0);

    assertTimeoutPreemptively(Duration.ofSeconds(10), follower::close);
  }

  // Memory

  @Test
  void reload_doesNotFit_isRefusedWhileAnswersGoOn() throws Exception {
    store.put("commune", Kind.DATASET, "1", "a");
    startReady(NEVER, new HeapRoom(HeapRoom.OWN + 50_000));

    store.put("commune", Kind.DATASET, "2", many());

    awaitNoRoom();
    assertEquals(Set.of("a"), ids("commune"));
    store.put("commune", Kind.DATASET, "3", "b", "c");
    follower.refresh("commune", SOON);
    assertEquals(Set.of("b", "c"), ids("commune"));
  }

  @Test
  void reload_doesNotFit_isTriedAgainWhenThereIsMoreRoom() throws Exception {
    store.put("commune", Kind.DATASET, "1", "a");
    store.put("parcel", Kind.DATASET, "1", many());
    startReady(OFTEN, new HeapRoom(HeapRoom.OWN + 160_000));
    store.put("commune", Kind.DATASET, "2", many());
    awaitNoRoom();
    long reads = store.reads("commune");
    int looks = store.looks();
    await().atMost(SOON).until(() -> store.looks() > looks + 2);

    assertEquals(Set.of("a"), ids("commune"));
    assertEquals(reads, store.reads("commune"));
    store.remove("parcel");

    follower.refresh("commune", SOON);
    assertEquals(Set.of(many()), ids("commune"));
  }

  @Test
  void start_layersDoNotFitTogether_isReadyOnceOneWasRemoved() {
    store.put("commune", Kind.DATASET, "1", many());
    store.put("parcel", Kind.DATASET, "1", many());
    start(OFTEN, new HeapRoom(HeapRoom.OWN + 160_000));
    awaitNoRoom();
    assertFalse(readiness.isReady());

    String refused =
        layerLog.texts(Level.WARNING).getFirst().contains("parcel") ? "parcel" : "commune";
    store.remove(refused.equals("parcel") ? "commune" : "parcel");

    await().atMost(SOON).until(readiness::isReady);
    assertEquals(Set.of(many()), ids(refused));
  }

  @Test
  void start_zonesDoNotFit_isReadyOnceTheyWereDeleted() {
    store.put(Store.ZONE_LAYER, Kind.ZONES, "1", many());
    start(OFTEN, new HeapRoom(HeapRoom.OWN + 50_000));
    awaitNoRoom();
    assertFalse(readiness.isReady());

    store.put(Store.ZONE_LAYER, Kind.ZONES, "1", "a");

    await().atMost(SOON).until(readiness::isReady);
    assertEquals(Set.of("a"), ids(Store.ZONE_LAYER));
  }

  @Test
  void checkRoom_zoneWithWhichWhatThereIsCouldNotBeLoadedAnew_isFull() {
    store.put("commune", Kind.DATASET, "1", many());
    startReady(NEVER, new HeapRoom(HeapRoom.OWN + 1_000_000));
    AreaIndex held = snapshot("commune").index();
    long anew = HeapRoom.loadBytes(held.size(), held.vertices()) - held.sizeInBytes();
    long left = 1_000_000 - HeapRoom.sizeInBytes(held) - Math.max(0, anew);
    int vertices = (int) (left - HeapRoom.loadBytes(1, 0)) / 45 - 10;
    Area zone = new Area("z", "", Map.of());

    follower.checkRoom(zone, vertices, true);
    StoreException e =
        assertThrows(StoreException.class, () -> follower.checkRoom(zone, vertices + 100, true));

    assertEquals(StoreException.Kind.FULL, e.kind());
    assertTrue(e.getMessage().startsWith("there is no memory for the zone z: "), e.getMessage());
  }

  @Test
  void checkRoom_stateThatIsNotLarger_needsRoomForItselfAlone() throws Exception {
    store.put(Store.ZONE_LAYER, Kind.ZONES, "1", many());
    startReady(NEVER, new HeapRoom(HeapRoom.OWN + 1_000_000));
    long left = 1_000_000 - HeapRoom.sizeInBytes(snapshot(Store.ZONE_LAYER).index());
    int vertices = (int) (left - HeapRoom.loadBytes(1, 0)) / 45 - 10;
    Area zone = new Area("a0", "", Map.of());

    assertThrows(StoreException.class, () -> follower.checkRoom(zone, vertices, true));
    follower.checkRoom(zone, vertices, false);
    assertThrows(StoreException.class, () -> follower.checkRoom(zone, vertices + 100, false));
  }

  @Test
  void refresh_doesNotFit_endsAtOnceWithTheReason() throws Exception {
    store.put("commune", Kind.DATASET, "1", "a");
    startReady(NEVER, new HeapRoom(HeapRoom.OWN + 50_000));
    store.put("commune", Kind.DATASET, "2", many());

    String message =
        assertTimeoutPreemptively(
            SOON,
            () ->
                assertThrows(
                        TimeoutException.class,
                        () -> follower.refresh("commune", Duration.ofHours(1)))
                    .getMessage());

    assertTrue(
        message.startsWith(
            "the change of the layer commune is not in the answers: it does not fit"),
        message);
  }

  // Metrics

  @Test
  void metrics_ofALayer_tellWhatIsServed() throws Exception {
    store.putSkipping("parcel", "x", Map.of("7", "no polygon"), "a", "b", "c");
    startReady(NEVER);

    await().atMost(SOON).until(() -> registry.timer("load.parcel").count() == 1);
    assertEquals(3, gauge("snapshot.parcel.areas"));
    assertEquals(15, gauge("snapshot.parcel.vertices"));
    assertEquals(1, gauge("snapshot.parcel.skipped"));
    assertEquals((double) snapshot("parcel").generation(), gauge("snapshot.parcel.generation"));
    double age = gauge("snapshot.parcel.age");
    assertTrue(age >= 0 && age < SOON.toSeconds(), () -> "age " + age);
  }

  @Test
  void metrics_ofALayerThatIsGone_haveNoValue() throws Exception {
    store.put("commune", Kind.DATASET, "1", "a");
    startReady(NEVER);

    store.remove("commune");
    follower.refresh("commune", SOON);

    assertTrue(Double.isNaN(gauge("snapshot.commune.areas")));
    assertTrue(Double.isNaN(gauge("snapshot.commune.skipped")));
  }

  private static String[] many() {
    return IntStream.range(0, 100).mapToObj(i -> "a" + i).toArray(String[]::new);
  }

  private Follower newFollower(Duration pollInterval) {
    return newFollower(pollInterval, HeapRoom.ofThisProcess());
  }

  private Follower newFollower(Duration pollInterval, HeapRoom room) {
    return new Follower(store, atlas, loaded, metrics, config(pollInterval), room);
  }

  private static FollowConfig config(Duration pollInterval) {
    return new FollowConfig(pollInterval, Duration.ofMillis(5), Duration.ofMillis(40));
  }

  private void start(Duration pollInterval) {
    start(pollInterval, HeapRoom.ofThisProcess());
  }

  private void start(Duration pollInterval, HeapRoom room) {
    follower = newFollower(pollInterval, room);
    follower.start();
  }

  private void startReady(Duration pollInterval) {
    startReady(pollInterval, HeapRoom.ofThisProcess());
  }

  private void startReady(Duration pollInterval, HeapRoom room) {
    start(pollInterval, room);
    await().atMost(SOON).until(readiness::isReady);
  }

  private void awaitNoRoom() {
    await()
        .atMost(SOON)
        .until(() -> count(layerLog.texts(Level.WARNING), "does not fit into the memory") == 1);
  }

  private View view() {
    return atlas.view().orElseThrow();
  }

  private Snapshot snapshot(String layer) {
    return view().layer(layer).orElseThrow();
  }

  private Set<String> ids(String layer) {
    Snapshot snapshot = snapshot(layer);
    Set<String> ids = new TreeSet<>();
    for (int ordinal = 0; ordinal < snapshot.index().size(); ordinal++) {
      ids.add(snapshot.index().area(ordinal).id());
    }
    return ids;
  }

  private static Set<String> names(View view) {
    Set<String> names = new TreeSet<>();
    view.layers().forEach(snapshot -> names.add(snapshot.layer().name()));
    return names;
  }

  private double counter(String name) {
    FunctionCounter counter = registry.find(name).functionCounter();
    return counter == null ? 0 : counter.count();
  }

  private double gauge(String name) {
    return registry.get(name).gauge().value();
  }

  private static long count(List<String> texts, String part) {
    return texts.stream().filter(text -> text.contains(part)).count();
  }
}
