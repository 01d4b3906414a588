package geosearch.traffic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrafficBudgetTest {

  private static final long MB = 1 << 20;

  private final TrafficBudget budget = new TrafficBudget(80 * MB);

  @ParameterizedTest
  @CsvSource({"100, 16", "252, 25", "614, 61", "16000, 256"})
  void share_isATenthOfTheHeapWithinBounds(long heapMegabytes, long expected) {
    assertEquals(expected, TrafficBudget.share(heapMegabytes * MB) / MB);
  }

  @Test
  void allows_fewBytes_alwaysAre() {
    budget.report(200 * MB);

    assertTrue(budget.allows(TrafficBudget.GUARANTEED, 1_000));
    assertFalse(budget.allows(TrafficBudget.GUARANTEED + 1, 1));
  }

  @Test
  void allows_oneConnectionOfFew_upToAQuarter() {
    assertTrue(budget.allows(20 * MB, 1));
    assertFalse(budget.allows(20 * MB + 1, 1));
  }

  @Test
  void allows_overHalfHeld_sharesEquallyAmongThoseThatHoldMuch() {
    budget.report(41 * MB);

    assertTrue(budget.allows(4 * MB, 10));
    assertFalse(budget.allows(4 * MB + 1, 10));
  }

  @Test
  void fits_beyondTheLimit_isFalse() {
    budget.report(50 * MB);

    assertTrue(budget.fits(30 * MB));
    assertFalse(budget.fits(30 * MB + 1));
  }

  @Test
  void report_back_frees() {
    budget.report(80 * MB);
    budget.report(-70 * MB);

    assertEquals(10 * MB, budget.held());
    assertTrue(budget.fits(70 * MB));
  }
}
