package geosearch.traffic;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that all traffic may take: requests on their way in, calls, and answers that clients
 * have not read yet.
 *
 * <p>Connections report what they hold in steps, so the total is right to within {@value #STEP}
 * bytes for each connection. Safe for use by several threads.
 */
public final class TrafficBudget {

  /** Below this, the default limits of a single connection would not fit. */
  private static final long LEAST = 16L << 20;

  /** More than this is not needed by any load that one process can answer. */
  private static final long MOST = 256L << 20;

  /** Share of the largest heap. */
  private static final int HEAP_SHARE = 10;

  /** A connection reports what it holds once it differs by this much from its last report. */
  static final long STEP = 32L << 10;

  /** A connection may always hold this much, so that others cannot lock it out. */
  public static final long GUARANTEED = 64L << 10;

  /** For frames that are being read or written, and for the allocator's unused pages. */
  private static final long BUFFERS = 32L << 20;

  private final long limit;
  private final AtomicLong held = new AtomicLong();

  /**
   * Creates a budget of a fixed size.
   *
   * @param limit in bytes
   */
  public TrafficBudget(long limit) {
    this.limit = limit;
  }

  /** Returns the budget of a process with the largest heap that this one may have. */
  public static TrafficBudget ofThisProcess() {
    return new TrafficBudget(share(Runtime.getRuntime().maxMemory()));
  }

  /**
   * Returns how much of a heap is set aside for traffic, in bytes.
   *
   * @param largestHeap in bytes
   */
  public static long share(long largestHeap) {
    return Math.clamp(largestHeap / HEAP_SHARE, LEAST, MOST);
  }

  /**
   * Returns how much memory outside the heap the network's buffers may take, in bytes: all that the
   * budget allows may wait there.
   *
   * @param largestHeap in bytes
   */
  public static long bufferLimit(long largestHeap) {
    return BUFFERS + share(largestHeap);
  }

  /** Returns the limit in bytes. */
  public long limit() {
    return limit;
  }

  /** Returns how many bytes are held now. */
  public long held() {
    return held.get();
  }

  /** Returns whether so many bytes of an answer still to be computed would fit. */
  public boolean fits(long bytes) {
    return held.get() + bytes <= limit;
  }

  /** Returns whether more than half of the budget is held: from there on, connections share it. */
  boolean isUnderPressure() {
    return held.get() > limit / 2;
  }

  /**
   * Returns whether a connection may hold more than it does.
   *
   * @param its bytes that it holds
   * @param connections how many connections hold something worth reporting, itself included
   */
  boolean allows(long its, int connections) {
    if (its <= GUARANTEED) {
      return true;
    }
    long total = held.get();
    if (total <= limit / 2) {
      return its <= limit / 4;
    }
    return total <= limit && its <= limit / (2L * Math.max(2, connections));
  }

  /** Adds to what is held, or takes away from it. */
  void report(long difference) {
    held.addAndGet(difference);
  }
}
