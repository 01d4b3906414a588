package geosearch.server;

import geosearch.bench.Report;
import geosearch.testing.Communes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.DoubleStream;

/**
 * Measures how long an import of the communes of France into a PostGIS takes, from the command's
 * start to its end, validation included: {@code bench/import FOLDER}; beside {@code ogr2ogr}, where
 * that is installed. It needs a container engine. Prints a table and writes {@code import.json} and
 * {@code import.svg} into the folder.
 */
public final class ImportsReport {

  private static final int ROUNDS = 5;

  private final Report report = new Report("import", "Importing the communes into PostGIS");

  private ImportsReport() {}

  public static void main(String[] args) throws Exception {
    ImportsReport imports = new ImportsReport();
    try (PostgisContainer postgis = new PostgisContainer()) {
      imports.measure(postgis);
    }
    imports.report.publish(args, 0);
  }

  private void measure(PostgisContainer postgis) throws IOException, InterruptedException {
    postgis.awaitReady();
    boolean beside = isInstalled("ogr2ogr");
    double[] ours = new double[ROUNDS];
    double[] theirs = new double[ROUNDS];
    // The first of all also makes the schema, and the build of the command.
    seconds(geosearch(postgis));
    for (int round = 0; round < ROUNDS; round++) {
      ours[round] = seconds(geosearch(postgis));
      theirs[round] = beside ? seconds(ogr2ogr(postgis)) : Double.NaN;
    }
    String what = "geosearch import, whole command";
    if (beside) {
      report.add(
          what,
          "s",
          Report.median(DoubleStream.of(ours)),
          "ogr2ogr, no validation",
          Report.median(DoubleStream.of(theirs)),
          "at least 1 x");
    } else {
      report.add(what, "s", Report.median(DoubleStream.of(ours)), "ogr2ogr is not installed");
    }
  }

  private static ProcessBuilder geosearch(PostgisContainer postgis)
      throws IOException, InterruptedException {
    return Subject.importing(postgis.settings(), Communes.file(), "commune");
  }

  /** Its index is part of it, as of ours. */
  private static ProcessBuilder ogr2ogr(PostgisContainer postgis)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
            "ogr2ogr",
            "-f",
            "PostgreSQL",
            "PG:host=%s user=%s dbname=%s"
                .formatted(postgis.host(), PostgisContainer.USER, PostgisContainer.DATABASE),
            "/vsigzip/" + Communes.file(),
            "-nln",
            "ogr_commune",
            "-nlt",
            "MULTIPOLYGON",
            "-overwrite");
    builder.environment().put("PGPASSWORD", PostgisContainer.PASSWORD);
    // With it the driver copies, which is many times as fast as its inserts.
    builder.environment().put("PG_USE_COPY", "YES");
    return builder;
  }

  private static boolean isInstalled(String program) {
    return Arrays.stream(System.getenv("PATH").split(":", -1))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  private static double seconds(ProcessBuilder builder) throws IOException, InterruptedException {
    long start = System.nanoTime();
    if (builder
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.INHERIT)
            .start()
            .waitFor()
        != 0) {
      throw new IOException("this failed: " + String.join(" ", builder.command()));
    }
    return (System.nanoTime() - start) / 1e9;
  }
}
