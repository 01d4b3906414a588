package geosearch.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** Reads the setting {@code layers}, whose items are sections of their own. */
final class LayerList {

  private static final String PATH = "layers";
  private static final String FORM = "a list of layers such as [{name: commune}]";

  private static final Map<String, Node> DEFAULTS = defaults();

  private final Section.Listener listener;

  LayerList(Section.Listener listener) {
    this.listener = listener;
  }

  List<LayerConfig> read(Given given) {
    Node node = given.node();
    if (node instanceof SequenceNode sequence) {
      if (sequence.getValue().isEmpty()) {
        listener.read(PATH, "[]", given.origin());
      }
      return readItems(sequence, given.origin());
    }
    if (node instanceof ScalarNode scalar && scalar.getValue().isEmpty()) {
      listener.read(PATH, "[]", given.origin());
    } else {
      listener.wrong(PATH, PATH + " must be " + FORM, given.origin());
    }
    return List.of();
  }

  private List<LayerConfig> readItems(SequenceNode items, Origin origin) {
    List<LayerConfig> layers = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Node item : items.getValue()) {
      Origin itemOrigin = origin.atLine(YamlText.line(item));
      if (item instanceof MappingNode mapping) {
        readItem(mapping, itemOrigin)
            .ifPresent(layer -> {
              if (names.add(layer.name())) {
                layers.add(layer);
              } else {
                String path = PATH + "." + layer.name();
                listener.wrong(path, path + " is there twice", itemOrigin);
              }
            });
      } else {
        listener.wrong(PATH, PATH + " must be " + FORM, itemOrigin);
      }
    }
    return layers;
  }

  private Optional<LayerConfig> readItem(MappingNode mapping, Origin origin) {
    Map<String, NodeTuple> fields = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      String key = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "";
      Origin place = origin.atLine(YamlText.line(tuple.getKeyNode()));
      if (!DEFAULTS.containsKey(key)) {
        String nearest = NearestName.of(key, DEFAULTS.keySet());
        String text = "a layer has no setting " + key + "; did you mean " + nearest + "?";
        listener.wrong(PATH + "." + key, text, place);
      } else if (fields.put(key, tuple) != null) {
        listener.wrong(PATH + "." + key, "a layer's " + key + " is there twice", place);
      }
    }
    String name =
        Optional.ofNullable(fields.get("name"))
            .map(tuple -> tuple.getValueNode() instanceof ScalarNode s ? s.getValue() : "")
            .orElse("");
    Section section = section(PATH + "." + name, fields, origin);
    try {
      return Optional.of(layer(section));
    } catch (ConfigException e) {
      section.report(e);
      return Optional.empty();
    }
  }

  private Section section(String path, Map<String, NodeTuple> fields, Origin origin) {
    Map<String, Given> values = new HashMap<>();
    Map<String, Given> defaults = new HashMap<>();
    DEFAULTS.forEach((key, node) -> {
      defaults.put(path + "." + key, new Given(node, Origin.BUILT_IN));
      values.put(path + "." + key, new Given(node, origin));
    });
    fields.forEach((key, tuple) -> {
      Origin place = origin.atLine(YamlText.line(tuple.getKeyNode()));
      values.put(path + "." + key, new Given(tuple.getValueNode(), place));
    });
    return new Section(path, values, defaults, new OnlyGiven(listener, fields, path));
  }

  private static LayerConfig layer(Section in) {
    return new LayerConfig(
        in.text("name"),
        in.text("table"),
        in.text("id"),
        in.text("label"),
        in.text("geometry"),
        in.list("attributes"),
        in.text("attribution"),
        in.number("accuracy-metres"));
  }

  private static Map<String, Node> defaults() {
    Map<String, Node> defaults = new LinkedHashMap<>();
    defaults.put("name", scalar(""));
    defaults.put("table", scalar(""));
    defaults.put("id", scalar(""));
    defaults.put("label", scalar(""));
    defaults.put("geometry", scalar(""));
    defaults.put("attributes", new SequenceNode(Tag.SEQ, List.of(), FlowStyle.FLOW));
    defaults.put("attribution", scalar(""));
    defaults.put("accuracy-metres", scalar("0"));
    return defaults;
  }

  private static Node scalar(String text) {
    return new ScalarNode(Tag.STR, text, null, null, ScalarStyle.PLAIN);
  }

  /** Leaves out the fields that were not given: a layer of one name would be eight lines. */
  private record OnlyGiven(Section.Listener to, Map<String, NodeTuple> fields, String layer)
      implements Section.Listener {
    @Override
    public void read(String path, String shown, Origin origin) {
      if (fields.containsKey(path.substring(layer.length() + 1))) {
        to.read(path, shown, origin);
      }
    }

    @Override
    public void wrong(String path, String text, Origin origin) {
      to.wrong(path, text, origin);
    }
  }
}
