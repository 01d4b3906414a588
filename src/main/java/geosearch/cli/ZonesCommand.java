package geosearch.cli;

import geosearch.config.Config;
import geosearch.config.LoadedConfig;
import geosearch.config.Origin;
import geosearch.v1.Zone;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;

@Command(
    name = "zones",
    description = "List, add, change, watch and remove the zones that you keep.",
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
      "  geosearch zones apply carrier.geojson --collection carrier --prune --dry-run",
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
    return list("");
  }

  @Command(description = "List the zones, without their outlines; so does no command.")
  int list(
      @Option(
              names = "--collection",
              paramLabel = "NAME",
              defaultValue = "",
              description = "Those of one collection; all if not given.")
          String collection)
      throws IOException {
    try (ServerConnection connection = connect()) {
      new ZoneClient(connection, console, json).list(collection);
      return ExitCode.OK;
    }
  }

  @Command(description = "Print a zone as GeoJSON; ends with 4 if it is not there.")
  int get(
      @Parameters(paramLabel = "ID", description = "Its id.") String id,
      @Option(
              names = "--collection",
              paramLabel = "NAME",
              defaultValue = "",
              description = "Its collection; thing if not given.")
          String collection,
      @Option(
              names = "--as-of",
              paramLabel = "TIME",
              description = "As it was then: 2026-03-01T12:00:00Z.")
          @Nullable Instant asOf)
      throws IOException {
    try (ServerConnection connection = connect()) {
      new ZoneClient(connection, console, json).get(collection, id, Optional.ofNullable(asOf));
      return ExitCode.OK;
    }
  }

  @Command(description = "Add a zone, and print its id.")
  int add(
      @Parameters(paramLabel = "NAME", description = "What it is called.") String name,
      @Option(names = "--id", paramLabel = "ID", description = "Its id; else one is made up.")
          @Nullable String id,
      @Mixin ZoneFields fields)
      throws IOException {
    Zone.Builder zone = Zone.newBuilder();
    ZoneFields.Message.set(fields, zone, console.in());
    zone.setName(name);
    if (id != null) {
      zone.setId(id);
    }
    try (ServerConnection connection = connect()) {
      new ZoneClient(connection, console, json).add(zone.build());
      return ExitCode.OK;
    }
  }

  @Command(description = "Change what is given of a zone; ends with 4 if it is not there.")
  int update(
      @Parameters(paramLabel = "ID", description = "Its id.") String id,
      @Option(names = "--name", paramLabel = "NAME", description = "What it is called.")
          @Nullable String name,
      @Mixin ZoneFields fields)
      throws IOException {
    Zone.Builder zone = Zone.newBuilder().setId(id);
    List<String> mask = ZoneFields.Message.set(fields, zone, console.in());
    if (name != null) {
      zone.setName(name);
      mask.add("name");
    }
    try (ServerConnection connection = connect()) {
      new ZoneClient(connection, console, json).update(zone.build(), mask);
      return ExitCode.OK;
    }
  }

  @Command(description = "Remove zones; ends with 4 if one of them is not there.")
  int remove(
      @Parameters(paramLabel = "ID", arity = "1..*", description = "Their ids.") List<String> ids,
      @Option(
              names = "--collection",
              paramLabel = "NAME",
              defaultValue = "",
              description = "Their collection; thing if not given.")
          String collection)
      throws IOException {
    try (ServerConnection connection = connect()) {
      return new ZoneClient(connection, console, json).remove(collection, ids);
    }
  }

  @Command(description = "Print zones and their changes as they come, a JSON object on each line.")
  int watch(
      @Option(
              names = "--collection",
              paramLabel = "NAME",
              description = "Those of one collection; may be repeated.")
          @Nullable List<String> collections,
      @Option(
              names = "--after",
              paramLabel = "REVISION",
              defaultValue = "0",
              description = "Go on after this revision; 0 begins with all zones.")
          long after)
      throws IOException {
    try (ServerConnection connection = connect()) {
      new ZoneClient(connection, console, json)
          .watch(collections == null ? List.of() : collections, after);
      return ExitCode.OK;
    }
  }

  @Command(
      description = "Make a collection what a GeoJSON file says, and print what changes.",
      footer = {
        "",
        "A feature's `id` is the zone's; `properties` hold its `name` and its attributes; a member",
        "`zone` may hold `priority`, `start_time`, `end_time` and `circle` (`latitude`, `longitude`,",
        "`radius_m`). `geosearch export` writes such files.",
      })
  int apply(
      @Parameters(paramLabel = "FILE", description = "GeoJSON; - is standard input.") String file,
      @Option(
              names = "--collection",
              required = true,
              paramLabel = "NAME",
              description = "The collection.")
          String collection,
      @Option(names = "--prune", description = "Remove the zones that the file does not have.")
          boolean prune,
      @Option(names = "--dry-run", description = "Print what would change, and change nothing.")
          boolean dryRun)
      throws IOException, InterruptedException {
    Map<String, Zone> zones = ZoneFile.read(file, collection, console.in());
    try (ServerConnection connection = connect()) {
      new ZoneApply(connection, console, dryRun).run(collection, zones, prune);
      return ExitCode.OK;
    }
  }

  private ServerConnection connect() throws IOException {
    return connect(options, server, environment);
  }

  /** The server that was named, or runs here; else one within this process, on the store. */
  static ServerConnection connect(
      StoreOptions options, ServerOptions server, Map<String, String> environment)
      throws IOException {
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
