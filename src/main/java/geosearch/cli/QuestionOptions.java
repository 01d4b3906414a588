package geosearch.cli;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which areas are asked about, and what of them. */
final class QuestionOptions {

  @Option(
      names = "--layer",
      paramLabel = "LAYER",
      description = "Look at this layer alone; may be repeated.")
  private List<String> layers = new ArrayList<>();

  @Option(
      names = "--filter",
      paramLabel = "KEY[=VALUE]",
      description =
          "Areas that have this attribute, with this value if one is given; repeated with another"
              + " value it means either, with another key both.")
  private List<String> filters = new ArrayList<>();

  @Option(
      names = "--filter-not",
      paramLabel = "KEY[=VALUE]",
      description = "Areas that do not; may be repeated.")
  private List<String> filtersNot = new ArrayList<>();

  @Option(
      names = "--attribute",
      paramLabel = "KEY",
      description = "Print this attribute; may be repeated. All of them if not given.")
  private List<String> attributes = new ArrayList<>();

  @Option(names = "--no-attributes", description = "Print none.")
  private boolean noAttributes;

  @Option(
      names = "--as-of",
      paramLabel = "TIME",
      description = "The time that is asked about, such as 2026-03-01T12:00:00Z; now if not given.")
  private @Nullable Instant asOf;

  @Option(
      names = "--dataset",
      paramLabel = "LAYER=VERSION",
      description = "Answer from this version of an imported layer; may be repeated.")
  private Map<String, String> datasets = new LinkedHashMap<>();

  @Option(
      names = "--min-generation",
      paramLabel = "NUMBER",
      description = "Answer only from a state that has this change to zones.")
  private long minGeneration;

  List<String> layers() {
    return layers;
  }

  /** Each {@code KEY} or {@code KEY=VALUE}. */
  List<String> filters() {
    return filters;
  }

  /** Each {@code KEY} or {@code KEY=VALUE}, to be left out. */
  List<String> filtersNot() {
    return filtersNot;
  }

  /** Those to be sent; absent for all. */
  Optional<List<String>> attributes() {
    return attributes.isEmpty() && !noAttributes ? Optional.empty() : Optional.of(attributes);
  }

  Optional<Instant> asOf() {
    return Optional.ofNullable(asOf);
  }

  Map<String, String> datasets() {
    return datasets;
  }

  long minGeneration() {
    return minGeneration;
  }
}
