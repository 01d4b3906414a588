package geosearch.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Checks the values of one section and gathers what is wrong with them. */
final class Check {

  private final String section;
  private final List<ConfigException.Problem> problems = new ArrayList<>();

  /**
   * @param section the path of the section, such as {@code server}
   */
  Check(String section) {
    this.section = section;
  }

  Check range(String key, int value, int min, int max) {
    return value >= min && value <= max
        ? this
        : wrong(key, "must be from " + min + " to " + max + ", not " + value);
  }

  Check port(String key, int value) {
    return range(key, value, 1, 65_535);
  }

  Check bytes(String key, int value, int min, int max) {
    return value >= min && value <= max
        ? this
        : wrong(
            key,
            "must be from "
                + Sizes.format(min)
                + " to "
                + Sizes.format(max)
                + ", not "
                + Sizes.format(value));
  }

  Check range(String key, Duration value, Duration min, Duration max) {
    return value.compareTo(min) >= 0 && value.compareTo(max) <= 0
        ? this
        : wrong(
            key,
            "must be from "
                + Durations.format(min)
                + " to "
                + Durations.format(max)
                + ", not "
                + Durations.format(value));
  }

  Check atLeast(String key, Duration value, Duration min) {
    return value.compareTo(min) >= 0
        ? this
        : wrong(
            key, "must be at least " + Durations.format(min) + ", not " + Durations.format(value));
  }

  Check positive(String key, Duration value) {
    return atLeast(key, value, Duration.ofMillis(1));
  }

  Check notNegative(String key, Duration value) {
    return atLeast(key, value, Duration.ZERO);
  }

  Check notEmpty(String key, String value) {
    return value.isBlank() ? wrong(key, "must not be empty") : this;
  }

  /**
   * @param description of what matches, as it follows "must be"
   */
  Check matches(String key, String value, Pattern pattern, String description) {
    return pattern.matcher(value).matches()
        ? this
        : wrong(key, "must be " + description + ", not " + (value.isEmpty() ? "empty" : value));
  }

  Check oneOf(String key, String value, List<String> allowed) {
    return allowed.contains(value)
        ? this
        : wrong(key, "must be one of " + String.join(", ", allowed) + ", not " + value);
  }

  /**
   * @param text what is wrong if it is not so, as it follows the setting's path
   */
  Check that(boolean so, String key, String text) {
    return so ? this : wrong(key, text);
  }

  private Check wrong(String key, String text) {
    String path = section + "." + key;
    problems.add(new ConfigException.Problem(path, path + " " + text));
    return this;
  }

  /**
   * @throws ConfigException if a value was wrong
   */
  void end() {
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
  }
}
