package geosearch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Empty;
import geosearch.original.SearchGrpc;
import geosearch.testing.Compose;
import geosearch.testing.RequiresContainers;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/** The servers of docker/compose.yaml, with geosearch itself among them. */
@RequiresContainers(compose = true)
class ComposeIT {

  private static final String IMAGE = "geosearch:compose-it";

  private static final Compose SERVERS =
      new Compose(
          Path.of("docker", "compose.yaml"),
          List.of(
              "POSTGIS_PORT",
              "GRAPHITE_PORT",
              "STATSD_PORT",
              "CONSUL_PORT",
              "CONSUL_DNS_PORT",
              "GEOSEARCH_PORT"),
          Map.of("COMPOSE_PROFILES", "server", "GEOSEARCH_IMAGE", IMAGE));

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @BeforeAll
  static void up() throws Exception {
    run(
        "./mvnw",
        "-B",
        "-ntp",
        "-Dstyle.color=never",
        "jib:dockerBuild",
        "-Djib.to.image=" + IMAGE);
    SERVERS.up();
  }

  @AfterAll
  static void down() throws Exception {
    HTTP.close();
    SERVERS.close();
    run("docker", "image", "rm", "--force", IMAGE);
  }

  @Test
  void db_originalsCredentials_hasPostgis() throws Exception {
    String url = "jdbc:postgresql://127.0.0.1:" + SERVERS.port("db", 5432, "tcp") + "/test";
    try (var connection = DriverManager.getConnection(url, "docker", "docker");
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT postgis_lib_version()")) {
      assertTrue(rows.next());
      assertTrue(rows.getString(1).startsWith("3."), rows.getString(1));
    }
  }

  @Test
  void consul_queries_areAnsweredOverHttpAndDns() throws Exception {
    assertTrue(get("consul", 8500, "/v1/status/leader").length() > 4);

    SimpleResolver resolver = new SimpleResolver("127.0.0.1");
    resolver.setPort(SERVERS.port("consul", 8600, "udp"));
    Record question = Record.newRecord(Name.fromString("consul.service.consul."), Type.A, 1);
    Message answer = resolver.send(Message.newQuery(question));
    assertEquals(1, answer.getSection(Section.ANSWER).size(), answer::toString);

    resolver.setPort(SERVERS.port("consul", 8600, "tcp"));
    resolver.setTCP(true);
    assertNotNull(resolver.send(Message.newQuery(question)));
  }

  @Test
  void graphite_counterSentToStatsd_isRendered() throws Exception {
    byte[] line = "geosearch_compose_it:3|c".getBytes(UTF_8);
    InetAddress here = InetAddress.getLoopbackAddress();
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.send(
          new DatagramPacket(
              line,
              line.length,
              new InetSocketAddress(here, SERVERS.port("graphite", 8125, "udp"))));
    }
    // StatsD sends its sums on every ten seconds. Which of the names it gives them is its setting.
    String series =
        "/render?format=json&from=-5min&target=stats.counters.geosearch_compose_it.count"
            + "&target=stats_counts.geosearch_compose_it";
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> get("graphite", 80, series).contains("[3.0,"));
  }

  @Test
  void graphite_dashboard_isSaved() throws Exception {
    String dashboard = get("graphite", 80, "/dashboard/load/geosearch");

    for (String part :
        List.of("stats.timers.rpc", "stats.counters.lookup", "stats.gauges.snapshot")) {
      assertTrue(dashboard.contains(part), dashboard);
    }
  }

  @Test
  void server_isReady_answersAndIsInConsul() throws Exception {
    ManagedChannel channel =
        ManagedChannelBuilder.forAddress("127.0.0.1", SERVERS.port("server", 50051, "tcp"))
            .usePlaintext()
            .build();
    try {
      assertEquals(
          0,
          SearchGrpc.newBlockingStub(channel)
              .withDeadlineAfter(Duration.ofSeconds(20))
              .monitor(Empty.getDefaultInstance())
              .getNThings());
    } finally {
      channel.shutdownNow();
    }
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() ->
            get("consul", 8500, "/v1/health/service/search-service?passing")
                .contains("search-service-50051"));
  }

  private static void run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor(), said);
  }

  private static String get(String service, int port, String path) throws Exception {
    URI address = URI.create("http://127.0.0.1:" + SERVERS.port(service, port, "tcp") + path);
    var answer = HTTP.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString());
    assertEquals(200, answer.statusCode(), answer::body);
    return answer.body();
  }
}
