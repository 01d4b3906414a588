package geosearch.geo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PagedIntsTest {

  private static final int SEVERAL_PAGES = 1_000_000;

  private final PagedInts ints = new PagedInts();

  @Test
  void drain_whatWasAddedInPiecesOfAnySize_isThereInOrder() {
    Random random = new Random(1);
    int[] expected = random.ints(SEVERAL_PAGES).toArray();
    for (int done = 0; done < SEVERAL_PAGES; ) {
      int end = Math.min(done + random.nextInt(2_000), SEVERAL_PAGES);
      ints.addAll(expected, done, end);
      if (end < SEVERAL_PAGES) {
        ints.add(expected[end++]);
      }
      done = end;
    }

    assertEquals(SEVERAL_PAGES, ints.size());
    assertEquals(expected[SEVERAL_PAGES - 1], ints.get(SEVERAL_PAGES - 1));
    assertArrayEquals(expected, ints.drain());
  }

  @Test
  void addZeros_overManyPages_canBeSet() {
    ints.add(7);
    int start = ints.addZeros(SEVERAL_PAGES);
    int[] expected = new int[SEVERAL_PAGES + 1];
    expected[0] = 7;
    for (int i = start; i <= SEVERAL_PAGES; i += 1_000) {
      ints.set(i, -i);
      expected[i] = -i;
    }

    assertEquals(1, start);
    assertArrayEquals(expected, ints.drain());
  }

  @Test
  void drain_once_leavesNothing() {
    ints.addZeros(SEVERAL_PAGES);
    ints.drain();

    assertEquals(0, ints.size());
    assertArrayEquals(new int[0], ints.drain());
    ints.add(3);
    assertArrayEquals(new int[] {3}, ints.drain());
  }

  @Test
  void drain_ofNothing_isEmpty() {
    assertEquals("[]", Arrays.toString(ints.drain()));
  }
}
