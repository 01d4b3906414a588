package geosearch.load;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import geosearch.geo.Area;
import geosearch.geo.AreaIndex;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.GeometryFactory;

class HeapRoomTest {

  private static final long MB = 1 << 20;
  private static final Area AREA = new Area("75056", "Paris", Map.of());

  private final HeapRoom room = new HeapRoom(HeapRoom.OWN + 30 * MB);

  // What a process may have

  @Test
  void of_memoryForHeapAndAllElse_isTheLargestHeap() {
    assertEquals(600 * MB, HeapRoom.of(600 * MB, 1_000 * MB, 0).bytes());
  }

  /** The heap would grow until the system ends the process. */
  @Test
  void of_memoryThatHeapAndAllElseExceed_isWhatAllElseLeaves() {
    assertEquals(170 * MB, HeapRoom.of(200 * MB, 300 * MB, 0).bytes());
  }

  @Test
  void of_traffic_isTakenFromTheContainerAndFromLoads() {
    HeapRoom room = HeapRoom.of(600 * MB, 800 * MB, 100 * MB);

    assertEquals(570 * MB, room.bytes());
    assertEquals(115 * MB, room.inUse());
  }

  @Test
  void add_lessMemoryThanTheJvmTakes_isRefused() {
    HeapRoom.Load load = HeapRoom.of(60 * MB, 100 * MB, 0).load();

    assertThrows(NoRoomException.class, () -> load.add(AREA, 4));
  }

  // One load

  @Test
  void add_moreThanFits_isRefusedWithWhatItTakesAndWhatThereIs() {
    HeapRoom.Load load = room.load();
    load.add(AREA, 600_000);

    NoRoomException refusal = assertThrows(NoRoomException.class, () -> load.add(AREA, 100_000));

    String message = String.valueOf(refusal.getMessage());
    assertTrue(
        message.contains("its first 2 areas with 700,000 vertices take some 30 MB")
            && message.contains("beside 40 MB that are in use")
            && message.contains("the heap may have 70 MB"),
        message);
    assertFalse(refusal.isPassing());
  }

  @Test
  void add_areaWithManyAttributes_countsThem() {
    Map<String, String> attributes = Map.of("text", "x".repeat(20 << 20));
    HeapRoom.Load load = room.load();

    assertThrows(NoRoomException.class, () -> load.add(new Area("a", "", attributes), 4));
  }

  @Test
  void add_index_countsItsOutlinesAndNotItsTexts() {
    AreaIndex index = index("x".repeat(20 << 20));
    HeapRoom.Load load = room.load();

    load.add(index);
    load.add(AREA, 690_000);

    assertThrows(NoRoomException.class, () -> load.add(AREA, 10_000));
  }

  @Test
  void sizeInBytes_indexWithMuchText_countsIt() {
    long bytes = HeapRoom.sizeInBytes(index("x".repeat(1 << 20)));

    assertTrue(bytes > 2 * MB && bytes < 2.1 * MB, bytes + " bytes");
  }

  @Test
  void hold_whileALoadIsUnderWay_leavesItLess() {
    HeapRoom.Load load = room.load();
    load.add(AREA, 400_000);

    room.hold(20 * MB);

    assertFalse(assertThrows(NoRoomException.class, () -> load.add(AREA, 4)).isPassing());
    room.hold(5 * MB);
    assertDoesNotThrow(() -> load.add(AREA, 4));
  }

  @Test
  void take_moreThanFits_takesNothing() {
    HeapRoom.Load load = room.load();

    assertFalse(load.take(31 * MB));
    assertTrue(load.take(29 * MB));
  }

  // Several

  @Test
  void add_besideALoadThatIsUnderWay_isRefusedAndSaysSo() {
    room.load().add(AREA, 400_000);
    HeapRoom.Load second = room.load();

    assertTrue(assertThrows(NoRoomException.class, () -> second.add(AREA, 400_000)).isPassing());
  }

  @Test
  void add_afterALoadHasEnded_hasItsRoom() {
    try (HeapRoom.Load first = room.load()) {
      first.add(AREA, 400_000);
    }

    assertDoesNotThrow(() -> room.load().add(AREA, 400_000));
  }

  @Test
  void wouldFit_whileALoadIsUnderWay_leavesItOut() {
    room.hold(10 * MB);
    room.load().add(AREA, 400_000);

    assertTrue(room.wouldFit(20 * MB));
    assertFalse(room.wouldFit(20 * MB + 1));
  }

  // Caches

  @Test
  void add_moreThanCachesLeave_clearsThem() {
    CountedCache cache = new CountedCache();
    room.add(cache);
    HeapRoom.Load load = room.load();

    load.add(AREA, 200_000);
    assertEquals(0, cache.cleared);
    load.add(AREA, 400_000);

    assertEquals(1, cache.cleared);
  }

  @Test
  void hold_moreThanCachesLeave_clearsThem() {
    CountedCache cache = new CountedCache();
    room.add(cache);

    room.hold(10 * MB);
    assertEquals(0, cache.cleared);
    room.hold(11 * MB);

    assertEquals(1, cache.cleared);
  }

  @Test
  void add_moreThanFitsWithoutCachesEither_isRefusedAndLeavesThem() {
    CountedCache cache = new CountedCache();
    room.add(cache);
    HeapRoom.Load load = room.load();

    assertThrows(NoRoomException.class, () -> load.add(AREA, 700_000));
    assertEquals(0, cache.cleared);
  }

  private static AreaIndex index(String text) {
    return AreaIndex.builder()
        .add(
            new Area("a", "", Map.of("text", text)),
            new GeometryFactory().toGeometry(new Envelope(0, 1, 0, 1)))
        .build();
  }

  private static final class CountedCache implements HeapRoom.Cache {
    private int cleared;

    @Override
    public long sizeInBytes() {
      return cleared == 0 ? 20 * MB : 0;
    }

    @Override
    public void clear() {
      cleared++;
    }
  }
}
