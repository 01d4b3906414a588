package geosearch.rpc;

import geosearch.atlas.Atlas;
import io.grpc.ServerCall;
import java.time.Duration;

/**
 * Lets calls wait for a change of zones that the answers don't hold yet; they are gone on with when
 * it is published. Safe for use by several threads.
 */
final class GenerationWaits {

  /** How long a call waits that gives itself more time, or any. */
  static final Duration LONGEST = Duration.ofSeconds(10);

  private final Atlas atlas;
  private final Runnable hurry;
  private final ParkedCalls calls;

  /**
   * @param atlas that has the change some day
   * @param hurry asks for a look at the store; must not block
   * @param longest how long a call waits at most
   */
  GenerationWaits(Atlas atlas, Runnable hurry, Duration longest) {
    this.atlas = atlas;
    this.hurry = hurry;
    this.calls = new ParkedCalls("a change of zones", "generation-wait", longest);
    atlas.addListener(calls::look);
  }

  /**
   * Goes on with a call when the answers hold a change, or answers it UNAVAILABLE. Call it in the
   * context of the call.
   *
   * @param resume goes on with the call, in its context; what it throws becomes the answer
   * @throws io.grpc.StatusRuntimeException RESOURCE_EXHAUSTED where too many calls wait
   */
  void await(ServerCall<?, ?> call, long generation, Runnable resume) {
    calls.park(call, () -> isKnown(generation), resume, Asked.unknownGeneration());
    hurry.run();
  }

  /** How many calls wait. */
  int count() {
    return calls.count();
  }

  /** Answers the calls that wait. */
  void stop() {
    calls.stop();
  }

  private boolean isKnown(long generation) {
    return atlas.view().filter(view -> Asked.isKnown(view, generation)).isPresent();
  }
}
