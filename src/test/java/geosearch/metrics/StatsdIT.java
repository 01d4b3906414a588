package geosearch.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import geosearch.config.StatsdConfig;
import geosearch.metrics.Metrics.CallRecorder;
import geosearch.metrics.Metrics.SnapshotFigures;
import geosearch.testing.RequiresContainers;
import geosearch.testing.Servers;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.testcontainers.containers.GenericContainer;

/** What Graphite shows, under the names that METRICS.md lists. */
@RequiresContainers
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StatsdIT {

  private static final Duration FLUSHED = Duration.ofSeconds(20);

  private final HttpClient http = HttpClient.newHttpClient();
  private final ObjectMapper json = new ObjectMapper();
  private GenericContainer<?> graphite;

  @BeforeAll
  void startGraphite() {
    graphite = Servers.newGraphite();
    graphite.start();
  }

  @AfterAll
  void stopGraphite() {
    graphite.stop();
  }

  private Metrics metrics(String prefix) {
    return metrics(graphite, prefix);
  }

  private static Metrics metrics(GenericContainer<?> graphite, String prefix) {
    return Metrics.create(
        new StatsdConfig(
            graphite.getHost(),
            Servers.udpPort(graphite, 8125),
            prefix,
            Duration.ofMillis(200),
            100));
  }

  /** Every value of the last minutes, oldest first; none where there is no such metric. */
  private List<Double> values(GenericContainer<?> graphite, String target) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(
                    "http://%s:%d/render?format=json&noCache=1&from=-5min&target=%s"
                        .formatted(
                            graphite.getHost(),
                            graphite.getMappedPort(80),
                            URLEncoder.encode(target, UTF_8))))
            .build();
    HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
    List<Double> values = new ArrayList<>();
    if (response.statusCode() == 200) {
      for (JsonNode series : json.readTree(response.body())) {
        for (JsonNode point : series.get("datapoints")) {
          if (!point.get(0).isNull()) {
            values.add(point.get(0).doubleValue());
          }
        }
      }
    }
    return values;
  }

  private List<Double> values(String target) throws Exception {
    return values(graphite, target);
  }

  private static double sum(List<Double> values) {
    return values.stream().mapToDouble(value -> value).sum();
  }

  private void awaitSum(double expected, String counter) {
    awaitSum(expected, graphite, counter);
  }

  private void awaitSum(double expected, GenericContainer<?> graphite, String counter) {
    String target = "stats.counters." + counter + ".count";
    await()
        .atMost(FLUSHED)
        .untilAsserted(() -> assertEquals(expected, sum(values(graphite, target)), counter));
  }

  private void awaitGauge(double expected, String gauge) {
    awaitGauge(expected, graphite, gauge);
  }

  private void awaitGauge(double expected, GenericContainer<?> graphite, String gauge) {
    await()
        .atMost(FLUSHED)
        .ignoreException(NoSuchElementException.class)
        .untilAsserted(
            () -> assertEquals(expected, values(graphite, "stats.gauges." + gauge).getLast()));
  }

  @Test
  void names_ofTheOriginal_areExactWithoutPrefix() {
    try (Metrics metrics = metrics("")) {
      metrics.calls("Search", "search").record("OK", 3_000_000);
      metrics.calls("Search", "search_thing").record("OK", 4_000_000);
      metrics.calls("Search", "monitor").record("OK", 5_000_000);
    }

    awaitSum(2, "search_count");
    awaitSum(1, "monitor_count");
    await()
        .atMost(FLUSHED)
        .untilAsserted(() -> {
          assertEquals(List.of(3.0), values("stats.timers.search.mean"));
          assertEquals(List.of(4.0), values("stats.timers.search_thing.mean"));
          assertEquals(List.of(5.0), values("stats.timers.monitor.mean"));
        });
  }

  @Test
  void names_asDocumented_areReadBackWithTheirValues() throws Exception {
    try (Metrics metrics = metrics("documented")) {
      metrics.calls("geosearch.v1.Zones", "CreateZone").record("RESOURCE_EXHAUSTED", 2_500_000);
      metrics.lookups("commune").record(7, 3);
      metrics.loads("commune").succeeded(1_500_000_000L);
      metrics.loads("commune").failed();
      metrics.loads("commune").refused();
      metrics.count("search.hint");
      metrics.gauge("consul.registered", () -> 1);
      metrics.gauge("below.zero", () -> -2.5);
      metrics.snapshot(
          "commune",
          () -> Optional.of(new SnapshotFigures(1.5, 35_228, 900_000, 1_790_000_000_123L)));

      awaitGauge(1, "documented.consul.registered");
      awaitGauge(-2.5, "documented.below.zero");
      awaitGauge(1.5, "documented.snapshot.commune.age");
      awaitGauge(35_228, "documented.snapshot.commune.areas");
      awaitGauge(900_000, "documented.snapshot.commune.vertices");
      awaitGauge(1_790_000_000_123.0, "documented.snapshot.commune.generation");
    }

    awaitSum(1, "documented.rpc.geosearch_v1_Zones.CreateZone.RESOURCE_EXHAUSTED");
    awaitSum(7, "documented.lookup.commune.hit");
    awaitSum(3, "documented.lookup.commune.miss");
    awaitSum(1, "documented.load.commune.failed");
    awaitSum(1, "documented.load.commune.refused");
    awaitSum(1, "documented.search.hint");
    assertEquals(
        List.of(2.5), values("stats.timers.documented.rpc.geosearch_v1_Zones.CreateZone.mean"));
    assertEquals(List.of(1500.0), values("stats.timers.documented.load.commune.mean"));
    for (String gauge :
        List.of("jvm.heap.used", "jvm.heap.max", "jvm.threads", "jvm.cpu", "uptime")) {
      assertTrue(values("stats.gauges.documented." + gauge).getLast() >= 0, gauge);
    }
  }

  @Test
  void counters_underLoad_areExactAndTimingsSayHowManyThereWere() throws Exception {
    int threads = 4;
    int each = 100_000;
    try (Metrics metrics = metrics("load")) {
      CallRecorder calls = metrics.calls("Search", "search");
      CountDownLatch done = new CountDownLatch(threads);
      for (int i = 0; i < threads; i++) {
        Thread.ofPlatform()
            .start(() -> {
              for (int j = 0; j < each; j++) {
                calls.record(j % 10 == 0 ? "UNAVAILABLE" : "OK", 1_000_000);
              }
              done.countDown();
            });
      }
      assertTrue(done.await(60, SECONDS));
    }

    awaitSum(400_000, "load.search_count");
    awaitSum(360_000, "load.rpc.Search.search.OK");
    awaitSum(40_000, "load.rpc.Search.search.UNAVAILABLE");
    assertEquals(400_000, sum(values("stats.timers.load.search.count")), 1);
    assertTrue(values("stats.timers.load.search.mean").stream().allMatch(mean -> mean == 1.0));
  }

  @Test
  void statsd_restarted_isSentWhatComesAfterwards() {
    try (GenericContainer<?> own = Servers.newGraphite();
        Metrics metrics = metrics(own, "restarted")) {
      own.start();
      metrics.count("before");
      awaitSum(1, own, "restarted.before");

      own.stop();
      metrics.count("lost");
      own.start();

      // The container may be up before StatsD is: once a gauge arrives, nothing is lost any more.
      metrics.gauge("clock", () -> 12);
      awaitGauge(12, own, "restarted.clock");
      metrics.count("after");
      metrics.count("after");
      awaitSum(2, own, "restarted.after");
    }
  }
}
