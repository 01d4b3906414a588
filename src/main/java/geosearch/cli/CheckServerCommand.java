package geosearch.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "check-server",
    description = "Ask a running server whether all of it answers.",
    footer = {
      "",
      "Asks for the health of each name, for the services that there are (reflection), and a question of each",
      "of the two services of look-ups. Says what was answered, and ends with 1 if anything was not as it should.",
      "",
      "Examples:",
      "  geosearch check-server",
      "  geosearch check-server --consul-dns localhost:8600",
    })
final class CheckServerCommand implements Callable<Integer> {

  private final Map<String, String> environment;
  private final Console console;

  @Mixin private ConfigOptions options = new ConfigOptions();
  @Mixin private ServerOptions server = new ServerOptions();

  CheckServerCommand(Map<String, String> environment, Console console) {
    this.environment = environment;
    this.console = console;
  }

  @Override
  public Integer call() {
    try (ServerConnection connection = server.connect(options.load(environment).config())) {
      return new ServerCheck(connection, console.out()).run() ? ExitCode.OK : ExitCode.FAILED;
    }
  }
}
