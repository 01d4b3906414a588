package geosearch.cli;

import geosearch.geo.Position;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
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
      "Examples:",
      "  geosearch locate 48.8566 2.3522",
      "  geosearch locate -33.9 18.4 --layer country --json",
      "  geosearch locate - < positions.txt",
    })
final class LocateCommand implements Callable<Integer> {

  private static final Pattern LOOKS_LIKE_AN_OPTION = Pattern.compile("-[^0-9.].*");

  private final Map<String, String> environment;
  private final Console console;

  @Mixin private ConfigOptions options = new ConfigOptions();
  @Mixin private ServerOptions server = new ServerOptions();

  @Option(
      names = "--layer",
      paramLabel = "LAYER",
      description = "Look at this layer alone; may be repeated.")
  private List<String> layers = new ArrayList<>();

  @Option(names = "--json", description = "Print a JSON object for each position.")
  private boolean json;

  @Parameters(paramLabel = "LAT LNG | -", arity = "1..2", description = "The position, or -.")
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
    try (ServerConnection connection = server.connect(options.load(environment).config())) {
      Locator locator = new Locator(connection, layers, json, console);
      return fromInput ? locator.locateLines() : locator.locate(parsed(String.join(" ", position)));
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
