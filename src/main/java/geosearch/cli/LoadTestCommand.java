package geosearch.cli;

import geosearch.config.Config;
import geosearch.config.Durations;
import java.security.Security;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "load-test",
    description = "Send calls at a constant rate, whatever becomes of them, and count.",
    footer = {
      "",
      "Calls are due at fixed times and do not wait for each other, as those of many clients. They are spread over",
      "every address of the host's name, which is asked for again when a connection ends. Nothing is retried.",
      "",
      "Examples:",
      "  geosearch load-test --rate 500 --duration 30s",
      "  geosearch load-test --server geosearch-headless:50051 --json",
    })
final class LoadTestCommand implements Callable<Integer> {

  private static final int MAX_RATE = 100_000;

  private final Map<String, String> environment;
  private final Console console;

  @Mixin private ConfigOptions options = new ConfigOptions();

  @Option(
      names = "--server",
      paramLabel = "HOST:PORT",
      description =
          "The servers to ask; else the one on this machine, on the port of the settings.")
  private @Nullable String server;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "100",
      description = "Calls per second, 1 to 100000; ${DEFAULT-VALUE} if not given.")
  private int rate = 100;

  @Option(
      names = "--duration",
      paramLabel = "DURATION",
      defaultValue = "10s",
      converter = ServerOptions.DurationText.class,
      description = "How long to send; ${DEFAULT-VALUE} if not given.")
  private Duration duration = Duration.ofSeconds(10);

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      defaultValue = "2s",
      converter = ServerOptions.DurationText.class,
      description = "How long an answer may take; ${DEFAULT-VALUE} if not given.")
  private Duration timeout = Duration.ofSeconds(2);

  @Option(names = "--json", description = "Print a JSON object for each second, and the sum.")
  private boolean json;

  LoadTestCommand(Map<String, String> environment, Console console) {
    this.environment = environment;
    this.console = console;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (rate < 1 || rate > MAX_RATE) {
      throw new CommandException(
          ExitCode.USAGE, "--rate must be 1 to " + MAX_RATE + ", not " + rate);
    }
    Config config = options.load(environment).config();
    HostAndPort address =
        server == null
            ? ServerOptions.ownAddress(config.server())
            : HostAndPort.parse(server, config.server().port());
    // Names are to be asked for again when a server goes, not half a minute later.
    Security.setProperty("networkaddress.cache.ttl", "1");
    System.setProperty("networkaddress.cache.ttl", "1");
    LoadRecord calls = new LoadRecord(timeout);
    try (LoadTest test = new LoadTest(address, timeout, calls)) {
      test.run(rate, duration, () -> calls.endSecond().ifPresent(second -> printSecond(second)));
    }
    LoadRecord.Sum sum = calls.sum();
    if (json) {
      Json.print(console.out(), sum::writeJson);
    } else {
      console.out().println(sum.text(Durations.format(duration)));
    }
    return sum.failed() == 0 ? ExitCode.OK : ExitCode.FAILED;
  }

  private void printSecond(LoadRecord.Second second) {
    if (json) {
      Json.print(console.out(), second::writeJson);
    }
  }
}
