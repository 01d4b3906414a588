package geosearch.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class SumsTest {

  private static final int THREADS = 8;
  private static final int ADDITIONS = 100_000;

  private final Sums sums = new Sums();

  @Test
  void value_nothingAdded_isZero() {
    assertEquals(0, sums.sum().value());
  }

  @Test
  void value_ofOneSum_isNotThatOfAnother() {
    Sums.Sum first = sums.sum();
    Sums.Sum second = sums.sum();
    first.increment();
    second.add(41);
    second.increment();

    assertEquals(1, first.value());
    assertEquals(42, second.value());
  }

  @Test
  void value_manySumsMadeAfterTheFirstAddition_areAllKept() {
    List<Sums.Sum> made = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      Sums.Sum sum = sums.sum();
      sum.add(i);
      made.add(sum);
    }

    for (int i = 0; i < made.size(); i++) {
      assertEquals(i, made.get(i).value());
    }
  }

  @Test
  void value_severalThreadsAdd_isAllOfTheirs() throws Exception {
    Sums.Sum sum = sums.sum();
    Sums.Sum late = sums.sum();
    CountDownLatch added = new CountDownLatch(THREADS);
    CountDownLatch seen = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                for (int j = 0; j < ADDITIONS; j++) {
                  sum.increment();
                }
                added.countDown();
                awaitUninterrupted(seen);
                late.add(2);
              }));
    }
    added.await();

    assertEquals(THREADS * ADDITIONS, sum.value());

    seen.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(2 * THREADS, late.value());
    assertEquals(THREADS * ADDITIONS, sum.value());
  }

  @Test
  void value_threadsComeAndGo_isKept() throws Exception {
    Sums.Sum sum = sums.sum();
    for (int i = 1; i <= 100; i++) {
      Thread.ofPlatform().start(sum::increment).join();
      assertEquals(i, sum.value());
    }
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
