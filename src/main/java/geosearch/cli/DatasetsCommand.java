package geosearch.cli;

import geosearch.store.Dataset;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;

@Command(
    name = "datasets",
    description = "List, activate and delete the imported versions of layers.",
    commandListHeading = "%nCommands:%n",
    footer = {
      "",
      "Each import makes a new version of its layer. The last three are kept, and those marked so.",
      "With an embedded store it goes through the running server, if there is one.",
      "",
      "Examples:",
      "  geosearch datasets",
      "  geosearch datasets activate commune 2",
      "  geosearch datasets keep commune 1",
      "  geosearch datasets delete commune 1",
      "  geosearch datasets delete commune --all --yes",
      "  geosearch datasets accept parcel",
      "  geosearch datasets accept --store",
    })
final class DatasetsCommand implements Callable<Integer> {

  private final Map<String, String> environment;
  private final Console console;

  @Mixin private StoreOptions options = new StoreOptions();

  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description = "Print JSON: an array for the list, else an object.")
  private boolean json;

  DatasetsCommand(Map<String, String> environment, Console console) {
    this.environment = environment;
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    return list();
  }

  @Command(description = "List every version of every layer; so does no command.")
  int list() throws IOException {
    try (Administration administration = open()) {
      List<Dataset> datasets = administration.list();
      if (json) {
        Json.printArray(
            console.out(),
            datasets.stream()
                .<Json.Value>map(dataset -> out -> DatasetOutput.writeJson(dataset, out))
                .toList());
      } else {
        DatasetOutput.printTable(datasets, console.out());
      }
      return ExitCode.OK;
    }
  }

  @Command(description = "Make a version the one that is served.")
  int activate(
      @Parameters(paramLabel = "LAYER", description = "The layer.") String layer,
      @Parameters(paramLabel = "VERSION", description = "Its version.") long version)
      throws IOException {
    try (Administration administration = open()) {
      print(administration.activate(layer, version));
      return ExitCode.OK;
    }
  }

  @Command(description = "Delete a version that is not served, or with --all the layer.")
  int delete(
      @Parameters(paramLabel = "LAYER", description = "The layer.") String layer,
      @Parameters(paramLabel = "VERSION", arity = "0..1", description = "Its version.")
          @Nullable Long version,
      @Option(
              names = "--all",
              description = "Every version, the one that is served and those to be kept included.")
          boolean all,
      @Option(names = "--yes", description = "With --all: do it, and don't just say what it means.")
          boolean yes)
      throws IOException {
    if (all != (version == null) || (yes && !all)) {
      throw new CommandException(
          ExitCode.USAGE, "delete takes either a VERSION, or --all and then --yes");
    }
    try (Administration administration = open()) {
      if (version != null) {
        administration.delete(layer, version);
      } else if (yes) {
        administration.deleteLayer(layer);
      } else {
        throw new CommandException(ExitCode.FAILED, meaning(administration.list(), layer));
      }
      return ExitCode.OK;
    }
  }

  private static String meaning(List<Dataset> datasets, String layer) {
    List<Dataset> versions =
        datasets.stream().filter(dataset -> dataset.layer().equals(layer)).toList();
    long areas =
        versions.stream().filter(Dataset::active).mapToLong(Dataset::areas).findFirst().orElse(0);
    return "nothing was deleted; with --yes all versions of the layer %s go (%d), and %d areas are served no more"
        .formatted(layer, versions.size(), areas);
  }

  @Command(description = "Keep a version although newer ones come.")
  int keep(
      @Parameters(paramLabel = "LAYER", description = "The layer.") String layer,
      @Parameters(paramLabel = "VERSION", description = "Its version.") long version,
      @Option(names = "--off", description = "Keep it no longer than others.") boolean off)
      throws IOException {
    try (Administration administration = open()) {
      print(administration.keep(layer, version, !off));
      return ExitCode.OK;
    }
  }

  @Command(
      description = {
        "Let a table of yours be served although it has shrunk by more than half, or the store that is",
        "there now although it is not the one that was served.",
      })
  int accept(
      @Parameters(paramLabel = "LAYER", arity = "0..1", description = "The layer.")
          @Nullable String layer,
      @Option(
              names = "--store",
              description =
                  "The whole store: another one, an empty one, or an older state such as a backup.")
          boolean store)
      throws IOException {
    if (store == (layer != null)) {
      throw new CommandException(ExitCode.USAGE, "accept takes either a LAYER or --store");
    }
    if (layer == null) {
      StoreAccess.acceptStore(options.load(environment).config());
      return ExitCode.OK;
    }
    try (Administration administration = open()) {
      administration.accept(layer);
      return ExitCode.OK;
    }
  }

  private Administration open() throws IOException {
    return StoreAccess.administration(options.load(environment).config());
  }

  private void print(Dataset dataset) {
    if (json) {
      Json.print(console.out(), out -> DatasetOutput.writeJson(dataset, out));
    } else {
      DatasetOutput.printTable(List.of(dataset), console.out());
    }
  }
}
