package geosearch.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FairExecutorTest {

  private static final int MOST = 6;

  private final FairExecutor executor =
      new FairExecutor("fair-executor-test-", 1, MOST, Duration.ofMinutes(1));
  private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
  private final CountDownLatch release = new CountDownLatch(1);

  @AfterEach
  void stop() throws InterruptedException {
    release.countDown();
    executor.stop();
    assertTrue(executor.awaitEnd(Duration.ofSeconds(10)));
  }

  @Test
  void execute_severalCallers_takeTurns() throws Exception {
    occupy();
    execute("a", "a1", "a2", "a3");
    execute("b", "b1", "b2");
    release.countDown();

    assertEquals(List.of("a1", "b1", "a2", "b2", "a3"), next(5));
  }

  @Test
  void execute_noRoom_theGreediestLosesItsNewest() throws Exception {
    occupy();
    execute("a", IntStream.rangeClosed(1, MOST).mapToObj(i -> "a" + i).toArray(String[]::new));
    execute("b", "b1");

    assertEquals(List.of("refused a6"), next(1));
  }

  @Test
  void execute_noRoomAndNobodyGreedier_isRefused() throws Exception {
    occupy();
    execute("a", "a1", "a2", "a3");
    execute("b", "b1", "b2", "b3");
    execute("a", "a4");

    assertEquals(List.of("refused a4"), next(1));
  }

  @Test
  void execute_waitedForTooLong_isRefused() throws Exception {
    FairExecutor impatient = new FairExecutor("fair-executor-test-", 1, MOST, Duration.ZERO);

    impatient.execute("a", task("a1"));

    assertEquals(List.of("refused a1"), next(1));
    impatient.stop();
  }

  @Test
  void remove_waiting_isNotRun() throws Exception {
    occupy();
    FairExecutor.Task removed = task("a1");
    executor.execute("a", removed);
    execute("a", "a2");
    executor.remove(removed);
    release.countDown();

    assertEquals(List.of("a2"), next(1));
  }

  @Test
  void stop_waiting_isRefused() throws Exception {
    occupy();
    execute("a", "a1");
    executor.stop();

    assertEquals(List.of("refused a1"), next(1));
    assertThrows(RejectedExecutionException.class, () -> executor.execute("a", task("a2")));
  }

  /** Takes the only thread until the release. */
  private void occupy() throws InterruptedException {
    CountDownLatch began = new CountDownLatch(1);
    executor.execute(
        "other",
        new FairExecutor.Task() {
          @Override
          public void run() {
            began.countDown();
            try {
              release.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }

          @Override
          public void refuse() {
            events.add("refused the first");
          }
        });
    assertTrue(began.await(10, TimeUnit.SECONDS));
  }

  private void execute(String caller, String... names) {
    for (String name : names) {
      executor.execute(caller, task(name));
    }
  }

  private FairExecutor.Task task(String name) {
    return new FairExecutor.Task() {
      @Override
      public void run() {
        events.add(name);
      }

      @Override
      public void refuse() {
        events.add("refused " + name);
      }
    };
  }

  private List<String> next(int count) throws InterruptedException {
    List<String> names = new java.util.ArrayList<>();
    for (int i = 0; i < count; i++) {
      names.add(String.valueOf(events.poll(10, TimeUnit.SECONDS)));
    }
    return names;
  }
}
