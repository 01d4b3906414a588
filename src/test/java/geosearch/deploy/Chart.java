package geosearch.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.yaml.snakeyaml.Yaml;

/** The chart with its dependencies, in a folder of the test's own. */
final class Chart {

  static final Path SOURCES = Path.of("helm");
  static final Path CI = SOURCES.resolve("geosearch/ci");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Helm helm;

  /**
   * Copies the charts and builds their dependencies.
   *
   * @param folder an empty one
   */
  Chart(Path folder) {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (file.startsWith(SOURCES.resolve("geosearch/charts")) || file.endsWith("Chart.lock")) {
          continue;
        }
        Path copy = folder.resolve(SOURCES.relativize(file));
        Files.createDirectories(copy.getParent());
        Files.writeString(copy, renderable(Files.readString(file)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    helm = new Helm(folder.resolve("geosearch"));
    helm.dependency().update().call();
  }

  /**
   * Templates of hooks are not rendered; under another name these are. And what is looked up is not
   * there: the library would ask a cluster, of which there is none.
   */
  private static String renderable(String template) {
    return template
        .replace("helm.sh/hook", "not-helm.sh/hook")
        .replaceAll("lookup \"[^\"]*\" \"[^\"]*\" \\S+ \\S+", "dict");
  }

  /** The values files for tests. */
  static List<Path> valuesFiles() {
    try (Stream<Path> files = Files.list(CI)) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Helm helm() {
    return helm;
  }

  /** Begins to render as release {@code geosearch}; what is missing or wrong throws. */
  TemplateCommand template() {
    return helm.template()
        .withName("geosearch")
        .withNamespace("geosearch")
        .withKubeVersion("1.34.0");
  }

  List<JsonNode> render(Path values) {
    return documents(template().withValuesFile(values).call());
  }

  /** Renders with values as `--set` takes them, one after the other. */
  List<JsonNode> render(String... keysAndValues) {
    TemplateCommand command = template();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      command.set(keysAndValues[i], keysAndValues[i + 1]);
    }
    return documents(command.call());
  }

  /** The documents of a YAML text that are not empty. */
  static List<JsonNode> documents(String yaml) {
    List<JsonNode> documents = new ArrayList<>();
    for (Object document : new Yaml().loadAll(yaml)) {
      if (document != null) {
        documents.add(JSON.valueToTree(document));
      }
    }
    return documents;
  }

  static List<JsonNode> documents(Path file) {
    try {
      return documents(Files.readString(file, UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The only object of a kind and a name. */
  static JsonNode object(List<JsonNode> manifests, String kind, String name) {
    List<JsonNode> found =
        manifests.stream()
            .filter(manifest ->
                manifest.path("kind").asText().equals(kind)
                    && manifest.at("/metadata/name").asText().equals(name))
            .toList();
    if (found.size() != 1) {
      throw new AssertionError(found.size() + " objects " + kind + " " + name);
    }
    return found.getFirst();
  }
}
