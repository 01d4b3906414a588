package geosearch.cli;

import geosearch.geo.Position;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "locate",
    description = "Print the areas of a running server that contain a position.",
    footer = {
      "",
      "LAT and LNG are degrees in WGS 84, latitude first. `-` reads positions from standard input, one",
      "a line as `LAT LNG` or `LAT,LNG`, and prints a line for each, in order, of fields with tabs",
      "between: latitude, longitude, and for each area `LAYER ID NAME`. A bad line is named on standard",
      "error, the others go on, and it ends with 1.",
      "It ends with 4 where no area contains the one position.",
      "",
      "A table (--csv) has the names of its columns in the first row. For each layer it gets columns",
      "LAYER_id and LAYER_name, with semicolons between where several areas contain a position, one",
      "for each --attribute, and what else was asked for: LAYER_match, LAYER_distance_m,",
      "LAYER_certainty. A row that can't be located says why in its last column, error; the others go",
      "on, and it ends with 1.",
      "",
      "Examples:",
      "  geosearch locate 48.8566 2.3522",
      "  geosearch locate -33.9 18.4 --layer country --json",
      "  geosearch locate 48.8566 2.3522 --nearest 5000 --limit 3",
      "  geosearch locate 48.8566 2.3522 --accuracy 30 --as-of 2025-01-01T00:00:00Z",
      "  geosearch locate - < positions.txt",
      "  geosearch locate --csv trips.csv --accuracy-column hdop --output located.csv",
    })
final class LocateCommand implements Callable<Integer> {

  private static final Pattern LOOKS_LIKE_AN_OPTION = Pattern.compile("-[^0-9.].*");

  private final Map<String, String> environment;
  private final Console console;

  @Mixin private ConfigOptions options = new ConfigOptions();
  @Mixin private ServerOptions server = new ServerOptions();

  @Mixin private QuestionOptions question = new QuestionOptions();
  @Mixin private NearbyOptions nearby = new NearbyOptions();
  @Mixin private CsvOptions table = new CsvOptions();

  @Option(names = "--json", description = "Print a JSON object for each position.")
  private boolean json;

  @Parameters(paramLabel = "LAT LNG | -", arity = "0..2", description = "The position, or -.")
  private List<String> position = new ArrayList<>();

  LocateCommand(Map<String, String> environment, Console console) {
    this.environment = environment;
    this.console = console;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    boolean fromInput = position.equals(List.of("-"));
    if (!fromInput) {
      checkArguments();
    }
    String csv = table.file();
    checkCombination(csv, fromInput);
    try (ServerConnection connection = server.connect(options.load(environment).config())) {
      if (csv != null) {
        return new CsvLocator(connection, table, question, nearby, console).locate(csv);
      }
      Locator locator = new Locator(connection, question, nearby, json, console);
      return fromInput ? locator.locateLines() : locator.locate(parsed(String.join(" ", position)));
    }
  }

  private void checkCombination(@Nullable String csv, boolean fromInput) {
    if (csv == null && position.isEmpty()) {
      throw usage("a position is missing, or - or --csv FILE");
    }
    if (csv != null && !position.isEmpty()) {
      throw usage("--csv has the positions; " + String.join(" ", position) + " is too much");
    }
    if (csv != null && json) {
      throw usage("--csv writes a table, --json none; keep one of them");
    }
    if (fromInput && !json && nearby.findsOthers()) {
      // A line would not say which of its areas contain the position.
      throw usage("--nearest and --accuracy want --json where positions come from -");
    }
  }

  /** Positions below zero look like options, so everything that does and is none comes here. */
  private void checkArguments() {
    for (String argument : position) {
      if (LOOKS_LIKE_AN_OPTION.matcher(argument).matches()) {
        throw usage("unknown option: " + argument);
      }
    }
  }

  private static Position parsed(String text) {
    try {
      return PositionText.parse(text);
    } catch (IllegalArgumentException e) {
      throw usage(String.valueOf(e.getMessage()));
    }
  }

  private static CommandException usage(String message) {
    return new CommandException(ExitCode.USAGE, message + "\nTry: geosearch locate --help");
  }
}
