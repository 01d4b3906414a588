package geosearch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import geosearch.store.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CliTest {

  @Test
  void help_ofTheProgram_listsCommandsAndExitCodes() {
    Run run = Run.of("--help");

    assertEquals(ExitCode.OK, run.exitCode());
    assertEquals("", run.err());
    assertTrue(commands().toList().containsAll(List.of("serve", "check-config")));
    for (int code = ExitCode.OK; code <= ExitCode.NOT_FOUND; code++) {
      assertTrue(run.out().contains("\n  " + code + "  "), run.out());
    }
  }

  /** The commands that the program's help lists. */
  static Stream<String> commands() {
    String help = Run.of("--help").out();
    Matcher names =
        Pattern.compile("^  ([a-z-]+) ", Pattern.MULTILINE)
            .matcher(help.substring(help.indexOf("Commands:")));
    return names.results().map(name -> name.group(1));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void help_ofACommand_hasExamples(String command) {
    Run run = Run.of(command, "--help");

    assertEquals(ExitCode.OK, run.exitCode());
    assertEquals("", run.err());
    assertTrue(run.out().contains("Examples:\n  geosearch " + command), run.out());
  }

  @Test
  void version_isPrinted() {
    Run run = Run.of("--version");

    assertEquals(ExitCode.OK, run.exitCode());
    assertTrue(run.out().matches("geosearch \\d+\\.\\d+\\.\\d+\\S*\n"), run.out());
  }

  @Test
  void noCommand_isWrongUsage() {
    Run run = Run.of();

    assertEquals(ExitCode.USAGE, run.exitCode());
    assertEquals("", run.out());
    assertEquals("geosearch: Missing required subcommand\nTry: geosearch --help\n", run.err());
  }

  @Test
  void unknownCommand_namesTheNearest() {
    Run run = Run.of("serv");

    assertEquals(ExitCode.USAGE, run.exitCode());
    assertTrue(run.err().contains("Did you mean: geosearch serve"), run.err());
  }

  @Test
  void unknownOption_isWrongUsage() {
    Run run = Run.of("serve", "--colour");

    assertEquals(ExitCode.USAGE, run.exitCode());
    assertTrue(run.err().startsWith("geosearch: Unknown option: '--colour'"), run.err());
  }

  @Test
  void completion_isGeneratedAndHidden() {
    Run run = Run.of("generate-completion");

    assertEquals(ExitCode.OK, run.exitCode());
    assertTrue(run.out().contains("check-config"), run.out());
    assertFalse(Run.of("--help").out().contains("generate-completion"));
  }

  static Stream<Arguments> failures() {
    return Stream.of(
        failure(new CommandException(ExitCode.UNAVAILABLE, "a"), ExitCode.UNAVAILABLE, "a"),
        failure(
            new StoreException(StoreException.Kind.UNAVAILABLE, "b"), ExitCode.UNAVAILABLE, "b"),
        failure(new StoreException(StoreException.Kind.NOT_FOUND, "c"), ExitCode.NOT_FOUND, "c"),
        failure(new StoreException(StoreException.Kind.REFUSED, "d"), ExitCode.FAILED, "d"),
        failure(new NoSuchFileException("/e"), ExitCode.FAILED, "/e: there is no such file"),
        failure(new AccessDeniedException("/f"), ExitCode.FAILED, "/f: you may not use this file"),
        failure(new IOException("g\u001b[1m"), ExitCode.FAILED, "g [1m"),
        failure(new UncheckedIOException(new IOException("h")), ExitCode.FAILED, "h"),
        failure(
            new IllegalStateException("i"),
            ExitCode.FAILED,
            "this should not happen, --verbose shows where: java.lang.IllegalStateException: i"));
  }

  private static Arguments failure(Exception thrown, int exitCode, String text) {
    return Arguments.of(thrown, exitCode, text);
  }

  @ParameterizedTest
  @MethodSource("failures")
  void failure_ofACommand_isOneLineAndACode(Exception thrown, int exitCode, String text) {
    Run.Setup setup =
        new Run.Setup()
            .launcher(config -> {
              throw thrown;
            });

    assertEquals(new Run(exitCode, "", "geosearch: " + text + "\n"), setup.run("serve"));
    assertEquals(
        new Run(exitCode, "", "geosearch: " + text + "\n"), setup.run("serve", "--port", "1"));
  }

  @Test
  void failure_verbosely_showsWhere() {
    Run run =
        new Run.Setup()
            .launcher(config -> {
              throw new IOException("no");
            })
            .run("serve", "--verbose");

    assertTrue(run.err().startsWith("geosearch: no\njava.io.IOException: no\n\tat "), run.err());
  }
}
