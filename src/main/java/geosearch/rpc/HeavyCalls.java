package geosearch.rpc;

import io.grpc.Context;
import io.grpc.ServerCall;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs calls that compute for long on threads of their own, as many as there are processors, so
 * that the network's threads stay free for look-ups. Calls that wait are bounded; what is more is
 * answered RESOURCE_EXHAUSTED at once.
 */
final class HeavyCalls {

  private static final Logger log = LoggerFactory.getLogger(HeavyCalls.class);

  private static final int WAITING = 64;

  private final ThreadPoolExecutor threads;

  HeavyCalls() {
    int processors = Runtime.getRuntime().availableProcessors();
    threads =
        new ThreadPoolExecutor(
            processors,
            processors,
            1,
            TimeUnit.MINUTES,
            new ArrayBlockingQueue<>(WAITING),
            Thread.ofPlatform().daemon().name("heavy-call-", 1).factory());
    threads.allowCoreThreadTimeOut(true);
  }

  /**
   * Answers a call on another thread.
   *
   * @param work sends the answer; what it throws becomes the answer
   * @throws io.grpc.StatusRuntimeException RESOURCE_EXHAUSTED where too many calls wait
   */
  void run(ServerCall<?, ?> call, Runnable work) {
    try {
      threads.execute(Context.current().wrap(() -> CallGuard.answer(call, work)));
    } catch (RejectedExecutionException e) {
      throw threads.isShutdown()
          ? Details.unavailable("the server is stopping")
          : Details.tooBusy("too many batches and wide searches wait already");
    }
  }

  /** Whether another call waits for its turn, and one more may. */
  boolean isAwaited() {
    return !threads.getQueue().isEmpty() && threads.getQueue().remainingCapacity() > 0;
  }

  /**
   * Lets threads that wait for this processor go first, and ends work whose caller has gone away or
   * doesn't wait any longer. To be called every 0.2 ms or so: where all processors are taken, the
   * system would let a look-up wait for milliseconds otherwise.
   *
   * @throws io.grpc.StatusRuntimeException DEADLINE_EXCEEDED if nobody waits
   */
  @SuppressWarnings("ThreadPriorityCheck") // nothing depends on it but how long others wait
  static void giveWay() {
    Thread.yield();
    if (Context.current().isCancelled()) {
      throw Details.tooLate("the call's deadline passed, or its caller went away");
    }
  }

  void stop(Duration timeout) {
    threads.shutdownNow();
    try {
      if (!threads.awaitTermination(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
        log.warn("calls are still worked on {} after the server stopped", timeout);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
