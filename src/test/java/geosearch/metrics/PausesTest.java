package geosearch.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

class PausesTest {

  private final List<Long> timings = new ArrayList<>();

  /** A collector that says what it is told to. */
  private static final class Collector implements GarbageCollectorMXBean {
    private final String name;
    private long count;
    private long millis;

    Collector(String name) {
      this.name = name;
    }

    @Override
    public long getCollectionCount() {
      return count;
    }

    @Override
    public long getCollectionTime() {
      return millis;
    }

    @Override
    public String getName() {
      return name;
    }

    @Override
    public boolean isValid() {
      return true;
    }

    @Override
    public String[] getMemoryPoolNames() {
      return new String[0];
    }

    @Override
    public ObjectName getObjectName() {
      throw new UnsupportedOperationException();
    }
  }

  @Test
  void record_severalSince_haveTheirMean() {
    Collector collector = new Collector("G1 Young Generation");
    collector.count = 3;
    collector.millis = 12;
    Pauses pauses = new Pauses(List.of(collector), timings::add);

    pauses.record();
    pauses.record();
    collector.count = 4;
    collector.millis = 19;
    pauses.record();

    assertEquals(List.of(4_000_000L, 4_000_000L, 4_000_000L, 7_000_000L), timings);
  }

  @Test
  void record_timeBeforeItsCount_isNotLost() {
    Collector collector = new Collector("Copy");
    Pauses pauses = new Pauses(List.of(collector), timings::add);
    collector.millis = 5;

    pauses.record();
    collector.count = 1;
    pauses.record();

    assertEquals(List.of(5_000_000L), timings);
  }

  @Test
  void record_workBesideTheProgram_isNoPause() {
    Collector collector = new Collector("ZGC Major Cycles");
    collector.count = 1;
    Pauses pauses = new Pauses(List.of(collector), timings::add);

    pauses.record();

    assertEquals(List.of(), timings);
  }

  @Test
  void record_thisJvm_hasEachOfItsCollections() {
    Pauses pauses = new Pauses(timings::add);
    System.gc();
    // Other tests make some as well.
    long atLeast = collections();
    pauses.record();

    assertTrue(
        timings.size() >= atLeast && timings.size() <= collections() && atLeast > 0,
        timings::toString);
  }

  private static long collections() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .mapToLong(GarbageCollectorMXBean::getCollectionCount)
        .sum();
  }
}
