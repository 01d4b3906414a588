package geosearch.rpc;

import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.ServerCall;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls that wait for something to happen in the server, without a thread for each: they are noted,
 * and gone on with once it has happened. A call waits until shortly before its deadline, and no
 * longer than a limit; one that is cancelled is forgotten. Calls that wait are bounded.
 *
 * <p>Safe for use by several threads.
 */
final class ParkedCalls {

  private static final int MOST = 1_000;

  /** How long before its deadline a call is answered, so that its caller learns why. */
  private static final Duration MARGIN = Duration.ofMillis(100);

  private final String what;
  private final Duration longest;
  private final Set<Parked> parked = ConcurrentHashMap.newKeySet();
  private final Callers places = new Callers(MOST);
  private final ScheduledThreadPoolExecutor thread;

  /**
   * @param what they wait for, for people
   * @param threadName of the one thread on which calls are gone on with
   * @param longest how long a call waits at most
   */
  ParkedCalls(String what, String threadName, Duration longest) {
    this.what = what;
    this.longest = longest;
    this.thread =
        new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name(threadName).factory());
    thread.setRemoveOnCancelPolicy(true);
  }

  /**
   * Parks a call. Call it in the context of the call, and {@link #look} when something may have
   * happened.
   *
   * @param happened whether the call can be gone on with; must not block
   * @param resume goes on with the call, in its context; what it throws becomes the answer
   * @param tooLate the answer to a call that has waited for as long as it may
   * @throws io.grpc.StatusRuntimeException RESOURCE_EXHAUSTED where too many calls wait
   */
  void park(
      ServerCall<?, ?> call,
      BooleanSupplier happened,
      Runnable resume,
      StatusRuntimeException tooLate) {
    Object caller = Callers.of(call);
    if (!places.take(caller) && !(makeRoom(caller) && places.take(caller))) {
      throw tooMany();
    }
    new Parked(call, caller, happened, Context.current().wrap(resume)).begin(tooLate);
  }

  /** Refuses a call of the connection that has most of those that wait, if it has more. */
  private boolean makeRoom(Object caller) {
    return places
        .greedierThan(caller)
        .flatMap(greedy -> parked.stream().filter(one -> one.caller.equals(greedy)).findAny())
        .filter(one -> one.refuse(tooMany()))
        .isPresent();
  }

  private StatusRuntimeException tooMany() {
    return Details.tooBusy("too many calls wait for " + what + " already");
  }

  /** How many calls wait. */
  int count() {
    return parked.size();
  }

  /** Goes on with the calls that can be, on this room's own thread. */
  void look() {
    if (!parked.isEmpty()) {
      try {
        thread.execute(() -> parked.forEach(Parked::goOnIfHappened));
      } catch (RejectedExecutionException e) {
        // It stops, and has answered them all.
      }
    }
  }

  /** Answers the calls that wait. */
  void stop() {
    thread.shutdownNow();
    parked.forEach(one -> one.refuse(Details.unavailable("the server is stopping")));
  }

  private Duration limit() {
    Deadline deadline = Context.current().getDeadline();
    if (deadline == null) {
      return longest;
    }
    Duration left = Duration.ofNanos(deadline.timeRemaining(TimeUnit.NANOSECONDS));
    Duration tenth = left.dividedBy(10);
    Duration usable = left.minus(tenth.compareTo(MARGIN) < 0 ? tenth : MARGIN);
    return usable.compareTo(longest) < 0 ? usable : longest;
  }

  private final class Parked implements Context.CancellationListener {
    private final ServerCall<?, ?> call;
    private final Object caller;
    private final BooleanSupplier happened;
    private final Runnable resume;
    private final Context context = Context.current();
    private @Nullable Future<?> timeout;
    private boolean over;

    Parked(ServerCall<?, ?> call, Object caller, BooleanSupplier happened, Runnable resume) {
      this.call = call;
      this.caller = caller;
      this.happened = happened;
      this.resume = resume;
    }

    void begin(StatusRuntimeException tooLate) {
      parked.add(this);
      try {
        schedule(limit(), tooLate);
      } catch (RejectedExecutionException e) {
        refuse(Details.unavailable("the server is stopping"));
        return;
      }
      context.addListener(this, Runnable::run);
      // What has happened since the call looked has woken nobody.
      if (happened.getAsBoolean()) {
        look();
      }
    }

    private synchronized void schedule(Duration limit, StatusRuntimeException tooLate) {
      timeout = thread.schedule(() -> refuse(tooLate), limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void cancelled(Context cancelled) {
      end();
    }

    void goOnIfHappened() {
      if (happened.getAsBoolean() && end()) {
        try {
          resume.run();
        } catch (RuntimeException | Error e) {
          CallGuard.close(call, e);
        }
      }
    }

    /** Returns whether it was this that ended the wait. */
    boolean refuse(StatusRuntimeException answer) {
      if (!end()) {
        return false;
      }
      CallGuard.close(call, answer);
      return true;
    }

    /** Whether it falls to the caller to go on with the call. */
    private boolean end() {
      synchronized (this) {
        if (over) {
          return false;
        }
        over = true;
        if (timeout != null) {
          timeout.cancel(false);
        }
      }
      parked.remove(this);
      places.giveBack(caller);
      context.removeListener(this);
      return true;
    }
  }
}
