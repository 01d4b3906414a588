package geosearch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import geosearch.geo.Area;
import geosearch.store.AreaSink;
import geosearch.store.Dataset;
import geosearch.store.EmbeddedStore;
import geosearch.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.locationtech.jts.geom.Geometry;

class ImportCommandTest {

  @TempDir private Path folder;

  private Run run(String... args) {
    return new Run.Setup().folder(store()).run(args);
  }

  private Path store() {
    return folder.resolve("store");
  }

  private Path file() {
    return folder.resolve("a.geojson");
  }

  private List<Dataset> datasets() {
    try (Store store = EmbeddedStore.open(store(), 10)) {
      return store.datasets().list();
    }
  }

  private Set<Area> areas(String layer) {
    Set<Area> areas = new HashSet<>();
    try (Store store = EmbeddedStore.open(store(), 10)) {
      store.read(
          layer,
          new AreaSink() {
            @Override
            public void accept(Area area, Geometry outline) {
              areas.add(area);
            }

            @Override
            public void skip(String id, String reason) {
              throw new AssertionError(reason);
            }
          });
    }
    return areas;
  }

  @Test
  void import_everyOption_isTaken() {
    String file = AreaFiles.squares(file(), 2).toString();

    Run run =
        run(
            "import",
            file,
            "--layer",
            "commune",
            "--id",
            "code",
            "--name",
            "nom",
            "--attributes",
            "kind,none",
            "--attribution",
            "Somebody",
            "--accuracy",
            "2.5");

    assertEquals(ExitCode.OK, run.exitCode(), run.err());
    assertEquals("", run.err());
    assertEquals(
        "commune: version 1 is active, with 2 areas of 10 vertices, from " + file,
        run.lines().getFirst());
    assertTrue(run.lines().get(1).contains("into embedded store in " + store()), run.out());
    assertEquals(2, run.lines().size());
    assertEquals("Somebody", datasets().getFirst().attribution());
    assertEquals(2.5, datasets().getFirst().accuracyMetres());
    assertEquals(
        Set.of(
            new Area("1", "Area 1", Map.of("kind", "test")),
            new Area("2", "Area 2", Map.of("kind", "test"))),
        areas("commune"));
  }

  @Test
  void import_severalFilesAndStandardInput_becomeOneVersion() {
    String file = AreaFiles.squares(file(), 2).toString();

    Run run =
        new Run.Setup()
            .folder(store())
            .input(AreaFiles.collection(AreaFiles.feature("x", AreaFiles.BOW_TIE)))
            .run("import", file, "-", "--layer", "a", "--id", "code");

    assertEquals(ExitCode.OK, run.exitCode(), run.err());
    assertEquals(3, datasets().getFirst().areas());
  }

  @Test
  void import_brokenOutlines_areRepairedAndListed() {
    Path file = AreaFiles.write(file(), AreaFiles.feature("x", AreaFiles.BOW_TIE));

    Run run = run("import", file.toString(), "--layer", "a", "--id", "code");

    assertEquals("1 outline repaired:", run.lines().get(2));
    assertTrue(run.lines().get(3).startsWith("  " + file + ", feature 1 (x): "), run.out());
    assertTrue(run.lines().get(3).endsWith(" km² changed"), run.out());
  }

  @Test
  void import_brokenOutlinesNotToBeRepaired_isRefusedAndListsThem() {
    Path file = AreaFiles.write(file(), AreaFiles.feature("x", AreaFiles.BOW_TIE));

    Run run = run("import", file.toString(), "--layer", "a", "--id", "code", "--no-repair");

    assertEquals(ExitCode.FAILED, run.exitCode());
    assertEquals("", run.out());
    List<String> lines = run.err().lines().toList();
    assertEquals("1 bad feature:", lines.getFirst());
    assertTrue(lines.get(1).startsWith("  " + file + ", feature 1: "), run.err());
    assertTrue(lines.get(2).startsWith("geosearch: nothing was imported: "), run.err());
    assertEquals(List.of(), datasets());
  }

  @Test
  void import_badFeaturesToBeSkipped_areLeftOutAndListed() {
    Path file =
        AreaFiles.write(
            file(),
            AreaFiles.feature("x", AreaFiles.BOW_TIE),
            AreaFiles.feature("", AreaFiles.BOW_TIE),
            AreaFiles.feature("", AreaFiles.BOW_TIE));

    Run run = run("import", file.toString(), "--layer", "a", "--id", "code", "--skip-bad");

    assertEquals(ExitCode.OK, run.exitCode(), run.err());
    assertTrue(run.out().contains("2 bad features left out:\n  " + file), run.out());
  }

  @Test
  void import_json_printsTheReport() throws IOException {
    Path file =
        AreaFiles.write(
            file(),
            AreaFiles.feature("x", AreaFiles.BOW_TIE),
            AreaFiles.feature("", AreaFiles.BOW_TIE));

    Run run =
        run("import", file.toString(), "--layer", "a", "--id", "code", "--skip-bad", "--json");

    JsonNode report = new ObjectMapper().readTree(run.out());
    assertEquals("a", report.at("/dataset/layer").asText());
    assertEquals(1, report.at("/dataset/version").asLong());
    assertTrue(report.at("/dataset/active").asBoolean());
    assertEquals(1, report.get("repair_count").asLong());
    assertEquals("x", report.at("/repairs/0/id").asText());
    assertTrue(report.at("/repairs/0/changed_km2").isNumber());
    assertEquals(1, report.get("bad_feature_count").asLong());
    assertEquals(2, report.at("/bad_features/0/feature").asLong());
    assertTrue(report.has("seconds"));
  }

  @Test
  void import_refusedAsJson_printsWhy() throws IOException {
    Path file = Files.writeString(file(), "no");

    Run run = run("import", file.toString(), "--layer", "a", "--json");

    assertEquals(ExitCode.FAILED, run.exitCode());
    assertTrue(new ObjectMapper().readTree(run.out()).hasNonNull("refusal"), run.out());
    assertTrue(run.err().startsWith("geosearch: nothing was imported: "), run.err());
  }

  @Test
  void import_layerThatWouldShrink_isRefusedUnlessForced() {
    run("import", AreaFiles.squares(file(), 5).toString(), "--layer", "a", "--id", "code");
    String smaller = AreaFiles.squares(folder.resolve("b.geojson"), 2).toString();

    Run refused = run("import", smaller, "--layer", "a", "--id", "code");
    assertEquals(ExitCode.FAILED, refused.exitCode());
    assertTrue(refused.err().contains("--force"), refused.err());
    assertEquals(1, datasets().size());

    Run forced = run("import", smaller, "--layer", "a", "--id", "code", "--force");
    assertEquals(ExitCode.OK, forced.exitCode(), forced.err());
  }

  @Test
  void import_missingFile_isNamed() {
    assertEquals(
        new Run(ExitCode.FAILED, "", "geosearch: there is no file /nowhere/a.geojson\n"),
        run("import", "/nowhere/a.geojson", "--layer", "a"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "import",
        "import x",
        "import --layer a",
        "import x --layer A",
        "import x --layer thing",
        "import x --layer a --accuracy -1",
        "import x --layer a --accuracy much"
      })
  void import_wrongArguments_isWrongUsage(String args) {
    Run run = run(args.split(" ", -1));

    assertEquals(ExitCode.USAGE, run.exitCode(), run.err());
  }
}
