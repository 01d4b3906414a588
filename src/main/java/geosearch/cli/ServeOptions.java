package geosearch.cli;

import geosearch.config.ConfigLoader.Flag;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Where the settings come from, for commands about the server. */
final class ServeOptions extends StoreOptions {

  @Option(
      scope = ScopeType.INHERIT,
      names = "--address",
      paramLabel = "ADDRESS",
      description = "The address to listen on (setting server.address).")
  private @Nullable String address;

  @Option(
      scope = ScopeType.INHERIT,
      names = "--port",
      paramLabel = "PORT",
      description = "The port to listen on; 0 takes a free one (setting server.port).")
  private @Nullable String port;

  @Override
  void addNamed(List<Flag> flags) {
    super.addNamed(flags);
    add(flags, "server.address", address, "--address");
    add(flags, "server.port", port, "--port");
  }
}
