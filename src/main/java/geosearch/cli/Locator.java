package geosearch.cli;

import com.google.type.LatLng;
import geosearch.geo.Position;
import geosearch.rpc.SearchService;
import geosearch.v1.LocateOptions;
import geosearch.v1.LocateRequest;
import geosearch.v1.LocateResponse;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;

/** Asks a server for the areas that contain positions, and prints its answers. */
final class Locator {

  /** Enough to keep a server busy, and below what it allows on one connection. */
  private static final int CALLS_UNDER_WAY = 256;

  private static final int OUTPUT_BUFFER = 1 << 16;

  private final ServerConnection connection;
  private final LocateOptions options;
  private final boolean json;
  private final Console console;
  private boolean hinted;

  /**
   * @param json whether answers are for programs
   */
  Locator(
      ServerConnection connection,
      QuestionOptions question,
      NearbyOptions nearby,
      boolean json,
      Console console) {
    this.connection = connection;
    this.options = QuestionMessages.locateOptions(question, nearby);
    this.json = json;
    this.console = console;
  }

  /** What a line of the input became. */
  private sealed interface Line {}

  /** A position that the server was asked for. */
  private record Asked(
      int number,
      Position position,
      Future<LocateResponse> response,
      AtomicReference<Metadata> trailers)
      implements Line {}

  /** It is no position. */
  private record Bad(int number, String reason) implements Line {}

  /** There are no more lines, or they can't be read. */
  private record End(Optional<IOException> failure) implements Line {}

  /**
   * Prints the areas that contain a position.
   *
   * @return one of {@link ExitCode}
   */
  int locate(Position position) throws InterruptedException {
    LocateAnswer answer = await(ask(0, position));
    if (json) {
      Json.print(console.out(), answer::writeJson);
    } else if (!answer.isEmpty()) {
      answer.printTable(console.out());
    }
    if (answer.isEmpty()) {
      say("no area contains " + PositionText.format(position));
    }
    sayHint(answer);
    return answer.isEmpty() ? ExitCode.NOT_FOUND : ExitCode.OK;
  }

  /**
   * Prints a line for each position of the input, in order, while further ones are asked for.
   *
   * @return one of {@link ExitCode}
   */
  int locateLines() throws InterruptedException, IOException {
    BlockingQueue<Line> lines = new ArrayBlockingQueue<>(CALLS_UNDER_WAY);
    Thread reader = Thread.ofVirtual().start(() -> readLines(lines));
    PrintStream out =
        new PrintStream(
            new BufferedOutputStream(console.out(), OUTPUT_BUFFER), false, StandardCharsets.UTF_8);
    try {
      return printLines(lines, out);
    } finally {
      out.flush();
      reader.interrupt();
    }
  }

  private int printLines(BlockingQueue<Line> lines, PrintStream out)
      throws InterruptedException, IOException {
    int exitCode = ExitCode.OK;
    while (true) {
      if (lines.isEmpty()) {
        out.flush();
        if (console.out().checkError()) {
          // Whoever read the answers has had enough.
          return exitCode;
        }
      }
      switch (lines.take()) {
        case Asked asked -> {
          if (!asked.response().isDone()) {
            out.flush();
          }
          LocateAnswer answer = await(asked);
          answer.printLine(json, out);
          sayHint(answer);
        }
        case Bad bad -> {
          exitCode = ExitCode.FAILED;
          say("line " + bad.number() + ": " + bad.reason());
        }
        case End end -> {
          if (end.failure().isPresent()) {
            throw end.failure().get();
          }
          return exitCode;
        }
      }
    }
  }

  private void readLines(BlockingQueue<Line> lines) {
    BufferedReader input =
        new BufferedReader(new InputStreamReader(console.in(), StandardCharsets.UTF_8));
    try {
      int number = 0;
      for (String line = input.readLine(); line != null; line = input.readLine()) {
        number++;
        if (!line.isBlank()) {
          lines.put(read(number, line));
        }
      }
      lines.put(new End(Optional.empty()));
    } catch (IOException e) {
      lines.offer(new End(Optional.of(e)));
    } catch (InterruptedException e) {
      // Nobody waits for answers any more.
      Thread.currentThread().interrupt();
    }
  }

  private Line read(int number, String line) {
    try {
      return ask(number, PositionText.parse(line));
    } catch (IllegalArgumentException e) {
      return new Bad(number, String.valueOf(e.getMessage()));
    }
  }

  private Asked ask(int number, Position position) {
    LatLng latLng =
        LatLng.newBuilder()
            .setLatitude(position.latitude())
            .setLongitude(position.longitude())
            .build();
    AtomicReference<Metadata> headers = new AtomicReference<>();
    AtomicReference<Metadata> trailers = new AtomicReference<>(new Metadata());
    Future<LocateResponse> response =
        connection
            .geoSearch()
            .withInterceptors(MetadataUtils.newCaptureMetadataInterceptor(headers, trailers))
            .locate(LocateRequest.newBuilder().setPosition(latLng).setOptions(options).build());
    return new Asked(number, position, response, trailers);
  }

  private LocateAnswer await(Asked asked) throws InterruptedException {
    LocateResponse response = connection.await(asked.response());
    Metadata trailers = asked.trailers().get();
    return new LocateAnswer(
        asked.number(),
        asked.position(),
        response,
        Optional.ofNullable(trailers.get(SearchService.HINT)));
  }

  /** Once is enough: where one line has its numbers exchanged, others have too. */
  private void sayHint(LocateAnswer answer) {
    if (answer.hint().isPresent() && !hinted) {
      hinted = true;
      String where = answer.number() == 0 ? "" : "line " + answer.number() + ": ";
      say(where + answer.hint().get());
    }
  }

  private void say(String text) {
    console.err().println("geosearch: " + Text.printable(text));
  }
}
