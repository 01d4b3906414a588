package geosearch.rpc;

import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.Grpc;
import io.grpc.ServerCall;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How many places each connection has of a number that all share, so that the one with the most can
 * make room for others. Safe for use by several threads.
 */
final class Callers {

  /** Set by {@link ConnectionAge#forMethods}. */
  static final Context.Key<Object> CURRENT = Context.key("geosearch-caller");

  /** Stands for callers without a connection, such as those within the process. */
  private static final Object UNKNOWN = new Object();

  private final int most;
  private final Map<Object, Integer> places = new HashMap<>();
  private int taken;

  /**
   * @param most how many places there are
   */
  Callers(int most) {
    this.most = most;
  }

  /** Returns what tells the connection of the call that this thread handles from others. */
  static Object current() {
    Object caller = CURRENT.get();
    return caller == null ? UNKNOWN : caller;
  }

  /** Returns what tells the connection of a call from others. */
  static Object of(ServerCall<?, ?> call) {
    return of(call.getAttributes());
  }

  /** Returns what tells a connection from others. */
  static Object of(Attributes connection) {
    SocketAddress address = connection.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
    return address == null ? UNKNOWN : address;
  }

  /**
   * Takes a place for a caller.
   *
   * @return whether there was one
   */
  synchronized boolean take(Object caller) {
    if (taken >= most) {
      return false;
    }
    taken++;
    places.merge(caller, 1, Integer::sum);
    return true;
  }

  /** Gives a place back. */
  synchronized void giveBack(Object caller) {
    taken--;
    places.computeIfPresent(caller, (key, count) -> count == 1 ? null : count - 1);
  }

  /** Returns who has so many places more than a caller that one of them should be the caller's. */
  synchronized Optional<Object> greedierThan(Object caller) {
    int mine = places.getOrDefault(caller, 0);
    return places.entrySet().stream()
        .max(Map.Entry.comparingByValue())
        .filter(largest -> largest.getValue() > mine + 1)
        .map(Map.Entry::getKey);
  }
}
