package geosearch.cli;

import geosearch.config.ConfigLoader.Flag;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Where the settings come from, for commands that may open the store. */
class StoreOptions extends ConfigOptions {

  @Option(
      scope = ScopeType.INHERIT,
      names = "--folder",
      paramLabel = "FOLDER",
      description = "The folder of the embedded store (setting store.folder).")
  private @Nullable String folder;

  @Override
  void addNamed(List<Flag> flags) {
    add(flags, "store.folder", folder, "--folder");
  }
}
