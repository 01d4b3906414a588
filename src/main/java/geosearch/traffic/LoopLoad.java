package geosearch.traffic;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * How busy one thread of the network is, and how many calls it admits.
 *
 * <p>A thread of the network takes what its connections have for it, answers that, and looks again:
 * one turn. A call waits for the turn before its own at most, so the length of a turn is the
 * queueing time. A turn reads calls for {@link #MOST_IN_TURN_NANOS} of work at most. If that is not
 * enough for one turn after another, more calls come than can be answered: a burst, or a client
 * that waits for its answers, leaves nothing behind (the idea of CoDel). Then each connection has a
 * rate, and calls beyond it are refused at once.
 *
 * <p>The rates add up to what was answered before. In each window they grow a little as long as
 * turns are shorter than {@link #TARGET_NANOS}, else they shrink: so what refusing costs is
 * reckoned in, and a server whose code is being compiled admits more and more. Half of the rates
 * goes to those connections that ask for least, in full; the rest is shared equally. So a client
 * that asks for little is answered whatever others do.
 *
 * <p>Confined to its thread.
 */
class LoopLoad {

  /** How long a turn may be while calls are refused, as calls that arrive in it see it. */
  private static final long TARGET_NANOS = 12_000_000;

  /** How long a turn may take before the rest of what has come is left for the next one. */
  private static final long MOST_IN_TURN_NANOS = 40_000_000;

  /** After so many turns in a row that left something, calls are refused. */
  private static final int FULL_TURNS = 2;

  /** How often rates change, and how soon refusing ends. */
  private static final long WINDOW_NANOS = 100_000_000;

  /** After this time it is tried whether calls must still be refused. */
  private static final long TRIAL_NANOS = 30_000_000_000L;

  /** It is tried at once when a call takes less than this share of what it took. */
  private static final double FASTER = 0.7;

  /** With fewer calls, a window says nothing of what a call costs. */
  private static final int ENOUGH_CALLS = 64;

  /** Below this share of what is admitted, calls are not refused any more. */
  private static final double CALM = 0.8;

  /** Of the rates, where turns are short. */
  private static final double INCREASE = 1.05;

  /** Of the rates, where turns are long. */
  private static final double DECREASE = 0.9;

  /** Of what was answered before calls were refused; less than that makes turns no shorter. */
  private static final double LEAST_SHARE = 0.7;

  /**
   * Until it has answered so many calls, a thread refuses none: its code is being compiled, which
   * takes calls. It reads few in a turn then, so the rest waits in the network.
   */
  private static final long COLD_CALLS = 20_000;

  /** A connection that is answered in full may ask for so much more than before. */
  private static final double GROWTH = 1.25;

  /** Calls for each connection and window beyond its rate, so that it can begin. */
  private static final double ALWAYS = 2;

  /** Calls that one turn admits at least, however long a call takes. */
  private static final int LEAST_IN_TURN = 16;

  /** A thread that has not measured itself yet reads this many calls in a turn. */
  private static final int UNKNOWN_IN_TURN = 512;

  private final Executor loop;
  private final LongSupplier clock;
  private final List<CallShare> shares = new ArrayList<>();
  private final List<CallShare> paused = new ArrayList<>();

  private boolean inTurn;
  private long turn;
  private long turnBegan;
  private int admittedInTurn;

  private long windowBegan;
  private long busyNanos;
  private double busySquares;
  private long admitted;

  /** How many calls are to be answered until its code is compiled. */
  private long coldCalls = COLD_CALLS;

  /** Turns in a row that left something. */
  private int fullTurns;

  /** What a call takes, in nanoseconds; 0 if unknown. */
  private double perCall;

  private boolean overloaded;
  private long overloadedSince;

  /** What a call took when that began. */
  private double perCallThen;

  /** How many calls are admitted while it is overloaded, in calls per nanosecond. */
  private double rate;

  private double leastRate;
  private double usualRate;

  /**
   * @param loop runs tasks on the thread, in their order
   * @param clock in nanoseconds
   */
  LoopLoad(Executor loop, LongSupplier clock) {
    this.loop = loop;
    this.clock = clock;
    this.windowBegan = clock.getAsLong();
  }

  void add(CallShare share) {
    shares.add(share);
    share.setRate(usualRate);
  }

  void remove(CallShare share) {
    shares.remove(share);
    paused.remove(share);
  }

  /** Begins a turn unless one is under way. Call it before bytes are read. */
  void begin() {
    if (!inTurn) {
      inTurn = true;
      turn++;
      turnBegan = clock.getAsLong();
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
  boolean admits(CallShare share) {
    if (overloaded && !share.takeToken(turnBegan)) {
      return false;
    }
    admittedInTurn++;
    if (admittedInTurn >= mostInTurn() && share.pause()) {
      paused.add(share);
    }
    return true;
  }

  private int mostInTurn() {
    return coldCalls > 0 || perCall == 0
        ? UNKNOWN_IN_TURN
        : (int) Math.max(LEAST_IN_TURN, MOST_IN_TURN_NANOS / perCall);
  }

  private void end() {
    long now = clock.getAsLong();
    endTurn(now - turnBegan);
    inTurn = false;
    if (!paused.isEmpty()) {
      List<CallShare> resumed = List.copyOf(paused);
      paused.clear();
      resumed.forEach(CallShare::resume);
    }
    boolean begins = !overloaded && fullTurns >= FULL_TURNS && coldCalls == 0;
    if (begins || now - windowBegan >= WINDOW_NANOS) {
      endWindow(now - windowBegan, begins);
      windowBegan = now;
    }
  }

  private void endTurn(long nanos) {
    busyNanos += nanos;
    busySquares += (double) nanos * nanos;
    admitted += admittedInTurn;
    coldCalls = Math.max(0, coldCalls - admittedInTurn);
    fullTurns = admittedInTurn >= mostInTurn() ? fullTurns + 1 : 0;
    admittedInTurn = 0;
  }

  private void endWindow(long nanos, boolean begins) {
    long offered = 0;
    for (CallShare share : shares) {
      offered += share.offered();
    }
    double measured = (double) busyNanos / Math.max(1, admitted);
    if (begins) {
      overloaded = true;
      overloadedSince = windowBegan;
      perCall = measured;
      perCallThen = measured;
      rate = 1 / measured;
      leastRate = LEAST_SHARE * rate;
    } else if (overloaded) {
      if (admitted >= ENOUGH_CALLS) {
        // What was refused took time as well, so it is not more than this.
        perCall = Math.min(perCall, measured);
      }
      rate *= busySquares > (double) TARGET_NANOS * busyNanos ? DECREASE : INCREASE;
      rate = Math.max(rate, leastRate);
      overloaded =
          offered > CALM * rate * nanos
              && perCall > FASTER * perCallThen
              && windowBegan - overloadedSince < TRIAL_NANOS;
    } else if (admitted >= ENOUGH_CALLS) {
      perCall = perCall == 0 ? measured : (perCall + measured) / 2;
    }
    if (overloaded) {
      share(rate * nanos, nanos);
    }
    shares.forEach(CallShare::beginWindow);
    busyNanos = 0;
    busySquares = 0;
    admitted = 0;
  }

  /**
   * Gives each connection a rate.
   *
   * @param calls that are admitted in a window
   * @param nanos how long the window is
   */
  private void share(double calls, long nanos) {
    shares.sort(Comparator.comparingLong(CallShare::offered));
    double left = calls;
    double forLight = calls / 2;
    int i = 0;
    for (; i < shares.size(); i++) {
      double wanted = wanted(shares.get(i));
      if (wanted > forLight) {
        break;
      }
      shares.get(i).setRate(wanted / nanos);
      forLight -= wanted;
      left -= wanted;
    }
    usualRate = Math.max(ALWAYS, left / Math.max(1, shares.size() - i)) / nanos;
    for (; i < shares.size(); i++) {
      double equal = left / (shares.size() - i);
      double given = Math.min(equal, wanted(shares.get(i)));
      shares.get(i).setRate(given / nanos);
      left -= given;
    }
  }

  private static double wanted(CallShare share) {
    return share.offered() * GROWTH + ALWAYS;
  }
}
