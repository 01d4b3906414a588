package geosearch.attack;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * A client on one thread that makes calls when they are due, whatever became of those before. A
 * call that its connection has no room for is left out and counted, so the client never waits for
 * the server. A connection that ends is replaced, as channels of gRPC do.
 */
final class OpenLoop implements Closeable {

  private static final int WARM_UNDER_WAY = 32;
  private static final int REMEMBERED = 1 << 16;
  private static final long RECONNECT_NANOS = 100_000_000;
  private static final long IDLE_NANOS = 50_000;

  private final InetSocketAddress server;
  private final String path;
  private final String timeout;
  private final List<byte[]> messages;
  private final List<Caller> callers = new ArrayList<>();
  private Tally tally = new Tally(0, Duration.ofSeconds(1), Duration.ofDays(1));
  private volatile boolean stopped;
  private int message;
  private int turn;

  /**
   * @param path of the method
   * @param messages what is sent in turn, as gRPC frames it
   * @param timeout as in {@code grpc-timeout}; none if empty
   */
  OpenLoop(
      InetSocketAddress server,
      String path,
      List<byte[]> messages,
      int connections,
      String timeout) {
    this.server = server;
    this.path = path;
    this.timeout = timeout;
    this.messages = messages;
    for (int i = 0; i < connections; i++) {
      callers.add(new Caller());
    }
  }

  private final class Caller implements CallConnection.Ended {
    private final long[] due = new long[REMEMBERED];
    private CallConnection connection;
    private long retryAt;

    /** Sends what waits and reads what has arrived; returns whether there was anything. */
    boolean turn() {
      if (connection == null) {
        if (System.nanoTime() - retryAt < 0) {
          return false;
        }
        connect();
      }
      try {
        connection.flush();
        boolean read = connection.read(this);
        if (connection.isDone()) {
          end(0);
        }
        return read;
      } catch (IOException e) {
        end(RECONNECT_NANOS);
        return true;
      }
    }

    private void connect() {
      try {
        connection = new CallConnection(server, path, timeout);
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }

    private void end(long pause) {
      tally.lost(connection.underWay());
      connection.close();
      connection = null;
      retryAt = System.nanoTime() + pause;
    }

    boolean begin(long when, byte[] content) {
      if (connection == null || !connection.hasRoom(content)) {
        return false;
      }
      due[connection.call(content) % REMEMBERED] = when;
      return true;
    }

    @Override
    public void ended(int call, int status) {
      tally.ended(due[call % REMEMBERED], System.nanoTime(), status);
    }
  }

  /** Makes as many calls as the server answers, with some under way at once on each connection. */
  Tally most(double seconds, int underWay) {
    long start = begin(Duration.ofDays(1));
    long end = start + (long) (seconds * 1e9);
    for (long now = start; now - end < 0 && !stopped; now = System.nanoTime()) {
      for (Caller caller : callers) {
        caller.turn();
        while (caller.connection != null
            && caller.connection.underWay() < underWay
            && caller.begin(System.nanoTime(), next())) {
          tally.due(System.nanoTime());
        }
      }
    }
    return end(end, Duration.ofSeconds(2));
  }

  /** Lets the server's compilers see so many calls, or as many as it answers in some time. */
  void warmUp(long calls, Duration most) {
    long end = System.nanoTime() + most.toNanos();
    for (long answered = 0; answered < calls && System.nanoTime() - end < 0; ) {
      answered += most(1, WARM_UNDER_WAY).good();
    }
  }

  /**
   * Makes so many calls a second, until the time is over or {@link #stop}.
   *
   * @param deadline an answer that comes later is counted as late
   */
  Tally paced(double seconds, double perSecond, Duration deadline) {
    long start = begin(deadline);
    double apart = 1e9 / perSecond;
    long last = start + (long) (seconds * 1e9);
    long sent = 0;
    for (long now = start; now - last < 0 && !stopped; now = System.nanoTime()) {
      boolean busy = false;
      for (long due = start + (long) (sent * apart); due <= now; sent++) {
        tally.due(due);
        if (!anyCaller().begin(due, next())) {
          tally.noRoom();
        }
        due = start + (long) ((sent + 1) * apart);
        busy = true;
      }
      for (Caller caller : callers) {
        busy |= caller.turn();
      }
      if (!busy) {
        LockSupport.parkNanos(IDLE_NANOS);
      }
    }
    return end(
        System.nanoTime(),
        deadline.compareTo(Duration.ofSeconds(5)) < 0 ? deadline : Duration.ofSeconds(5));
  }

  /** Connects, so that the first call finds connections. */
  void connect() {
    long end = System.nanoTime() + 200_000_000;
    while (System.nanoTime() - end < 0) {
      callers.forEach(Caller::turn);
      LockSupport.parkNanos(1_000_000);
    }
  }

  /** Ends a run on another thread. */
  void stop() {
    stopped = true;
  }

  private Caller anyCaller() {
    turn = turn + 1 == callers.size() ? 0 : turn + 1;
    return callers.get(turn);
  }

  private byte[] next() {
    message = message + 1 == messages.size() ? 0 : message + 1;
    return messages.get(message);
  }

  private long begin(Duration deadline) {
    stopped = false;
    long start = System.nanoTime();
    tally = new Tally(start, Duration.ofSeconds(1), deadline);
    return start;
  }

  /** Waits for what is under way, for a bounded time. */
  private Tally end(long last, Duration patience) {
    Tally seen = tally;
    seen.end(last);
    long until = System.nanoTime() + patience.toNanos();
    while (underWay() > 0 && System.nanoTime() - until < 0) {
      callers.forEach(Caller::turn);
      LockSupport.parkNanos(IDLE_NANOS);
    }
    seen.unanswered(underWay());
    for (Caller caller : callers) {
      // The answers of this run are not those of the next one.
      if (caller.connection != null && caller.connection.underWay() > 0) {
        caller.connection.close();
        caller.connection = null;
      }
    }
    return seen;
  }

  private int underWay() {
    int sum = 0;
    for (Caller caller : callers) {
      sum += caller.connection == null ? 0 : caller.connection.underWay();
    }
    return sum;
  }

  @Override
  public void close() {
    for (Caller caller : callers) {
      if (caller.connection != null) {
        caller.connection.close();
      }
    }
  }
}
