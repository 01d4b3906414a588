package geosearch.rpc;

import io.grpc.Context;
import io.grpc.ServerCall;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs calls that compute for long on threads of their own, as many as there are processors, so
 * that the network's threads stay free for look-ups. Connections take turns. Calls that wait are
 * bounded; what is more, or has waited for too long, is answered RESOURCE_EXHAUSTED.
 */
final class HeavyCalls {

  private static final Logger log = LoggerFactory.getLogger(HeavyCalls.class);

  private static final int WAITING = 64;

  /** Whoever has waited longer is served better by an answer that says so. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

  private final FairExecutor threads =
      new FairExecutor(
          "heavy-call-", Runtime.getRuntime().availableProcessors(), WAITING, LONGEST_WAIT);

  /**
   * Answers a call on another thread.
   *
   * @param work sends the answer; what it throws becomes the answer
   */
  void run(ServerCall<?, ?> call, Runnable work) {
    try {
      threads.execute(Callers.of(call), new Answering(call, Context.current().wrap(work)));
    } catch (RejectedExecutionException e) {
      throw Details.unavailable("the server is stopping");
    }
  }

  private final class Answering implements FairExecutor.Task {
    private final ServerCall<?, ?> call;
    private final Runnable work;

    Answering(ServerCall<?, ?> call, Runnable work) {
      this.call = call;
      this.work = work;
    }

    @Override
    public void run() {
      CallGuard.answer(call, work);
    }

    @Override
    public void refuse() {
      CallGuard.close(
          call,
          threads.isStopped()
              ? Details.unavailable("the server is stopping")
              : Details.tooBusy("too many batches and wide searches wait already"));
    }
  }

  /** Returns whether another call waits for its turn, and one more may. */
  boolean isAwaited() {
    return threads.isAwaited();
  }

  /**
   * Lets threads that wait for this processor go first, and ends work whose caller has gone away or
   * doesn't wait any longer. To be called every 0.2 ms or so: if all processors are taken, the
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
    threads.stop();
    try {
      if (!threads.awaitEnd(timeout)) {
        log.warn("Calls are still worked on after the server stopped, waited={}", timeout);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
