package geosearch.traffic;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * How busy one thread of the network is, and which calls it answers.
 *
 * <p>A thread of the network takes what its connections have for it, answers that, and looks again:
 * one turn. A turn answers as many calls as take {@link #TURN_NANOS}; the rest is left for the next
 * one, in the order in which connections came. A burst, or clients that wait for their answers
 * before they ask again, are through with that after a few turns. Where a connection has had to
 * leave calls behind for {@link #LONG_WAIT_NANOS}, more calls come than can be answered (the idea
 * of CoDel: it is the time in the queue that counts, not its length). From then on each turn
 * refuses what it does not answer, up to a number, until nothing has had to be refused for a while.
 *
 * <p>While it refuses, what a turn answers is shared: half of it goes to those connections that ask
 * for least, in full, and the rest to the others in equal parts, of which a little can be saved. So
 * a client that asks for little is answered whatever others do.
 *
 * <p>Confined to its thread.
 */
class LoopLoad {

  /** How much work a turn takes on. */
  private static final long TURN_NANOS = 16_000_000;

  /** A turn that has read for so long, answers and refusals included, leaves the rest. */
  private static final long LONGEST_NANOS = 3 * TURN_NANOS;

  /** How long calls may be left for later, turn after turn, before calls are refused. */
  private static final long LONG_WAIT_NANOS = 80_000_000;

  /** The same in turns: one that was held up, by a collection of garbage say, is not many. */
  private static final int LONG_WAIT_TURNS = 4;

  /** How long nothing may have been refused before calls are left for later again. */
  private static final long CALM_NANOS = 200_000_000;

  /** Over how much work the cost of a call is averaged. */
  private static final double AVERAGED_NANOS = 100_000_000;

  /** By how much a turn that refuses calls may answer more, or less, than the one before. */
  private static final double STEP = 1.1;

  /** Calls that a turn answers at least, however long they take: code that is not compiled yet. */
  private static final int LEAST_IN_TURN = 64;

  /** Of what a turn is meant to answer, so much is for whoever comes first. */
  private static final double FOR_ALL = 0.4;

  /** So many times what a turn is meant to answer is the most, where demand changes fast. */
  private static final int MOST_FACTOR = 2;

  /**
   * For each call that a turn is meant to answer, it refuses so many at most. What comes beyond
   * that stays where it is: clients that send many times what can be answered are held back by
   * that, and to refuse it all would take the time of answers.
   */
  private static final double MOST_REFUSED = 8;

  /** A connection may ask for so much more than before. */
  private static final double GROWTH = 1.25;

  /** Calls for each connection and nanosecond beyond that, so that it can begin. */
  private static final double ALWAYS = 20e-9;

  private final Executor loop;
  private final Executor afterReads;
  private final LongSupplier clock;
  private final List<CallShare> shares = new ArrayList<>();

  /** Connections that have left something for later, in the order in which they did. */
  private List<CallShare> waiting = new ArrayList<>();

  /** Whether a task that continues with those is due. */
  private boolean resumes;

  private boolean isResuming;

  private boolean inTurn;
  private long turn;
  private long turnBegan;
  private double inTurnMost = LEAST_IN_TURN;
  private int answered;
  private int refused;

  /** Of late. */
  private double workNanos;

  private double workCalls;

  private boolean refusing;
  private long lastRefused;

  /** How many calls a new connection may begin, per nanosecond. */
  private double usualRate;

  /**
   * @param loop runs tasks on the thread, in their order
   * @param afterReads runs tasks on the thread once it has looked at its connections again
   * @param clock in nanoseconds
   */
  LoopLoad(Executor loop, Executor afterReads, LongSupplier clock) {
    this.loop = loop;
    this.afterReads = afterReads;
    this.clock = clock;
  }

  void add(CallShare share) {
    shares.add(share);
    share.setRate(usualRate);
  }

  void remove(CallShare share) {
    shares.remove(share);
    waiting.remove(share);
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

  /** Says what becomes of the next call of a connection; see {@link #leave}. */
  Admission admit(CallShare share) {
    if (!refusing && (answered >= inTurnMost || isBehindOthers())) {
      if (!share.hasWaited(LONG_WAIT_TURNS, LONG_WAIT_NANOS, turn, turnBegan)) {
        return Admission.LATER;
      }
      refusing = true;
      share();
    }
    if (refusing && !hasRoom(share)) {
      if (refused >= MOST_REFUSED * inTurnMost || isBehindOthers()) {
        return Admission.LATER;
      }
      share.offer(turnBegan);
      lastRefused = turnBegan;
      refused++;
      return Admission.REFUSE;
    }
    share.offer(turnBegan);
    answered++;
    return Admission.ANSWER;
  }

  /** Whether calls were left for later that come first. */
  private boolean isBehindOthers() {
    return resumes && !isResuming;
  }

  private boolean hasRoom(CallShare share) {
    boolean hasShare = share.take(turnBegan);
    return answered < inTurnMost * (hasShare ? MOST_FACTOR : FOR_ALL);
  }

  /** Returns whether what a connection has sent is to be left for the next turn. */
  boolean isTooLong() {
    return clock.getAsLong() - turnBegan > LONGEST_NANOS;
  }

  /** Leaves what a connection has sent for the next turn. */
  void leave(CallShare share) {
    share.leave(turn, turnBegan);
    waiting.add(share);
    if (!resumes) {
      resumes = true;
      afterReads.execute(this::resume);
    }
  }

  /** Continues with what was left, before what has come since. Where one fails, others go on. */
  private void resume() {
    List<CallShare> resumed = waiting;
    waiting = new ArrayList<>();
    resumes = false;
    isResuming = true;
    int begun = 0;
    try {
      while (begun < resumed.size()) {
        resumed.get(begun++).resume();
      }
    } finally {
      isResuming = false;
      resumed.subList(begun, resumed.size()).forEach(this::leave);
    }
  }

  private void end() {
    long now = clock.getAsLong();
    long nanos = Math.max(1, now - turnBegan);
    if (refused > 0) {
      // What refusing takes, and what each turn takes beside, is reckoned in so.
      inTurnMost *= Math.clamp((double) TURN_NANOS / nanos, 1 / STEP, STEP);
    } else if (!refusing) {
      double kept = Math.exp(-nanos / AVERAGED_NANOS);
      workNanos = workNanos * kept + nanos;
      workCalls = workCalls * kept + answered;
      inTurnMost = TURN_NANOS * workCalls / workNanos;
    }
    inTurnMost = Math.max(LEAST_IN_TURN, inTurnMost);
    answered = 0;
    refused = 0;
    inTurn = false;
    if (refusing) {
      refusing = now - lastRefused < CALM_NANOS;
      share();
    }
  }

  /** Shares what can be answered among the connections. */
  private void share() {
    for (CallShare share : shares) {
      share.bringTo(turnBegan);
    }
    shares.sort(Comparator.comparingDouble(CallShare::demand));
    double left = inTurnMost / TURN_NANOS;
    double forModest = left / 2;
    int others = shares.size();
    usualRate = left / Math.max(1, others);
    for (CallShare share : shares) {
      double wanted = share.demand() * GROWTH + ALWAYS;
      forModest -= wanted;
      double given = forModest >= 0 ? wanted : Math.min(Math.max(0, left) / others, wanted);
      share.setRate(given);
      left -= Math.min(given, share.demand());
      others--;
    }
  }
}
