package geosearch.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a table of positions is, and how it is laid out. */
final class CsvOptions {

  @Option(
      names = "--csv",
      paramLabel = "FILE",
      description =
          "Locate each row of a table of comma-separated values, and write it with the answer in"
              + " further columns; - is standard input.")
  private @Nullable String file;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Where to write the table; standard output if not given.")
  private @Nullable Path output;

  @Option(
      names = "--latitude",
      paramLabel = "COLUMN",
      description = "Its column of the latitudes; else the one called latitude or lat.")
  private @Nullable String latitude;

  @Option(
      names = "--longitude",
      paramLabel = "COLUMN",
      description =
          "Its column of the longitudes; else the one called longitude, lon, lng or long.")
  private @Nullable String longitude;

  @Option(
      names = "--as-of-column",
      paramLabel = "COLUMN",
      description = "Its column of the times that are asked about; --as-of where one is empty.")
  private @Nullable String asOf;

  @Option(
      names = "--accuracy-column",
      paramLabel = "COLUMN",
      description =
          "Its column of how many metres positions may be off; --accuracy where one is empty.")
  private @Nullable String accuracy;

  @Option(
      names = "--delimiter",
      paramLabel = "CHARACTER",
      defaultValue = ",",
      description = "What stands between its columns: a comma if not given; tab for a tab.")
  private String delimiter = ",";

  @Option(
      names = "--prefix",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "What the names of the further columns begin with.")
  private String prefix = "";

  @Option(
      names = {"-q", "--quiet"},
      description = "Say nothing of the progress of a table.")
  private boolean quiet;

  /** The name of the file, or {@code -}. */
  @Nullable String file() {
    return file;
  }

  @Nullable Path output() {
    return output;
  }

  @Nullable String latitude() {
    return latitude;
  }

  @Nullable String longitude() {
    return longitude;
  }

  @Nullable String asOf() {
    return asOf;
  }

  @Nullable String accuracy() {
    return accuracy;
  }

  /**
   * What stands between columns.
   *
   * @throws CommandException if it is not one character
   */
  char delimiter() {
    String text = delimiter.equals("tab") || delimiter.equals("\\t") ? "\t" : delimiter;
    if (text.length() != 1 || "\"\r\n".contains(text)) {
      throw new CommandException(
          ExitCode.USAGE, "--delimiter must be one character or tab, not " + delimiter);
    }
    return text.charAt(0);
  }

  String prefix() {
    return prefix;
  }

  boolean quiet() {
    return quiet;
  }
}
