package geosearch.cli;

import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is asked of the surroundings of a position. */
final class NearbyOptions {

  @Option(
      names = "--nearest",
      paramLabel = "METRES",
      description = "Where no area contains the position, print the nearest within this distance.")
  private @Nullable Double nearest;

  @Option(
      names = "--limit",
      paramLabel = "NUMBER",
      description = "How many of the nearest; 1 if not given.")
  private @Nullable Integer limit;

  @Option(names = "--distance", description = "Say how far it is to the border of each area.")
  private boolean distance;

  @Option(
      names = "--accuracy",
      paramLabel = "METRES",
      description =
          "How far the position may be off: print what else may contain it, and of which layers the"
              + " answer is certain.")
  private @Nullable Double accuracy;

  /** Metres, of the nearest areas. */
  OptionalDouble nearest() {
    return nearest == null ? OptionalDouble.empty() : OptionalDouble.of(nearest);
  }

  /** How many of the nearest; 0 if it was not said. */
  int limit() {
    if (limit != null && nearest == null) {
      throw new CommandException(ExitCode.USAGE, "--limit limits the areas of --nearest");
    }
    return limit == null ? 0 : limit;
  }

  boolean distance() {
    return distance;
  }

  /** Metres, that a position may be off. */
  OptionalDouble accuracy() {
    return accuracy == null ? OptionalDouble.empty() : OptionalDouble.of(accuracy);
  }

  /** Whether areas may be answered that do not contain the position. */
  boolean findsOthers() {
    return nearest != null || accuracy != null;
  }
}
