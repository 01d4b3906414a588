package geosearch.rpc;

import geosearch.atlas.Snapshot;
import geosearch.atlas.View;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * States of layers that the positions of a stream are asked of in place of what is served. For use
 * by one thread at a time.
 */
final class PinnedStates {

  private final Map<String, Snapshot> states = new HashMap<>();
  private @Nullable View last;

  /** Whether there are some that were found for the request that is being answered. */
  private boolean isNew;

  /** Takes what was found for a request. */
  void pin(List<Snapshot> found) {
    found.forEach(state -> states.put(state.layer().name(), state));
    isNew = true;
  }

  /**
   * What is served now, with these states in it. One that has rows of the original's table, which
   * have no past and are found as they are, is left out once something else is served, for it to be
   * found anew; but no more than once for a request, whatever changes meanwhile.
   */
  View in(View served) {
    if (!isNew && last != served) {
      states
          .keySet()
          .removeIf(name -> served.layer(name).filter(one -> one.layer().original()).isPresent());
    }
    return served.with(states.values());
  }

  /** What was served when a request could be answered. */
  void answered(View served) {
    last = served;
    isNew = false;
  }

  /** Whether a state is one of these. */
  boolean has(Snapshot state) {
    return state.equals(states.get(state.layer().name()));
  }

  /** Whether the last answer was made when this was served. */
  boolean isAnsweredOf(View served) {
    return last == served;
  }

  /** Forgets what was served. */
  void letGo() {
    last = null;
  }
}
