package geosearch.cli;

import geosearch.config.LogConfig;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line: finds the command, runs it, and says how it ended. */
public final class Cli {

  private static final String SERVE = "serve";
  private static final String LOCATE = "locate";

  private final Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
  private final Console console;
  private final Supplier<ServeCommand> serve;

  private Cli(Map<String, String> environment, Console console, ServerLauncher launcher) {
    this.console = console;
    this.serve = () -> new ServeCommand(environment, console, launcher);
    commands.put(SERVE, serve::get);
    commands.put("import", () -> new ImportCommand(environment, console));
    commands.put("datasets", () -> new DatasetsCommand(environment, console));
    commands.put(LOCATE, () -> new LocateCommand(environment, console));
    commands.put("areas", () -> new AreasCommand(environment, console));
    commands.put("layers", () -> new LayersCommand(environment, console));
    commands.put("zones", () -> new ZonesCommand(environment, console));
    commands.put("export", () -> new ExportCommand(environment, console));
    commands.put("monitor", () -> new MonitorCommand(environment, console));
    commands.put("check-server", () -> new CheckServerCommand(environment, console));
    commands.put("load-test", () -> new LoadTestCommand(environment, console));
    commands.put("check-config", () -> new CheckConfigCommand(environment, console));
  }

  /**
   * Runs a command with the streams and variables of this process.
   *
   * @param launcher runs the server
   * @return one of {@link ExitCode}
   */
  public static int run(String[] args, ServerLauncher launcher) {
    PrintStream out = stream(FileDescriptor.out);
    PrintStream err = stream(FileDescriptor.err);
    Console console = new Console(System.in, out, err, Cli::errIsTerminal);
    int exitCode = new Cli(System.getenv(), console, launcher).run(args);
    out.flush();
    return exitCode;
  }

  /**
   * Runs a command.
   *
   * @param environment variables by name
   * @param out gets the results, and nothing else
   * @param err gets everything else that is said
   * @param launcher runs the server
   * @return one of {@link ExitCode}
   */
  public static int run(
      String[] args,
      Map<String, String> environment,
      InputStream in,
      PrintStream out,
      PrintStream err,
      ServerLauncher launcher) {
    return new Cli(environment, new Console(in, out, err, () -> false), launcher).run(args);
  }

  private int run(String[] args) {
    return args.length == 1 && args[0].equals(SERVE) ? runServer() : parseAndRun(args);
  }

  /** There is nothing to parse, and the parser alone would take a third of the start. */
  private int runServer() {
    try {
      return serve.get().call();
    } catch (Exception e) {
      return fail(e, false);
    }
  }

  private int parseAndRun(String[] args) {
    return commandLine(args)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8))
        .setExecutionStrategy(this::execute)
        .setParameterExceptionHandler(this::refuse)
        .setExecutionExceptionHandler((thrown, line, parsed) -> fail(thrown, isVerbose(parsed)))
        .execute(args);
  }

  /** Knows one command alone where the first word names it: each costs some of the start. */
  private CommandLine commandLine(String[] args) {
    CommandLine line = new CommandLine(new Root());
    addCommands(line, args);
    CommandLine locate = line.getSubcommands().get(LOCATE);
    if (locate != null) {
      // -33.9,18.4 is a position.
      locate.setUnmatchedOptionsArePositionalParams(true);
    }
    return line;
  }

  private void addCommands(CommandLine line, String[] args) {
    Supplier<Object> wanted = args.length == 0 ? null : commands.get(args[0]);
    if (wanted != null) {
      line.addSubcommand(wanted.get());
      return;
    }
    commands.values().forEach(command -> line.addSubcommand(command.get()));
    CommandLine completion = new CommandLine(new GenerateCompletion());
    completion.getCommandSpec().usageMessage().hidden(true);
    line.addSubcommand(completion);
  }

  private int execute(ParseResult parsed) {
    Logging.configure(
        isVerbose(parsed) ? LogConfig.Level.DEBUG : LogConfig.Level.WARN, console.err());
    return new RunLast().execute(parsed);
  }

  private static boolean isVerbose(ParseResult parsed) {
    return parsed.hasSubcommand()
        ? isVerbose(parsed.subcommand())
        : parsed.matchedOptionValue(ConfigOptions.VERBOSE, false);
  }

  private int refuse(ParameterException e, String[] args) {
    CommandLine line = e.getCommandLine();
    console.err().println("geosearch: " + Text.printable(String.valueOf(e.getMessage())));
    if (!UnmatchedArgumentException.printSuggestions(e, line.getErr())) {
      console.err().println("Try: " + line.getCommandSpec().qualifiedName() + " --help");
    }
    return ExitCode.USAGE;
  }

  private int fail(Exception thrown, boolean verbose) {
    Failure failure = Failure.of(thrown);
    failure.lines().forEach(line -> console.err().println("geosearch: " + Text.printable(line)));
    if (verbose) {
      thrown.printStackTrace(console.err());
    }
    return failure.exitCode();
  }

  /** In UTF-8 whatever the locale: names of areas must not come out as question marks. */
  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }

  /** The JDK does not tell. */
  private static boolean errIsTerminal() {
    try {
      return new ProcessBuilder("/bin/sh", "-c", "test -t 2").inheritIO().start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
