package geosearch.cli;

import geosearch.config.Setting;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "check-config",
    description = "Print every setting in force and where it came from, or all that is wrong.",
    footer = {
      "",
      "Secrets are masked. It ends with 1 if a setting is wrong.",
      "",
      "Examples:",
      "  geosearch check-config --config geosearch.yaml",
      "  geosearch check-config --json",
    })
final class CheckConfigCommand implements Callable<Integer> {

  private final Map<String, String> environment;
  private final Console console;

  @Mixin private ServeOptions options = new ServeOptions();

  @Option(names = "--json", description = "Print a JSON array of objects.")
  private boolean json;

  CheckConfigCommand(Map<String, String> environment, Console console) {
    this.environment = environment;
    this.console = console;
  }

  @Override
  public Integer call() {
    List<Setting> settings = options.load(environment).settings();
    if (json) {
      Json.printArray(console.out(), settings.stream().map(CheckConfigCommand::json).toList());
    } else {
      Table table = new Table("SETTING", "VALUE", "FROM");
      settings.forEach(s -> table.add(s.path(), s.value(), s.origin().toString()));
      table.print(console.out());
    }
    return ExitCode.OK;
  }

  private static Json.Value json(Setting setting) {
    return out -> {
      out.writeStartObject();
      out.writeStringField("setting", setting.path());
      out.writeStringField("value", setting.value());
      out.writeStringField("from", setting.origin().toString());
      out.writeEndObject();
    };
  }
}
