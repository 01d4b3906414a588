package geosearch.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A JVM of its own that runs a class of the tests and says on its standard output how far it is.
 */
public final class ChildJvm implements AutoCloseable {

  private final Process process;
  private final BufferedReader output;

  private ChildJvm(Process process) {
    this.process = process;
    this.output = process.inputReader(StandardCharsets.UTF_8);
  }

  /**
   * Starts a class that has a main method; what it writes to the standard error goes to ours.
   *
   * @param options of the JVM
   */
  public static ChildJvm start(Class<?> main, List<String> options, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    try {
      return new ChildJvm(
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for the next line. */
  public String line() {
    try {
      String line = output.readLine();
      if (line == null) {
        throw new IllegalStateException("the child has ended: " + process);
      }
      return line;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Kills it (SIGKILL), waits for its end, and gives the whole lines that it had still written. */
  public List<String> kill() throws InterruptedException {
    process.toHandle().destroyForcibly();
    return rest();
  }

  /** Waits for its end, and gives the lines up to it. */
  public List<String> rest() throws InterruptedException {
    StringBuilder text = new StringBuilder();
    try {
      for (int next = output.read(); next >= 0; next = output.read()) {
        text.append((char) next);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    process.waitFor();
    return text.substring(0, text.lastIndexOf("\n") + 1).lines().toList();
  }

  /** How it has ended. */
  public int exitCode() {
    return process.exitValue();
  }

  @Override
  public void close() {
    process.toHandle().destroyForcibly();
    process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
  }
}
