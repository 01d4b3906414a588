package geosearch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import geosearch.atlas.Atlas;
import geosearch.cli.TestServer.Box;
import geosearch.geo.Area;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class LocateCommandTest {

  private TestServer server;

  @BeforeEach
  void start() throws IOException {
    server =
        TestServer.knowing(
            TestServer.layer(
                "country",
                Box.of("ZA", "South Africa", 16, -35, 33, -22),
                Box.of("LS", "Lesotho", 27, -31, 29, -28)),
            TestServer.layer(
                "city",
                new Box(
                    new Area("cpt", "Cape Town", Map.of("population", "4.8M", "a", "b")),
                    18,
                    -34.5,
                    19,
                    -33)));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Run.Setup setup() {
    return new Run.Setup().environment("GEOSEARCH_SERVER_PORT", String.valueOf(server.port()));
  }

  // The answer.

  @Test
  void locate_position_printsATableOfItsAreas() {
    assertEquals(
        new Run(
            ExitCode.OK,
            """
            LAYER    ID   NAME          MATCH   ATTRIBUTES
            country  ZA   South Africa  inside
            city     cpt  Cape Town     inside  a=b, population=4.8M
            """,
            ""),
        setup().run("locate", "-33.9", "18.4"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "locate -33.9 18.4",
        "locate -33.9,18.4",
        "locate --json -33.9 18.4",
        "locate -33.9 18.4 --json",
        "locate -- -33.9 18.4"
      })
  void locate_negativeCoordinates_areNoOptions(String args) {
    Run run = setup().run(args.split(" ", -1));

    assertEquals(ExitCode.OK, run.exitCode(), run.err());
    assertTrue(run.out().contains("South Africa"), run.out());
  }

  @Test
  void locate_json_printsEverything() throws IOException {
    Run run = setup().run("locate", "-33.0", "18.4", "--json");

    JsonNode answer = new ObjectMapper().readTree(run.out());
    assertEquals(-33.0, answer.get("latitude").asDouble());
    assertEquals(18.4, answer.get("longitude").asDouble());
    assertEquals("inside", answer.at("/areas/0/match").asText());
    assertEquals("ZA", answer.at("/areas/0/id").asText());
    assertEquals("border", answer.at("/areas/1/match").asText());
    assertEquals("city", answer.at("/areas/1/layer").asText());
    assertEquals("Cape Town", answer.at("/areas/1/name").asText());
    assertEquals("4.8M", answer.at("/areas/1/attributes/population").asText());
    assertEquals("country", answer.at("/layers/0/layer").asText());
    assertEquals(42, answer.at("/layers/0/generation").asLong());
    assertEquals("3", answer.at("/layers/0/dataset_version").asText());
    assertTrue(answer.at("/layers/0/age_seconds").asDouble() >= 5);
    assertFalse(answer.has("line"));
    assertEquals(1, run.lines().size());
  }

  @Test
  void locate_layer_looksThereAlone() {
    Run run = setup().run("locate", "-33.9", "18.4", "--layer", "city");

    assertEquals(2, run.lines().size(), run.out());
  }

  @Test
  void locate_unknownLayer_isNotFound() {
    assertEquals(
        new Run(ExitCode.NOT_FOUND, "", "geosearch: there is no layer \"citty\"\n"),
        setup().run("locate", "-33.9", "18.4", "--layer", "citty"));
  }

  @Test
  void locate_nothingThere_isNotFound() {
    assertEquals(
        new Run(ExitCode.NOT_FOUND, "", "geosearch: no area contains 0.0 0.0\n"),
        setup().run("locate", "0", "0"));
  }

  @Test
  void locate_nothingThereAsJson_printsTheEmptyAnswer() throws IOException {
    Run run = setup().run("locate", "0", "0", "--json");

    assertEquals(ExitCode.NOT_FOUND, run.exitCode());
    assertEquals(0, new ObjectMapper().readTree(run.out()).get("areas").size());
  }

  @Test
  void locate_exchanged_saysTheHint() throws IOException {
    Run run = setup().run("locate", "18.4", "-33.9", "--json");

    assertEquals(ExitCode.NOT_FOUND, run.exitCode());
    assertTrue(run.err().contains("latitude and longitude exchanged"), run.err());
    assertTrue(new ObjectMapper().readTree(run.out()).get("hint").asText().contains("exchanged"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "locate",
        "locate 91 0",
        "locate 0 181",
        "locate a b",
        "locate 1",
        "locate 1 --jsno",
        "locate 1 2 3",
        "locate 1 2 --timeout 10",
        "locate 1 2 --timeout 0s",
        "locate 1 2 --server a --consul-dns b",
        "locate 1 2 --server a --consul b",
        "locate 1 2 --consul a --consul-dns b",
        "locate 1 2 --server a/b"
      })
  void locate_wrongArguments_isWrongUsage(String args) {
    Run run = setup().run(args.split(" ", -1));

    assertEquals(ExitCode.USAGE, run.exitCode(), run.err());
    assertEquals("", run.out());
    assertTrue(run.err().startsWith("geosearch: "), run.err());
  }

  // What is asked besides.

  @Test
  void locate_nearest_printsHowFarItIs() {
    assertEquals(
        new Run(
            ExitCode.OK,
            """
            LAYER  ID   NAME       MATCH    DISTANCE  ATTRIBUTES
            city   cpt  Cape Town  nearest  9292.3 m
            """,
            ""),
        setup()
            .run(
                "locate -33.5 19.1 --layer city --nearest 20000 --limit 3 --no-attributes"
                    .split(" ", -1)));
  }

  @Test
  void locate_accuracy_printsWhatElseMayBeMeant() throws IOException {
    Run table = setup().run("locate -33.5 19.01 --accuracy 2000".split(" ", -1));
    Run json = setup().run("locate -33.5 19.01 --accuracy 2000 --json".split(" ", -1));

    assertEquals(
        """
        LAYER    ID   NAME          MATCH     DISTANCE  CERTAINTY  ATTRIBUTES
        country  ZA   South Africa  inside              certain
        city     cpt  Cape Town     possible  929.2 m   ambiguous  a=b, population=4.8M
        """,
        table.out());
    JsonNode answer = new ObjectMapper().readTree(json.out());
    assertEquals("ZA", answer.at("/areas/0/id").asText());
    assertEquals("cpt", answer.at("/possible_areas/0/id").asText());
    assertEquals(929.2, answer.at("/possible_areas/0/distance_m").asDouble(), 0.1);
    assertEquals("certain", answer.at("/layers/0/certainty").asText());
    assertEquals("ambiguous", answer.at("/layers/1/certainty").asText());
  }

  @Test
  void locate_distance_isThatToTheBorder() throws IOException {
    Run run = setup().run("locate -33.5 18.99 --layer city --distance --json".split(" ", -1));

    JsonNode answer = new ObjectMapper().readTree(run.out());
    assertEquals(929.2, answer.at("/areas/0/distance_m").asDouble(), 0.1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--filter population --filter a=b",
        "--filter a=c --filter a=b",
        "--filter-not a=c --layer city",
        "--filter-not x --layer city --as-of 2020-01-01T00:00:00Z"
      })
  void locate_filters_mustAllPass(String filters) {
    assertEquals(
        ExitCode.OK, setup().run(("locate -33.9 18.4 " + filters).split(" ", -1)).exitCode());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"--filter a=c", "--filter x", "--filter-not a --layer city", "--filter a= "})
  void locate_filters_leaveOutWhatDoesNotPass(String filters) {
    assertEquals(
        ExitCode.NOT_FOUND,
        setup().run(("locate -33.9 18.4 " + filters).strip().split(" ", -1)).exitCode());
  }

  @Test
  void locate_attribute_isPrintedAlone() {
    Run run = setup().run("locate -33.9 18.4 --layer city --attribute a".split(" ", -1));

    assertTrue(run.out().contains(" a=b\n"), run.out());
  }

  @Test
  void locate_unknownDataset_isNotFound() {
    Run run = setup().run("locate -33.9 18.4 --dataset city=77".split(" ", -1));

    assertEquals(ExitCode.NOT_FOUND, run.exitCode(), run.err());
  }

  @Test
  void locate_limitWithoutNearest_isWrongUsage() {
    Run run = setup().run("locate -33.9 18.4 --limit 3".split(" ", -1));

    assertEquals(ExitCode.USAGE, run.exitCode());
  }

  @Test
  void locate_accuracyOfLinesWithoutJson_isWrongUsage() {
    assertEquals(ExitCode.USAGE, setup().run("locate", "-", "--accuracy", "5").exitCode());
  }

  // Which server.

  @Test
  void locate_serverNamed_isAsked() {
    Run run = Run.of("locate", "-33.9", "18.4", "--server", server.address());

    assertEquals(ExitCode.OK, run.exitCode(), run.err());
  }

  @Test
  void locate_serverListensEverywhere_isAskedOnTheLoopbackAddress() {
    Run run =
        setup().environment("GEOSEARCH_SERVER_ADDRESS", "0.0.0.0").run("locate", "-33.9", "18.4");

    assertEquals(ExitCode.OK, run.exitCode(), run.err());
  }

  @Test
  void locate_noServer_saysHowToStartOne() {
    String address = server.address();
    server.close();

    assertEquals(
        new Run(
            ExitCode.UNAVAILABLE,
            "",
            "geosearch: no server answers at "
                + address
                + "; start one with `geosearch serve`, or name another with --server\n"),
        Run.of("locate", "1", "2", "--server", address));
  }

  @Test
  void locate_unknownHost_saysSo() {
    assertEquals(
        new Run(
            ExitCode.UNAVAILABLE,
            "",
            "geosearch: there is no host of that name: nowhere.invalid:1\n"),
        Run.of("locate", "1", "2", "--server", "nowhere.invalid:1"));
  }

  @Test
  void locate_serverThatIsSilent_isWaitedForNoLongerThanAsked() throws IOException {
    try (ServerSocket silent = new ServerSocket(0)) {
      String address = "127.0.0.1:" + silent.getLocalPort();

      assertEquals(
          new Run(
              ExitCode.UNAVAILABLE,
              "",
              "geosearch: the server at " + address + " did not answer within 200ms (--timeout)\n"),
          Run.of("locate", "1", "2", "--server", address, "--timeout", "200ms"));
    }
  }

  @Test
  void locate_serverThatHasNotLoaded_saysWhatItSays() throws IOException {
    try (TestServer loading = TestServer.knowing(new Atlas(List.of()))) {
      Run run = Run.of("locate", "1", "2", "--server", loading.address());

      assertEquals(ExitCode.UNAVAILABLE, run.exitCode());
      assertTrue(run.err().contains("the areas are not loaded yet"), run.err());
    }
  }

  @Test
  void locate_serverOfAnotherKind_saysSo() throws IOException {
    try (TestServer other = TestServer.offering()) {
      Run run = Run.of("locate", "1", "2", "--server", other.address());

      assertEquals(ExitCode.FAILED, run.exitCode());
      assertTrue(run.err().contains("does not know this call"), run.err());
    }
  }

  @Test
  void locate_throughConsulsDns_asksAnInstanceThatAnswers() throws IOException {
    try (FakeDns dns = FakeDns.answering("areas.service.consul.", closedPort(), server.port())) {
      Run run =
          Run.of("locate", "-33.9", "18.4", "--consul-dns", dns.address(), "--service", "areas");

      assertEquals(ExitCode.OK, run.exitCode(), run.err());
      assertTrue(run.out().contains("South Africa"), run.out());
    }
  }

  @Test
  void locate_consulThatIsNotThere_saysSo() throws IOException {
    Run run = Run.of("locate", "-33.9", "18.4", "--consul", "127.0.0.1:" + closedPort());

    assertEquals(ExitCode.UNAVAILABLE, run.exitCode());
    assertTrue(run.err().contains("Consul at http://127.0.0.1:"), run.err());
    assertTrue(run.err().contains("does not answer"), run.err());
  }

  @Test
  void locate_throughConsulsDnsWithoutInstances_saysSo() throws IOException {
    try (FakeDns dns = FakeDns.answering("other.service.consul.")) {
      Run run = Run.of("locate", "-33.9", "18.4", "--consul-dns", dns.address());

      assertEquals(ExitCode.UNAVAILABLE, run.exitCode());
      assertTrue(run.err().contains("search-service.service.consul"), run.err());
    }
  }

  @Test
  void locate_throughConsulsDnsToDeadInstances_saysSo() throws IOException {
    try (FakeDns dns = FakeDns.answering("search-service.service.consul.", closedPort())) {
      Run run = Run.of("locate", "-33.9", "18.4", "--consul-dns", dns.address());

      assertEquals(ExitCode.UNAVAILABLE, run.exitCode());
      assertTrue(run.err().contains("none of them answers"), run.err());
    }
  }

  private static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
