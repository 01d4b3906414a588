package geosearch.rpc;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks of many callers on a few threads and takes the callers in turn: one that asks for much
 * waits behind itself, not in front of others. Tasks that wait are bounded, in number and in time;
 * if there is no room, the caller with most of them loses its newest.
 *
 * <p>Safe for use by several threads.
 */
final class FairExecutor {

  /** What is run, or refused. */
  interface Task extends Runnable {
    /** Called in place of {@link #run} if there is no room, or it has waited for too long. */
    void refuse();
  }

  private record Waiting(Task task, long sinceNanos) {}

  /** How many tasks may run and wait. */
  private final int most;

  private final long longestNanos;
  private final ThreadPoolExecutor threads;

  /** By caller; the first one's turn is next. */
  private final Map<Object, Deque<Waiting>> callers = new LinkedHashMap<>();

  private int waiting;
  private int running;

  /**
   * Creates an executor without threads; they come with the tasks, and go after a minute.
   *
   * @param threadName before the thread's number
   * @param mostRunning how many threads there are at most
   * @param mostWaiting how many tasks may wait
   * @param longest how long a task may wait
   */
  FairExecutor(String threadName, int mostRunning, int mostWaiting, Duration longest) {
    this.most = mostRunning + mostWaiting;
    this.longestNanos = longest.toNanos();
    this.threads =
        new ThreadPoolExecutor(
            mostRunning,
            mostRunning,
            1,
            TimeUnit.MINUTES,
            // One entry for each task that waits, whichever is taken for it.
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name(threadName, 1).factory());
    threads.allowCoreThreadTimeOut(true);
  }

  /**
   * Runs a task soon, or refuses it or another.
   *
   * @param caller the tasks of the same caller run in their order
   * @throws RejectedExecutionException if the executor was stopped
   */
  void execute(Object caller, Task task) {
    Optional<Task> refused = add(caller, task);
    // Where it is the task itself, there is one more run than there are tasks, which finds nothing.
    threads.execute(this::runNext);
    refused.ifPresent(Task::refuse);
  }

  /** Adds a task, and returns the one that there is no room for. */
  private synchronized Optional<Task> add(Object caller, Task task) {
    if (threads.isShutdown()) {
      throw new RejectedExecutionException("stopped");
    }
    Optional<Task> refused = Optional.empty();
    if (waiting + running >= most) {
      Deque<Waiting> greedy =
          callers.values().stream().max(Comparator.comparingInt(Deque::size)).orElseThrow();
      Deque<Waiting> own = callers.getOrDefault(caller, new ArrayDeque<>());
      if (greedy.size() <= own.size() + 1) {
        return Optional.of(task);
      }
      refused = Optional.of(greedy.removeLast().task);
      waiting--;
    }
    callers
        .computeIfAbsent(caller, _ -> new ArrayDeque<>())
        .add(new Waiting(task, System.nanoTime()));
    waiting++;
    return refused;
  }

  private void runNext() {
    Waiting next = next();
    if (next == null) {
      return;
    }
    try {
      if (System.nanoTime() - next.sinceNanos > longestNanos) {
        next.task.refuse();
      } else {
        next.task.run();
      }
    } finally {
      ended();
    }
  }

  private synchronized void ended() {
    running--;
  }

  private synchronized @Nullable Waiting next() {
    Iterator<Map.Entry<Object, Deque<Waiting>>> first = callers.entrySet().iterator();
    if (!first.hasNext()) {
      return null;
    }
    Map.Entry<Object, Deque<Waiting>> turn = first.next();
    first.remove();
    Waiting task = turn.getValue().poll();
    if (!turn.getValue().isEmpty()) {
      callers.put(turn.getKey(), turn.getValue());
    }
    if (task != null) {
      waiting--;
      running++;
    }
    return task;
  }

  /** Forgets a task that waits. */
  synchronized void remove(Task task) {
    for (Iterator<Deque<Waiting>> each = callers.values().iterator(); each.hasNext(); ) {
      Deque<Waiting> tasks = each.next();
      if (tasks.removeIf(waits -> waits.task.equals(task))) {
        waiting--;
        if (tasks.isEmpty()) {
          each.remove();
        }
        return;
      }
    }
  }

  /** Returns whether a task waits and there is room for another. */
  synchronized boolean isAwaited() {
    return waiting > 0 && waiting + running < most;
  }

  /** Takes no further tasks; refuses those that wait and interrupts those that run. */
  void stop() {
    List<Task> refused = new ArrayList<>();
    synchronized (this) {
      threads.shutdownNow();
      callers.values().forEach(tasks -> tasks.forEach(waits -> refused.add(waits.task)));
      callers.clear();
      waiting = 0;
    }
    refused.forEach(Task::refuse);
  }

  /** Returns whether it was stopped: refusals then have that reason. */
  boolean isStopped() {
    return threads.isShutdown();
  }

  /** Waits until nothing runs any more, and returns whether that is so. */
  boolean awaitEnd(Duration timeout) throws InterruptedException {
    return threads.awaitTermination(timeout.toNanos(), TimeUnit.NANOSECONDS);
  }
}
