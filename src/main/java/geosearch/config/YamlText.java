package geosearch.config;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/** Reads YAML as a tree of nodes that know their lines; nothing is constructed from its tags. */
final class YamlText {

  private YamlText() {}

  /**
   * The text's one document; nothing if it is empty.
   *
   * @throws NotYamlException if it is not YAML
   */
  static Optional<Node> read(String text) throws NotYamlException {
    LoaderOptions options = new LoaderOptions();
    try {
      Composer composer =
          new Composer(new ParserImpl(new StreamReader(text), options), new Resolver(), options);
      return Optional.ofNullable(composer.getSingleNode());
    } catch (MarkedYAMLException e) {
      // Its message would quote the text, which may hold a secret.
      throw new NotYamlException(line(e.getProblemMark()), problem(e));
    } catch (ReaderException e) {
      int line = 1 + (int) text.codePoints().limit(e.getPosition()).filter(c -> c == '\n').count();
      throw new NotYamlException(
          line, String.format("the control character U+%04X is not allowed", e.getCodePoint()));
    } catch (YAMLException e) {
      throw new NotYamlException(1, "it is too large");
    }
  }

  static int line(Node node) {
    return line(node.getStartMark());
  }

  private static int line(@Nullable Mark mark) {
    return mark == null ? 1 : mark.getLine() + 1;
  }

  private static String problem(MarkedYAMLException e) {
    String problem = e.getProblem() == null ? "it is not YAML" : e.getProblem();
    return problem.contains("TAB")
        ? "a tab is not allowed here; indent with spaces"
        : e.getContext() == null ? problem : e.getContext() + ", " + problem;
  }

  /** A text that is not YAML. */
  static final class NotYamlException extends Exception {
    private static final long serialVersionUID = 1L;
    private final int line;

    NotYamlException(int line, String message) {
      super(message);
      this.line = line;
    }

    int line() {
      return line;
    }
  }
}
