package geosearch.metrics;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Numbers that every request adds to. Each thread adds to numbers of its own by plain writes, and
 * whoever reads one adds up those of all threads. An atomic addition, were it to a number of each
 * thread's own as well, has the processor wait until all that it wrote before is in the cache: for
 * a request, which has just written some thousand bytes, that is longer than what an addition takes
 * by far.
 *
 * <p>Safe for use by several threads. What a reader sees of a thread that is adding may lack its
 * last additions for a moment; nothing is lost.
 */
final class Sums {

  private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(long[].class);
  private static final int FEW = 64;

  /** What one thread has added. */
  private static final class Own {
    private final Thread thread = Thread.currentThread();
    private volatile long[] numbers = new long[FEW];
  }

  private final ThreadLocal<Own> own = ThreadLocal.withInitial(this::begin);

  // Under the lock of this.
  private final List<Own> threads = new ArrayList<>();
  private long[] ended = new long[FEW];
  private int count;

  /** One more number, which begins with 0. */
  synchronized Sum sum() {
    return new Sum(count++);
  }

  /** What threads that have ended had added is kept, and they are not. */
  private synchronized Own begin() {
    threads.removeIf(other -> {
      boolean over = !other.thread.isAlive();
      if (over) {
        long[] numbers = other.numbers;
        ended = Arrays.copyOf(ended, Math.max(ended.length, numbers.length));
        for (int i = 0; i < numbers.length; i++) {
          ended[i] += numbers[i];
        }
      }
      return over;
    });
    Own mine = new Own();
    threads.add(mine);
    return mine;
  }

  private synchronized long value(int index) {
    long value = at(ended, index);
    for (Own other : threads) {
      value += at(other.numbers, index);
    }
    return value;
  }

  private static long at(long[] numbers, int index) {
    return index < numbers.length ? (long) ELEMENT.getAcquire(numbers, index) : 0;
  }

  /** One of the numbers. */
  final class Sum {
    private final int index;

    private Sum(int index) {
      this.index = index;
    }

    void increment() {
      add(1);
    }

    void add(long more) {
      Own mine = own.get();
      long[] numbers = mine.numbers;
      if (index >= numbers.length) {
        numbers = Arrays.copyOf(numbers, Math.max(2 * numbers.length, index + 1));
        mine.numbers = numbers;
      }
      ELEMENT.setRelease(numbers, index, numbers[index] + more);
    }

    /** All that was added. */
    long value() {
      return Sums.this.value(index);
    }
  }
}
