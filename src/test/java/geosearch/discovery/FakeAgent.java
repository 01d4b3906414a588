package geosearch.discovery;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;

/** An agent that answers as Consul's does, and refuses where a test wants it to. */
final class FakeAgent implements AutoCloseable {

  /** A request as it came: method, path without {@code /v1/agent/}, and token. */
  record Asked(String method, String path, String token) {}

  final List<Asked> asked = new CopyOnWriteArrayList<>();
  final Map<String, JsonNode> services = new ConcurrentHashMap<>();
  final Map<String, String> statusOfChecks = new ConcurrentHashMap<>();

  /** What is answered to everything; 0 answers as Consul does. */
  volatile int refusal;

  /** The token that is asked for; empty asks for none. */
  volatile String token = "";

  private final ObjectMapper json = new ObjectMapper();
  private final HttpServer server;

  FakeAgent() throws IOException {
    this(0);
  }

  FakeAgent(int port) throws IOException {
    this(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0));
  }

  FakeAgent(SSLContext tls) throws IOException {
    this(https(tls));
  }

  private FakeAgent(HttpServer server) {
    this.server = server;
    server.createContext("/v1/agent/", this::answer);
    server.start();
  }

  private static HttpServer https(SSLContext tls) throws IOException {
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    return server;
  }

  int port() {
    return server.getAddress().getPort();
  }

  long count(String method, String path) {
    return asked.stream()
        .filter(request -> request.method().equals(method) && request.path().equals(path))
        .count();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath().substring("/v1/agent/".length());
    String sent =
        Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("X-Consul-Token"), "");
    JsonNode body = json.readTree(exchange.getRequestBody());
    asked.add(new Asked(exchange.getRequestMethod(), path, sent));
    if (refusal != 0) {
      respond(exchange, refusal, "refused");
    } else if (!sent.equals(token)) {
      respond(exchange, 403, "Permission denied");
    } else if (path.equals("service/register")) {
      services.put(body.get("Id").textValue(), body);
      respond(exchange, 200, "");
    } else if (path.startsWith("service/deregister/")) {
      services.remove(path.substring("service/deregister/".length()));
      respond(exchange, 200, "");
    } else if (path.equals("services")) {
      respond(exchange, 200, json.writeValueAsString(told()));
    } else if (path.equals("checks")) {
      respond(exchange, 200, json.writeValueAsString(checks()));
    } else {
      respond(exchange, 404, "");
    }
  }

  private ObjectNode told() {
    ObjectNode told = json.createObjectNode();
    services.forEach((id, service) -> {
      ObjectNode entry = told.putObject(id);
      entry.put("ID", id);
      entry.set("Service", service.get("Name"));
      entry.put("Address", service.path("Address").asText(""));
      entry.set("Port", service.get("Port"));
      entry.set("Tags", service.has("Tags") ? service.get("Tags") : json.createArrayNode());
      entry.set("Meta", service.has("Meta") ? service.get("Meta") : json.createObjectNode());
    });
    return told;
  }

  private ObjectNode checks() {
    ObjectNode checks = json.createObjectNode();
    services.forEach((id, service) -> {
      JsonNode check = service.get("Check");
      ObjectNode entry = checks.putObject(check.get("CheckID").textValue());
      entry.put("Node", "fake");
      entry.set("CheckID", check.get("CheckID"));
      entry.set("Name", check.get("Name"));
      entry.set("Notes", check.get("Notes"));
      entry.put("Status", statusOfChecks.getOrDefault(id, "passing"));
      entry.put("Output", "");
      entry.putArray("ServiceTags");
    });
    return checks;
  }

  private static void respond(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
