package geosearch.cli;

import com.google.protobuf.Empty;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "monitor",
    description = "Print how many things (zones) a running server has.",
    footer = {
      "",
      "Examples:",
      "  geosearch monitor",
      "  geosearch monitor --consul-dns localhost:8600 --json",
    })
final class MonitorCommand implements Callable<Integer> {

  private final Map<String, String> environment;
  private final Console console;

  @Mixin private ConfigOptions options = new ConfigOptions();
  @Mixin private ServerOptions server = new ServerOptions();

  @Option(names = "--json", description = "Print a JSON object.")
  private boolean json;

  MonitorCommand(Map<String, String> environment, Console console) {
    this.environment = environment;
    this.console = console;
  }

  @Override
  public Integer call() {
    try (ServerConnection connection = server.connect(options.load(environment).config())) {
      int things =
          connection.call(
              () -> connection.search().monitor(Empty.getDefaultInstance()).getNThings());
      if (json) {
        Json.print(
            console.out(),
            out -> {
              out.writeStartObject();
              out.writeNumberField("things", things);
              out.writeEndObject();
            });
      } else {
        console.out().println(things);
      }
      return ExitCode.OK;
    }
  }
}
