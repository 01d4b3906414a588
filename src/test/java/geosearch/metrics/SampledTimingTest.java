package geosearch.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.primitives.Longs;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SampledTimingTest {

  private record Taken(List<Long> nanos, long all) {}

  private static List<Taken> drain(SampledTiming timing) {
    List<Taken> taken = new ArrayList<>();
    timing.drain((nanos, all) -> taken.add(new Taken(Longs.asList(nanos), all)));
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

    assertEquals(List.of(new Taken(List.of(0L, 7L), 2)), drain(timing));
  }

  @Test
  void drain_moreThanKept_givesTheFirstAndCountsTheOthers() {
    SampledTiming timing = new SampledTiming(2, new Sums().sum());
    for (int i = 1; i <= 10; i++) {
      timing.accept(i);
    }

    assertEquals(List.of(new Taken(List.of(1L, 2L), 10)), drain(timing));
  }

  @Test
  void drain_severalTimes_beginsEachWindowAnew() {
    SampledTiming timing = new SampledTiming(2, new Sums().sum());
    for (int window = 1; window <= 5; window++) {
      timing.accept(window);
      assertEquals(List.of(new Taken(List.of((long) window), 1)), drain(timing));
    }
    assertEquals(List.of(), drain(timing));
  }

  @Test
  void accept_negativeTime_countsAsNone() {
    SampledTiming timing = new SampledTiming(1, new Sums().sum());
    timing.accept(-5);

    assertEquals(List.of(new Taken(List.of(0L), 1)), drain(timing));
  }

  @Test
  void accept_severalThreadsWhileDraining_countsEveryOne() throws InterruptedException {
    int threads = 4;
    int each = 200_000;
    SampledTiming timing = new SampledTiming(50, new Sums().sum());
    AtomicLong all = new AtomicLong();
    SampledTiming.Drain count =
        (nanos, total) -> {
          assertTrue(nanos.length <= 50 && LongStream.of(nanos).allMatch(one -> one == 42));
          all.addAndGet(total);
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
    assertEquals(threads * each, (double) all.get(), 0.01 * threads * each);
  }
}
