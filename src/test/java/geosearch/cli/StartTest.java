package geosearch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a command loads: each library that it does not need would cost it time. */
class StartTest {

  private static final List<String> HEAVY =
      List.of(
          "io.grpc.",
          "com.google.protobuf.",
          "org.h2.",
          "org.postgresql.",
          "com.fasterxml.jackson.databind.");

  @Test
  void help_loadsNoHeavyLibrary() throws Exception {
    assertEquals(List.of(), loaded(HEAVY, "--help"));
    assertEquals(List.of(), loaded(HEAVY, "import", "--help"));
  }

  @Test
  void serve_withoutFlags_doesNotLoadTheParser() throws Exception {
    assertEquals(List.of(), loaded(List.of("picocli."), "serve"));
  }

  /** The first classes of these packages that a command loads. */
  private static List<String> loaded(List<String> packages, String... args)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Stream.concat(
                        Stream.of(
                            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-Xlog:class+load:stdout",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Program.class.getName()),
                        Stream.of(args))
                    .toList())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    List<String> classes =
        output
            .lines()
            .filter(line -> line.contains(" source: "))
            .map(line -> line.replaceFirst(".*\\] (\\S+) source: .*", "$1"))
            .toList();
    assertTrue(classes.contains("geosearch.cli.Cli"), output);
    return classes.stream()
        .filter(name -> packages.stream().anyMatch(name::startsWith))
        .limit(5)
        .toList();
  }

  /** The program without a server. */
  static final class Program {
    public static void main(String[] args) {
      System.exit(Cli.run(args, config -> {}));
    }
  }
}
