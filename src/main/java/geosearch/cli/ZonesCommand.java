package geosearch.cli;

import geosearch.config.Config;
import geosearch.config.LoadedConfig;
import geosearch.config.Origin;
import java.io.IOException;
import java.util.LinkedHashMap;
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
    name = "zones",
    description = "List, add and remove the zones that you keep.",
    commandListHeading = "%nCommands:%n",
    footer = {
      "",
      "Zones are kept by the running server. Where none runs on this machine, and none is named, the",
      "embedded store is opened.",
      "",
      "Examples:",
      "  geosearch zones",
      "  geosearch zones add Depot --outline depot.geojson --attribute kind=depot --priority 5",
      "  geosearch zones remove 5b7d1a4e-0c1f-4d6e-9a55-0d1f3a3c1b2a",
    })
final class ZonesCommand implements Callable<Integer> {

  private final Map<String, String> environment;
  private final Console console;

  @Mixin private StoreOptions options = new StoreOptions();
  @Mixin private ServerOptions server = new ServerOptions();

  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description = "Print JSON: an array for the list, else an object.")
  private boolean json;

  ZonesCommand(Map<String, String> environment, Console console) {
    this.environment = environment;
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    return list();
  }

  @Command(description = "List the zones, without their outlines; so does no command.")
  int list() throws IOException {
    try (ServerConnection connection = connect()) {
      new ZoneClient(connection, console, json).list();
      return ExitCode.OK;
    }
  }

  @Command(description = "Add a zone, and print its id.")
  int add(
      @Parameters(paramLabel = "NAME", description = "What it is called.") String name,
      @Option(
              names = "--outline",
              required = true,
              paramLabel = "FILE",
              description = "GeoJSON with its polygon or multipolygon; - is standard input.")
          String outline,
      @Option(names = "--id", paramLabel = "ID", description = "Its id; else one is made up.")
          @Nullable String id,
      @Option(
              names = "--priority",
              paramLabel = "NUMBER",
              defaultValue = "0",
              description = "Higher ones come first in answers; 0 if not given.")
          int priority,
      @Option(
              names = "--attribute",
              paramLabel = "KEY=VALUE",
              description = "A property of it; may be repeated.")
          @Nullable Map<String, String> attributes)
      throws IOException {
    String geometry = OutlineFile.read(outline, console.in());
    try (ServerConnection connection = connect()) {
      new ZoneClient(connection, console, json)
          .add(
              id == null ? "" : id,
              name,
              priority,
              attributes == null ? new LinkedHashMap<>() : attributes,
              geometry);
      return ExitCode.OK;
    }
  }

  @Command(description = "Remove zones; ends with 4 if one of them is not there.")
  int remove(
      @Parameters(paramLabel = "ID", arity = "1..*", description = "Their ids.") List<String> ids)
      throws IOException {
    try (ServerConnection connection = connect()) {
      return new ZoneClient(connection, console, json).remove(ids);
    }
  }

  /** The server that was named, or runs here; else one within this process, on the store. */
  private ServerConnection connect() throws IOException {
    LoadedConfig loaded = options.load(environment);
    Config config = loaded.config();
    if (server.isNamed() || config.store().usesPostgis()) {
      return server.connect(config);
    }
    boolean runs =
        StoreAccess.isOwned(config.store().folder())
            || (!namesFolder(loaded)
                && ServerOptions.accepts(ServerOptions.ownAddress(config.server()).resolve()));
    return runs ? server.connect(config) : LocalZones.open(config, server.timeout());
  }

  /** A server that happens to run here may have another store than the one that was named. */
  private static boolean namesFolder(LoadedConfig loaded) {
    return loaded.settings().stream()
        .anyMatch(setting ->
            setting.path().equals("store.folder")
                && setting.origin().kind() != Origin.Kind.DEFAULT);
  }
}
