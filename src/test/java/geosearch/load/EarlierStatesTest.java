package geosearch.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import geosearch.atlas.Snapshot;
import geosearch.geo.Area;
import geosearch.geo.Position;
import geosearch.store.DatasetWriter;
import geosearch.store.DatasetWriter.Provenance;
import geosearch.store.EmbeddedStore;
import geosearch.store.Store;
import geosearch.store.StoreException;
import geosearch.store.StoreException.Kind;
import geosearch.testing.WatchedStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.GeometryFactory;

class EarlierStatesTest {

  /** A box has so many. */
  private static final int VERTICES = 5;

  @TempDir private Path folder;

  private final AtomicInteger reads = new AtomicInteger();
  private volatile WatchedStore.Watcher onRead = method -> {};
  private Store store;
  private Store watched;
  private EarlierStates states;

  @BeforeEach
  void open() {
    store = EmbeddedStore.open(folder, 10);
    watched =
        WatchedStore.of(
            store,
            method -> {
              if (method.equals("Datasets.read")) {
                reads.incrementAndGet();
                onRead.before(method);
              }
            });
    states = new EarlierStates(watched, 2 * VERTICES);
  }

  @AfterEach
  void close() {
    states.close();
    store.close();
  }

  @Test
  void version_thatIsKept_isReadOnce() throws Exception {
    importBox(0);
    importBox(10);

    Snapshot first = get(states.version("zone", "1"));

    assertEquals("1", first.layer().version());
    assertEquals(0, first.generation());
    assertEquals(1, first.index().locate(new Position(0.5, 0.5)).length);
    assertEquals(0, first.index().locate(new Position(0.5, 10.5)).length);
    assertSame(first, get(states.version("zone", "1")));
    assertEquals(1, reads.get());
  }

  @Test
  void version_askedForBySeveralAtOnce_isReadOnce() throws Exception {
    importBox(0);
    CountDownLatch held = new CountDownLatch(1);
    onRead = method -> awaitLatch(held);
    List<CompletableFuture<Snapshot>> asked = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      asked.add(states.version("zone", "1"));
    }

    held.countDown();

    for (CompletableFuture<Snapshot> one : asked) {
      assertSame(get(asked.getFirst()), get(one));
    }
    assertEquals(1, reads.get());
  }

  @Test
  void version_moreThanThereIsRoomFor_dropsTheOneNobodyAskedForLongest() throws Exception {
    importBox(0);
    importBox(10);
    importBox(20);
    Snapshot first = get(states.version("zone", "1"));
    Snapshot second = get(states.version("zone", "2"));
    assertSame(first, get(states.version("zone", "1")));

    get(states.version("zone", "3"));

    assertEquals(2 * VERTICES, states.vertices());
    assertSame(first, get(states.version("zone", "1")));
    assertNotSame(second, get(states.version("zone", "2")));
  }

  @Test
  void version_largerThanTheBound_isRefusedWithoutBeingRead() {
    importBox(0);
    try (EarlierStates small = new EarlierStates(watched, VERTICES - 1)) {
      StoreException e = fails(small.version("zone", "1"));

      assertEquals(Kind.REFUSED, e.kind());
      assertTrue(e.getMessage().contains("5 vertices"), e.getMessage());
      assertTrue(e.getMessage().contains("follow.max-earlier-vertices"), e.getMessage());
      assertEquals(0, reads.get());
    }
  }

  @Test
  void version_doesNotFitIntoTheMemory_isRefusedWithTheReason() {
    importBox(0);
    HeapRoom room = new HeapRoom(HeapRoom.OWN + 100);
    try (EarlierStates small = new EarlierStates(watched, VERTICES, room)) {
      StoreException e = fails(small.version("zone", "1"));

      assertEquals(Kind.REFUSED, e.kind());
      assertTrue(
          e.getMessage()
              .startsWith("version 1 of the layer zone can't be read: it does not fit into"),
          e.getMessage());
    }
  }

  @Test
  void version_otherLoadsTakeTheRoom_isUnavailable() throws Exception {
    importBox(0);
    HeapRoom room = new HeapRoom(HeapRoom.OWN + 10_000);
    try (EarlierStates some = new EarlierStates(watched, VERTICES, room)) {
      try (HeapRoom.Load other = room.load()) {
        assertTrue(other.take(9_900));
        assertEquals(Kind.UNAVAILABLE, fails(some.version("zone", "1")).kind());
      }

      assertEquals("1", get(some.version("zone", "1")).layer().version());
    }
  }

  @Test
  void kept_roomIsNeededForAnotherLoad_isDropped() throws Exception {
    importBox(0);
    HeapRoom room = new HeapRoom(HeapRoom.OWN + 10_000);
    try (EarlierStates some = new EarlierStates(watched, VERTICES, room)) {
      get(some.version("zone", "1"));
      assertTrue(room.load().take(5_000));
      assertEquals(VERTICES, some.vertices());

      assertTrue(room.load().take(5_000));

      assertEquals(0, some.vertices());
    }
  }

  @Test
  void checkRoom_statesThatDoNotFitTogether_isRefused() throws Exception {
    importBox(0);
    Snapshot state = get(states.version("zone", "1"));

    states.checkRoom(List.of(state, state));
    StoreException e =
        assertThrows(StoreException.class, () -> states.checkRoom(List.of(state, state, state)));

    assertEquals(Kind.REFUSED, e.kind());
  }

  @Test
  void version_thatIsNotThere_isNotFound() {
    importBox(0);

    assertEquals(Kind.NOT_FOUND, fails(states.version("zone", "2")).kind());
    assertEquals(Kind.NOT_FOUND, fails(states.version("zone", "one")).kind());
    assertEquals(Kind.NOT_FOUND, fails(states.version("nowhere", "1")).kind());
  }

  @Test
  void version_readingFailed_isReadAgain() throws Exception {
    importBox(0);
    onRead =
        method -> {
          throw new StoreException(Kind.UNAVAILABLE, "away");
        };
    assertEquals(Kind.UNAVAILABLE, fails(states.version("zone", "1")).kind());

    onRead = method -> {};

    assertEquals("1", get(states.version("zone", "1")).layer().version());
  }

  @Test
  void version_afterTheEnd_isUnavailable() {
    states.close();

    assertEquals(Kind.UNAVAILABLE, fails(states.version("zone", "1")).kind());
  }

  private void importBox(double longitude) {
    try (DatasetWriter writer = store.datasets().begin("zone")) {
      writer.add(
          1,
          new Area("a", "", Map.of()),
          new GeometryFactory()
              .toGeometry(
                  new Envelope(new Coordinate(longitude, 0), new Coordinate(longitude + 1, 1))));
      writer.commit(new Provenance("test", "00", 0, 0, "", 0), false);
    }
  }

  private static Snapshot get(CompletableFuture<Snapshot> future) throws Exception {
    return future.get(30, TimeUnit.SECONDS);
  }

  private static StoreException fails(CompletableFuture<Snapshot> future) {
    ExecutionException e =
        assertThrows(ExecutionException.class, () -> future.get(30, TimeUnit.SECONDS));
    return assertInstanceOf(StoreException.class, e.getCause());
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      if (!latch.await(30, TimeUnit.SECONDS)) {
        throw new IllegalStateException("nobody let it go");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
