package geosearch.rpc;

import java.time.Duration;

/** A service with threads of its own, which end with the server. */
interface Stoppable {

  /** Answers the calls that are under way, and ends; waits for at most that long. */
  void stop(Duration timeout);
}
