package geosearch.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.grpc.Status;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** What became of the calls of a {@link LoadTest}. Safe for use by several threads. */
final class LoadRecord {

  private final Map<Status.Code, Failures> failures = new EnumMap<>(Status.Code.class);

  /** What failed since the second before. */
  private final Map<Status.Code, Long> failuresInSecond = new EnumMap<>(Status.Code.class);

  /** How many calls took so many milliseconds; the last place is for all that took longer. */
  private final long[] tookMillis;

  private long sent;
  private long answered;
  private long failed;
  private long lastAnswer;
  private long longestGap;

  private Instant secondBegan = Instant.now();
  private long sentBefore;
  private long answeredBefore;
  private long gapInSecond;

  /**
   * @param timeout of each call
   */
  LoadRecord(Duration timeout) {
    tookMillis = new long[(int) Math.min(timeout.toMillis() + 2, 100_000)];
  }

  /**
   * Failures of one code.
   *
   * @param first what the first of them said
   */
  private record Failures(long count, String first) {}

  /**
   * What was seen since the second before.
   *
   * @param began when it began
   * @param failures how many calls ended with which code
   * @param gapMillis the longest time between two answers, the later of which came in this second
   */
  record Second(
      Instant began, long sent, long answered, Map<Status.Code, Long> failures, long gapMillis) {

    long failed() {
      return failures.values().stream().mapToLong(Long::longValue).sum();
    }

    void writeJson(JsonGenerator out) throws IOException {
      out.writeStartObject();
      out.writeNumberField("millis", began.toEpochMilli());
      out.writeNumberField("sent", sent);
      out.writeNumberField("answered", answered);
      out.writeNumberField("failed", failed());
      out.writeNumberField("gapMillis", gapMillis);
      out.writeObjectFieldStart("failures");
      for (Map.Entry<Status.Code, Long> failure : failures.entrySet()) {
        out.writeNumberField(failure.getKey().name(), failure.getValue());
      }
      out.writeEndObject();
      out.writeEndObject();
    }
  }

  /**
   * All of it. The times are in milliseconds, {@code gap} that between two answers; of the failures
   * of each code the first is quoted.
   */
  record Sum(long sent, long failed, long gap, long median, long p99, Map<String, Long> failures) {

    void writeJson(JsonGenerator out) throws IOException {
      out.writeStartObject();
      out.writeObjectFieldStart("sum");
      out.writeNumberField("sent", sent);
      out.writeNumberField("failed", failed);
      out.writeNumberField("gapMillis", gap);
      out.writeNumberField("medianMillis", median);
      out.writeNumberField("p99Millis", p99);
      out.writeObjectFieldStart("failures");
      for (Map.Entry<String, Long> failure : failures.entrySet()) {
        out.writeNumberField(failure.getKey(), failure.getValue());
      }
      out.writeEndObject();
      out.writeEndObject();
      out.writeEndObject();
    }

    String text(String duration) {
      String text =
          "%,d calls in %s: %,d failed, longest gap %,d ms, median %,d ms, p99 %,d ms"
              .formatted(sent, duration, failed, gap, median, p99);
      StringBuilder lines = new StringBuilder(text);
      failures.forEach(
          (what, times) -> lines.append("\n  ").append(times).append(" × ").append(what));
      return lines.toString();
    }
  }

  synchronized void sent() {
    sent++;
  }

  /** Both in nanoseconds of {@link System#nanoTime}. */
  synchronized void answered(long due, long now) {
    answered++;
    long millis = TimeUnit.NANOSECONDS.toMillis(Math.max(0, now - due));
    tookMillis[(int) Math.min(millis, tookMillis.length - 1)]++;
    if (answered > 1) {
      long gap = TimeUnit.NANOSECONDS.toMillis(now - lastAnswer);
      gapInSecond = Math.max(gapInSecond, gap);
      longestGap = Math.max(longestGap, gap);
    }
    lastAnswer = now;
    notifyAll();
  }

  synchronized void failed(Status status) {
    failed++;
    failures.compute(
        status.getCode(),
        (_, before) ->
            before == null
                ? new Failures(1, Text.printable(String.valueOf(status.getDescription())))
                : new Failures(before.count() + 1, before.first()));
    failuresInSecond.merge(status.getCode(), 1L, Long::sum);
    notifyAll();
  }

  /** Waits until each call has ended, which its deadline bounds. */
  synchronized void awaitAll() throws InterruptedException {
    while (answered + failed < sent) {
      wait();
    }
  }

  /** What was seen since this was last asked; empty where that is nothing. */
  synchronized Optional<Second> endSecond() {
    Second second =
        new Second(
            secondBegan,
            sent - sentBefore,
            answered - answeredBefore,
            new EnumMap<>(failuresInSecond),
            gapInSecond);
    secondBegan = Instant.now();
    sentBefore = sent;
    answeredBefore = answered;
    failuresInSecond.clear();
    gapInSecond = 0;
    return second.sent() + second.answered() + second.failed() == 0
        ? Optional.empty()
        : Optional.of(second);
  }

  synchronized Sum sum() {
    Map<String, Long> quoted = new TreeMap<>();
    failures.forEach((code, all) -> quoted.put(code + ": " + all.first(), all.count()));
    return new Sum(sent, failed, longestGap, percentile(0.5), percentile(0.99), quoted);
  }

  private long percentile(double share) {
    long below = 0;
    for (int millis = 0; millis < tookMillis.length; millis++) {
      below += tookMillis[millis];
      if (below >= answered * share) {
        return millis;
      }
    }
    return tookMillis.length;
  }
}
