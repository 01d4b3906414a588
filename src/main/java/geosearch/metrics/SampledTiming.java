package geosearch.metrics;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongConsumer;

/**
 * Keeps the first timings of each window and counts the others.
 *
 * <p>Any number of threads record, without a lock or an allocation: while there is room a recording
 * takes a slot, and after that, which is where a busy server is nearly always, it costs one read
 * that all cores share and an addition that they don't ({@link Sums}). One thread drains, which
 * ends the window.
 */
final class SampledTiming implements LongConsumer {

  private static final class Window {
    final AtomicInteger taken = new AtomicInteger();
    final AtomicLongArray slots;

    Window(int size) {
      slots = new AtomicLongArray(size);
    }
  }

  private final int size;

  /** How many were not kept, of all windows. */
  private final Sums.Sum others;

  private volatile Window current;
  private Window spare;

  /** How many of the others were told of. */
  private long told;

  /**
   * @param size how many timings are kept of each window, at least 1
   * @param others counts those that aren't
   */
  SampledTiming(int size, Sums.Sum others) {
    this.size = size;
    this.others = others;
    this.current = new Window(size);
    this.spare = new Window(size);
  }

  @Override
  public void accept(long nanos) {
    Window window = current;
    if (window.taken.get() < size) {
      int slot = window.taken.getAndIncrement();
      if (slot < size) {
        // One more than the time, because zero says that the slot has not been written yet.
        window.slots.set(slot, Math.max(0, nanos) + 1);
        return;
      }
    }
    others.increment();
  }

  /**
   * Ends the window. A timing that is being recorded at this moment may be missing, and then counts
   * as one that was not kept. For one thread at a time.
   */
  void drain(Drain drain) {
    Window full = current;
    current = spare;
    spare = full;
    int taken = Math.min(full.taken.get(), size);
    long notKept = others.value();
    long all = taken + notKept - told;
    long[] kept = new long[taken];
    int count = 0;
    for (int i = 0; i < taken; i++) {
      long written = full.slots.getAndSet(i, 0);
      if (written > 0) {
        kept[count++] = written - 1;
      }
    }
    full.taken.set(0);
    if (count > 0) { // else those that were not kept are told of with the next window
      told = notKept;
      drain.take(Arrays.copyOf(kept, count), all);
    }
  }

  /** Is given the timings that were kept of a window, if there are any. */
  interface Drain {
    /**
     * @param nanos those that were kept
     * @param all how many there were in the window
     */
    void take(long[] nanos, long all);
  }
}
