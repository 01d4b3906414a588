package geosearch.geo;

import geosearch.bench.Report;
import geosearch.testing.Communes;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.locationtech.jts.geom.Geometry;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Measures the index beside JTS's tree and locators over the communes of France and over small
 * zones, prints a table and writes {@code index.json} and {@code index.svg} into a folder: {@code
 * bench/index FOLDER}.
 */
public final class IndexReport {
  private static final int ZONES = 100_000;
  private static final int ROUNDS = 7;

  private final Report report = new Report("index", "Looking up a position, beside JTS");

  private IndexReport() {}

  public static void main(String[] args) throws IOException, RunnerException {
    IndexReport index = new IndexReport();
    index.measureBuilding();
    index.measureZones();
    index.measureLookups();
    index.measureGrowth();
    index.report.publish(args, 0);
  }

  private void measureLookups() throws RunnerException {
    Collection<RunResult> results = run(LocateBenchmark.class);
    double read = score(results, "memoryRead");
    String floor = "a read in 128 MB: %.0f ns".formatted(read);
    add(results, "random", "randomByJts", "random position over land", "25 x; " + floor);
    add(results, "track", "trackByJts", "position 10 m on along a track", "20 x");
    add(results, "batch", "randomByJts", "random position of a batch", "40 x");
  }

  private void add(
      Collection<RunResult> results, String ours, String theirs, String what, String wanted) {
    report.add(what, "ns", score(results, ours), "JTS", score(results, theirs), wanted);
  }

  private void measureGrowth() throws RunnerException {
    Map<String, Double> first = new HashMap<>();
    for (RunResult result : run(GrowthBenchmark.class)) {
      double score = result.getPrimaryResult().getScore();
      boolean batch = result.getParams().getBenchmark().endsWith(".batch");
      int zones = Integer.parseInt(result.getParams().getParam("zones"));
      String what = "position in %,d zones, %s".formatted(zones, batch ? "of a batch" : "alone");
      Double least = first.putIfAbsent(result.getParams().getBenchmark(), score);
      if (least == null) {
        report.add(what, "ns", score, "");
      } else {
        report.add(what, "ns", score, "1,000 zones", least, "above 0.5 x");
      }
    }
  }

  private void measureBuilding() throws IOException {
    List<Area> areas = new ArrayList<>();
    List<Geometry> outlines = new ArrayList<>();
    Communes.forEach((area, outline) -> {
      areas.add(area);
      outlines.add(outline);
    });
    Supplier<AreaIndex> build =
        () -> {
          AreaIndex.Builder builder = AreaIndex.builder();
          for (int i = 0; i < areas.size(); i++) {
            builder.add(areas.get(i), outlines.get(i));
          }
          return builder.build();
        };
    double cold = seconds(build);
    double ours = Double.POSITIVE_INFINITY;
    double theirs = Double.POSITIVE_INFINITY;
    for (int i = 0; i < ROUNDS; i++) {
      ours = Math.min(ours, seconds(build));
      theirs = Math.min(theirs, seconds(() -> new JtsIndex(outlines)));
    }
    report.add("building the communes", "s", ours, "JTS", theirs, "at most 1.5 s");
    report.add("building them first of all", "s", cold, "");
    double megabytes = build.get().sizeInBytes() / 1e6;
    report.add(
        "communes, index and outlines",
        "MB",
        megabytes,
        "JTS, without outlines",
        heap(() -> new JtsIndex(outlines)),
        "at most 160 MB");
  }

  private void measureZones() {
    SmallZones zones = new SmallZones(ZONES);
    AreaIndex index = zones.builder().build();
    report.add("100,000 zones, index and outlines", "MB", index.sizeInBytes() / 1e6, "60 MB");
    double build = seconds(() -> zones.builder().build());
    double change = 0;
    AreaIndex changed = index;
    for (int i = 0; i < 100; i++) {
      AreaIndex.Builder zone = AreaIndex.builder();
      zone.add(new Area("zone-" + i * 7, "", Map.of()), zones.outline());
      AreaIndex before = changed;
      AreaIndex[] after = {before};
      double time = seconds(() -> after[0] = before.with(zone, Set.of()));
      changed = after[0];
      change = i < 20 ? 0 : Math.max(change, time);
    }
    report.add(
        "one of 100,000 zones changed, slowest of 80",
        "ms",
        change * 1e3,
        "building them all",
        build * 1e3,
        "at most 50 ms");
  }

  private static Collection<RunResult> run(Class<?> benchmark) throws RunnerException {
    return new Runner(
            new OptionsBuilder().include(benchmark.getName().replace(".", "\\.") + "\\.").build())
        .run();
  }

  private static double score(Collection<RunResult> results, String benchmark) {
    return results.stream()
        .filter(result -> result.getParams().getBenchmark().endsWith("." + benchmark))
        .findFirst()
        .orElseThrow()
        .getPrimaryResult()
        .getScore();
  }

  /** Of this thread's processor: what others do on a shared machine does not count. */
  private static double seconds(Supplier<?> work) {
    long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    Object made = work.get();
    long end = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    if (made == null) {
      throw new IllegalStateException("nothing was made");
    }
    return (end - start) / 1e9;
  }

  private static double heap(Supplier<?> work) {
    double before = used();
    Object made = work.get();
    double after = used();
    if (made == null) {
      throw new IllegalStateException("nothing was made");
    }
    return (after - before) / 1e6;
  }

  private static double used() {
    System.gc();
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
