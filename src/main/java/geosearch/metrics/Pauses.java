package geosearch.metrics;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * The pauses of the garbage collector, as far as the JVM's counters tell: how many there were since
 * it was asked last, and their mean. It would tell of each in a notice, too. But what makes and
 * takes that notice needs a core for a millisecond or two, as long as the pause itself and just
 * after it, when calls have queued up. For one thread at a time.
 */
final class Pauses {

  private static final long MILLISECOND = 1_000_000;

  /** What collectors that work beside the program call that work, which is no pause. */
  private static final String NO_PAUSES = "Cycles";

  private final List<Collector> collectors;
  private final LongConsumer timing;

  /**
   * @param timing takes nanoseconds
   */
  Pauses(LongConsumer timing) {
    this(ManagementFactory.getGarbageCollectorMXBeans(), timing);
  }

  Pauses(List<GarbageCollectorMXBean> beans, LongConsumer timing) {
    this.timing = timing;
    this.collectors =
        beans.stream()
            .filter(bean -> !bean.getName().endsWith(NO_PAUSES))
            .map(Collector::new)
            .toList();
  }

  /** Records the pauses since the last time. */
  void record() {
    collectors.forEach(collector -> collector.record(timing));
  }

  /** What was asked of one. */
  private static final class Collector {
    private final GarbageCollectorMXBean bean;
    private long count;
    private long millis;

    Collector(GarbageCollectorMXBean bean) {
      this.bean = bean;
    }

    void record(LongConsumer timing) {
      long countNow = bean.getCollectionCount();
      long pauses = countNow - count;
      if (pauses <= 0) {
        // If one ends at this moment, its time is left for when it is counted.
        return;
      }
      long millisNow = bean.getCollectionTime();
      for (long i = 0; i < pauses; i++) {
        timing.accept((millisNow - millis) * MILLISECOND / pauses);
      }
      count = countNow;
      millis = millisNow;
    }
  }
}
