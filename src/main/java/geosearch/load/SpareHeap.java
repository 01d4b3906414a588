package geosearch.load;

import com.sun.management.GarbageCollectorMXBean;
import com.sun.management.GcInfo;
import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Gives back to the system what of the heap is not needed any more. For use by one thread.
 *
 * <p>The collector G1 lets the heap grow while it has much to do: while a layer is loaded, and
 * while very many calls come. It takes that back only when it marks, for which it sees no reason as
 * long as the old generation stays as it is; left to itself a server that is asked calmly would
 * keep twice the heap that it needs for days.
 */
final class SpareHeap {

  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(10);

  private static final String COLLECTOR = "G1 Young Generation";

  /** The pools of memory that are its heap. */
  private static final String POOLS = "G1 ";

  /** Of the time, in percent: with less, a smaller heap is no burden. */
  private static final int FEW_PERCENT = 1;

  /**
   * Times what is in use after a collection; when it marks, the collector leaves 1.33 times that.
   */
  private static final double MUCH = 1.6;

  /** What has not shrunk by this much has not shrunk, and what has not grown by it not grown. */
  private static final double CHANGE = 0.1;

  private final Executor beside;
  private final AtomicBoolean isAsked = new AtomicBoolean();
  private long lookNanos = System.nanoTime();
  private long collectionMillis;

  /** How large the heap was when it was to shrink, as long as it has not. */
  private long stubborn;

  /**
   * @param beside collects, which takes a tenth of a second
   */
  SpareHeap(Executor beside) {
    this.beside = beside;
  }

  /** Gives back at once. The image's settings let answers go on meanwhile. */
  void giveBack() {
    if (isAsked.compareAndSet(false, true)) {
      try {
        beside.execute(() -> {
          isAsked.set(false);
          System.gc();
        });
      } catch (RejectedExecutionException e) {
        // The process ends, and gives back all.
      }
    }
  }

  /**
   * Gives back if much has been spare for a while, where that stops no answers; to be called now
   * and then.
   */
  void look() {
    long now = System.nanoTime();
    long passed = now - lookNanos;
    if (passed < LOOK_NANOS) {
      return;
    }
    lookNanos = now;
    if (isConcurrent()) {
      ManagementFactory.getPlatformMXBeans(GarbageCollectorMXBean.class).stream()
          .filter(collector -> collector.getName().equals(COLLECTOR))
          .forEach(collector -> look(collector, TimeUnit.NANOSECONDS.toMillis(passed)));
    }
  }

  private void look(GarbageCollectorMXBean collector, long passedMillis) {
    long collecting = collector.getCollectionTime() - collectionMillis;
    collectionMillis += collecting;
    GcInfo last = collector.getLastGcInfo();
    long committed = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getCommitted();
    if (committed < (1 - CHANGE) * stubborn) {
      stubborn = 0;
    }
    if (last != null
        && isSpare(committed, used(last), collecting, passedMillis)
        && committed > (1 + CHANGE) * stubborn) {
      stubborn = committed;
      giveBack();
    }
  }

  /** Whether a collection that is asked for marks beside the program, in place of stopping it. */
  private static boolean isConcurrent() {
    try {
      return Boolean.parseBoolean(
          ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
              .getVMOption("ExplicitGCInvokesConcurrent")
              .getValue());
    } catch (IllegalArgumentException e) {
      return false; // another JVM
    }
  }

  /** Bytes of the heap that were in use after a collection. */
  private static long used(GcInfo collection) {
    return collection.getMemoryUsageAfterGc().entrySet().stream()
        .filter(pool -> pool.getKey().startsWith(POOLS))
        .mapToLong(pool -> pool.getValue().getUsed())
        .sum();
  }

  /**
   * Whether much is spare.
   *
   * @param committed bytes of the heap
   * @param used bytes of it that were in use after the last collection
   * @param collecting how many milliseconds collections took, of {@code passed}
   */
  static boolean isSpare(long committed, long used, long collecting, long passed) {
    return committed > MUCH * used && 100 * collecting < FEW_PERCENT * passed;
  }
}
