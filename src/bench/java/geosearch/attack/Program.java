package geosearch.attack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What runs in the containers: an image, or what the build has left in {@code target}, with the
 * image's flags on the image's base.
 *
 * @param image the name of an image; empty for the build's
 * @param folder a copy of what the build has made, so that the next build does not take it away
 */
record Program(String image, Path folder) {

  private static final String BASE = "eclipse-temurin:25-jre";

  /** Copies what the build has made into a folder, for containers to mount. */
  static Program copied(String image, Path folder) throws IOException {
    if (image.isEmpty()) {
      Files.createDirectories(folder.resolve("lib"));
      Path target = Path.of("target");
      Files.copy(target.resolve("geosearch.jar"), folder.resolve("geosearch.jar"));
      Files.copy(Path.of("src/main/jib/app/jvm.flags"), folder.resolve("jvm.flags"));
      try (Stream<Path> libraries = Files.list(target.resolve("lib"))) {
        for (Path library : libraries.toList()) {
          Files.copy(library, folder.resolve("lib").resolve(library.getFileName()));
        }
      }
    }
    return new Program(image, folder);
  }

  /** Returns the end of {@code docker run}'s arguments for a server. */
  List<String> server() {
    return image.isEmpty() ? built(List.of("serve")) : List.of(image, "serve");
  }

  /** Returns the end of {@code docker run}'s arguments for a command. */
  List<String> command(String... arguments) {
    List<String> command = new ArrayList<>(List.of(arguments));
    if (image.isEmpty()) {
      return built(command);
    }
    command.addFirst(image);
    return command;
  }

  /** Says which one it is. */
  static String name(String image) {
    return image.isEmpty() ? "target/geosearch.jar on " + BASE : image;
  }

  private List<String> built(List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("--volume", folder + ":/app:ro", BASE));
    command.addAll(
        List.of(
            "java",
            "-XX:Flags=/app/jvm.flags",
            "-XX:+ExitOnOutOfMemoryError",
            "-Xlog:pagesize=off",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            "/app/geosearch.jar:/app/lib/*",
            "geosearch.Main"));
    command.addAll(arguments);
    return command;
  }
}
