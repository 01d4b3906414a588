package geosearch.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The artifact for clients in Java, as the build has just made it. */
public final class ClientArtifact {

  private static final Path FOLDER = Path.of("target", "client");
  private static final String SOURCES = "-sources.jar";

  private ClientArtifact() {}

  /** Its classes. */
  public static Path jar() {
    return only(file -> file.endsWith(".jar") && !file.endsWith(SOURCES));
  }

  /** Its sources. */
  public static Path sources() {
    return only(file -> file.endsWith(SOURCES));
  }

  private static Path only(Predicate<String> wanted) {
    try (Stream<Path> files = Files.list(FOLDER)) {
      List<Path> found = files.filter(file -> wanted.test(file.toString())).toList();
      if (found.size() != 1) {
        throw new IllegalStateException("not one, but " + found + "; ./mvnw clean helps");
      }
      return found.getFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** It and its libraries, as Java's option {@code -cp} takes them. */
  public static String classPath() {
    try (Stream<Path> libraries = Files.list(FOLDER.resolve("lib"))) {
      return Stream.concat(Stream.of(jar()), libraries)
          .map(Path::toString)
          .collect(Collectors.joining(File.pathSeparator));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The home of an installed Java of that very release, if there is one. */
  public static Optional<Path> java(int release) throws IOException {
    Process shell =
        new ProcessBuilder(
                "sh",
                "-c",
                ". .mvn/find-jdk.sh; for home in /usr/lib/jvm/* /opt/java/* /opt/*; do"
                    + " [ \"$(java_release_of \"$home\")\" != "
                    + release
                    + " ] || { echo \"$home\"; exit; }; done")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    return shell.inputReader().lines().map(Path::of).findFirst();
  }
}
