package geosearch.attack;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a command was called with.
 *
 * @param image what to attack; empty for what the build has made
 * @param memories of the containers, as the engine writes them
 * @param names of what to run; empty for all
 * @param quick whether a selection will do
 * @param survival whether it is enough that the server survives
 * @param list whether only to list what there is
 */
record Arguments(
    String image,
    Path folder,
    List<String> memories,
    List<String> names,
    boolean quick,
    boolean survival,
    boolean list) {

  private static final List<String> MEMORIES = List.of("420m", "1g");

  /**
   * Reads {@code [--quick] [--survival] [--list] [--image IMAGE] [--folder FOLDER] [--memory SIZE]
   * [NAME...]}.
   *
   * @throws IllegalArgumentException if an option is unknown or has no value
   */
  static Arguments parse(String[] args) {
    String image = "";
    Path folder = Path.of("target/bench");
    List<String> memories = MEMORIES;
    boolean quick = false;
    boolean survival = false;
    boolean list = false;
    List<String> names = new ArrayList<>();
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "--quick" -> quick = true;
        case "--survival" -> survival = true;
        case "--list" -> list = true;
        case "--image" -> image = value(args, ++i);
        case "--folder" -> folder = Path.of(value(args, ++i));
        case "--memory" -> memories = List.of(value(args, ++i));
        default -> {
          if (args[i].startsWith("-")) {
            throw new IllegalArgumentException("unknown option " + args[i] + ", see --help");
          }
          names.add(args[i]);
        }
      }
    }
    return new Arguments(image, folder, memories, names, quick, survival, list);
  }

  private static String value(String[] args, int index) {
    if (index == args.length) {
      throw new IllegalArgumentException(args[index - 1] + " needs a value");
    }
    return args[index];
  }
}
