package geosearch.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** An agent that answers questions for healthy instances as Consul does, or otherwise. */
final class FakeConsul implements AutoCloseable {

  /** A question as it came: path and query, and token. */
  record Asked(String uri, String token) {}

  final List<Asked> asked = new CopyOnWriteArrayList<>();
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private int status = 200;
  private String body = "[]";
  private long index = 7;
  private boolean told;
  private boolean heard;

  FakeConsul() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  /** As a target has it. */
  String address() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  /** Knows instances on these ports of this machine from now on, and tells those who wait. */
  void knows(int... ports) {
    answers(
        200,
        IntStream.of(ports)
            .mapToObj(
                """
                {"Node": {"Address": "127.0.0.1"}, "Service": {"Address": "", "Port": %d}}
                """
                    ::formatted)
            .collect(Collectors.joining(",", "[", "]")));
  }

  /** Answers this from now on, also to those who wait. */
  synchronized void answers(int status, String body) {
    this.status = status;
    this.body = body;
    index++;
    told = false;
    heard = false;
    notifyAll();
  }

  /** Whether who was told what it answers now has come back with another question. */
  synchronized boolean isHeard() {
    return heard;
  }

  private void answer(HttpExchange exchange) throws IOException {
    String query = exchange.getRequestURI().getQuery();
    asked.add(
        new Asked(
            exchange.getRequestURI().toString(),
            Objects.requireNonNullElse(
                exchange.getRequestHeaders().getFirst("X-Consul-Token"), "")));
    byte[] answer;
    int code;
    synchronized (this) {
      heard |= told;
      while (query.endsWith("index=" + index)) {
        try {
          wait();
        } catch (InterruptedException e) {
          return;
        }
      }
      answer = body.getBytes(UTF_8);
      code = status;
      told = true;
      exchange.getResponseHeaders().add("X-Consul-Index", String.valueOf(index));
    }
    exchange.sendResponseHeaders(code, answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
