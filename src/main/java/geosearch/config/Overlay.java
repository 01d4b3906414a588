package geosearch.config;

import geosearch.config.ConfigException.Problem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * The values of all settings by path. It begins with the defaults, which also say which settings
 * there are; whatever is laid over them later goes before what lay there.
 */
final class Overlay {

  private final Map<String, Given> defaults = new LinkedHashMap<>();
  private final Set<String> sections = new TreeSet<>();
  private final Map<String, Given> values;
  private final List<Problem> problems = new ArrayList<>();

  /**
   * @param defaults the file of all settings
   */
  Overlay(MappingNode defaults) {
    collect("", defaults);
    this.values = new LinkedHashMap<>(this.defaults);
  }

  private void collect(String prefix, MappingNode mapping) {
    for (NodeTuple tuple : mapping.getValue()) {
      String path = prefix + ((ScalarNode) tuple.getKeyNode()).getValue();
      if (tuple.getValueNode() instanceof MappingNode section && !section.getValue().isEmpty()) {
        sections.add(path);
        collect(path + ".", section);
      } else {
        defaults.put(path, new Given(tuple.getValueNode(), Origin.BUILT_IN));
      }
    }
  }

  /** The paths of all settings, in the order of the file of all settings. */
  Set<String> paths() {
    return defaults.keySet();
  }

  Map<String, Given> values() {
    return values;
  }

  Map<String, Given> defaults() {
    return defaults;
  }

  /** What could not be laid over. */
  List<Problem> problems() {
    return problems;
  }

  void report(String text) {
    problems.add(new Problem("", text));
  }

  /** Lays a file's values over. */
  void layFile(java.nio.file.Path file, MappingNode root) {
    layMapping(file, "", root, new HashMap<>());
  }

  private void layMapping(
      java.nio.file.Path file, String prefix, MappingNode mapping, Map<String, Integer> lines) {
    for (NodeTuple tuple : mapping.getValue()) {
      int line = YamlText.line(tuple.getKeyNode());
      String where = file + ":" + line + ": ";
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        report(where + "a setting's name must be a word");
        continue;
      }
      String path = prefix + key.getValue();
      Integer earlier = lines.putIfAbsent(path, line);
      if (earlier != null) {
        report(where + path + " is there twice; the other one is in line " + earlier);
      } else if (defaults.containsKey(path)) {
        values.put(path, new Given(tuple.getValueNode(), Origin.file(file, line)));
      } else if (!sections.contains(path)) {
        boolean section = tuple.getValueNode() instanceof MappingNode;
        report(where + unknown(path, section ? sections : paths()));
      } else if (tuple.getValueNode() instanceof MappingNode section) {
        layMapping(file, path + ".", section, lines);
      } else if (!tuple.getValueNode().getTag().equals(Tag.NULL)) {
        report(where + path + " is a section: its settings go below it, indented");
      }
    }
  }

  /**
   * Lays one value over.
   *
   * @param text a list may be given as {@code a,b,c}; lists and maps as YAML
   * @param where what a message about it begins with
   */
  void layText(String path, String text, Origin origin, String where) {
    Given known = defaults.get(path);
    if (known == null) {
      report(where + ": " + unknown(path, paths()));
      return;
    }
    if (known.node() instanceof ScalarNode) {
      values.put(path, new Given(scalar(text), origin));
    } else if (known.node() instanceof SequenceNode && !text.strip().startsWith("[")) {
      List<Node> items =
          Arrays.stream(text.split(",", -1))
              .map(String::strip)
              .filter(item -> !item.isEmpty())
              .map(Overlay::scalar)
              .toList();
      values.put(path, new Given(new SequenceNode(Tag.SEQ, items, FlowStyle.FLOW), origin));
    } else {
      try {
        Optional<Node> node = YamlText.read(text);
        values.put(path, new Given(node.orElseGet(() -> scalar("")), origin));
      } catch (YamlText.NotYamlException e) {
        report(where + ": " + path + " must be YAML such as [a, b] or {a: b}: " + e.getMessage());
      }
    }
  }

  private static Node scalar(String text) {
    return new ScalarNode(Tag.STR, text, null, null, ScalarStyle.DOUBLE_QUOTED);
  }

  private static String unknown(String path, Collection<String> known) {
    return "there is no setting " + path + "; did you mean " + NearestName.of(path, known) + "?";
  }
}
