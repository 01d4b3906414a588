package geosearch.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class EmbeddedFileTest {

  private static final int MANY = 20;

  private @TempDir Path folder;
  private EmbeddedFile file;

  @BeforeEach
  void open() {
    file = EmbeddedFile.open(folder);
  }

  @AfterEach
  void close() {
    file.close();
  }

  private long versions() {
    return file.read(tables -> tables.store().getCurrentVersion());
  }

  private long counter(String name) {
    return file.read(tables -> tables.counter(name));
  }

  /** Changes that have been asked for while another is being made, in their order. */
  private List<FutureTask<Long>> beginWhileAnotherIsMade(int refused) throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    FutureTask<Long> first =
        new FutureTask<>(() ->
            file.write(tables -> {
              begun.countDown();
              awaitNow(go);
              return tables.increment("first");
            }));
    Thread.ofVirtual().start(first);
    begun.await();
    List<FutureTask<Long>> changes = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      int number = i;
      FutureTask<Long> change =
          new FutureTask<>(() ->
              file.write(tables -> {
                if (number == refused) {
                  throw new StoreException(StoreException.Kind.REFUSED, "not this one");
                }
                return tables.increment("changes");
              }));
      changes.add(change);
      Thread thread = Thread.ofPlatform().daemon().start(change);
      while (thread.isAlive() && thread.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
    }
    go.countDown();
    first.get();
    return changes;
  }

  private static void awaitNow(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void write_manyWhileOneIsMade_areMadeInOrderAndCommittedTogether() throws Exception {
    long before = versions();

    List<FutureTask<Long>> changes = beginWhileAnotherIsMade(-1);

    for (int i = 0; i < MANY; i++) {
      assertEquals(i + 1, changes.get(i).get());
    }
    assertEquals(before + 2, versions(), "a commit of the first, and one of the others");
  }

  @Test
  void write_oneOfManyIsRefused_theOthersAreMade() throws Exception {
    List<FutureTask<Long>> changes = beginWhileAnotherIsMade(3);

    ExecutionException refused = assertThrows(ExecutionException.class, () -> changes.get(3).get());
    assertTrue(refused.getCause() instanceof StoreException);
    for (int i = 4; i < MANY; i++) {
      assertEquals(i, changes.get(i).get());
    }
    file.close();
    file = EmbeddedFile.open(folder);
    assertEquals(MANY - 1, counter("changes"));
  }

  @Test
  void write_refused_commitsNothing() {
    long before = versions();

    assertThrows(
        StoreException.class,
        () ->
            file.write(tables -> {
              throw new StoreException(StoreException.Kind.REFUSED, "not this one");
            }));

    assertEquals(before, versions());
  }

  @Test
  void write_failsHalfWay_leavesNothingOfItAndGoesOn() {
    assertThrows(
        ArithmeticException.class,
        () ->
            file.write(tables -> {
              tables.increment("changes");
              throw new ArithmeticException("half-way");
            }));

    assertEquals(0, counter("changes"));
    assertEquals(1L, file.<Long>write(tables -> tables.increment("changes")));
  }

  @Test
  void write_closed_isUnavailable() {
    file.close();

    StoreException failure =
        assertThrows(StoreException.class, () -> file.write(tables -> tables.increment("changes")));
    assertEquals(StoreException.Kind.UNAVAILABLE, failure.kind());
  }
}
