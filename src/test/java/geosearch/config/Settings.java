package geosearch.config;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Settings given in a test, in every way in which they can be given. */
final class Settings {

  static final String HOME = "/home/somebody";

  private final Map<String, String> environment = new HashMap<>(Map.of("HOME", HOME));
  private final List<ConfigLoader.Flag> flags = new ArrayList<>();
  private Optional<Path> file = Optional.empty();

  private Settings() {}

  static Settings none() {
    return new Settings();
  }

  /** Settings given as flags, each like {@code server.port=1}. */
  static Settings of(String... assignments) {
    Settings settings = new Settings();
    Arrays.stream(assignments)
        .map(assignment -> assignment.split("=", 2))
        .forEach(pair -> settings.flag(pair[0], pair[1]));
    return settings;
  }

  Settings file(Path file, String text) {
    try {
      this.file = Optional.of(Files.writeString(file, text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  Settings file(Path file) {
    this.file = Optional.of(file);
    return this;
  }

  Settings environment(String name, String value) {
    environment.put(name, value);
    return this;
  }

  Settings noHome() {
    environment.remove("HOME");
    return this;
  }

  Settings flag(String path, String value) {
    flags.add(new ConfigLoader.Flag(path, value, "--set"));
    return this;
  }

  LoadedConfig load() {
    return new ConfigLoader(environment).load(file, flags);
  }

  Config config() {
    return load().config();
  }

  /** What is said to be wrong with them. */
  List<String> problems() {
    return assertThrows(ConfigException.class, this::load).problems();
  }

  /** The one setting of that path. */
  Setting setting(String path) {
    return load().settings().stream()
        .filter(setting -> setting.path().equals(path))
        .findFirst()
        .orElseThrow();
  }
}
