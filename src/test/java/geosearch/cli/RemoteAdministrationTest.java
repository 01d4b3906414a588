package geosearch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import geosearch.cli.FakeAdministration.Answer;
import geosearch.load.ImportRefusedException;
import geosearch.load.ImportReport;
import geosearch.load.ImportRequest;
import geosearch.load.ImportSource;
import geosearch.rpc.AdministrationEndpoint;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands beside a running server that owns the store. */
@Timeout(60)
class RemoteAdministrationTest {

  private static final ImportRequest REQUEST =
      new ImportRequest("a", "code", "nom", List.of("kind"), "Somebody", 2.5, false, true, true);

  @TempDir private Path folder;
  private FakeAdministration server;

  @BeforeEach
  void start() throws IOException {
    server = new FakeAdministration("secret");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Run run(String... args) {
    return new Run.Setup().folder(folder).run(args);
  }

  private String file() {
    return AreaFiles.squares(folder.resolve("a.geojson"), 2).toString();
  }

  private Administration connect() throws IOException {
    server.announce(folder, UnaryOperator.identity());
    return RemoteAdministration.greet(AdministrationEndpoint.read(folder).orElseThrow())
        .orElseThrow();
  }

  // The commands.

  @Test
  void import_besideAServer_goesThroughIt() throws IOException {
    server.announce(folder, UnaryOperator.identity());
    String file = file();

    Run run =
        run(
            "import",
            file,
            "--layer=a",
            "--id=code",
            "--name=nom",
            "--attributes=kind",
            "--attribution=Somebody",
            "--accuracy=2.5",
            "--no-repair",
            "--skip-bad",
            "--force");

    assertEquals(ExitCode.OK, run.exitCode(), run.err());
    assertTrue(run.out().startsWith("a: version 7 is active, with 2 areas of 10 v"), run.out());
    assertTrue(run.out().contains("into the running server (process "), run.out());
    assertEquals(AdministrationMessages.options(REQUEST), server.options);
    assertEquals(List.of(file), server.files);
    assertEquals(Files.readString(Path.of(file)), server.content.toStringUtf8());
  }

  @Test
  void import_refusedByTheServer_saysWhy() throws IOException {
    server.announce(folder, UnaryOperator.identity());
    server.answer = Answer.REFUSAL_AFTER_THE_OPTIONS;

    assertEquals(
        new Run(ExitCode.FAILED, "", "geosearch: nothing was imported: no polygon in it\n"),
        run("import", file(), "--layer", "a"));
  }

  @Test
  void import_serverGoesAway_saysWhereToLook() throws IOException {
    server.announce(folder, UnaryOperator.identity());
    server.answer = Answer.GONE_AFTER_THE_OPTIONS;

    Run run = run("import", file(), "--layer", "a");

    assertEquals(ExitCode.UNAVAILABLE, run.exitCode());
    assertTrue(run.err().contains("`geosearch datasets` shows"), run.err());
  }

  @Test
  void datasets_besideAServer_goThroughIt() throws IOException {
    server.announce(folder, UnaryOperator.identity());

    assertTrue(run("datasets").out().contains("far away"));
    assertEquals(ExitCode.OK, run("datasets", "activate", "a", "7").exitCode());
    assertEquals(ExitCode.OK, run("datasets", "keep", "a", "7", "--off").exitCode());
    assertEquals(ExitCode.OK, run("datasets", "accept", "b").exitCode());
    assertEquals(ExitCode.OK, run("datasets", "accept", "--store").exitCode());
    assertEquals(
        new Run(ExitCode.NOT_FOUND, "", "geosearch: the layer a has no version 9\n"),
        run("datasets", "delete", "a", "9"));

    assertEquals(
        List.of(
            "list", "activate a 7", "keep 7 false", "accept b", "accept the store", "delete a 9"),
        server.calls.stream().distinct().toList());
  }

  // Whether there is a server.

  @Test
  void datasets_serverThatWasKilled_openTheStore() throws IOException {
    server.announce(folder, UnaryOperator.identity());
    server.close();

    assertOpensTheStore();
  }

  @Test
  void datasets_processThatIsGone_openTheStoreWithoutAsking() throws Exception {
    Process gone =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-version")
            .redirectErrorStream(true)
            .start();
    gone.getInputStream().readAllBytes();
    gone.waitFor();
    server.announce(
        folder, left -> new AdministrationEndpoint(left.port(), left.token(), gone.pid()));

    assertOpensTheStore();
    assertEquals(List.of(), server.calls);
  }

  /** The port may belong to somebody else by now, and so may the process id. */
  @Test
  void datasets_somebodyElseOnThePort_openTheStore() throws IOException {
    server.announce(folder, left -> new AdministrationEndpoint(left.port(), "other", left.pid()));

    assertOpensTheStore();
  }

  @Test
  void datasets_nobodyOnThePort_openTheStore() throws IOException {
    int closed;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed = socket.getLocalPort();
    }
    server.announce(folder, left -> new AdministrationEndpoint(closed, left.token(), left.pid()));

    assertOpensTheStore();
  }

  private void assertOpensTheStore() {
    Run run = run("datasets");

    assertEquals(ExitCode.OK, run.exitCode(), run.err());
    assertEquals(1, run.lines().size(), run.out());
  }

  @Test
  void datasets_damagedFile_isNamed() throws IOException {
    Files.writeString(folder.resolve(AdministrationEndpoint.FILE_NAME), "nonsense");

    Run run = run("datasets");

    assertEquals(ExitCode.FAILED, run.exitCode());
    assertTrue(run.err().contains(AdministrationEndpoint.FILE_NAME), run.err());
  }

  // Uploads.

  @Test
  void importFiles_largeFiles_arriveWhole() throws Exception {
    byte[] first = new byte[1_000_003];
    byte[] second = new byte[70_000];
    new Random(3).nextBytes(first);
    new Random(4).nextBytes(second);
    List<Long> progress = new CopyOnWriteArrayList<>();

    try (Administration administration = connect()) {
      ImportReport report =
          administration.importFiles(
              REQUEST,
              List.of(
                  ImportSource.of("one", new ByteArrayInputStream(first)),
                  ImportSource.of("two", new ByteArrayInputStream(second))),
              (bytes, features) -> progress.add(bytes));

      assertEquals(7, report.dataset().orElseThrow().version());
    }
    assertEquals(List.of("one", "two"), server.files);
    assertEquals(ByteString.copyFrom(first).concat(ByteString.copyFrom(second)), server.content);
    assertEquals(List.of((long) first.length + second.length), progress);
  }

  @Test
  void importFiles_refusedWhileSending_stopsReading() throws Exception {
    server.answer = Answer.REFUSAL_AFTER_THE_OPTIONS;
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return 'x';
          }
        };

    try (Administration administration = connect()) {
      ImportRefusedException refused =
          assertThrows(
              ImportRefusedException.class,
              () ->
                  administration.importFiles(
                      REQUEST,
                      List.of(ImportSource.of("endless", endless)),
                      (bytes, features) -> {}));
      assertEquals("no polygon in it", refused.getMessage());
    }
  }

  @Test
  void importFiles_fileThatCannotBeRead_cancelsTheImport() throws Exception {
    IOException failure = new IOException("the disk is gone");
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw failure;
          }

          @Override
          public int read(byte[] target, int offset, int length) throws IOException {
            throw failure;
          }
        };

    try (Administration administration = connect()) {
      assertSame(
          failure,
          assertThrows(
              IOException.class,
              () ->
                  administration.importFiles(
                      REQUEST,
                      List.of(ImportSource.of("broken", broken)),
                      (bytes, features) -> {})));
      assertTrue(server.cancelled.await(30, TimeUnit.SECONDS));
    }
  }
}
