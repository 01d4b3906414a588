package geosearch.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import geosearch.load.ImportRefusedException;
import geosearch.load.ImportReport;
import geosearch.store.Dataset;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** Says how an import ended. */
final class ImportReportPrinter {

  private ImportReportPrinter() {}

  /**
   * @param store into which it went, for people
   */
  static void print(
      ImportReport report, String store, Duration time, boolean json, Console console) {
    if (json) {
      Json.print(console.out(), out -> writeJson(out, report, Optional.empty(), Optional.of(time)));
      return;
    }
    PrintStream out = console.out();
    report.dataset().ifPresent(dataset -> printDataset(dataset, store, time, out));
    printRepairs(report, out);
    printBadFeatures(report, " left out", out);
  }

  static void printRefusal(ImportRefusedException refused, boolean json, Console console) {
    String reason = String.valueOf(refused.getMessage());
    if (json) {
      Json.print(
          console.out(),
          out -> writeJson(out, refused.report(), Optional.of(reason), Optional.empty()));
    } else {
      printBadFeatures(refused.report(), "", console.err());
    }
    console.err().println("geosearch: nothing was imported: " + Text.printable(reason));
  }

  private static void printDataset(Dataset dataset, String store, Duration time, PrintStream out) {
    out.printf(
        Locale.ROOT,
        "%s: version %d is active, with %d areas of %d vertices, from %s%n",
        dataset.layer(),
        dataset.version(),
        dataset.areas(),
        dataset.vertices(),
        Text.printable(dataset.source()));
    out.printf(Locale.ROOT, "imported in %.1f s into %s%n", time.toMillis() / 1000.0, store);
  }

  private static void printRepairs(ImportReport report, PrintStream out) {
    if (report.repairCount() == 0) {
      return;
    }
    out.println(count(report.repairCount(), "outline") + " repaired:");
    for (ImportReport.Repair repair : report.repairs()) {
      out.printf(
          Locale.ROOT,
          "  %s, feature %d (%s): %s; %s km² changed%n",
          Text.printable(repair.source()),
          repair.featureNumber(),
          Text.printable(repair.id()),
          Text.printable(repair.reason()),
          kilometres(repair.changedKm2()));
    }
    printRest(report.repairCount() - report.repairs().size(), out);
  }

  private static void printBadFeatures(ImportReport report, String what, PrintStream out) {
    if (report.badFeatureCount() == 0) {
      return;
    }
    out.println(count(report.badFeatureCount(), "bad feature") + what + ":");
    for (ImportReport.BadFeature bad : report.badFeatures()) {
      out.println(
          "  "
              + Text.printable(bad.source())
              + ", feature "
              + bad.featureNumber()
              + ": "
              + Text.printable(bad.reason()));
    }
    printRest(report.badFeatureCount() - report.badFeatures().size(), out);
  }

  private static String count(long count, String thing) {
    return count + " " + thing + (count == 1 ? "" : "s");
  }

  private static void printRest(long count, PrintStream out) {
    if (count > 0) {
      out.println("  and " + count + " more");
    }
  }

  /** Three digits that count: repairs change square metres or square degrees. */
  private static String kilometres(double squareKilometres) {
    return String.format(Locale.ROOT, "%.3g", squareKilometres);
  }

  private static void writeJson(
      JsonGenerator out, ImportReport report, Optional<String> refusal, Optional<Duration> time)
      throws IOException {
    out.writeStartObject();
    if (refusal.isPresent()) {
      out.writeStringField("refusal", refusal.get());
    }
    if (report.dataset().isPresent()) {
      out.writeFieldName("dataset");
      DatasetOutput.writeJson(report.dataset().get(), out);
    }
    if (time.isPresent()) {
      out.writeNumberField("seconds", time.get().toMillis() / 1000.0);
    }
    out.writeNumberField("repair_count", report.repairCount());
    out.writeArrayFieldStart("repairs");
    for (ImportReport.Repair repair : report.repairs()) {
      out.writeStartObject();
      out.writeStringField("source", repair.source());
      out.writeNumberField("feature", repair.featureNumber());
      out.writeStringField("id", repair.id());
      out.writeStringField("reason", repair.reason());
      out.writeNumberField("changed_km2", repair.changedKm2());
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeNumberField("bad_feature_count", report.badFeatureCount());
    out.writeArrayFieldStart("bad_features");
    for (ImportReport.BadFeature bad : report.badFeatures()) {
      out.writeStartObject();
      out.writeStringField("source", bad.source());
      out.writeNumberField("feature", bad.featureNumber());
      out.writeStringField("reason", bad.reason());
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeEndObject();
  }
}
