package geosearch.client;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;

/** Asks an agent of Consul which instances of one service pass their checks. */
final class ConsulService {

  /** How long Consul may wait for a change; it adds up to a sixteenth to that. */
  private static final Duration WAIT = Duration.ofSeconds(30);

  /** An agent that says nothing for so long is not there, whatever its connection looks like. */
  private static final Duration TIMEOUT = Duration.ofSeconds(40);

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final int SHOWN_OF_A_REFUSAL = 100;

  private final URI agent;
  private final String name;
  private final String token;
  private final HttpClient http =
      HttpClient.newBuilder()
          // What Consul speaks: no question need offer it anything else.
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_TIMEOUT)
          .build();

  /**
   * @param agent its HTTP interface, without a path
   * @param name of the service
   * @param token empty where none is needed
   */
  ConsulService(URI agent, String name, String token) {
    this.agent = agent;
    this.name = name;
    this.token = token;
  }

  /**
   * What Consul knows.
   *
   * @param addresses of the instances, each once
   * @param index of this state, to ask for the next one with; 0 where the agent gave none
   */
  record Instances(List<InetSocketAddress> addresses, long index) {}

  String name() {
    return name;
  }

  URI agent() {
    return agent;
  }

  /**
   * Asks, and waits until there is another state than one that is known.
   *
   * @param index of the known state; 0 if none is, which is answered at once
   * @throws IOException if the agent does not answer, or not as Consul does
   */
  Instances ask(long index) throws IOException, InterruptedException {
    HttpResponse<String> answer = http.send(question(index), HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException(
          "it answered "
              + answer.statusCode()
              + " "
              + answer
                  .body()
                  .substring(0, Math.min(answer.body().length(), SHOWN_OF_A_REFUSAL))
                  .strip());
    }
    try {
      return new Instances(
          addresses(answer.body()), answer.headers().firstValueAsLong("X-Consul-Index").orElse(0));
    } catch (RuntimeException e) { // whichever way it is not JSON of that form
      throw new IOException("it did not answer as Consul does: " + e.getMessage(), e);
    }
  }

  private HttpRequest question(long index) {
    // In a path a + is a +.
    String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                agent.resolve(
                    "/v1/health/service/%s?passing=1&wait=%ds&index=%d"
                        .formatted(encoded, WAIT.toSeconds(), index)))
            .timeout(TIMEOUT);
    if (!token.isEmpty()) {
      request.header("X-Consul-Token", token);
    }
    return request.build();
  }

  private static List<InetSocketAddress> addresses(String answer) {
    LinkedHashSet<InetSocketAddress> addresses = new LinkedHashSet<>();
    for (JsonElement each : JsonParser.parseString(answer).getAsJsonArray()) {
      JsonObject instance = each.getAsJsonObject();
      JsonObject service = instance.getAsJsonObject("Service");
      String own = text(service, "Address");
      // One that was registered without an address is where its node is.
      String host = own.isEmpty() ? text(instance.getAsJsonObject("Node"), "Address") : own;
      addresses.add(new InetSocketAddress(host, service.get("Port").getAsInt()));
    }
    return List.copyOf(addresses);
  }

  private static String text(JsonObject object, String member) {
    JsonElement value = object.get(member);
    return value == null || value.isJsonNull() ? "" : value.getAsString();
  }
}
