package geosearch.traffic;

import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * How busy one thread of the network is, and how many calls it admits.
 *
 * <p>A thread of the network takes what its connections have for it, answers that, and looks again:
 * one turn. A call waits for the turn before its own at most, so the length of a turn is the
 * queueing time. A turn reads calls for {@link #MOST_IN_TURN_NANOS} of work at most. If that is not
 * enough for one turn after another, more calls come than can be answered: a burst, or a client
 * that waits for its answers, leaves nothing behind (the idea of CoDel). Then each connection has a
 * rate, and calls beyond it are refused at once, so that turns last {@link #TARGET_NANOS}.
 *
 * <p>The rates add up to what the thread has been able to answer. Half of that goes to those
 * connections that ask for least, in full; the rest is shared equally. So a client that asks for
 * little is answered whatever others do.
 *
 * <p>Confined to its thread.
 */
final class LoopLoad {

  /** How long a turn may take while calls are refused. */
  private static final long TARGET_NANOS = 5_000_000;

  /** How long a turn may take before the rest of what has come is left for the next one. */
  private static final long MOST_IN_TURN_NANOS = 40_000_000;

  /** After so many turns in a row that left something, calls are refused. */
  private static final int FULL_TURNS = 2;

  /** How often rates change, and how soon refusing ends. */
  private static final long WINDOW_NANOS = 100_000_000;

  /** With fewer calls, a window says nothing of what a call costs. */
  private static final int ENOUGH_CALLS = 64;

  /** Below this share of what can be answered, calls are not refused any more. */
  private static final double CALM = 0.8;

  /** What is admitted, as a share of what could be answered. */
  private static final double UTILIZATION = 0.97;

  /** A connection that is answered in full may ask for so much more than before. */
  private static final double GROWTH = 1.25;

  /** Calls for each connection and window beyond its rate, so that it can begin. */
  private static final double ALWAYS = 2;

  /** Calls that one turn admits at least, however long a call takes. */
  private static final int LEAST_IN_TURN = 16;

  /** A thread that has not measured itself yet reads this many calls in a turn. */
  private static final int UNKNOWN_IN_TURN = 512;

  private final EventLoop loop;
  private final List<FrameGate> gates = new ArrayList<>();
  private final List<FrameGate> paused = new ArrayList<>();

  private boolean inTurn;
  private long turn;
  private long turnBegan;
  private int admittedInTurn;

  private long windowBegan = System.nanoTime();
  private long busyNanos;
  private long admitted;

  /** Turns in a row that left something. */
  private int fullTurns;

  /** What a call takes, in nanoseconds; 0 if unknown. */
  private double perCall;

  private boolean overloaded;
  private double usualRate;

  LoopLoad(EventLoop loop) {
    this.loop = loop;
  }

  void add(FrameGate gate) {
    gates.add(gate);
    gate.setRate(usualRate);
  }

  void remove(FrameGate gate) {
    gates.remove(gate);
    paused.remove(gate);
  }

  /** Begins a turn unless one is under way. Call it before bytes are read. */
  void begin() {
    if (!inTurn) {
      inTurn = true;
      turn++;
      turnBegan = System.nanoTime();
      // Answers are tasks of the turn; what is queued from a task comes after them.
      loop.execute(() -> loop.execute(this::end));
    }
  }

  /** Returns when the turn began. */
  long now() {
    return turnBegan;
  }

  /** Returns the number of the turn. */
  long turn() {
    return turn;
  }

  /** Returns whether the next call of a connection is to be answered. */
  boolean admits(FrameGate gate) {
    if (overloaded && (admittedInTurn >= mostInTurn(TARGET_NANOS) || !gate.takeToken(turnBegan))) {
      return false;
    }
    admittedInTurn++;
    if (admittedInTurn >= mostInTurn(MOST_IN_TURN_NANOS) && gate.pause()) {
      paused.add(gate);
    }
    return true;
  }

  private int mostInTurn(long nanos) {
    return perCall == 0 ? UNKNOWN_IN_TURN : (int) Math.max(LEAST_IN_TURN, nanos / perCall);
  }

  private void end() {
    long now = System.nanoTime();
    endTurn(now - turnBegan);
    inTurn = false;
    if (!paused.isEmpty()) {
      List<FrameGate> resumed = List.copyOf(paused);
      paused.clear();
      resumed.forEach(FrameGate::resume);
    }
    boolean begins = !overloaded && fullTurns >= FULL_TURNS;
    if (begins || now - windowBegan >= WINDOW_NANOS) {
      endWindow(now - windowBegan, begins);
      windowBegan = now;
    }
  }

  private void endTurn(long nanos) {
    busyNanos += nanos;
    admitted += admittedInTurn;
    fullTurns = admittedInTurn >= mostInTurn(MOST_IN_TURN_NANOS) ? fullTurns + 1 : 0;
    admittedInTurn = 0;
  }

  private void endWindow(long nanos, boolean begins) {
    if (admitted >= ENOUGH_CALLS) {
      double measured = (double) busyNanos / admitted;
      perCall = perCall == 0 ? measured : (perCall + measured) / 2;
    }
    long offered = 0;
    for (FrameGate gate : gates) {
      offered += gate.offered();
    }
    overloaded = begins || (overloaded && perCall * offered > CALM * nanos);
    if (overloaded) {
      share(UTILIZATION * nanos / perCall, nanos);
    }
    gates.forEach(FrameGate::beginWindow);
    busyNanos = 0;
    admitted = 0;
  }

  /**
   * Gives each connection a rate.
   *
   * @param calls that can be answered in a window
   * @param nanos how long the window is
   */
  private void share(double calls, long nanos) {
    gates.sort(Comparator.comparingLong(FrameGate::offered));
    double left = calls;
    double forLight = calls / 2;
    int i = 0;
    for (; i < gates.size(); i++) {
      double wanted = wanted(gates.get(i));
      if (wanted > forLight) {
        break;
      }
      gates.get(i).setRate(wanted / nanos);
      forLight -= wanted;
      left -= wanted;
    }
    usualRate = Math.max(ALWAYS, left / Math.max(1, gates.size() - i)) / nanos;
    for (; i < gates.size(); i++) {
      double share = left / (gates.size() - i);
      double given = Math.min(share, wanted(gates.get(i)));
      gates.get(i).setRate(given / nanos);
      left -= given;
    }
  }

  private static double wanted(FrameGate gate) {
    return gate.offered() * GROWTH + ALWAYS;
  }
}
