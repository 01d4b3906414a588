package geosearch.launch;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A machine as the scripts see it: a home, a PATH with the tools they need, and what is added. */
final class Machine {

  private static final List<String> TOOLS =
      List.of(
          "sh",
          "sed",
          "cat",
          "dirname",
          "basename",
          "readlink",
          "find",
          "head",
          "mkdir",
          "mv",
          "rm",
          "sleep",
          "tar",
          "gzip",
          "cut",
          "curl",
          "wget",
          "sha512sum",
          "shasum",
          "touch");

  final Path root;
  final Path bin;
  final Map<String, String> environment = new HashMap<>();

  Machine(Path folder) throws IOException {
    root = Files.createDirectories(folder.resolve("a machine"));
    bin = Files.createDirectories(root.resolve("bin"));
    for (String tool : TOOLS) {
      for (String place : System.getenv("PATH").split(":", -1)) {
        Path found = Path.of(place, tool);
        if (Files.isExecutable(found) && Files.notExists(bin.resolve(tool))) {
          Files.createSymbolicLink(bin.resolve(tool), found);
        }
      }
    }
    environment.put("PATH", bin.toString());
    environment.put("HOME", Files.createDirectories(root.resolve("home")).toString());
  }

  /** A folder with the project's scripts, and a source. */
  Path project() throws IOException {
    Path project = Files.createDirectories(root.resolve("the project"));
    copy(Path.of("geosearch"), project);
    copy(Path.of("mvnw"), project);
    Path shared = Files.createDirectories(project.resolve(".mvn"));
    copy(Path.of(".mvn", "find-jdk.sh"), shared);
    copy(Path.of(".mvn", "lock.sh"), shared);
    copy(Path.of(".mvn", "run-geosearch.sh"), shared);
    Files.writeString(project.resolve("pom.xml"), "<project/>");
    Files.createDirectories(project.resolve("src/main/java"));
    return project;
  }

  private static void copy(Path file, Path folder) throws IOException {
    Path copy = Files.copy(file, folder.resolve(file.getFileName()));
    var _ = copy.toFile().setExecutable(Files.isExecutable(file));
  }

  /** A Java that says with which arguments it was started. */
  Path java(String name, String version, boolean withCompiler) throws IOException {
    Path home = root.resolve(name);
    script(home.resolve("bin/java"), "for a; do echo \"[$a]\"; done");
    if (withCompiler) {
      script(home.resolve("bin/javac"), "exit 1");
    }
    Files.writeString(
        home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
    return home;
  }

  static void script(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + text + "\n");
    var _ = file.toFile().setExecutable(true);
  }

  /** Starts a command here; its output is in a file. */
  Running start(Path folder, String... command) throws IOException {
    Path out = Files.createTempFile(root, "output", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(Stream.of(command).toList())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    return new Running(builder.start(), out);
  }

  /** Runs a command to its end. */
  Ended run(Path folder, String... command) throws IOException, InterruptedException {
    return start(folder, command).await();
  }

  record Running(Process process, Path out) {
    Ended await() throws IOException, InterruptedException {
      int status = process.waitFor();
      return new Ended(status, Files.readString(out, UTF_8));
    }
  }

  /**
   * @param status its exit code
   * @param output all that it said
   */
  record Ended(int status, String output) {}
}
