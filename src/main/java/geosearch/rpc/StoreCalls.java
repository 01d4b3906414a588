package geosearch.rpc;

import geosearch.config.ServerConfig;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs calls that wait for the store on threads of their own, so that look-ups never wait for them.
 * Connections take turns. Threads and waiting calls are bounded: what is more is answered
 * RESOURCE_EXHAUSTED at once. A call is answered, and its work interrupted, as soon as its caller
 * is gone, its deadline or the setting server.max-call-time is over, or the server stops.
 */
final class StoreCalls {

  private static final Logger log = LoggerFactory.getLogger(StoreCalls.class);

  /** Each thread works off this many calls in a time that callers still wait. */
  private static final int WAITING_PER_THREAD = 16;

  private final Duration maxCallTime;
  private final FairExecutor threads;
  private final ScheduledExecutorService timer;
  private final Set<Call<?>> open = ConcurrentHashMap.newKeySet();

  /** What a call does. */
  @FunctionalInterface
  interface Work<ResponseT> {
    ResponseT run() throws Exception;
  }

  StoreCalls(ServerConfig config) {
    this.maxCallTime = config.maxCallTime();
    this.threads =
        new FairExecutor(
            "store-call-",
            config.storeThreads(),
            config.storeThreads() * WAITING_PER_THREAD,
            config.maxCallTime());
    this.timer = timer();
  }

  /** Forgets the deadline of a call that has ended, instead of keeping the call until then. */
  private static ScheduledExecutorService timer() {
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(1, daemons("store-call-timer-"));
    timer.setRemoveOnCancelPolicy(true);
    return timer;
  }

  /**
   * Does the work on another thread, and answers with what it returns or throws. Call it before the
   * method of the service returns.
   *
   * @param method its name, for the log
   */
  <ResponseT> void run(String method, StreamObserver<ResponseT> observer, Work<ResponseT> work) {
    // Otherwise an answer to a caller who is gone would be an exception here.
    ((ServerCallStreamObserver<ResponseT>) observer).setOnCancelHandler(() -> {});
    Context.CancellableContext context =
        Context.current().withDeadlineAfter(maxCallTime.toNanos(), TimeUnit.NANOSECONDS, timer);
    Call<ResponseT> call = new Call<>(method, observer, work, context);
    open.add(call);
    context.addListener(call, Runnable::run);
    try {
      threads.execute(Callers.current(), call);
    } catch (RejectedExecutionException e) {
      call.fail(stopping());
    }
  }

  /** How long the call that this thread works for may still take. */
  static Duration timeLeft() {
    Deadline deadline = Context.current().getDeadline();
    return deadline == null
        ? Duration.ZERO
        : Duration.ofNanos(Math.max(0, deadline.timeRemaining(TimeUnit.NANOSECONDS)));
  }

  /** Answers what is under way, and waits for its work to end. */
  void stop(Duration timeout) {
    open.forEach(call -> call.fail(stopping()));
    threads.stop();
    timer.shutdownNow();
    try {
      if (!threads.awaitEnd(timeout)) {
        log.warn("calls still wait for the store {} after they were interrupted", timeout);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static StatusRuntimeException stopping() {
    return Details.unavailable("the server is stopping");
  }

  private static ThreadFactory daemons(String prefix) {
    return Thread.ofPlatform().daemon().name(prefix, 1).factory();
  }

  private final class Call<ResponseT> implements FairExecutor.Task, Context.CancellationListener {
    private final String method;
    private final StreamObserver<ResponseT> observer;
    private final Work<ResponseT> work;
    private final Context.CancellableContext context;
    private boolean over;
    private @Nullable Thread worker;

    Call(
        String method,
        StreamObserver<ResponseT> observer,
        Work<ResponseT> work,
        Context.CancellableContext context) {
      this.method = method;
      this.observer = observer;
      this.work = work;
      this.context = context;
    }

    @Override
    public void run() {
      if (!begin()) {
        return;
      }
      Context previous = context.attach();
      try {
        answer(work.run());
      } catch (Throwable e) {
        fail(e);
      } finally {
        context.detach(previous);
        end();
      }
    }

    @Override
    public void refuse() {
      fail(
          threads.isStopped()
              ? stopping()
              : Details.tooBusy("too many calls wait for the store; try again in a moment"));
    }

    private synchronized boolean begin() {
      if (over) {
        return false;
      }
      worker = Thread.currentThread();
      return true;
    }

    /** The mark of an interrupt that came too late must not reach the thread's next call. */
    private synchronized void end() {
      worker = null;
      Thread.interrupted();
    }

    private void answer(ResponseT response) {
      if (finish()) {
        observer.onNext(response);
        observer.onCompleted();
        context.cancel(null);
      }
    }

    private void fail(Throwable failure) {
      if (finish()) {
        observer.onError(Failures.answer(method, failure));
        context.cancel(null);
      }
    }

    /** Whether it falls to the caller to answer; interrupts the work if another does it. */
    private synchronized boolean finish() {
      if (over) {
        return false;
      }
      over = true;
      open.remove(this);
      if (worker != null && worker != Thread.currentThread()) {
        worker.interrupt();
      }
      return true;
    }

    private synchronized boolean isOver() {
      return over;
    }

    /** Is told of each context that ends, also of those that end because the call was answered. */
    @Override
    public void cancelled(Context cancelled) {
      if (isOver()) {
        return;
      }
      threads.remove(this);
      fail(
          Details.tooLate(
              "did not end in time, at most %s (setting server.max-call-time); what it was to change may have changed"
                  .formatted(maxCallTime)));
    }
  }
}
