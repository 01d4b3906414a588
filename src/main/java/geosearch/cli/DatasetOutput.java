package geosearch.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import geosearch.store.Dataset;
import java.io.IOException;
import java.io.PrintStream;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Prints versions of layers. */
final class DatasetOutput {

  private static final int CHECKSUM_SHOWN = 12;

  private DatasetOutput() {}

  static void printTable(List<Dataset> datasets, PrintStream out) {
    Table table =
        new Table(
            "LAYER", "VERSION", "STATE", "AREAS", "VERTICES", "IMPORTED", "CHECKSUM", "SOURCE");
    for (Dataset dataset : datasets) {
      String checksum = dataset.checksum();
      table.add(
          dataset.layer(),
          dataset.version(),
          state(dataset),
          dataset.areas(),
          dataset.vertices(),
          dataset.importTime().truncatedTo(ChronoUnit.SECONDS),
          checksum.substring(0, Math.min(CHECKSUM_SHOWN, checksum.length())),
          dataset.source());
    }
    table.print(out);
  }

  private static String state(Dataset dataset) {
    return Stream.of(dataset.active() ? "active" : "", dataset.keep() ? "keep" : "")
        .filter(mark -> !mark.isEmpty())
        .collect(Collectors.joining(", "));
  }

  static void writeJson(Dataset dataset, JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("layer", dataset.layer());
    out.writeNumberField("version", dataset.version());
    out.writeBooleanField("active", dataset.active());
    out.writeBooleanField("keep", dataset.keep());
    out.writeStringField("source", dataset.source());
    out.writeStringField("import_time", dataset.importTime().toString());
    out.writeNumberField("areas", dataset.areas());
    out.writeNumberField("vertices", dataset.vertices());
    out.writeNumberField("repaired", dataset.repaired());
    out.writeNumberField("skipped", dataset.skipped());
    out.writeStringField("checksum", dataset.checksum());
    out.writeStringField("attribution", dataset.attribution());
    out.writeNumberField("accuracy_metres", dataset.accuracyMetres());
    out.writeEndObject();
  }
}
