package geosearch.traffic;

/**
 * What one connection may begin of the calls that its thread of the network admits: a rate, of
 * which a little can be saved.
 *
 * <p>Confined to its thread.
 */
final class CallShare {

  /** What a connection may save of its rate. */
  private static final long BURST_NANOS = 100_000_000;

  /** Stops and goes on reading from a connection. */
  interface Reading {
    /** Stops reading until {@link #resume}; returns whether it did read. */
    boolean pause();

    void resume();
  }

  private final Reading reading;
  private long offered;
  private double rate;
  private double tokens;
  private long tokensNanos;

  CallShare(Reading reading) {
    this.reading = reading;
  }

  /** Counts a call that the client began, whatever becomes of it. */
  void offer() {
    offered++;
  }

  /** Returns how many calls the client has begun in this window. */
  long offered() {
    return offered;
  }

  /** Forgets how many calls the client has begun. */
  void beginWindow() {
    offered = 0;
  }

  /** Sets how many calls are admitted, in calls per nanosecond. */
  void setRate(double callsPerNano) {
    rate = callsPerNano;
  }

  /** Returns whether its rate allows one more call. */
  boolean takeToken(long nowNanos) {
    tokens = Math.min(tokens + rate * (nowNanos - tokensNanos), 1 + rate * BURST_NANOS);
    tokensNanos = nowNanos;
    if (tokens < 1) {
      return false;
    }
    tokens--;
    return true;
  }

  boolean pause() {
    return reading.pause();
  }

  void resume() {
    reading.resume();
  }
}
