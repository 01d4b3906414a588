package geosearch.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** Figures with what they are measured against, of one run on one machine. */
public final class Report {
  private final String name;
  private final String title;
  private final List<Row> rows = new ArrayList<>();

  /**
   * @param name of the files that it writes
   * @param title above the chart
   */
  public Report(String name, String title) {
    this.name = name;
    this.title = title;
  }

  /**
   * A figure; less is better.
   *
   * @param what was measured
   * @param unit of both values
   * @param value ours
   * @param peer what it is measured against; empty if nothing
   * @param peerValue NaN if there is no peer
   * @param wanted what was aimed at, in words
   */
  public record Row(
      String what, String unit, double value, String peer, double peerValue, String wanted) {

    /** How many times as much the peer has. */
    public double ratio() {
      return peerValue / value;
    }

    boolean hasPeer() {
      return !peer.isEmpty();
    }
  }

  /** Adds a figure that stands by itself. */
  public void add(String what, String unit, double value, String wanted) {
    rows.add(new Row(what, unit, value, "", Double.NaN, wanted));
  }

  /** Adds a figure and its peer's. */
  public void add(
      String what, String unit, double value, String peer, double peerValue, String wanted) {
    rows.add(new Row(what, unit, value, peer, peerValue, wanted));
  }

  /**
   * Prints it, and writes it into the folder that a command's argument names, or into the usual
   * one.
   *
   * @param folder which argument that is, counted from 0
   */
  public void publish(String[] args, int folder) throws IOException {
    print(System.out);
    write(Path.of(args.length > folder ? args[folder] : "target/bench"));
  }

  /** The one in the middle; of an even number of figures the larger. */
  public static double median(DoubleStream figures) {
    double[] sorted = figures.sorted().toArray();
    return sorted[sorted.length / 2];
  }

  /** Prints the table and a line about the machine. */
  public void print(PrintStream out) {
    out.printf("%n%s%n%s%n%n", title, machine());
    String line = "%-46s %10s %-3s %10s %-24s %9s  %s%n";
    out.printf(line, "what", "geosearch", "", "beside it", "", "ratio", "wanted");
    for (Row row : rows) {
      out.printf(
          line,
          row.what(),
          number(row.value()),
          row.unit(),
          row.hasPeer() ? number(row.peerValue()) : "",
          row.peer(),
          row.hasPeer() ? number(row.ratio()) + " x" : "",
          row.wanted());
    }
  }

  /** Writes {@code NAME.json} and {@code NAME.svg} into a folder, which is made if needed. */
  public void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", name);
    json.put("title", title);
    json.put("machine", machine());
    json.put("time", Instant.now().toString());
    json.put("rows", rows.stream().map(Report::toJson).toList());
    new ObjectMapper()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .writeValue(folder.resolve(name + ".json").toFile(), json);
    Files.writeString(folder.resolve(name + ".svg"), new Chart(title, machine(), rows).toSvg());
  }

  private static Map<String, Object> toJson(Row row) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("what", row.what());
    json.put("unit", row.unit());
    json.put("value", row.value());
    if (row.hasPeer()) {
      json.put("peer", row.peer());
      json.put("peerValue", row.peerValue());
      json.put("ratio", row.ratio());
    }
    json.put("wanted", row.wanted());
    return json;
  }

  static String number(double value) {
    String format = value < 10 ? "%,.2f" : value < 100 ? "%,.1f" : "%,.0f";
    return String.format(Locale.ROOT, format, value);
  }

  private static String machine() {
    return "%s, %d cores, %s %s, load %s"
        .formatted(
            firstLine(Path.of("/proc/cpuinfo"), "model name").replaceFirst(".*:\\s*", ""),
            Runtime.getRuntime().availableProcessors(),
            System.getProperty("java.vm.name"),
            System.getProperty("java.vm.version"),
            firstLine(Path.of("/proc/loadavg"), "").replaceFirst(" .*", ""));
  }

  private static String firstLine(Path file, String start) {
    try (Stream<String> lines = Files.lines(file, StandardCharsets.UTF_8)) {
      return lines.filter(line -> line.startsWith(start)).findFirst().orElse("unknown");
    } catch (IOException e) {
      return "unknown";
    }
  }
}
