package geosearch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import geosearch.cli.TestServer.Box;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code locate -}. */
@Timeout(60)
class LocateLinesTest {

  private TestServer server;

  @BeforeEach
  void start() throws IOException {
    server =
        TestServer.knowing(
            TestServer.layer(
                "country",
                Box.of("ZA", "South Africa", 16, -35, 33, -22),
                Box.of("LS", "Leso\ttho", 27, -31, 29, -28)));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Run locate(String input, String... options) {
    String[] args =
        IntStream.range(0, options.length + 4)
            .mapToObj(i ->
                i < 4
                    ? List.of("locate", "-", "--server", server.address()).get(i)
                    : options[i - 4])
            .toArray(String[]::new);
    return new Run.Setup().input(input).run(args);
  }

  @Test
  void locateLines_positions_printsALineForEachInOrder() {
    assertEquals(
        new Run(
            ExitCode.OK,
            """
            -33.9\t18.4\tcountry ZA South Africa
            0.0\t0.0
            -29.5\t28.0\tcountry LS Leso tho\tcountry ZA South Africa
            """,
            ""),
        locate("-33.9 18.4\n\n0,0\r\n-29.5\t28\n"));
  }

  @Test
  void locateLines_badLines_areNamedAndTheOthersGoOn() {
    Run run = locate("x\n-33.9 18.4\n91 0\n-29.5 28", "--json");

    assertEquals(ExitCode.FAILED, run.exitCode());
    assertEquals(2, run.lines().size());
    assertEquals(
        List.of("geosearch: line 1", "geosearch: line 3"),
        run.err().lines().map(line -> line.substring(0, 17)).toList());
    assertTrue(
        run.err().contains("line 3: latitude must be from -90 to 90 degrees, not 91.0"), run.err());
  }

  @Test
  void locateLines_json_tellsTheLine() throws IOException {
    Run run = locate("\n-33.9 18.4\n", "--json");

    assertEquals(2, new ObjectMapper().readTree(run.out()).get("line").asInt());
  }

  @Test
  void locateLines_hint_isSaidOnce() {
    Run run = locate("18.4 -33.9\n18.5 -33.9\n");

    assertEquals(ExitCode.OK, run.exitCode());
    assertEquals(1, run.err().lines().count(), run.err());
    assertTrue(run.err().startsWith("geosearch: line 1: nothing was found"), run.err());
  }

  @Test
  void locateLines_empty_printsNothing() {
    assertEquals(new Run(ExitCode.OK, "", ""), locate(""));
  }

  @Test
  void locateLines_thousands_areAnsweredInOrder() {
    String input =
        IntStream.range(0, 5000)
            .mapToObj(i -> "-" + (22 + i % 13) + ".5 " + (16 + i / 1000.0))
            .collect(Collectors.joining("\n"));

    Run run = locate(input);

    assertEquals(ExitCode.OK, run.exitCode(), run.err());
    assertEquals(
        input.lines().map(PositionText::parse).map(PositionText::format).toList(),
        run.lines().stream()
            .map(line -> line.split("\t", -1))
            .map(fields -> fields[0] + " " + fields[1])
            .toList());
  }

  @Test
  void locateLines_noServer_ends() {
    server.close();

    Run run = locate("1 2\n".repeat(10_000));

    assertEquals(ExitCode.UNAVAILABLE, run.exitCode());
    assertEquals(1, run.err().lines().count(), run.err());
  }

  /** A person, or another program, that waits for each answer before it asks on. */
  @Test
  void locateLines_slowInput_isAnsweredAtOnce() throws Exception {
    PipedOutputStream questions = new PipedOutputStream();
    try (PipedInputStream in = new PipedInputStream(questions);
        PipedInputStream answers = new PipedInputStream();
        PrintStream out =
            new PrintStream(new PipedOutputStream(answers), true, StandardCharsets.UTF_8)) {
      CompletableFuture<Integer> exitCode =
          CompletableFuture.supplyAsync(() ->
              Cli.run(
                  new String[] {"locate", "-", "--server", server.address()},
                  Map.of("HOME", "/nowhere"),
                  in,
                  out,
                  System.err,
                  config -> {}));
      for (int i = 0; i < 3; i++) {
        questions.write("-33.9 18.4\n".getBytes(StandardCharsets.UTF_8));
        questions.flush();
        byte[] expected = "-33.9\t18.4\tcountry ZA South Africa\n".getBytes(StandardCharsets.UTF_8);
        assertEquals(
            new String(expected, StandardCharsets.UTF_8),
            new String(answers.readNBytes(expected.length), StandardCharsets.UTF_8));
      }
      questions.close();
      assertEquals(ExitCode.OK, exitCode.get(30, TimeUnit.SECONDS));
    }
  }
}
