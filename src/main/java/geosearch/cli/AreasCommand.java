package geosearch.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;

@Command(
    name = "areas",
    description = "Find areas of a running server, and get one with its outline.",
    commandListHeading = "%nCommands:%n",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Both end with 4 where there is no such area.",
      "",
      "Examples:",
      "  geosearch areas find st-etienne --layer commune",
      "  geosearch areas find --bounds 45.7,4.8,45.8,4.9 --filter kind=depot --json",
      "  geosearch areas get commune 69123 > lyon.geojson",
      "  geosearch areas get commune 69123 --tolerance 100 --format wkb",
    })
final class AreasCommand implements Runnable {

  /** How an outline is printed. */
  enum Format {
    /** A GeoJSON feature. */
    GEOJSON,
    /** Well-known binary in hexadecimal digits, as PostGIS prints it. */
    WKB,
    /** A table of what is known besides. */
    NONE
  }

  private final Map<String, String> environment;
  private final Console console;

  @Mixin private ConfigOptions options = new ConfigOptions();
  @Mixin private ServerOptions server = new ServerOptions();

  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description = "Print JSON: an array of those that were found; an object for one.")
  private boolean json;

  AreasCommand(Map<String, String> environment, Console console) {
    this.environment = environment;
    this.console = console;
  }

  @Override
  public void run() {
    throw new CommandException(
        ExitCode.USAGE, "areas find or areas get?\nTry: geosearch areas --help");
  }

  @Command(
      description = "Find areas by name, id, place and attributes; all that is given must hold.")
  int find(
      @Parameters(
              paramLabel = "NAME",
              arity = "0..1",
              defaultValue = "",
              description = "A name, or the beginning of one, or words of one.")
          String name,
      @Option(names = "--id", paramLabel = "ID", description = "Has this id; may be repeated.")
          @Nullable List<String> ids,
      @Option(
              names = "--bounds",
              split = ",",
              paramLabel = "SOUTH,WEST,NORTH,EAST",
              description = "Its bounding box meets this one.")
          double @Nullable [] bounds,
      @Option(
              names = "--limit",
              paramLabel = "NUMBER",
              defaultValue = "100",
              description = "How many at most, 0 for all; ${DEFAULT-VALUE} if not given.")
          int limit,
      @Mixin QuestionOptions question)
      throws IOException {
    if (bounds != null && bounds.length != 4) {
      throw new CommandException(
          ExitCode.USAGE, "--bounds wants four numbers: south, west, north and east");
    }
    if (limit < 0) {
      throw new CommandException(ExitCode.USAGE, "--limit must not be below 0: " + limit);
    }
    try (ServerConnection connection = connect()) {
      return new AreaClient(connection, console, json)
          .find(name, ids == null ? List.of() : ids, Optional.ofNullable(bounds), limit, question);
    }
  }

  @Command(description = "Print one area, as a GeoJSON feature if not told otherwise.")
  int get(
      @Parameters(paramLabel = "LAYER", description = "Its layer.") String layer,
      @Parameters(paramLabel = "ID", description = "Its id.") String id,
      @Option(
              names = "--format",
              paramLabel = "FORMAT",
              defaultValue = "geojson",
              description =
                  "geojson; wkb for its outline alone in hexadecimal digits; none for what is known"
                      + " besides.")
          Format format,
      @Option(
              names = "--tolerance",
              paramLabel = "METRES",
              description = "Simplify the outline, by so much at most.")
          double tolerance,
      @Option(names = "--as-of", paramLabel = "TIME", description = "As it was, or will be, then.")
          @Nullable Instant asOf,
      @Option(
              names = "--dataset",
              paramLabel = "VERSION",
              defaultValue = "",
              description = "As this version of its imported layer has it.")
          String dataset,
      @Option(
              names = "--min-generation",
              paramLabel = "NUMBER",
              description = "Answer only from a state that has this change to zones.")
          long minGeneration,
      @Option(
              names = {"-o", "--output"},
              paramLabel = "FILE",
              description = "Where to write; standard output if not given.")
          @Nullable Path output)
      throws IOException, InterruptedException {
    try (ServerConnection connection = connect()) {
      AreaClient client = new AreaClient(connection, console, json);
      AreaClient.Got area =
          client.get(
              layer, id, format, tolerance, Optional.ofNullable(asOf), dataset, minGeneration);
      if (output == null) {
        area.print(console.out());
      } else {
        OutputFile.write(
            output,
            out -> {
              PrintStream file = new PrintStream(out, false, StandardCharsets.UTF_8);
              area.print(file);
              if (file.checkError()) {
                throw new CommandException(ExitCode.FAILED, output + ": it could not be written");
              }
            });
      }
      return ExitCode.OK;
    }
  }

  private ServerConnection connect() throws IOException {
    return server.connect(options.load(environment).config());
  }
}
