package geosearch.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Reads the values of one section, each as its type. A value that is not of its type is reported,
 * and its default taken in its place so that the reading goes on.
 */
final class Section {

  /** Is told of what is read. */
  interface Listener {
    /** A value was read; {@code shown} is how to print it. */
    void read(String path, String shown, Origin origin);

    /** A value is wrong. */
    void wrong(String path, String text, Origin origin);
  }

  private final String name;
  private final Map<String, Given> values;
  private final Map<String, Given> defaults;
  private final Listener listener;

  Section(String name, Map<String, Given> values, Map<String, Given> defaults, Listener listener) {
    this.name = name;
    this.values = values;
    this.defaults = defaults;
    this.listener = listener;
  }

  /**
   * Builds the section's record. Where that is refused, what is wrong is reported, and the record
   * of the defaults taken in its place so that the reading goes on.
   */
  <T> T build(Function<Section, T> constructor) {
    try {
      return constructor.apply(this);
    } catch (ConfigException e) {
      report(e);
      return constructor.apply(new Section(name, defaults, defaults, listener));
    }
  }

  /** Reports what a record's constructor found wrong. */
  void report(ConfigException e) {
    for (ConfigException.Problem problem : e.details()) {
      listener.wrong(problem.path(), problem.text(), given(problem.path()).origin());
    }
  }

  String text(String key) {
    return scalar(key, "a text", Optional::of, text -> text);
  }

  int integer(String key) {
    return scalar(key, "a whole number", Section::parseInteger, String::valueOf);
  }

  boolean bool(String key) {
    return scalar(key, "true or false", Section::parseBoolean, String::valueOf);
  }

  /** A number of bytes. */
  int bytes(String key) {
    return scalar(key, Sizes.FORM, Sizes::parse, Sizes::format);
  }

  Duration duration(String key) {
    return scalar(key, Durations.FORM, Durations::parse, Durations::format);
  }

  Optional<Path> path(String key) {
    return scalar(key, "a path", Section::parsePath, path -> path.map(Path::toString).orElse(""));
  }

  /** As {@link #path}, with something to take where it is empty. */
  Path path(String key, Path whereEmpty) {
    return scalar(
        key, "a path", text -> parsePath(text).map(p -> p.orElse(whereEmpty)), Path::toString);
  }

  <E extends Enum<E>> E choice(String key, Class<E> type) {
    E[] all = type.getEnumConstants();
    String form = "one of " + Stream.of(all).map(Section::name).collect(Collectors.joining(", "));
    return scalar(
        key,
        form,
        text -> Stream.of(all).filter(choice -> name(choice).equals(text)).findFirst(),
        Section::name);
  }

  /** A text that is masked wherever it is shown, and refused as a flag. */
  Secret secret(String key) {
    String path = pathOf(key);
    Origin origin = given(path).origin();
    if (origin.kind() == Origin.Kind.FLAG) {
      String text =
          " can't be a flag, which other users of this machine can see: give it as environment"
              + " variable "
              + EnvironmentVariables.name(path)
              + ", or in a file";
      listener.wrong(path, path + text, origin);
    }
    return scalar(key, "a text", text -> Optional.of(new Secret(text)), Secret::toString);
  }

  double number(String key) {
    return scalar(key, "a number", Section::parseNumber, String::valueOf);
  }

  List<String> list(String key) {
    return read(
        key,
        "a list of texts such as [a, b]",
        Section::parseList,
        list -> "[" + String.join(", ", list) + "]");
  }

  Map<String, String> map(String key) {
    return read(
        key,
        "a map of texts such as {a: b}",
        Section::parseMap,
        map ->
            map.entrySet().stream()
                .map(entry -> entry.getKey() + ": " + entry.getValue())
                .collect(Collectors.joining(", ", "{", "}")));
  }

  private <T> T scalar(
      String key, String form, Function<String, Optional<T>> parse, Function<T, String> show) {
    return read(key, form, node -> parseText(node).flatMap(parse), show);
  }

  private <T> T read(
      String key, String form, Function<Node, Optional<T>> parse, Function<T, String> show) {
    String path = pathOf(key);
    Given given = given(path);
    Optional<T> value = parse.apply(given.node());
    if (value.isEmpty()) {
      listener.wrong(
          path, path + " must be " + form + ", not " + describe(given.node()), given.origin());
      return parse.apply(require(defaults, path).node()).orElseThrow();
    }
    listener.read(path, show.apply(value.get()), given.origin());
    return value.get();
  }

  private String pathOf(String key) {
    return name + "." + key;
  }

  private Given given(String path) {
    return require(values, path);
  }

  static Given require(Map<String, Given> values, String path) {
    Given given = values.get(path);
    if (given == null) {
      throw new IllegalStateException("geosearch.yaml does not name " + path);
    }
    return given;
  }

  private static String describe(Node node) {
    return switch (node) {
      case SequenceNode list -> "a list";
      case MappingNode map -> "a map";
      default -> parseText(node).filter(text -> !text.isEmpty()).orElse("empty");
    };
  }

  private static <E extends Enum<E>> String name(E choice) {
    return choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** A value that was left empty is the empty text. */
  private static Optional<String> parseText(Node node) {
    if (!(node instanceof ScalarNode scalar)) {
      return Optional.empty();
    }
    return Optional.of(scalar.getTag().equals(Tag.NULL) ? "" : scalar.getValue().strip());
  }

  private static Optional<Boolean> parseBoolean(String text) {
    return switch (text) {
      case "true" -> Optional.of(true);
      case "false" -> Optional.of(false);
      default -> Optional.empty();
    };
  }

  private static Optional<Integer> parseInteger(String text) {
    try {
      return Optional.of(Integer.valueOf(text));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static Optional<Double> parseNumber(String text) {
    try {
      return Optional.of(Double.valueOf(text));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static Optional<Optional<Path>> parsePath(String text) {
    try {
      return Optional.of(text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text)));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static Optional<List<String>> parseList(Node node) {
    List<String> texts = new ArrayList<>();
    if (node instanceof SequenceNode sequence) {
      for (Node item : sequence.getValue()) {
        Optional<String> text = parseText(item);
        if (text.isEmpty()) {
          return Optional.empty();
        }
        texts.add(text.get());
      }
      return Optional.of(texts);
    }
    return parseText(node).filter(String::isEmpty).map(empty -> texts);
  }

  private static Optional<Map<String, String>> parseMap(Node node) {
    Map<String, String> texts = new LinkedHashMap<>();
    if (node instanceof MappingNode mapping) {
      for (NodeTuple tuple : mapping.getValue()) {
        Optional<String> key = parseText(tuple.getKeyNode());
        Optional<String> text = parseText(tuple.getValueNode());
        if (key.isEmpty() || text.isEmpty() || texts.put(key.get(), text.get()) != null) {
          return Optional.empty();
        }
      }
      return Optional.of(texts);
    }
    return parseText(node).filter(String::isEmpty).map(empty -> texts);
  }
}
