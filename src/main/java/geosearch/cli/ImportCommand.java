package geosearch.cli;

import geosearch.config.Config;
import geosearch.load.ImportRefusedException;
import geosearch.load.ImportReport;
import geosearch.load.ImportRequest;
import geosearch.load.ImportSource;
import geosearch.load.ImportSources;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "import",
    description = "Import areas from GeoJSON as a new version of a layer.",
    footer = {
      "",
      "A FILE is a GeoJSON FeatureCollection or newline-delimited GeoJSON in WGS 84, as it is or packed",
      "(.gz, .zip): a path, an http(s) address, or - for standard input. Several files make one version.",
      "Readers see the old version until the new one is whole. A refused file changes nothing.",
      "With an embedded store it goes through the running server, if there is one.",
      "",
      "Examples:",
      "  geosearch import communes.geojson.gz --layer commune --id insee --name nom",
      "  geosearch import parcels.zip --layer parcel --id no --attributes kind,year --skip-bad",
      "  curl -s https://example.org/areas.geojson | geosearch import - --layer area",
      "  geosearch import exported.geojson --layer commune --name name --attributes '*'",
    })
final class ImportCommand implements Callable<Integer> {

  private final Map<String, String> environment;
  private final Console console;

  @Mixin private StoreOptions options = new StoreOptions();

  @Parameters(paramLabel = "FILE", arity = "1..*", description = "What to import.")
  private List<String> files = new ArrayList<>();

  @Option(
      names = "--layer",
      required = true,
      paramLabel = "LAYER",
      description = "The layer: a-z 0-9 _ -, beginning with a letter.")
  private String layer = "";

  @Option(
      names = "--id",
      paramLabel = "PROPERTY",
      description = "The property with the id; else the member `id` of each feature.")
  private String id = "";

  @Option(names = "--name", paramLabel = "PROPERTY", description = "The property with the name.")
  private String name = "";

  @Option(
      names = "--attributes",
      paramLabel = "PROPERTY",
      split = ",",
      description = "Further properties to keep, with commas between; '*' for all.")
  private List<String> attributes = new ArrayList<>();

  @Option(names = "--attribution", paramLabel = "TEXT", description = "Whom to credit.")
  private String attribution = "";

  @Option(
      names = "--accuracy",
      paramLabel = "METRES",
      description = "How far the outlines may be off.")
  private double accuracy;

  @Option(names = "--no-repair", description = "Take broken outlines for bad features.")
  private boolean noRepair;

  @Option(names = "--skip-bad", description = "Leave out features that can't be used.")
  private boolean skipBad;

  @Option(names = "--force", description = "Let the layer lose more than half of its areas.")
  private boolean force;

  @Option(
      names = {"-q", "--quiet"},
      description = "Say nothing of the progress.")
  private boolean quiet;

  @Option(names = "--json", description = "Print the report as a JSON object.")
  private boolean json;

  ImportCommand(Map<String, String> environment, Console console) {
    this.environment = environment;
    this.console = console;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Config config = options.load(environment).config();
    ImportRequest request = request();
    List<ImportSource> sources = new ImportSources(config.imports(), console.in()).find(files);
    long start = System.nanoTime();
    try (Administration administration = StoreAccess.administration(config)) {
      ImportReport report;
      try (ProgressDisplay progress = ProgressDisplay.of(console, quiet, sources)) {
        report = administration.importFiles(request, sources, progress);
      }
      Duration time = Duration.ofNanos(System.nanoTime() - start);
      ImportReportPrinter.print(report, administration.description(), time, json, console);
      return ExitCode.OK;
    } catch (ImportRefusedException e) {
      ImportReportPrinter.printRefusal(e, json, console);
      return ExitCode.FAILED;
    }
  }

  private ImportRequest request() {
    try {
      return new ImportRequest(
          layer, id, name, attributes, attribution, accuracy, !noRepair, skipBad, force);
    } catch (IllegalArgumentException e) {
      throw new CommandException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
    }
  }
}
