package geosearch.traffic;

/**
 * What one connection asks of its thread of the network, and what it may have.
 *
 * <p>Confined to its thread.
 */
final class CallShare {

  /** Over how long what it asks for is averaged. */
  private static final double AVERAGED_NANOS = 100_000_000;

  /** What a connection may save of its rate. */
  private static final long SAVED_NANOS = 64_000_000;

  private static final long NEVER = Long.MIN_VALUE;

  private final Runnable resume;

  /** Calls begun as of late; those of long ago count less. */
  private double begun;

  private long begunNanos;
  private double rate;
  private double tokens = 1;
  private long tokensNanos;
  private long waitsSince;
  private long waitsFrom = NEVER;

  /**
   * @param resume continues with the calls that were left for later
   */
  CallShare(Runnable resume) {
    this.resume = resume;
  }

  /** Counts a call that the client has begun, whatever becomes of it. */
  void offer(long nowNanos) {
    bringTo(nowNanos);
    begun++;
  }

  /** Returns how many calls the client begins, per nanosecond: see {@link #bringTo}. */
  double demand() {
    return begun / AVERAGED_NANOS;
  }

  /** Takes note of the time. */
  void bringTo(long nowNanos) {
    if (nowNanos != begunNanos) {
      begun *= Math.exp((begunNanos - nowNanos) / AVERAGED_NANOS);
      begunNanos = nowNanos;
    }
  }

  /** Sets how many calls it may begin, per nanosecond. */
  void setRate(double callsPerNano) {
    rate = callsPerNano;
  }

  /**
   * Takes one of the calls that it may begin.
   *
   * @return whether there was one
   */
  boolean take(long nowNanos) {
    tokens = Math.min(tokens + rate * (nowNanos - tokensNanos), 1 + rate * SAVED_NANOS);
    tokensNanos = nowNanos;
    if (tokens < 1) {
      return false;
    }
    tokens--;
    return true;
  }

  /** Notes that calls are left for later. */
  void leave(long inTurn, long nowNanos) {
    if (waitsFrom == NEVER) {
      waitsFrom = inTurn;
      waitsSince = nowNanos;
    }
  }

  /** Notes that all has been read that has come. */
  void drained() {
    waitsFrom = NEVER;
  }

  /** Returns whether it has had to leave calls for so long, in every turn. */
  boolean hasWaited(int turns, long nanos, long inTurn, long nowNanos) {
    return waitsFrom != NEVER && inTurn - waitsFrom >= turns && nowNanos - waitsSince >= nanos;
  }

  /** Continues with the calls that were left for later. */
  void resume() {
    resume.run();
  }
}
