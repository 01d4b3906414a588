package geosearch.attack;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Attacks a server in containers of 420 MB and 1 GiB in many ways, and reports what it survives and
 * what other callers see meanwhile: {@code bench/attack}. Fails if the server dies or fills its
 * log, or, unless survival is enough, if it answers less than nine in ten calls of an honest
 * client.
 */
public final class AttackReport {

  private static final double LEAST_PERCENT = 90;
  private static final Duration TIME = Duration.ofSeconds(10);
  private static final Duration QUICK_TIME = Duration.ofSeconds(4);
  private static final long WARM_CALLS = 500_000;
  private static final Duration WARM_TIME = Duration.ofSeconds(20);
  private static final double WARM_SECONDS = 4;
  private static final long SETTLE_SECONDS = 1;

  /** One line a second for each of several kinds. */
  private static final double LOG_KILOBYTES_PER_SECOND = 2;

  private final String program;
  private final Duration time;
  private final boolean survival;
  private final List<Row> rows = new ArrayList<>();

  /**
   * What one attack did to a server.
   *
   * @param memory the container's limit, as the engine writes it
   * @param survived yes, or how the server ended
   * @param peakMegabytes while it ran
   * @param endMegabytes a little later
   * @param cores what it took of the processor
   * @param logKilobytes what was logged meanwhile
   * @param goodPercent honest look-ups that were answered in time
   * @param goodP99Millis of those
   * @param otherPercent honest calls of other kinds that were answered in time
   * @param others the same for each kind
   * @param connections how many the attacker made
   */
  private record Row(
      String attack,
      String about,
      String memory,
      String survived,
      double peakMegabytes,
      double endMegabytes,
      double cores,
      double logKilobytes,
      double goodPercent,
      double goodP99Millis,
      Map<String, Long> goodShed,
      double otherPercent,
      Map<String, Double> others,
      String connections) {

    boolean didNoHarm(Duration time) {
      return survived.equals("yes") && logKilobytes <= LOG_KILOBYTES_PER_SECOND * time.toSeconds();
    }

    boolean wasHardlyNoticed() {
      return goodPercent >= LEAST_PERCENT && otherPercent >= LEAST_PERCENT;
    }
  }

  private AttackReport(String program, Duration time, boolean survival) {
    this.program = program;
    this.time = time;
    this.survival = survival;
  }

  private boolean passed(Row row) {
    return row.didNoHarm(time) && (survival || row.wasHardlyNoticed());
  }

  public static void main(String[] args) throws Exception {
    Arguments arguments = Arguments.parse(args);
    List<Attack> chosen = chosen(arguments);
    if (arguments.list()) {
      chosen.forEach(attack ->
          System.out.printf(
              "%-24s %-6s %s%n", attack.name(), attack.quick() ? "quick" : "", attack.about()));
      return;
    }
    AttackReport report =
        new AttackReport(
            Program.name(arguments.image()),
            arguments.quick() ? QUICK_TIME : TIME,
            arguments.survival());
    try (PreparedStore store = PreparedStore.make(arguments.image())) {
      System.out.println(report.program);
      for (String memory : arguments.memories()) {
        report.run(chosen, memory, store);
      }
    }
    report.write(arguments);
    long failed = report.rows.stream().filter(row -> !report.passed(row)).count();
    System.out.printf("%d of %d failed%n", failed, report.rows.size());
    System.exit(failed == 0 ? 0 : 1);
  }

  private static List<Attack> chosen(Arguments arguments) {
    List<Attack> all = Attack.all();
    List<String> names = all.stream().map(Attack::name).toList();
    for (String name : arguments.names()) {
      if (!names.contains(name)) {
        throw new IllegalArgumentException("there is no attack " + name + ", see --list");
      }
    }
    return all.stream()
        .filter(attack -> arguments.names().isEmpty() || arguments.names().contains(attack.name()))
        .filter(attack -> !arguments.quick() || attack.quick())
        .toList();
  }

  /** Runs attacks one after the other; one that did harm is followed by a new container. */
  private void run(List<Attack> attacks, String memory, PreparedStore store)
      throws IOException, InterruptedException {
    ServerContainer server = null;
    try {
      for (Attack attack : attacks) {
        if (server == null) {
          server = start(memory, store);
        }
        Row row = run(attack, memory, server);
        rows.add(row);
        print(row);
        if (attack.name().equals("none") && !passed(row)) {
          System.out.println("Without an attack it fails too: this machine is too busy.");
        }
        if (!passed(row)) {
          server.close();
          server = null;
        }
      }
    } finally {
      if (server != null) {
        server.close();
      }
    }
  }

  private ServerContainer start(String memory, PreparedStore store)
      throws IOException, InterruptedException {
    ServerContainer server = ServerContainer.start(store, memory);
    Serving.await(server);
    // With a whole core the compilers are done sooner.
    try (OtherCalls others = new OtherCalls(server.address());
        OpenLoop loop =
            new OpenLoop(server.address(), Requests.LOCATE, Requests.locates(), 4, "")) {
      others.start();
      loop.warmUp(WARM_CALLS, WARM_TIME);
      // Calls that come one by one take other paths than those of a closed loop.
      loop.paced(WARM_SECONDS, GoodTraffic.PER_SECOND, WARM_TIME);
    }
    return server;
  }

  private Row run(Attack attack, String memory, ServerContainer server)
      throws IOException, InterruptedException {
    try (OtherCalls others = new OtherCalls(server.address())) {
      if (attack.thirdOfCore()) {
        server.limitProcessor();
      } else {
        server.freeProcessor();
      }
      others.start();
      TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
      others.restart();
      server.usage().restart();
      long logged = server.logBytes();
      Stage stage = new Stage(server.address(), time);
      Tally good;
      String connections;
      try (GoodTraffic traffic = new GoodTraffic(server.address())) {
        attack.act().start(stage);
        TimeUnit.NANOSECONDS.sleep(time.toNanos());
        good = traffic.end();
        connections = stage.connections();
      } finally {
        stage.close();
      }
      double cores = server.usage().cores();
      Map<String, Double> percent = others.percent();
      double percentOfAll = others.percentOfAll();
      TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
      return new Row(
          attack.name(),
          attack.about(),
          memory,
          survived(server),
          server.usage().peakMegabytes(),
          server.usage().megabytes(),
          cores,
          (server.logBytes() - logged) / 1e3,
          good.percentGood(),
          good.millis(99),
          good.shed(),
          percentOfAll,
          percent,
          connections);
    }
  }

  /** Says whether it is there, and ready. */
  private static String survived(ServerContainer server) throws IOException, InterruptedException {
    ServerContainer.State state = server.state();
    if (state.running()) {
      try {
        Serving.await(server);
      } catch (IOException e) {
        return "no: not ready two minutes later";
      }
    }
    return state.toString();
  }

  private void print(Row row) {
    String line = "%-24s %-5s %-26s %8s %8s %6s %10s %7s %8s %8s  %s%n";
    if (rows.size() == 1) {
      System.out.printf(
          line,
          "attack",
          "size",
          "survived",
          "peak MB",
          "end MB",
          "cores",
          "log kB",
          "good %",
          "p99 ms",
          "others %",
          "verdict");
    }
    System.out.printf(
        line,
        row.attack(),
        row.memory(),
        row.survived(),
        number("%.0f", row.peakMegabytes()),
        number("%.0f", row.endMegabytes()),
        number("%.2f", row.cores()),
        number("%,.0f", row.logKilobytes()),
        number("%.1f", row.goodPercent()),
        number("%,.0f", row.goodP99Millis()),
        number("%.0f", row.otherPercent()),
        passed(row) ? "passed" : "FAILED");
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }

  private void write(Arguments arguments) throws IOException {
    Files.createDirectories(arguments.folder());
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", "attack");
    json.put("program", program);
    json.put("time", Instant.now().toString());
    json.put("goodPerSecond", GoodTraffic.PER_SECOND);
    json.put("seconds", time.toSeconds());
    json.put("rows", rows);
    new ObjectMapper()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .writeValue(arguments.folder().resolve("attack.json").toFile(), json);
  }
}
