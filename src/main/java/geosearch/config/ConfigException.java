package geosearch.config;

import java.util.List;
import java.util.stream.Collectors;

/** Settings that can't be used. It holds everything that was found wrong, not only the first. */
public final class ConfigException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  ConfigException(List<Problem> problems) {
    super(problems.stream().map(Problem::text).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** What is wrong, a sentence each: setting, bound, value and where the value came from. */
  public List<String> problems() {
    return problems.stream().map(Problem::text).toList();
  }

  List<Problem> details() {
    return problems;
  }

  /**
   * @param path of the setting; empty where it is none's
   * @param text for people
   */
  record Problem(String path, String text) {}
}
