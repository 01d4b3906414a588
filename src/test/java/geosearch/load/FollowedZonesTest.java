package geosearch.load;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import geosearch.atlas.Atlas;
import geosearch.atlas.Snapshot;
import geosearch.config.FollowConfig;
import geosearch.geo.Area;
import geosearch.geo.AreaIndex;
import geosearch.geo.Position;
import geosearch.health.Readiness;
import geosearch.metrics.Metrics;
import geosearch.store.EmbeddedStore;
import geosearch.store.Store;
import geosearch.store.Zone;
import geosearch.store.ZoneDraft;
import geosearch.store.ZoneKey;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;

/** Changes of zones, followed from a store that keeps them. */
final class FollowedZonesTest {

  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir private Path folder;

  private Atlas atlas;
  private Store store;
  private Follower follower;

  @BeforeEach
  void start() {
    store = EmbeddedStore.open(folder, 10_000);
    follow(HeapRoom.ofThisProcess());
  }

  private void follow(HeapRoom room) {
    atlas = new Atlas(List.of());
    follower =
        new Follower(
            store,
            atlas,
            new Readiness().condition("layers"),
            new Metrics(new SimpleMeterRegistry()),
            new FollowConfig(Duration.ofHours(1), Duration.ofMillis(10), Duration.ofMillis(20)),
            room);
    follower.start();
    await().atMost(SOON).until(() -> atlas.view().isPresent());
  }

  @AfterEach
  void stop() {
    follower.close();
    store.close();
  }

  @Test
  void awaitRevision_changeOfAnyCollection_isInTheAnswersOfItsLayer() throws Exception {
    Zone delivery = create("delivery", "a", 1);
    follower.awaitRevision(delivery.revision(), SOON);
    assertEquals(List.of("a"), locate("delivery", 1));
    assertEquals(List.of(), locate("thing", 1));

    Zone moved = store.zones().update(draft("delivery", "a", 5), delivery.revision());
    follower.awaitRevision(moved.revision(), SOON);
    assertEquals(List.of(), locate("delivery", 1));
    assertEquals(List.of("a"), locate("delivery", 5));

    long gone = store.zones().delete(new ZoneKey("delivery", "a"), OptionalLong.empty());
    follower.awaitRevision(gone, SOON);
    assertEquals(List.of(), locate("delivery", 5));
  }

  @Test
  void revision_changeOfOneCollection_isThatOfAllCollections() throws Exception {
    follower.awaitRevision(create("delivery", "a", 1).revision(), SOON);
    Snapshot thing = snapshot("thing");

    Zone next = create("delivery", "b", 2);
    follower.awaitRevision(next.revision(), SOON);

    assertEquals(next.revision(), snapshot("thing").revision());
    assertEquals(thing.generation(), snapshot("thing").generation());
    assertEquals(thing.index(), snapshot("thing").index());
    assertTrue(snapshot("delivery").generation() > 0);
  }

  @Test
  void changes_moreThanAnIndexIsOverlaidWith_areAllInTheAnswers() throws Exception {
    Random random = new Random(5);
    Map<String, Integer> expected = new TreeMap<>();
    Map<String, Long> revisions = new TreeMap<>();
    long last = 0;
    for (int i = 0; i < 1500; i++) {
      String id = "z" + random.nextInt(300);
      int place = random.nextInt(60);
      if (!expected.containsKey(id)) {
        last = create("thing", id, place).revision();
        expected.put(id, place);
      } else if (random.nextInt(3) == 0) {
        last = store.zones().delete(new ZoneKey("thing", id), OptionalLong.empty());
        expected.remove(id);
      } else {
        last = store.zones().update(draft("thing", id, place), revisions.get(id)).revision();
        expected.put(id, place);
      }
      revisions.put(id, last);
    }
    follower.awaitRevision(last, SOON);

    AreaIndex index = snapshot("thing").index();
    Map<String, Integer> found = new TreeMap<>();
    IntStream.range(0, 60)
        .forEach(place ->
            locate("thing", place).forEach(id -> assertEquals(null, found.put(id, place))));
    assertEquals(expected, found);
    assertEquals(expected.size(), index.size());
    await().atMost(SOON).until(() -> snapshot("thing").index().overlaid() < 500);
    assertEquals(expected.size(), snapshot("thing").index().size());
  }

  @Test
  void changes_noRoomToIndexAllAnew_areInTheAnswersOverWhatThereWas() throws Exception {
    follower.close();
    follow(new HeapRoom(HeapRoom.OWN + 200_000));

    for (int i = 0; i < 700; i++) {
      long revision = create("thing", "z" + i, i % 60).revision();
      if (i % 20 == 0 || i == 699) {
        follower.awaitRevision(revision, SOON);
      }
    }

    assertEquals(700, snapshot("thing").index().overlaid());
    assertEquals(12, locate("thing", 7).size());
  }

  private Zone create(String collection, String id, int place) {
    return store.zones().create(draft(collection, id, place), Optional.empty());
  }

  private static ZoneDraft draft(String collection, String id, int place) {
    Geometry square =
        new GeometryFactory().toGeometry(new Envelope(2 * place, 2 * place + 1, 0, 1));
    return new ZoneDraft(collection, new Area(id, "n", Map.of()), square, Optional.empty());
  }

  private Snapshot snapshot(String layer) {
    return atlas.view().orElseThrow().layer(layer).orElseThrow();
  }

  private List<String> locate(String layer, int place) {
    AreaIndex index = snapshot(layer).index();
    return IntStream.of(index.locate(new Position(0.5, 2 * place + 0.5)))
        .mapToObj(ordinal -> index.area(ordinal).id())
        .sorted()
        .toList();
  }
}
