package geosearch.attack;

import geosearch.bench.Report;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Measures what a server with a third of a core answers when callers send several times what it can
 * answer: warm, and cold from the first moment that it is ready. The client sends each call when it
 * is due, over 20 connections, and never waits: {@code bench/overload}.
 */
public final class OverloadReport {

  private static final String MEMORY = "420m";
  private static final double LIMIT_MEGABYTES = 420;
  private static final int CONNECTIONS = 20;
  private static final int UNDER_WAY = 32;
  private static final long WARM_CALLS = 1_000_000;
  private static final Duration WARM_TIME = Duration.ofSeconds(60);
  private static final double SECONDS = 10;
  private static final double HALF = 0.5;
  private static final double[] FACTORS = {HALF, 1, 3, 5};
  private static final double LEAST_GOODPUT = 0.9;
  private static final double MOST_SLOWER = 5;
  private static final Duration NO_DEADLINE = Duration.ofDays(1);

  private final Report report;
  private final List<String> failures = new ArrayList<>();
  private final List<byte[]> messages = Requests.locates();
  private double peak;
  private double halfLoadP99;

  private OverloadReport(String image) {
    this.report =
        new Report(
            "overload", "Locate under overload, a third of a core, 420 MB, " + Program.name(image));
  }

  public static void main(String[] args) throws Exception {
    Arguments arguments = Arguments.parse(args);
    OverloadReport overload = new OverloadReport(arguments.image());
    try (PreparedStore store = PreparedStore.make(arguments.image())) {
      overload.warm(store);
      overload.cold(store);
    }
    overload.report.print(System.out);
    overload.report.write(arguments.folder());
    overload.failures.forEach(failure -> System.out.println("FAILED: " + failure));
    System.exit(overload.failures.isEmpty() ? 0 : 1);
  }

  private void warm(PreparedStore store) throws IOException, InterruptedException {
    try (ServerContainer server = ServerContainer.start(store, MEMORY);
        OpenLoop loop =
            new OpenLoop(server.address(), Requests.LOCATE, messages, CONNECTIONS, "")) {
      Serving.await(server);
      // With a whole core the compilers are done sooner.
      loop.warmUp(WARM_CALLS, WARM_TIME);
      server.limitProcessor();
      loop.most(2, UNDER_WAY);
      server.usage().restart();
      Tally most = loop.most(SECONDS, UNDER_WAY);
      peak = most.goodPerSecond();
      System.out.printf(Locale.ROOT, "peak: %s, %.2f of a core%n", most, server.usage().cores());
      // Calls that come one by one take other paths than those of a closed loop.
      loop.paced(2 * SECONDS, HALF * peak, NO_DEADLINE);
      report.add("peak, closed loop", "/s", peak, "");
      for (double factor : FACTORS) {
        server.usage().restart();
        result("warm", factor, loop.paced(SECONDS, factor * peak, NO_DEADLINE), server);
        if (!server.state().running()) {
          break;
        }
        TimeUnit.SECONDS.sleep(2);
      }
    }
  }

  private void cold(PreparedStore store) throws IOException, InterruptedException {
    for (double factor : FACTORS) {
      try (ServerContainer server = ServerContainer.start(store, MEMORY);
          OpenLoop loop =
              new OpenLoop(server.address(), Requests.LOCATE, messages, CONNECTIONS, "")) {
        server.limitProcessor();
        Serving.await(server);
        loop.connect();
        server.usage().restart();
        Tally seen = loop.paced(SECONDS, factor * peak, NO_DEADLINE);
        result("cold", factor, seen, server);
      }
    }
  }

  private void result(String state, double factor, Tally seen, ServerContainer server)
      throws IOException, InterruptedException {
    ServerContainer.State end = server.state();
    String what = String.format(Locale.ROOT, "%s, %.1f x the peak", state, factor);
    double memory = server.usage().peakMegabytes();
    System.out.printf(
        Locale.ROOT,
        "%s: %s, %.0f MB, %.2f of a core, survived %s%n",
        what,
        seen,
        memory,
        server.usage().cores(),
        end);
    for (Tally.Period second : seen.periods()) {
      System.out.printf(
          Locale.ROOT,
          "    %,8d due %,8d answered, p99 %,.0f ms%n",
          second.due(),
          second.answered(),
          second.p99Millis());
    }
    boolean over = factor > 1;
    boolean warm = state.equals("warm");
    report.add(
        what + ", answered",
        "/s",
        seen.goodPerSecond(),
        over && warm ? "at least %,.0f".formatted(LEAST_GOODPUT * peak) : "");
    report.add(what + ", median of answered", "ms", seen.millis(50), "");
    report.add(
        what + ", p99 of answered",
        "ms",
        seen.millis(99),
        over ? "at most %.1f".formatted(MOST_SLOWER * halfLoadP99) : "");
    report.add(what + ", memory", "MB", memory, "at most 420");
    seen.shed().forEach((reason, calls) -> report.add(what + ", " + reason, "", calls, ""));
    if (factor == HALF && warm) {
      halfLoadP99 = seen.millis(99);
    }
    if (!end.running()) {
      failures.add(what + ": the server did not survive: " + end);
    }
    if (memory > LIMIT_MEGABYTES) {
      failures.add("%s: %.0f MB of memory".formatted(what, memory));
    }
    if (over && seen.goodPerSecond() < LEAST_GOODPUT * peak) {
      failures.add("%s: answered %,.0f/s of %,.0f".formatted(what, seen.goodPerSecond(), peak));
    }
    if (over && seen.millis(99) > MOST_SLOWER * halfLoadP99) {
      failures.add(
          "%s: p99 %.1f ms, at half load %.1f".formatted(what, seen.millis(99), halfLoadP99));
    }
  }
}
