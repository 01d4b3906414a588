package geosearch.metrics;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PausesTest {

  private static long collections() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .mapToLong(GarbageCollectorMXBean::getCollectionCount)
        .sum();
  }

  @Test
  void record_again_timesEachCollectionOnce() {
    List<Long> timings = new ArrayList<>();
    Pauses pauses = new Pauses(timings::add);
    for (int i = 0; i < 3; i++) {
      System.gc();
      // Other tests make some as well.
      long atLeast = collections();
      pauses.record();
      long atMost = collections();

      assertTrue(timings.size() >= atLeast && timings.size() <= atMost, timings::toString);
    }
    assertTrue(timings.stream().allMatch(nanos -> nanos >= 0), timings::toString);
  }
}
