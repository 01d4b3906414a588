package geosearch.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SampledTimingTest {

  private record Taken(long nanos, long kept, long all) {}

  private static List<Taken> drain(SampledTiming timing) {
    List<Taken> taken = new ArrayList<>();
    timing.drain((nanos, kept, all) -> taken.add(new Taken(nanos, kept, all)));
    return taken;
  }

  @Test
  void drain_nothingRecorded_givesNothing() {
    assertEquals(List.of(), drain(new SampledTiming(3, new Sums().sum())));
  }

  @Test
  void drain_fewerThanKept_givesAllOfThem() {
    SampledTiming timing = new SampledTiming(3, new Sums().sum());
    timing.accept(0);
    timing.accept(7);

    assertEquals(List.of(new Taken(0, 2, 2), new Taken(7, 2, 2)), drain(timing));
  }

  @Test
  void drain_moreThanKept_givesTheFirstAndCountsTheOthers() {
    SampledTiming timing = new SampledTiming(2, new Sums().sum());
    for (int i = 1; i <= 10; i++) {
      timing.accept(i);
    }

    assertEquals(List.of(new Taken(1, 2, 10), new Taken(2, 2, 10)), drain(timing));
  }

  @Test
  void drain_severalTimes_beginsEachWindowAnew() {
    SampledTiming timing = new SampledTiming(2, new Sums().sum());
    for (int window = 1; window <= 5; window++) {
      timing.accept(window);
      assertEquals(List.of(new Taken(window, 1, 1)), drain(timing));
    }
    assertEquals(List.of(), drain(timing));
  }

  @Test
  void accept_negativeTime_countsAsNone() {
    SampledTiming timing = new SampledTiming(1, new Sums().sum());
    timing.accept(-5);

    assertEquals(List.of(new Taken(0, 1, 1)), drain(timing));
  }

  @Test
  void accept_severalThreadsWhileDraining_countsEveryOne() throws InterruptedException {
    int threads = 4;
    int each = 200_000;
    SampledTiming timing = new SampledTiming(50, new Sums().sum());
    AtomicLong all = new AtomicLong();
    SampledTiming.Drain count =
        (nanos, kept, total) -> {
          assertTrue(kept <= 50 && nanos == 42);
          // Every kept timing of a window tells the same total, which is added up once.
          all.addAndGet(total * 1_000_000 / kept);
        };
    CountDownLatch running = new CountDownLatch(threads);
    for (int i = 0; i < threads; i++) {
      Thread.ofPlatform()
          .start(() -> {
            for (int j = 0; j < each; j++) {
              timing.accept(42);
            }
            running.countDown();
          });
    }
    while (running.getCount() > 0) {
      timing.drain(count);
    }
    timing.drain(count);
    timing.drain(count);

    // A window that ends between the taking of its only slot and the writing of it is not told of.
    assertEquals(threads * each, all.get() / 1e6, 0.01 * threads * each);
  }
}
