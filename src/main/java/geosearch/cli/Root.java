package geosearch.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;

/** The program without a command. */
@Command(
    name = "geosearch",
    versionProvider = Root.Version.class,
    description = "Says which areas contain a position.",
    commandListHeading = "%nCommands:%n",
    footer = {
      "",
      "geosearch COMMAND --help says more about each.",
      "",
      "Exit codes:",
      "  0  all went well",
      "  1  it was refused, or it failed",
      "  2  the command line is wrong",
      "  3  no server, or no store, answers",
      "  4  there is no such thing: no area at that position, no zone of that id",
    })
final class Root {

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Print this and end.")
  @SuppressWarnings("UnusedVariable") // picocli looks at it
  private boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Print the version and end.")
  @SuppressWarnings("UnusedVariable") // picocli looks at it
  private boolean version;

  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"geosearch " + geosearch.config.Version.current()};
    }
  }
}
