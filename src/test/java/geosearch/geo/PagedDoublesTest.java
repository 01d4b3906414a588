package geosearch.geo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

class PagedDoublesTest {

  private static final int SEVERAL_PAGES = 500_000;

  private final Random random = new Random(1);

  @Test
  void drain_whatWasAddedInPiecesOfAnySize_isThereInOrder() {
    double[] expected = random.doubles(SEVERAL_PAGES).toArray();
    PagedDoubles doubles = paged(expected, 2_000);

    assertEquals(SEVERAL_PAGES, doubles.size());
    assertArrayEquals(expected, doubles.drain());
    assertEquals(0, doubles.size());
  }

  @Test
  void addAll_oneLargePiece_isThereInOrder() {
    double[] expected = random.doubles(SEVERAL_PAGES).toArray();

    assertArrayEquals(expected, paged(expected, SEVERAL_PAGES + 1).drain());
  }

  @Test
  void addAll_another_isThereBehindAndStaysAsItWas() {
    double[] first = random.doubles(SEVERAL_PAGES).toArray();
    double[] second = random.doubles(SEVERAL_PAGES).toArray();
    PagedDoubles doubles = paged(first, 1_000);
    PagedDoubles more = paged(second, 1_000);

    doubles.addAll(more);

    double[] expected = new double[2 * SEVERAL_PAGES];
    System.arraycopy(first, 0, expected, 0, SEVERAL_PAGES);
    System.arraycopy(second, 0, expected, SEVERAL_PAGES, SEVERAL_PAGES);
    assertArrayEquals(expected, doubles.drain());
    assertArrayEquals(second, more.drain());
  }

  private PagedDoubles paged(double[] values, int most) {
    PagedDoubles doubles = new PagedDoubles();
    for (int done = 0; done < values.length; ) {
      int end = Math.min(done + 1 + random.nextInt(most), values.length);
      doubles.addAll(values, done, end);
      done = end;
    }
    return doubles;
  }
}
