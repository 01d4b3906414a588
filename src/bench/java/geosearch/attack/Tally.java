package geosearch.attack;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** What became of the calls of one run; one thread at a time. */
final class Tally {

  private static final String[] STATUS = {
    "OK",
    "CANCELLED",
    "UNKNOWN",
    "INVALID_ARGUMENT",
    "DEADLINE_EXCEEDED",
    "NOT_FOUND",
    "ALREADY_EXISTS",
    "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED",
    "FAILED_PRECONDITION",
    "ABORTED",
    "OUT_OF_RANGE",
    "UNIMPLEMENTED",
    "INTERNAL",
    "UNAVAILABLE",
    "DATA_LOSS",
    "UNAUTHENTICATED",
    "reset or connection lost"
  };

  private final long start;
  private final long period;
  private final long deadline;
  private final Histogram times = new Histogram(60_000_000_000L, 3);
  private final List<Period> periods = new ArrayList<>();
  private final long[] byStatus = new long[STATUS.length];
  private long end;
  private long due;
  private long good;
  private long late;
  private long noRoom;
  private long unanswered;

  /** What became of the calls that were due in one stretch of the run. */
  static final class Period {
    private long due;
    private final Histogram times = new Histogram(60_000_000_000L, 3);

    long due() {
      return due;
    }

    long answered() {
      return times.getTotalCount();
    }

    double p99Millis() {
      return times.getValueAtPercentile(99) / 1e6;
    }
  }

  /**
   * @param deadline an answer that comes later is no good
   */
  Tally(long start, Duration period, Duration deadline) {
    this.start = start;
    this.period = period.toNanos();
    this.deadline = deadline.toNanos();
  }

  void due(long when) {
    due++;
    period(when).due++;
  }

  void ended(long when, long now, int status) {
    if (status >= 0 && status < byStatus.length) {
      byStatus[status]++;
    }
    if (status != 0) {
      return;
    }
    long took = Math.max(0, now - when);
    times.recordValue(Math.min(took, times.getHighestTrackableValue()));
    period(when).times.recordValue(Math.min(took, times.getHighestTrackableValue()));
    if (took <= deadline) {
      good++;
    } else {
      late++;
    }
  }

  void lost(long calls) {
    byStatus[CallConnection.LOST] += calls;
  }

  void noRoom() {
    noRoom++;
  }

  void unanswered(long calls) {
    unanswered = calls;
  }

  void end(long when) {
    end = when;
  }

  private Period period(long when) {
    int index = (int) Math.max(0, (when - start) / period);
    while (periods.size() <= index) {
      periods.add(new Period());
    }
    return periods.get(index);
  }

  long due() {
    return due;
  }

  /** Calls that were answered OK within the deadline. */
  long good() {
    return good;
  }

  List<Period> periods() {
    return periods;
  }

  double seconds() {
    return (end - start) / 1e9;
  }

  /** Calls that were answered OK in time, per second. */
  double goodPerSecond() {
    return good / seconds();
  }

  double percentGood() {
    return due == 0 ? 0 : 100.0 * good / due;
  }

  /** Milliseconds from when a call was due until it was answered OK. */
  double millis(double percentile) {
    return times.getValueAtPercentile(percentile) / 1e6;
  }

  /** Returns how many calls were not answered OK in time, by reason. */
  Map<String, Long> shed() {
    Map<String, Long> shed = new TreeMap<>();
    for (int status = 1; status < byStatus.length; status++) {
      put(shed, STATUS[status], byStatus[status]);
    }
    put(shed, "late", late);
    put(shed, "no room at the client", noRoom);
    put(shed, "unanswered", unanswered);
    return shed;
  }

  private static void put(Map<String, Long> shed, String reason, long calls) {
    if (calls > 0) {
      shed.put(reason, calls);
    }
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%,d due, %.1f %% good, %,.0f/s, p50 %.1f ms, p99 %.1f ms, shed %s",
        due,
        percentGood(),
        goodPerSecond(),
        millis(50),
        millis(99),
        shed());
  }
}
