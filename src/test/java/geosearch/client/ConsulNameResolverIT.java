package geosearch.client;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import geosearch.testing.RequiresContainers;
import geosearch.testing.Servers;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LongSummaryStatistics;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.testcontainers.containers.GenericContainer;

/** A channel to {@code consul://…}, which follows a real agent. */
@RequiresContainers
@Timeout(180)
class ConsulNameResolverIT {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int ROUNDS = 10;

  /** Calls in a row that show that an instance is left, or asked again. */
  private static final int SETTLED = 10;

  private final HttpClient http = HttpClient.newHttpClient();
  private GenericContainer<?> consul;
  private CountingServer first;
  private CountingServer second;
  private ManagedChannel channel;

  @BeforeEach
  void start() throws Exception {
    consul = Servers.newConsul();
    consul.start();
    first = new CountingServer();
    second = new CountingServer();
    channel = GeoSearchChannels.forTarget("consul://" + agent() + "/areas").usePlaintext().build();
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    first.close();
    second.close();
    consul.stop();
    http.close();
  }

  /**
   * Its check fails and it goes on listening, so that nothing but Consul tells. The figure is
   * printed: from when Consul was told to the last call that the instance got.
   */
  @Test
  void channel_instanceWhoseCheckFails_isLeft() throws Exception {
    register("one", first);
    register("two", second);
    LongSummaryStatistics millis = new LongSummaryStatistics();
    for (int round = 0; round < ROUNDS; round++) {
      put("check/pass/service:one", "");
      await().atMost(SOON).ignoreExceptions().until(() -> isAskedAgain());

      long start = System.nanoTime();
      put("check/fail/service:one", "");
      millis.accept(TimeUnit.NANOSECONDS.toMillis(lastCallToTheFirst() - start));
    }
    System.out.printf(
        "an instance whose check failed was asked for %d ms at most, %.0f ms on average (%d times)%n",
        millis.getMax(), millis.getAverage(), ROUNDS);
    assertTrue(millis.getMax() < SOON.toMillis(), millis::toString);
  }

  private boolean isAskedAgain() {
    int before = first.calls();
    for (int i = 0; i < SETTLED; i++) {
      CountingServer.ask(channel);
    }
    return first.calls() > before;
  }

  /** Calls until the second alone is asked, and says when the first was asked last. */
  private long lastCallToTheFirst() {
    long last = System.nanoTime();
    int inARow = 0;
    while (inARow < SETTLED * SETTLED) {
      int before = first.calls();
      CountingServer.ask(channel);
      if (first.calls() > before) {
        last = System.nanoTime();
        inARow = 0;
      } else {
        inARow++;
      }
    }
    return last;
  }

  @Test
  void channel_instanceThatComes_isAsked() throws Exception {
    register("one", first);
    await().atMost(SOON).ignoreExceptions().until(() -> CountingServer.ask(channel));
    assertEquals(0, second.calls());

    register("two", second);

    await().atMost(SOON).until(() -> CountingServer.ask(channel) && second.calls() > 0);
  }

  @Test
  void channel_consulGoesAwayAndComesBackEmpty_keepsWhatItKnows() throws Exception {
    register("one", first);
    await().atMost(SOON).ignoreExceptions().until(() -> CountingServer.ask(channel));

    consul.stop();
    for (int i = 0; i < SETTLED; i++) {
      assertTrue(CountingServer.ask(channel));
    }
    consul.start();
    register("two", second);

    await().atMost(SOON).until(() -> CountingServer.ask(channel) && second.calls() > 0);
  }

  @Test
  void channel_noInstance_saysSo() {
    await()
        .atMost(SOON)
        .untilAsserted(() -> {
          StatusRuntimeException refused =
              assertThrows(StatusRuntimeException.class, () -> CountingServer.ask(channel));
          assertTrue(
              String.valueOf(refused.getMessage()).contains("no instance of areas"),
              refused.getMessage());
        });
  }

  private String agent() {
    return consul.getHost() + ":" + consul.getMappedPort(8500);
  }

  private void register(String id, CountingServer server) throws Exception {
    put(
        "service/register",
        """
        {"ID": "%s", "Name": "areas", "Address": "127.0.0.1", "Port": %d,
         "Check": {"TTL": "10m", "Status": "passing"}}
        """
            .formatted(id, server.port()));
  }

  private void put(String path, String body) throws Exception {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(URI.create("http://" + agent() + "/v1/agent/" + path))
                .PUT(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertEquals(200, answer.statusCode(), answer.body());
  }
}
