package geosearch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import geosearch.cli.TestServer.Box;
import geosearch.geo.Area;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.locationtech.jts.io.WKBReader;

/** {@code areas} and {@code layers}. */
@Timeout(60)
class AreasCommandTest {

  private TestServer server;

  @BeforeEach
  void start() throws IOException {
    server = TestServer.ofSouthernAfrica();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Run run(String args) {
    return Run.of((args + " --server " + server.address()).split(" ", -1));
  }

  @Test
  void find_name_printsATable() {
    assertEquals(
        new Run(
            ExitCode.OK,
            """
            LAYER  ID   NAME       MATCH   BOUNDS                 ATTRIBUTES
            city   cpt  Cape Town  prefix  -34.5,18.0,-33.0,19.0  size=big
            """,
            ""),
        run("areas find cape"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--id cpt",
        "--filter size",
        "--filter size=small --filter size=big",
        "--filter-not size=small --layer city",
        "--bounds -34,18.2,-33.9,18.3 --layer city",
        "town --attribute size"
      })
  void find_conditions_mustHold(String conditions) throws IOException {
    Run run = run("areas find --json " + conditions);

    JsonNode found = new ObjectMapper().readTree(run.out());
    assertEquals(1, found.size(), run.out());
    assertEquals("cpt", found.at("/0/id").asText());
    assertEquals("big", found.at("/0/attributes/size").asText());
    assertEquals("[18.0,-34.5,19.0,-33.0]", found.at("/0/bbox").toString());
  }

  @Test
  void find_limit_saysThatThereAreMore() {
    Run run = run("areas find --limit 1");

    assertEquals(ExitCode.OK, run.exitCode());
    assertEquals(2, run.lines().size(), run.out());
    assertEquals("geosearch: there are more; --limit 0 prints them all\n", run.err());
    assertEquals(4, run("areas find --limit 0").lines().size());
  }

  @Test
  void find_nothing_isNotFound() {
    assertEquals(
        new Run(ExitCode.NOT_FOUND, "", "geosearch: there is no such area\n"),
        run("areas find atlantis"));
  }

  @Test
  void get_area_printsAFeature() throws IOException {
    Run run = run("areas get city cpt");

    JsonNode feature = new ObjectMapper().readTree(run.out());
    assertEquals("Feature", feature.get("type").asText());
    assertEquals("cpt", feature.get("id").asText());
    assertEquals("Cape Town", feature.at("/properties/name").asText());
    assertEquals("big", feature.at("/properties/size").asText());
    assertEquals("Polygon", feature.at("/geometry/type").asText());
    assertEquals(5, feature.at("/geometry/coordinates/0").size());
    assertEquals("[18.0,-34.5,19.0,-33.0]", feature.get("bbox").toString());
  }

  @Test
  void get_attributeCalledName_hidesNoName() throws IOException {
    try (TestServer other =
        TestServer.knowing(
            TestServer.layer(
                "city",
                new Box(
                    new Area("cpt", "Cape Town", Map.of("name", "ikapa")), 18, -34, 19, -33)))) {
      Run run = Run.of("areas", "get", "city", "cpt", "--server", other.address());

      JsonNode feature = new ObjectMapper().readTree(run.out());
      assertEquals("ikapa", feature.at("/properties/name").asText(), run.toString());
      assertEquals("Cape Town", feature.at("/area/name").asText());
    }
  }

  @Test
  void get_wkb_printsHexadecimalDigits(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("area.wkb");

    assertEquals(
        new Run(ExitCode.OK, "", ""),
        run("areas get city cpt --format wkb --tolerance 10 --output " + file));

    assertEquals(
        1.5,
        new WKBReader().read(HexFormat.of().parseHex(Files.readString(file).strip())).getArea());
  }

  @Test
  void get_withoutOutline_printsWhatIsKnownBesides() throws IOException {
    assertTrue(run("areas get city cpt --format none").lines().get(1).startsWith("city   cpt  "));
    JsonNode area =
        new ObjectMapper().readTree(run("areas get city cpt --format none --json").out());
    assertEquals(5, area.get("vertices").asInt());
    assertEquals(42, area.at("/snapshot/generation").asInt());
  }

  @Test
  void get_unknownArea_isNotFound() {
    Run run = run("areas get city nowhere");

    assertEquals(ExitCode.NOT_FOUND, run.exitCode());
    assertTrue(run.err().contains("nowhere"), run.err());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "areas",
        "areas get city",
        "areas get city cpt --format svg",
        "areas find --bounds 1,2,3",
        "areas find --limit -1",
        "layers x"
      })
  void areas_wrongUsage_isRefused(String args) {
    Run run = run(args);

    assertEquals(ExitCode.USAGE, run.exitCode(), run.err());
    assertEquals("", run.out());
  }

  @Test
  void layers_table_listsThemInTheirOrder() {
    Run run = run("layers");

    assertEquals(ExitCode.OK, run.exitCode(), run.err());
    assertTrue(run.lines().get(0).startsWith("LAYER    KIND     AREAS  VERTICES"), run.out());
    assertTrue(run.lines().get(1).startsWith("country  dataset      2        10"), run.out());
    assertTrue(run.lines().get(2).startsWith("city     dataset      1         5"), run.out());
  }

  @Test
  void layers_json_tellsEverything() throws IOException {
    JsonNode layers = new ObjectMapper().readTree(run("layers --json").out());

    assertEquals("country", layers.at("/0/layer").asText());
    assertEquals(42, layers.at("/0/generation").asInt());
    assertEquals("dataset", layers.at("/0/kind").asText());
    assertEquals("[16.0,-35.0,33.0,-22.0]", layers.at("/0/bbox").toString());
    assertTrue(layers.at("/0/age_seconds").asDouble() >= 5);
  }
}
