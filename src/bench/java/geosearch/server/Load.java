package geosearch.server;

import geosearch.bench.Report;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;

/** A client on one thread, and what it sees. */
final class Load implements AutoCloseable {

  private static final int CONNECTIONS = 4;
  private static final int IN_FLIGHT = 64;

  /**
   * Below what a server allows on each connection; a call that is due then waits, and its time
   * runs.
   */
  private static final int MOST_IN_FLIGHT = 900;

  /** More than are ever under way at once on a connection. */
  private static final int REMEMBERED = 1 << 16;

  private final List<byte[]> messages;
  private final List<Caller> callers = new ArrayList<>();
  private final int inFlight;
  private int message;

  /**
   * What was seen of some calls.
   *
   * @param perSecond calls that ended
   * @param p50 microseconds from when a call was due to its end
   * @param p99 the same, of which one in a hundred took longer
   * @param longest the same, of the one that took longest
   */
  record Seen(double perSecond, double p50, double p99, double longest) {}

  /**
   * @param messages what is asked, in turn
   */
  Load(int port, String method, List<byte[]> messages) throws IOException {
    this(port, method, messages, CONNECTIONS, IN_FLIGHT);
  }

  /**
   * @param messages what is asked, in turn
   * @param inFlight calls under way at once on each connection, when as many as possible are asked
   *     for
   */
  Load(int port, String method, List<byte[]> messages, int connections, int inFlight)
      throws IOException {
    this.messages = messages;
    this.inFlight = inFlight;
    for (int i = 0; i < connections; i++) {
      callers.add(new Caller(new Http2Connection(port, "/" + method)));
    }
  }

  private static final class Caller implements Http2Connection.Ended {
    private final Http2Connection connection;
    private final long[] due = new long[REMEMBERED];
    private final Histogram times = new Histogram(60_000_000_000L, 3);
    private int begun;
    private long ended;

    Caller(Http2Connection connection) {
      this.connection = connection;
    }

    void begin(long when, byte[] content) {
      due[begun++ % REMEMBERED] = when;
      connection.call(content);
    }

    long underWay() {
      return begun - ended;
    }

    @Override
    public void ended(int call) {
      times.recordValue(Math.max(0, System.nanoTime() - due[call % REMEMBERED]));
      ended++;
    }
  }

  /** As many calls as the server answers. */
  Seen most(double seconds) throws IOException {
    long start = begin();
    long end = start + (long) (seconds * 1e9);
    while (System.nanoTime() < end) {
      keepBusy();
    }
    return end(start);
  }

  /** Reads what has come, and asks for as much as the server answers. */
  void keepBusy() throws IOException {
    for (Caller caller : callers) {
      caller.connection.read(caller);
      while (caller.underWay() < inFlight && caller.connection.hasRoom(messages.get(message))) {
        caller.begin(System.nanoTime(), next());
      }
      caller.connection.flush();
    }
  }

  /** What a client does between its calls, without waiting. */
  interface Meanwhile {
    void step() throws IOException;
  }

  /** So many calls a second, each due at its time whether those before it have ended or not. */
  Seen paced(double seconds, double perSecond) throws IOException {
    return paced(seconds, perSecond, () -> {});
  }

  /** The same, with something else beside. */
  Seen paced(double seconds, double perSecond, Meanwhile meanwhile) throws IOException {
    long start = begin();
    long end = start + (long) (seconds * 1e9);
    double apart = 1e9 / perSecond;
    long sent = 0;
    for (long now = start; now < end; now = System.nanoTime()) {
      for (Caller caller : callers) {
        long due = start + (long) (sent * apart);
        if (due <= now
            && caller.underWay() < MOST_IN_FLIGHT
            && caller.connection.hasRoom(messages.get(message))) {
          caller.begin(due, next());
          sent++;
        }
        caller.connection.flush();
        caller.connection.read(caller);
      }
      meanwhile.step();
    }
    return end(start);
  }

  /** From now on is measured; returns when that is. */
  long begin() {
    for (Caller caller : callers) {
      caller.times.reset();
    }
    return System.nanoTime();
  }

  /** What was seen until now; waits for what is under way. */
  Seen end(long start) throws IOException {
    double seconds = (System.nanoTime() - start) / 1e9;
    Histogram all = new Histogram(60_000_000_000L, 3);
    callers.forEach(caller -> all.add(caller.times));
    for (Caller caller : callers) {
      while (caller.underWay() > 0) {
        caller.connection.flush();
        caller.connection.read(caller);
      }
    }
    return new Seen(
        all.getTotalCount() / seconds,
        all.getValueAtPercentile(50) / 1e3,
        all.getValueAtPercentile(99) / 1e3,
        all.getMaxValue() / 1e3);
  }

  private byte[] next() {
    byte[] content = messages.get(message);
    message = (message + 1) % messages.size();
    return content;
  }

  /** Of what was seen several times, one figure. */
  static double median(List<Seen> seen, ToDoubleFunction<Seen> figure) {
    return Report.median(seen.stream().mapToDouble(figure));
  }

  @Override
  public void close() throws IOException {
    for (Caller caller : callers) {
      caller.connection.close();
    }
  }
}
