package geosearch.config;

import java.nio.file.Path;

/**
 * Where a value came from.
 *
 * @param kind what kind of place it is
 * @param place which one: a file with its line, a variable, a flag; empty for the default
 */
public record Origin(Kind kind, String place) {

  /** From the weakest to the strongest. */
  public enum Kind {
    /** The file of all settings that ships with the program. */
    DEFAULT,
    FILE,
    ENVIRONMENT,
    FLAG
  }

  static final Origin BUILT_IN = new Origin(Kind.DEFAULT, "");

  static Origin file(Path file, int line) {
    return new Origin(Kind.FILE, file + ":" + line);
  }

  static Origin environment(String variable) {
    return new Origin(Kind.ENVIRONMENT, variable);
  }

  static Origin flag(String flag) {
    return new Origin(Kind.FLAG, flag);
  }

  /** The same, or another line of the same file. */
  Origin atLine(int line) {
    return kind == Kind.FILE
        ? new Origin(kind, place.substring(0, place.lastIndexOf(':') + 1) + line)
        : this;
  }

  /** For people, such as {@code environment variable GEOSEARCH_SERVER_PORT}. */
  @Override
  public String toString() {
    return switch (kind) {
      case DEFAULT -> "default";
      case FILE -> place;
      case ENVIRONMENT -> "environment variable " + place;
      case FLAG -> "flag " + place;
    };
  }
}
