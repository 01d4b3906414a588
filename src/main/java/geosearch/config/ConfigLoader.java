package geosearch.config;

import geosearch.config.ConfigException.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;

/**
 * Gathers the settings from, each going before the one after it: flags, environment variables, the
 * user's file, and the file {@code geosearch.yaml} among the resources, which holds every setting
 * with its default.
 */
public final class ConfigLoader {

  /** The environment variable that names the user's file. */
  public static final String FILE_VARIABLE = "GEOSEARCH_CONFIG";

  /**
   * A setting that was given on the command line.
   *
   * @param path of the setting, such as {@code server.port}
   * @param value as text
   * @param name of the flag, such as {@code --port}
   */
  public record Flag(String path, String value, String name) {}

  private final Map<String, String> environment;

  /**
   * @param environment variables by name
   */
  public ConfigLoader(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  /**
   * Reads and checks all settings.
   *
   * @param file the user's file; if there is none, the variable {@link #FILE_VARIABLE} may name it
   * @throws ConfigException with everything that is wrong
   */
  public LoadedConfig load(Optional<Path> file, List<Flag> flags) {
    Overlay overlay = new Overlay(defaults());
    file.or(() -> variable(FILE_VARIABLE).map(Path::of)).ifPresent(path -> layFile(overlay, path));
    layEnvironment(overlay);
    for (Flag flag : flags) {
      overlay.layText(flag.path(), flag.value(), Origin.flag(flag.name()), "flag " + flag.name());
    }
    ConfigBinder binder = new ConfigBinder(overlay, dataFolder());
    Config config = binder.bind();
    List<Problem> problems = new ArrayList<>(overlay.problems());
    problems.addAll(binder.problems());
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return new LoadedConfig(config, binder.settings());
  }

  /** The environment variable of a setting: GEOSEARCH_SERVER_PORT of {@code server.port}. */
  public static String environmentName(String path) {
    return EnvironmentVariables.name(path);
  }

  private static void layFile(Overlay overlay, Path file) {
    try {
      String text = Files.readString(file);
      Optional<Node> root = YamlText.read(text.startsWith("\uFEFF") ? text.substring(1) : text);
      if (root.isPresent() && !(root.get() instanceof MappingNode)) {
        overlay.report(
            file + ":" + YamlText.line(root.get()) + ": settings must look like `server:`");
      }
      root.ifPresent(node -> {
        if (node instanceof MappingNode mapping) {
          overlay.layFile(file, mapping);
        }
      });
    } catch (YamlText.NotYamlException e) {
      overlay.report(file + ":" + e.line() + ": this is not YAML: " + e.getMessage());
    } catch (NoSuchFileException e) {
      overlay.report(file + ": there is no such file");
    } catch (CharacterCodingException e) {
      overlay.report(file + ": the file must be UTF-8 text");
    } catch (IOException e) {
      overlay.report(file + ": the file can't be read: " + e.getMessage());
    }
  }

  private void layEnvironment(Overlay overlay) {
    Map<String, String> pathByName = EnvironmentVariables.byName(overlay.paths());
    new TreeMap<>(environment)
        .forEach((name, value) -> {
          if (EnvironmentVariables.isNoSetting(name, value)) {
            return;
          }
          String path = pathByName.get(name);
          if (path == null) {
            overlay.report(
                "environment variable "
                    + name
                    + ": there is no such setting; did you mean "
                    + EnvironmentVariables.nearest(name, overlay.paths())
                    + "?");
          } else {
            overlay.layText(path, value, Origin.environment(name), "environment variable " + name);
          }
        });
  }

  /** Where this user's programs keep their data, as the XDG base directories have it. */
  private Optional<Path> dataFolder() {
    return variable("XDG_DATA_HOME")
        .map(Path::of)
        .filter(Path::isAbsolute)
        .or(() -> variable("HOME").map(home -> Path.of(home, ".local", "share")))
        .map(folder -> folder.resolve("geosearch"));
  }

  private Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }

  /** The file of all settings. */
  static MappingNode defaults() {
    try (InputStream in = ConfigLoader.class.getResourceAsStream("/geosearch.yaml")) {
      if (in == null) {
        throw new IllegalStateException("geosearch.yaml is missing from the program");
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return (MappingNode) YamlText.read(text).orElseThrow();
    } catch (YamlText.NotYamlException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
