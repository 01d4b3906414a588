package geosearch.cli;

import geosearch.config.LoadedConfig;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "serve",
    description = "Run the server.",
    footer = {
      "",
      "Without any setting it listens on 127.0.0.1:50051 and keeps its areas in a folder of yours.",
      "It ends on SIGTERM and SIGINT (Ctrl-C), after what is under way.",
      "",
      "Examples:",
      "  geosearch serve",
      "  geosearch serve --address 0.0.0.0 --config geosearch.yaml",
      "  geosearch serve --set store.postgis.host=localhost --set consul.host=localhost",
    })
final class ServeCommand implements Callable<Integer> {

  private final Map<String, String> environment;
  private final Console console;
  private final ServerLauncher launcher;

  @Mixin private ServeOptions options = new ServeOptions();

  ServeCommand(Map<String, String> environment, Console console, ServerLauncher launcher) {
    this.environment = environment;
    this.console = console;
    this.launcher = launcher;
  }

  @Override
  public Integer call() throws Exception {
    LoadedConfig config = options.load(environment);
    Logging.configure(config.config().log().level(), console.err());
    launcher.serve(config);
    return ExitCode.OK;
  }
}
