package geosearch.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpareHeapTest {

  @ParameterizedTest
  @CsvSource({
    "223, 92, 60, 10000, true",
    "223, 92, 99, 10000, true",
    "223, 92, 100, 10000, false",
    "124, 92, 60, 10000, false",
    "147, 92, 60, 10000, false",
    "148, 92, 60, 10000, true"
  })
  void isSpare_committedUsedAndTimeSpentCollecting_isWhereMuchIsLeftAndLittleCollected(
      long committed, long used, long collecting, long passed, boolean expected) {
    assertEquals(expected, SpareHeap.isSpare(committed << 20, used << 20, collecting, passed));
  }
}
