package geosearch.cli;

import geosearch.config.ConfigLoader;
import geosearch.config.ConfigLoader.Flag;
import geosearch.config.LoadedConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Where the settings come from, for every command. */
class ConfigOptions {

  static final String VERBOSE = "--verbose";

  @Option(
      scope = ScopeType.INHERIT,
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Print this and end.")
  @SuppressWarnings("UnusedVariable") // picocli looks at it
  private boolean help;

  @Option(
      names = VERBOSE,
      scope = ScopeType.INHERIT,
      description = "Say more, and where a failure comes from.")
  @SuppressWarnings("UnusedVariable") // picocli looks at it
  private boolean verbose;

  @Option(
      scope = ScopeType.INHERIT,
      names = "--config",
      paramLabel = "FILE",
      description = "Your file of settings; else the one that GEOSEARCH_CONFIG names.")
  private @Nullable Path file;

  @Option(
      scope = ScopeType.INHERIT,
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "A setting, such as --set log.level=debug; may be repeated.")
  private Map<String, String> assignments = new LinkedHashMap<>();

  /** Loads the settings. */
  final LoadedConfig load(Map<String, String> environment) {
    List<Flag> flags = new ArrayList<>();
    assignments.forEach((path, value) -> flags.add(new Flag(path, value, "--set")));
    addNamed(flags);
    return new ConfigLoader(environment).load(Optional.ofNullable(file), flags);
  }

  /** Adds the settings that have a flag of their own. */
  void addNamed(List<Flag> flags) {}

  static void add(List<Flag> flags, String path, @Nullable String value, String name) {
    if (value != null) {
      flags.add(new Flag(path, value, name));
    }
  }
}
