package geosearch.traffic;

import java.util.HashSet;
import java.util.Set;

/**
 * Which streams of a connection were refused before HTTP/2 knew of them: what follows on these is
 * left out.
 *
 * <p>Confined to the connection's thread.
 */
final class RefusedStreams {

  private static final int NONE = -1;
  private static final int MOST = 4_096;

  /** Refused, and their requests have not ended. */
  private final Set<Integer> unfinished = new HashSet<>();

  /** The last of those; usually the next frame ends it. */
  private int last = NONE;

  private int newestAdmitted;
  private int newestRefused;

  /** Returns whether the client opens a stream with these headers, rather than end one. */
  boolean isNew(int stream) {
    return stream > newestAdmitted && stream > newestRefused;
  }

  void admit(int stream) {
    newestAdmitted = stream;
  }

  int newestAdmitted() {
    return newestAdmitted;
  }

  /**
   * Notes a stream that is refused.
   *
   * @param ends whether nothing follows on it
   */
  void refuse(int stream, boolean ends) {
    newestRefused = stream;
    if (ends) {
      return;
    }
    if (last != NONE) {
      if (unfinished.size() >= MOST) {
        unfinished.clear(); // whatever follows on those is an error of their streams alone
      }
      unfinished.add(last);
    }
    last = stream;
  }

  boolean contains(int stream) {
    return stream == last
        || (stream > newestAdmitted && stream <= newestRefused)
        || (!unfinished.isEmpty() && unfinished.contains(stream));
  }

  /** Notes that nothing more follows on a stream. */
  void end(int stream) {
    if (stream == last) {
      last = NONE;
    } else {
      unfinished.remove(stream);
    }
  }
}
