package geosearch.load;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import geosearch.geo.Area;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HeapRoomTest {

  private static final long MB = 1 << 20;
  private static final Area AREA = new Area("75056", "Paris", Map.of());

  @Test
  void of_memoryForHeapAndAllElse_isTheLargestHeap() {
    assertEquals(new HeapRoom(600 * MB), HeapRoom.of(600 * MB, 1_000 * MB));
  }

  /** The heap would grow until the system ends the process. */
  @Test
  void of_memoryThatHeapAndAllElseExceed_isWhatAllElseLeaves() {
    assertEquals(new HeapRoom(180 * MB), HeapRoom.of(200 * MB, 300 * MB));
  }

  @Test
  void add_lessMemoryThanTheJvmTakes_isRefused() {
    HeapRoom.Load load = HeapRoom.of(60 * MB, 100 * MB).beside(0);

    assertThrows(NoRoomException.class, () -> load.add(AREA, 4));
  }

  @Test
  void add_moreThanFits_isRefusedWithWhatItTakesAndWhatThereIs() {
    HeapRoom.Load load = new HeapRoom(HeapRoom.OWN + 30 * MB).beside(20 * MB);
    assertDoesNotThrow(() -> load.add(AREA, 200_000));

    String message =
        assertThrows(NoRoomException.class, () -> load.add(AREA, 100_000)).getMessage();

    assertTrue(
        message.contains("its first 2 areas with 300,000 vertices take some 12 MB")
            && message.contains("beside 60 MB that are in use")
            && message.contains("the heap may have 70 MB"),
        message);
  }
}
