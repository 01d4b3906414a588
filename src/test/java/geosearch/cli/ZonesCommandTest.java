package geosearch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import geosearch.geo.Area;
import geosearch.rpc.AdministrationEndpoint;
import geosearch.store.EmbeddedStore;
import geosearch.store.Store;
import geosearch.store.Zone;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;

class ZonesCommandTest {

  private static final String SQUARE =
      "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,0],[1,1],[0,1],[0,0]]]}";

  @TempDir private Path folder;
  private String outline;

  @BeforeEach
  void write() throws IOException {
    outline = Files.writeString(folder.resolve("square.geojson"), SQUARE).toString();
  }

  private Path store() {
    return folder.resolve("store");
  }

  private Run.Setup setup() {
    return new Run.Setup().folder(store());
  }

  private Run run(String... args) {
    return setup().run(args);
  }

  private Run addFromInput(String geojson) {
    return setup().input(geojson).run("zones", "add", "a", "--outline", "-");
  }

  private List<Zone> kept() {
    try (Store store = EmbeddedStore.open(store(), 100)) {
      return store.zones().list("", 100, true);
    }
  }

  // Without a server.

  @Test
  void add_everything_isKept() {
    Run run =
        run(
            "zones",
            "add",
            "Dépôt",
            "--outline",
            outline,
            "--id",
            "d1",
            "--priority",
            "-5",
            "--attribute",
            "kind=depot",
            "--attribute",
            "note=a=b");

    assertEquals(new Run(ExitCode.OK, "d1\n", ""), run);
    Zone zone = kept().getFirst();
    assertEquals(new Area("d1", "Dépôt", Map.of("kind", "depot", "note", "a=b"), -5), zone.area());
    assertEquals(1, zone.outline().orElseThrow().getArea());
  }

  @Test
  void add_noId_printsTheOneThatWasMadeUp() {
    Run run = run("zones", "add", "a", "--outline", outline);

    assertEquals(kept().getFirst().area().id() + "\n", run.out());
  }

  @Test
  void add_json_printsTheZone() throws IOException {
    Run run = run("zones", "add", "a", "--outline", outline, "--id", "x", "--json");

    JsonNode zone = new ObjectMapper().readTree(run.out());
    assertEquals("x", zone.get("id").asText());
    assertEquals("a", zone.get("name").asText());
    assertTrue(zone.hasNonNull("create_time"));
    assertFalse(zone.get("read_only").asBoolean());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        SQUARE,
        "{\"type\":\"Feature\",\"properties\":{},\"geometry\":" + SQUARE + "}",
        "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"geometry\":"
            + SQUARE
            + "}]}",
      })
  void add_outlineFromStandardInput_isReadWhateverHoldsIt(String geojson) {
    Run run = addFromInput(geojson);

    assertEquals(ExitCode.OK, run.exitCode(), run.err());
    assertEquals(1, kept().getFirst().outline().orElseThrow().getArea());
  }

  @Test
  void add_coordinatesOfManyDigits_arePassedOnExactly() {
    addFromInput(SQUARE.replace("[1,0]", "[1.0000000000000002,0]"));

    assertEquals(
        1.0000000000000002,
        kept().getFirst().outline().orElseThrow().getEnvelopeInternal().getMaxX());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{ | is not JSON (line 1)",
        "'' | holds no GeoJSON geometry",
        "[] | holds no GeoJSON geometry",
        "\"x\" | holds no GeoJSON geometry",
        "{\"type\":\"Feature\",\"geometry\":null} | holds no GeoJSON geometry",
        "{\"type\":\"FeatureCollection\",\"features\":[]}"
            + " | holds 0 features; a zone has one outline",
        "{\"type\":\"FeatureCollection\",\"features\":[{},{}]}"
            + " | holds 2 features; a zone has one outline",
      })
  void add_inputWithoutAnOutline_isRefused(String geojson, String reason) {
    assertEquals(
        new Run(ExitCode.FAILED, "", "geosearch: standard input " + reason + "\n"),
        addFromInput(geojson));
  }

  @Test
  void add_missingFile_isNamed() {
    Path missing = folder.resolve("missing");

    assertEquals(
        new Run(ExitCode.FAILED, "", "geosearch: " + missing + ": there is no such file\n"),
        run("zones", "add", "a", "--outline", missing.toString()));
  }

  @Test
  void add_outlineThatCrossesItself_isRefusedWithTheReason() {
    Run run = addFromInput("{\"type\":\"Polygon\",\"coordinates\":" + AreaFiles.BOW_TIE + "}");

    assertEquals(ExitCode.FAILED, run.exitCode());
    assertTrue(run.err().startsWith("geosearch: zone.geojson: "), run.err());
    assertEquals(List.of(), kept());
  }

  @Test
  void add_idThatIsTaken_isRefused() {
    run("zones", "add", "a", "--outline", outline, "--id", "x");

    assertEquals(
        new Run(ExitCode.FAILED, "", "geosearch: there is a zone x already\n"),
        run("zones", "add", "b", "--outline", outline, "--id", "x"));
  }

  @Test
  void list_zones_areListedById() {
    run("zones", "add", "second", "--outline", outline, "--id", "b", "--priority", "5");
    run("zones", "add", "first", "--outline", outline, "--id", "a", "--attribute", "k=v");

    List<String> rows =
        run("zones", "list").lines().stream()
            .map(line -> line.replaceAll("\\S+T\\S+Z", "TIME").replaceAll(" +", " "))
            .toList();

    assertEquals(
        List.of(
            "COLLECTION ID NAME PRIORITY CREATED ATTRIBUTES",
            "thing a first 0 TIME k=v",
            "thing b second 5 TIME"),
        rows);
    assertEquals(run("zones", "list"), run("zones"));
  }

  @Test
  void remove_zones_areGone() {
    run("zones", "add", "a", "--outline", outline, "--id", "a");
    run("zones", "add", "b", "--outline", outline, "--id", "b");

    assertEquals(new Run(ExitCode.OK, "", ""), run("zones", "remove", "a", "b"));
    assertEquals(List.of(), kept());
  }

  @Test
  void remove_zoneThatIsNotThere_isNamedAndTheOthersAreRemoved() {
    run("zones", "add", "b", "--outline", outline, "--id", "b");

    assertEquals(
        new Run(ExitCode.NOT_FOUND, "", "geosearch: there is no zone a\n"),
        run("zones", "remove", "a", "b"));
    assertEquals(List.of(), kept());
  }

  @Test
  void add_writingOffForCallers_isStillForTheOwnerOfTheFile() {
    Run run = run("zones", "add", "a", "--outline", outline, "--set", "zones.write=nobody");

    assertEquals(ExitCode.OK, run.exitCode(), run.err());
  }

  // With a server.

  @Test
  void add_serverNamed_goesThere() throws IOException {
    try (Store store = EmbeddedStore.open(store(), 100);
        TestServer server = TestServer.keepingZones(store)) {
      Run run =
          Run.of(
              "zones", "add", "a", "--outline", outline, "--id", "x", "--server", server.address());

      assertEquals(new Run(ExitCode.OK, "x\n", ""), run);
      assertEquals(1, store.zones().list("", 10, false).size());
    }
  }

  @Test
  void add_serverOwnsTheFolder_goesThroughIt() throws IOException {
    try (Store store = EmbeddedStore.open(store(), 100);
        TestServer server = TestServer.keepingZones(store)) {
      new AdministrationEndpoint(server.port(), "token", ProcessHandle.current().pid())
          .write(store());

      Run run =
          setup()
              .environment("GEOSEARCH_SERVER_PORT", String.valueOf(server.port()))
              .run("zones", "add", "a", "--outline", outline, "--id", "x");

      assertEquals(new Run(ExitCode.OK, "x\n", ""), run);
      assertEquals(1, store.zones().list("", 10, false).size());
    }
  }

  @Test
  void list_serverRunsAndNoFolderIsNamed_asksIt() throws IOException {
    try (Store store = EmbeddedStore.open(store(), 100);
        TestServer server = TestServer.keepingZones(store)) {
      Run run =
          new Run.Setup()
              .environment("HOME", folder.resolve("home").toString())
              .environment("GEOSEARCH_SERVER_PORT", String.valueOf(server.port()))
              .run("zones", "list");

      assertEquals(ExitCode.OK, run.exitCode(), run.err());
      assertFalse(Files.exists(folder.resolve("home")));
    }
  }

  @Test
  void add_serverRunsOnAnotherFolder_opensTheOneThatWasNamed() throws IOException {
    try (Store store = EmbeddedStore.open(folder.resolve("other"), 100);
        TestServer server = TestServer.keepingZones(store)) {
      Run run =
          setup()
              .environment("GEOSEARCH_SERVER_PORT", String.valueOf(server.port()))
              .run("zones", "add", "a", "--outline", outline);

      assertEquals(ExitCode.OK, run.exitCode(), run.err());
      assertEquals(List.of(), store.zones().list("", 10, false));
      assertEquals(1, kept().size());
    }
  }

  @Test
  void list_moreThanAPage_listsAll() throws IOException {
    try (Store store = EmbeddedStore.open(store(), 2000);
        TestServer server = TestServer.keepingZones(store)) {
      Geometry square = new GeometryFactory().toGeometry(new Envelope(0, 1, 0, 1));
      for (int i = 0; i < 1001; i++) {
        store.zones().create(new Area(String.valueOf(i), "n", Map.of()), square);
      }

      Run run = Run.of("zones", "--json", "--server", server.address());

      assertEquals(1001, new ObjectMapper().readTree(run.out()).size());
    }
  }

  @Test
  void list_fileIsOpenElsewhere_saysSo() {
    try (Store store = EmbeddedStore.open(store(), 100)) {
      Run run = run("zones", "list");

      assertEquals(ExitCode.FAILED, run.exitCode(), store.description());
      assertEquals(1, run.err().lines().count(), run.err());
    }
  }

  @Test
  void list_serverIsAway_isUnavailable() throws IOException {
    TestServer server = TestServer.offering();
    server.close();

    assertEquals(
        ExitCode.UNAVAILABLE, Run.of("zones", "list", "--server", server.address()).exitCode());
  }
}
