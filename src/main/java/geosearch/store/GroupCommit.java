package geosearch.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Commits changes of the embedded file one after another on a thread of its own. Those that come
 * while a commit is under way share the next one. Safe for use by several threads.
 */
final class GroupCommit implements AutoCloseable {

  /** So many changes are committed together at most, so that none waits for long. */
  private static final int MOST_TOGETHER = 64;

  private final Consumer<Predicate<EmbeddedTables>> commit;

  /** Changes that were asked for and have not begun. */
  private final BlockingQueue<Change<?>> waiting = new LinkedBlockingQueue<>();

  private final ExecutorService committing =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("geosearch-store").daemon().factory());

  /**
   * @param commit makes changes of one commit; they answer whether there is something to be
   *     committed
   */
  GroupCommit(Consumer<Predicate<EmbeddedTables>> commit) {
    this.commit = commit;
  }

  /**
   * Makes a change, all of it or nothing, and returns once it is committed.
   *
   * @param change must not throw a {@link StoreException} once it has changed something
   * @throws StoreException of kind UNAVAILABLE after {@link #close}
   */
  <T> T make(Function<EmbeddedTables, T> change) {
    Change<T> mine = new Change<>(change);
    waiting.add(mine);
    try {
      committing.execute(this::commitWaiting);
    } catch (RejectedExecutionException _) {
      // Those before it, which are still made, may have taken it along.
      if (waiting.remove(mine)) {
        throw EmbeddedFile.isClosed();
      }
    }
    return mine.await();
  }

  /** What has come while the last commit went to the disk goes there with the next one. */
  private void commitWaiting() {
    List<Change<?>> together = new ArrayList<>();
    waiting.drainTo(together, MOST_TOGETHER);
    if (together.isEmpty()) {
      return;
    }
    try {
      commit.accept(tables -> {
        boolean any = false;
        for (Change<?> change : together) {
          any |= change.make(tables);
        }
        return any;
      });
      together.forEach(Change::succeed);
    } catch (RuntimeException | Error e) {
      together.forEach(change -> change.fail(e));
    }
  }

  /** Accepts no further changes. Those that were accepted before are still made. */
  @Override
  public void close() {
    committing.shutdown();
  }

  /** What somebody waits for to be made and to be on the disk. */
  private static final class Change<T> {
    private final Function<EmbeddedTables, T> making;
    private final CompletableFuture<T> ended = new CompletableFuture<>();
    private Optional<T> made = Optional.empty();

    Change(Function<EmbeddedTables, T> making) {
      this.making = making;
    }

    /** Answers whether something was changed; refused, it has changed nothing, and has ended. */
    boolean make(EmbeddedTables tables) {
      try {
        made = Optional.of(making.apply(tables));
        return true;
      } catch (StoreException e) {
        ended.completeExceptionally(e);
        return false;
      }
    }

    /** What was made is on the disk. */
    void succeed() {
      made.ifPresent(ended::complete);
    }

    void fail(Throwable failure) {
      ended.completeExceptionally(failure);
    }

    /** Waits for its end, also on a thread that is interrupted: it comes soon, and is certain. */
    T await() {
      try {
        return ended.join();
      } catch (CompletionException e) {
        switch (e.getCause()) {
          case RuntimeException failure -> throw failure;
          case Error failure -> throw failure;
          case null, default -> throw e;
        }
      }
    }
  }
}
