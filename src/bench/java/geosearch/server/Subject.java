package geosearch.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server in a process of its own. */
final class Subject implements AutoCloseable {

  private static final Pattern LISTENS = Pattern.compile("listens on \\S+:(\\d+)");
  private static final Pattern COLLECTION = Pattern.compile("Pause Young.* (\\d+)M->(\\d+)M\\(");

  private final Process process;
  private final Path collections;
  private final int port;

  /**
   * Starts a program of this class path on the first core alone.
   *
   * @param until what it prints when it can be asked
   */
  Subject(Path folder, String name, String until, String... program) throws IOException {
    this(pinned(folder, name, program), until, folder.resolve(name + ".gc"));
  }

  private Subject(ProcessBuilder builder, String until, Path collections) throws IOException {
    this.collections = collections;
    process = builder.redirectErrorStream(true).start();
    BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    int found = 0;
    for (String line = ""; !line.startsWith(until) || found == 0; ) {
      line = output.readLine();
      if (line == null) {
        throw new IOException("this did not start: " + String.join(" ", builder.command()));
      }
      Matcher listens = LISTENS.matcher(line);
      if (listens.find()) {
        found = Integer.parseInt(listens.group(1));
      }
    }
    port = found;
    Thread.ofVirtual().start(() -> output.lines().forEach(line -> {}));
  }

  /** Starts a server as its users do, on both cores. */
  static Subject served(Map<String, String> environment) throws IOException {
    return new Subject(command(environment, "serve"), "ready:", Path.of("none.gc"));
  }

  /** A command as its users start it, on both cores. */
  static ProcessBuilder command(Map<String, String> environment, String... arguments) {
    List<String> command = new ArrayList<>(List.of("taskset", "-c", "0,1", "./geosearch"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(key -> key.startsWith("GEOSEARCH_"));
    builder.environment().put("GEOSEARCH_SERVER_PORT", "0");
    builder.environment().putAll(environment);
    return builder;
  }

  /** The import of a file of communes as users do it, on both cores. */
  static ProcessBuilder importing(Map<String, String> environment, Path file, String layer) {
    return command(
        environment,
        "import",
        file.toString(),
        "--layer",
        layer,
        "--id",
        "code",
        "--name",
        "nom",
        "--quiet");
  }

  /** Imports a file of communes as users do it. */
  static void importFile(Map<String, String> environment, Path file, String layer)
      throws IOException, InterruptedException {
    if (importing(environment, file, layer).inheritIO().start().waitFor() != 0) {
      throw new IOException("this can't be imported: " + file);
    }
  }

  /**
   * What a process has, in millions of bytes.
   *
   * @param field of its status, see proc(5)
   */
  static double megabytes(long pid, String field) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc", String.valueOf(pid), "status"))) {
      if (line.startsWith(field + ":")) {
        return Integer.parseInt(line.replaceAll("\\D", "")) * 1024 / 1e6;
      }
    }
    throw new IOException("the memory of process " + pid + " is not known");
  }

  private static ProcessBuilder pinned(Path folder, String name, String... program) {
    List<String> command = new ArrayList<>(List.of("taskset", "-c", "0"));
    command.addAll(java(program));
    command.add(4, "-Xlog:gc:file=" + folder.resolve(name + ".gc") + "::filecount=0");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(key -> key.startsWith("GEOSEARCH_"));
    builder.environment().put("GEOSEARCH_SERVER_PORT", "0");
    // Metrics are on, though nobody listens.
    builder.environment().put("GEOSEARCH_STATSD_HOST", "127.0.0.1");
    builder.environment().put("GEOSEARCH_STORE_FOLDER", folder.resolve("store").toString());
    return builder;
  }

  /** The command for a program of this class path, in a JVM with a heap that is large enough. */
  static List<String> java(String... program) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:+UseSerialGC",
            "-XX:+UseTransparentHugePages",
            "-Xms1g",
            "-Xmx1g",
            "-cp",
            System.getProperty("java.class.path")));
    command.addAll(List.of(program));
    return command;
  }

  int port() {
    return port;
  }

  long pid() {
    return process.pid();
  }

  /** What it has taken of its processor, in nanoseconds, to a hundredth of a second. */
  long processorNanos() {
    return process.info().totalCpuDuration().orElseThrow().toNanos();
  }

  /** Bytes that were allocated up to the last collection of the young, in all. */
  long allocated() throws IOException {
    long megabytes = 0;
    long before = 0;
    for (String line : Files.readAllLines(collections)) {
      Matcher collection = COLLECTION.matcher(line);
      if (collection.find()) {
        megabytes += Long.parseLong(collection.group(1)) - before;
        before = Long.parseLong(collection.group(2));
      }
    }
    return megabytes << 20;
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
