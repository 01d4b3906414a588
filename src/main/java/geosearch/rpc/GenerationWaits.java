package geosearch.rpc;

import geosearch.atlas.Atlas;
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
import org.jspecify.annotations.Nullable;

/**
 * Lets calls wait for a change of zones that the answers don't hold yet, without a thread for each:
 * they are noted, and gone on with when the change is published. A call waits until shortly before
 * its deadline, and no longer than a limit; one that is cancelled is forgotten. Calls that wait are
 * bounded.
 *
 * <p>Safe for use by several threads.
 */
final class GenerationWaits {

  /** How long a call waits that gives itself more time, or any. */
  static final Duration LONGEST = Duration.ofSeconds(10);

  private static final int MOST_WAITING = 1_000;

  /** How long before its deadline a call is answered, so that its caller learns why. */
  private static final Duration MARGIN = Duration.ofMillis(100);

  private final Atlas atlas;
  private final Runnable hurry;
  private final Duration longest;
  private final Set<Waiting> waiting = ConcurrentHashMap.newKeySet();
  private final ScheduledThreadPoolExecutor thread;

  /**
   * @param atlas that has the change some day
   * @param hurry asks for a look at the store; must not block
   * @param longest how long a call waits at most
   */
  GenerationWaits(Atlas atlas, Runnable hurry, Duration longest) {
    this.atlas = atlas;
    this.hurry = hurry;
    this.longest = longest;
    this.thread =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("generation-wait").factory());
    thread.setRemoveOnCancelPolicy(true);
    atlas.addListener(this::published);
  }

  /**
   * Goes on with a call when the answers hold a change, or answers it UNAVAILABLE. Call it in the
   * context of the call.
   *
   * @param resume goes on with the call, in its context; what it throws becomes the answer
   * @throws io.grpc.StatusRuntimeException RESOURCE_EXHAUSTED where too many calls wait
   */
  void await(ServerCall<?, ?> call, long generation, Runnable resume) {
    if (waiting.size() >= MOST_WAITING) {
      throw Details.tooBusy("too many calls wait for a change of zones already");
    }
    new Waiting(call, generation, Context.current().wrap(resume)).begin();
  }

  /** How many calls wait. */
  int count() {
    return waiting.size();
  }

  /** Answers the calls that wait. */
  void stop() {
    thread.shutdownNow();
    waiting.forEach(one -> one.refuse(Details.unavailable("the server is stopping")));
  }

  /** Calls go on on this room's own thread: the one that publishes has other things to do. */
  private void published() {
    if (!waiting.isEmpty()) {
      try {
        thread.execute(() -> waiting.forEach(Waiting::goOnIfKnown));
      } catch (RejectedExecutionException e) {
        // It stops, and has answered them all.
      }
    }
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

  private final class Waiting implements Context.CancellationListener {
    private final ServerCall<?, ?> call;
    private final long generation;
    private final Runnable resume;
    private final Context context = Context.current();
    private @Nullable Future<?> timeout;
    private boolean over;

    Waiting(ServerCall<?, ?> call, long generation, Runnable resume) {
      this.call = call;
      this.generation = generation;
      this.resume = resume;
    }

    void begin() {
      waiting.add(this);
      try {
        schedule(limit());
      } catch (RejectedExecutionException e) {
        refuse(Details.unavailable("the server is stopping"));
        return;
      }
      context.addListener(this, Runnable::run);
      hurry.run();
      // What was published since the call looked has woken nobody.
      if (isKnown()) {
        published();
      }
    }

    private synchronized void schedule(Duration limit) {
      timeout =
          thread.schedule(
              () -> refuse(Asked.unknownGeneration()), limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void cancelled(Context cancelled) {
      end();
    }

    void goOnIfKnown() {
      if (isKnown() && end()) {
        try {
          resume.run();
        } catch (RuntimeException | Error e) {
          CallGuard.close(call, e);
        }
      }
    }

    void refuse(StatusRuntimeException answer) {
      if (end()) {
        CallGuard.close(call, answer);
      }
    }

    private boolean isKnown() {
      return atlas.view().filter(view -> Asked.isKnown(view, generation)).isPresent();
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
      waiting.remove(this);
      context.removeListener(this);
      return true;
    }
  }
}
