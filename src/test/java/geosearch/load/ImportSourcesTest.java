package geosearch.load;

import static geosearch.load.Imports.assertContains;
import static geosearch.load.Imports.utf8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import geosearch.config.ImportConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class ImportSourcesTest {

  private static final byte[] CONTENT = utf8("{\"type\":\"FeatureCollection\",\"features\":[]}");

  @TempDir Path folder;

  private final CountDownLatch end = new CountDownLatch(1);
  private ExecutorService threads;
  private HttpServer server;
  private String base;

  @BeforeEach
  void start() throws IOException {
    threads = Executors.newCachedThreadPool();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.start();
    base = "http://localhost:" + server.getAddress().getPort();
  }

  @AfterEach
  void stop() {
    end.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(String path, HttpHandler handler) {
    server.createContext(path, handler);
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private static ImportSources sources(Duration timeout) {
    return new ImportSources(
        new ImportConfig(100, 100, timeout), new ByteArrayInputStream(CONTENT));
  }

  private static ImportSource find(String argument) throws IOException {
    return sources(Duration.ofSeconds(20)).find(List.of(argument)).getFirst();
  }

  private static byte[] read(ImportSource source) throws IOException {
    try (InputStream in = source.open()) {
      return in.readAllBytes();
    }
  }

  private static String failure(ImportSource source) {
    return assertThrows(IOException.class, () -> read(source)).getMessage();
  }

  private static String refusal(String... arguments) {
    return assertThrows(
            IOException.class, () -> sources(Duration.ofSeconds(1)).find(List.of(arguments)))
        .getMessage();
  }

  @Test
  void find_file_hasItsNameLengthAndBytes() throws Exception {
    Path file = Files.write(folder.resolve("towns.geojson"), CONTENT);

    ImportSource source = find(file.toString());

    assertEquals(file.toString(), source.name());
    assertEquals(OptionalLong.of(CONTENT.length), source.length());
    assertArrayEquals(CONTENT, read(source));
  }

  @Test
  void find_dash_isStandardInput() throws Exception {
    ImportSource source = find("-");

    assertEquals("standard input", source.name());
    assertEquals(OptionalLong.empty(), source.length());
    assertArrayEquals(CONTENT, read(source));
  }

  @Test
  void find_several_keepsTheirOrder() throws Exception {
    Path file = Files.write(folder.resolve("a"), CONTENT);

    List<ImportSource> found =
        sources(Duration.ofSeconds(1)).find(List.of("-", file.toString(), base + "/b"));

    assertEquals(
        List.of("standard input", file.toString(), base + "/b"),
        found.stream().map(ImportSource::name).toList());
  }

  @Test
  void find_whatIsNotThere_saysSo() {
    assertEquals(
        "there is no file " + folder.resolve("no"), refusal(folder.resolve("no").toString()));
    assertEquals(folder + " is a folder; name the files in it", refusal(folder.toString()));
    assertEquals("standard input (-) can be named only once", refusal("-", "-"));
  }

  @Test
  void find_addressThatCantBe_saysWhy() {
    assertContains("not an address", refusal("http://exa mple/"));
    assertEquals("an address begins with http:// or https://, not ftp://", refusal("ftp://a/b"));
    assertContains("an address without a host", refusal("http:///a"));
    String withPassword = refusal("https://me:secret@localhost/a");
    assertContains("with a user's name in it is not supported", withPassword);
    assertEquals(-1, withPassword.indexOf("secret"));
  }

  @Test
  void open_address_givesItsBytesAndLength() throws Exception {
    byte[] large = new byte[3_000_000];
    Arrays.fill(large, (byte) 'x');
    answer("/large", exchange -> send(exchange, 200, large));

    ImportSource source = find(base + "/large");
    assertEquals(OptionalLong.empty(), source.length());
    byte[] read = read(source);

    assertArrayEquals(large, read);
    assertEquals(OptionalLong.of(large.length), source.length());
  }

  @Test
  void open_addressOfUnknownLength_givesItsBytes() throws Exception {
    answer(
        "/chunked",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write(CONTENT);
          exchange.close();
        });

    ImportSource source = find(base + "/chunked");

    assertArrayEquals(CONTENT, read(source));
    assertEquals(OptionalLong.empty(), source.length());
  }

  @Test
  void name_address_hidesTheQuery() throws Exception {
    assertEquals("https://localhost/a.json", find("https://localhost/a.json?key=secret").name());
  }

  @Test
  void open_redirect_isFollowed() throws Exception {
    answer(
        "/old",
        exchange -> {
          exchange.getResponseHeaders().add("Location", base + "/new");
          send(exchange, 302, new byte[0]);
        });
    answer("/new", exchange -> send(exchange, 200, CONTENT));

    assertArrayEquals(CONTENT, read(find(base + "/old")));
  }

  @ParameterizedTest
  @CsvSource({
    "404, the server answered with status 404",
    "500, the server answered with status 500",
    "204, the server answered with status 204",
    "304, 'the server answered with status 304, a redirection that is not followed'"
  })
  void open_otherStatus_saysWhich(int status, String expected) throws Exception {
    answer("/status", exchange -> send(exchange, status, new byte[0]));

    assertEquals(expected, failure(find(base + "/status")));
  }

  @Test
  void open_nobodyThere_saysSo() throws Exception {
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }

    assertEquals("the host can't be reached", failure(find("http://localhost:" + free + "/a")));
    assertEquals("the host is not known", failure(find("http://nowhere.invalid/a")));
  }

  @Test
  void open_silentServer_givesUp() throws Exception {
    answer("/silent", exchange -> awaitEnd());

    ImportSource source =
        sources(Duration.ofMillis(300)).find(List.of(base + "/silent")).getFirst();

    assertEquals("no answer within 300 ms", failure(source));
  }

  @Test
  void read_serverThatFallsSilent_givesUp() throws Exception {
    answer(
        "/half",
        exchange -> {
          exchange.sendResponseHeaders(200, 1000);
          exchange.getResponseBody().write(CONTENT);
          exchange.getResponseBody().flush();
          awaitEnd();
        });

    ImportSource source = sources(Duration.ofMillis(300)).find(List.of(base + "/half")).getFirst();

    assertEquals("silent for 300 ms", failure(source));
  }

  @Test
  void read_serverThatBreaksOff_saysSo() throws Exception {
    answer(
        "/broken",
        exchange -> {
          exchange.sendResponseHeaders(200, 1000);
          exchange.getResponseBody().write(CONTENT);
          exchange.getResponseBody().flush();
          exchange.close();
        });

    assertContains("the connection broke off", failure(find(base + "/broken")));
  }

  private void awaitEnd() {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
