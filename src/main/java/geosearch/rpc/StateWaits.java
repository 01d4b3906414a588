package geosearch.rpc;

import geosearch.atlas.Snapshot;
import geosearch.load.EarlierStates;
import geosearch.rpc.AwaitsStatesException.Wanted;
import geosearch.store.StoreException;
import io.grpc.ServerCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the states of layers that calls need beside what is served, and lets the calls wait while
 * they are read. Safe for use by several threads.
 */
final class StateWaits {

  private static final Logger log = LoggerFactory.getLogger(StateWaits.class);

  private final EarlierStates states;
  private final ParkedCalls calls;

  /**
   * @param longest how long a call waits at most
   */
  StateWaits(EarlierStates states, Duration longest) {
    this.states = states;
    this.calls = new ParkedCalls("earlier states", "state-wait", longest);
  }

  /**
   * What a call needs, if it is in memory; else goes on with the call when it has been read. Call
   * it in the context of the call.
   *
   * @param resume is given the states if they are not returned, in the call's context; what it
   *     throws becomes the answer
   * @return the states; nothing if the call waits for them
   * @throws RuntimeException the answer, if they can't be had
   */
  Optional<List<Snapshot>> await(
      ServerCall<?, ?> call, List<Wanted> wanted, Consumer<List<Snapshot>> resume) {
    List<CompletableFuture<Snapshot>> found =
        wanted.stream().map(one -> one.finding().apply(states)).toList();
    CompletableFuture<?> all = CompletableFuture.allOf(found.toArray(CompletableFuture[]::new));
    if (all.isDone()) {
      return Optional.of(taken(call, wanted, found));
    }
    calls.park(
        call,
        all::isDone,
        () -> resume.accept(taken(call, wanted, found)),
        Details.unavailable("what is asked about is still being read; try again in a moment"));
    var _ = all.whenComplete((done, failure) -> calls.look());
    return Optional.empty();
  }

  /** How many calls wait. */
  int count() {
    return calls.count();
  }

  /** Answers the calls that wait. */
  void stop() {
    calls.stop();
  }

  private List<Snapshot> taken(
      ServerCall<?, ?> call, List<Wanted> wanted, List<CompletableFuture<Snapshot>> found) {
    List<Snapshot> taken = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      try {
        taken.add(found.get(i).join());
      } catch (CompletionException e) {
        throw failure(call, wanted.get(i), e.getCause());
      }
    }
    states.checkRoom(taken);
    return taken;
  }

  /** What isn't there is not there; whatever else it is, the next try may succeed. */
  private static RuntimeException failure(
      ServerCall<?, ?> call, Wanted wanted, @Nullable Throwable cause) {
    if (cause instanceof StoreException e) {
      return e.kind() == StoreException.Kind.NOT_FOUND
          ? Details.notFound(wanted.type(), wanted.name(), String.valueOf(e.getMessage()))
          : e;
    }
    log.error(
        "{} could not read {} {}",
        call.getMethodDescriptor().getFullMethodName(),
        wanted.type(),
        wanted.name(),
        cause);
    return Details.unavailable("what is asked about could not be read; try again in a moment");
  }
}
