package geosearch.server;

import geosearch.bench.Report;
import geosearch.testing.Communes;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Measures how long an image takes from the start of its JVM until the server is ready, and what
 * memory it has then: {@code bench/start IMAGE FOLDER}. It needs a container engine. Prints a table
 * and writes {@code start.json} and {@code start.svg} into the folder.
 */
public final class StartReport {

  private static final int ROUNDS = 5;
  private static final int MEMORY_ROUNDS = 3;

  /** What the chart allows a pod. */
  private static final String MEMORY = "1g";

  /** By then what the load has left behind is collected and given back. */
  private static final Duration SETTLED = Duration.ofSeconds(8);

  private static final String NAME = "geosearch-bench-" + ProcessHandle.current().pid();

  private final String image;
  private final Report report = new Report("start", "From the start of the JVM until it is ready");

  private StartReport(String image) {
    this.image = image;
  }

  public static void main(String[] args) throws Exception {
    if (args.length == 0) {
      throw new IllegalArgumentException("an image must be named, such as one of docker/image");
    }
    StartReport start = new StartReport(args[0]);
    try {
      start.measure();
    } finally {
      docker("rm", "--force", "--volumes", NAME);
      docker("volume", "rm", "--force", NAME);
      docker("network", "rm", NAME);
    }
    start.report.publish(args, 1);
  }

  private void measure() throws IOException, InterruptedException {
    // An engine keeps to what it has of that name; an image that is there alone can't be had anew.
    docker("pull", image);
    docker("network", "create", NAME);
    docker("volume", "create", NAME);
    try (PostgisContainer postgis = new PostgisContainer("--network", NAME)) {
      measure(importCommunes(postgis));
    }
  }

  /**
   * @param postgis what tells a container of the communes
   */
  private void measure(List<String> postgis) throws IOException, InterruptedException {
    List<Double> floor = new ArrayList<>();
    List<Double> fresh = new ArrayList<>();
    List<Double> again = new ArrayList<>();
    List<Double> communes = new ArrayList<>();
    List<String> jvm = jvmAlone();
    List<String> folder = List.of("--volume", NAME + ":/data");
    serve(folder);
    // One right after the other, for what a machine has to do first that was idle is its own.
    for (int round = 0; round < ROUNDS; round++) {
      floor.add(start("openjdk version", List.of("--entrypoint", "java"), jvm));
      fresh.add(serve(List.of("--tmpfs", "/data:mode=777")));
      again.add(serve(folder));
      communes.add(serve(postgis));
    }
    String peer = "its JVM's -version";
    double least = median(floor);
    report.add("the sample, in an empty folder", "ms", median(fresh), peer, least, "500 ms");
    report.add("the sample, again", "ms", median(again), peer, least, "500 ms");
    report.add("communes of France from PostGIS", "ms", median(communes), peer, least, "2,500 ms");
    report.add("the sample, resident", "MB", resident(folder), "");
    report.add("communes of France, resident", "MB", resident(postgis), "300 MB under load");
  }

  private static double median(List<Double> figures) {
    return Report.median(figures.stream().mapToDouble(Double::doubleValue));
  }

  /** Imports the communes with the image; returns what tells a container of the database. */
  private List<String> importCommunes(PostgisContainer postgis)
      throws IOException, InterruptedException {
    List<String> options =
        List.of(
            "--network",
            NAME,
            "--env",
            "GEOSEARCH_STORE_POSTGIS_HOST=" + postgis.name(),
            "--env",
            "GEOSEARCH_STORE_POSTGIS_PASSWORD=" + PostgisContainer.PASSWORD);
    Path file = Communes.file().toAbsolutePath().normalize();
    List<String> command = new ArrayList<>(List.of("docker", "run", "--rm"));
    command.addAll(options);
    command.addAll(
        List.of(
            "--volume",
            file.getParent() + ":/import:ro",
            image,
            "import",
            "/import/" + file.getFileName(),
            "--layer",
            "commune",
            "--id",
            "code",
            "--name",
            "nom",
            "--quiet"));
    postgis.awaitReady();
    if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
      throw new IOException("the communes can't be imported: " + command);
    }
    return options;
  }

  /** What its JVM is called with, the cache among it, for a start that runs nothing. */
  private List<String> jvmAlone() throws IOException, InterruptedException {
    String format = "{{range .Config.Entrypoint}}{{println .}}{{end}}";
    List<String> call =
        PostgisContainer.docker(List.of("image", "inspect", "--format", format, image))
            .lines()
            .filter(argument -> !argument.isBlank())
            .toList();
    return Stream.concat(call.subList(1, call.size() - 1).stream(), Stream.of("-version")).toList();
  }

  /** Runs a server until it is ready. */
  private double serve(List<String> options) throws IOException, InterruptedException {
    return start("ready:", options, List.of("serve"));
  }

  /** Runs a container until it says something, which takes so many milliseconds. */
  private double start(String until, List<String> options, List<String> command)
      throws IOException, InterruptedException {
    docker("rm", "--force", "--volumes", NAME);
    List<String> all =
        new ArrayList<>(
            List.of(
                "run",
                "--detach",
                "--name",
                NAME,
                "--memory",
                MEMORY,
                "--tmpfs",
                "/tmp:exec",
                // The JVM says at once that it has seen this.
                "--env",
                "JAVA_TOOL_OPTIONS=-Dgeosearch.bench=1",
                "--env",
                "GEOSEARCH_STOP_DRAIN_DELAY=0s"));
    all.addAll(options);
    all.add(image);
    all.addAll(command);
    docker(all.toArray(String[]::new));
    Process logs =
        new ProcessBuilder("docker", "logs", "--follow", "--timestamps", NAME)
            .redirectErrorStream(true)
            .start();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(logs.getInputStream(), StandardCharsets.UTF_8))) {
      Instant first = null;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Instant time = Instant.parse(line.substring(0, line.indexOf(' ')));
        first = first == null ? time : first;
        if (line.contains(" " + until)) {
          return Duration.between(first, time).toNanos() / 1e6;
        }
      }
      throw new IOException("the image did not say \"" + until + "\"");
    } finally {
      logs.destroy();
    }
  }

  /** What the container's process has in memory, once it has settled. */
  private double resident(List<String> options) throws IOException, InterruptedException {
    List<Double> megabytes = new ArrayList<>();
    for (int round = 0; round < MEMORY_ROUNDS; round++) {
      serve(options);
      TimeUnit.NANOSECONDS.sleep(SETTLED.toNanos());
      List<String> inspect = List.of("inspect", "--format", "{{.State.Pid}}", NAME);
      long pid = Long.parseLong(PostgisContainer.docker(inspect).strip());
      megabytes.add(Subject.megabytes(pid, "VmRSS"));
    }
    return median(megabytes);
  }

  private static void docker(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("docker"));
    command.addAll(Arrays.asList(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (process.waitFor() != 0 && arguments[0].equals("run")) {
      throw new IOException("this failed: " + String.join(" ", command));
    }
  }
}
