package geosearch.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.Statistic;
import org.junit.jupiter.api.Test;

class StatsdLinesTest {

  private final StatsdLines lines = new StatsdLines("", "search_count");

  @Test
  void count_ofACounter_keepsTheNameAsItIs() {
    assertEquals("search_count:3|c", lines.count(3, Statistic.COUNT));
  }

  @Test
  void count_withPrefix_putsItBeforeTheName() {
    assertEquals("a.b.search_count:3|c", new StatsdLines("a.b", "search_count").count(3));
  }

  @Test
  void gauge_large_isWrittenWithoutExponent() {
    assertEquals("search_count:1790000000123|g", lines.gauge(1_790_000_000_123.0));
  }

  @Test
  void gauge_negative_isSetToZeroFirst() {
    assertEquals("search_count:0|g\nsearch_count:-2.5|g", lines.gauge(-2.5));
  }

  @Test
  void gauge_ofAnotherStatistic_isNamedAfterIt() {
    assertEquals("search_count.duration:2|g", lines.gauge(2, Statistic.DURATION));
  }

  @Test
  void timing_allKept_isInMilliseconds() {
    assertEquals("search_count:0.000412|ms", lines.timing(412, StatsdLines.rate(3, 3)));
    assertEquals(
        "search_count:1500.000000|ms", lines.timing(1_500_000_000, StatsdLines.rate(1, 1)));
  }

  @Test
  void timing_sampled_carriesTheRateWithoutExponent() {
    assertEquals(
        "search_count:1.000000|ms|@0.25", lines.timing(1_000_000, StatsdLines.rate(100, 400)));
    assertEquals(
        "search_count:1.000000|ms|@0.0000003333333",
        lines.timing(1_000_000, StatsdLines.rate(1, 3_000_000)));
  }
}
