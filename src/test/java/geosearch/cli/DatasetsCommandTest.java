package geosearch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import geosearch.store.Dataset;
import geosearch.store.EmbeddedStore;
import geosearch.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatasetsCommandTest {

  @TempDir private Path folder;

  @BeforeEach
  void importTwice() {
    for (int count = 3; count <= 4; count++) {
      String file = AreaFiles.squares(folder.resolve("a" + count), count).toString();
      Run run = run("import", file, "--layer", "a", "--id", "code");
      assertEquals(ExitCode.OK, run.exitCode(), run.err());
    }
  }

  private Run run(String... args) {
    return new Run.Setup().folder(folder.resolve("store")).run(args);
  }

  private List<Dataset> datasets() {
    try (Store store = EmbeddedStore.open(folder.resolve("store"), 10)) {
      return store.datasets().list();
    }
  }

  @Test
  void list_versions_arePrintedFromNewToOld() {
    List<String> rows =
        run("datasets").lines().stream()
            .map(line ->
                line.replaceAll("\\S+T\\S+Z", "TIME")
                    .replaceAll(" [0-9a-f]{12} ", " SUM ")
                    .replaceAll(" +", " "))
            .toList();

    assertEquals(
        List.of(
            "LAYER VERSION STATE AREAS VERTICES IMPORTED CHECKSUM SOURCE",
            "a 2 active 4 20 TIME SUM " + folder.resolve("a4"),
            "a 1 3 15 TIME SUM " + folder.resolve("a3")),
        rows);
    assertEquals(run("datasets"), run("datasets", "list"));
  }

  @Test
  void list_json_isAnArrayOfObjects() throws IOException {
    Run run = run("datasets", "--json");

    JsonNode datasets = new ObjectMapper().readTree(run.out());
    assertEquals(2, datasets.size());
    assertEquals(2, datasets.at("/0/version").asLong());
    assertTrue(datasets.at("/0/active").asBoolean());
    assertEquals(64, datasets.at("/0/checksum").asText().length());
    assertEquals(run, run("datasets", "list", "--json"));
  }

  @Test
  void list_optionsBeforeTheCommand_countAsWell() {
    assertEquals(
        run("datasets", "list", "--json"),
        Run.of("datasets", "--folder", folder.resolve("store").toString(), "--json", "list"));
  }

  @Test
  void activate_version_isServed() {
    Run run = run("datasets", "activate", "a", "1");

    assertEquals(ExitCode.OK, run.exitCode(), run.err());
    assertTrue(run.lines().get(1).contains("active"), run.out());
    assertTrue(datasets().get(1).active());
  }

  @Test
  void keep_version_isMarkedUntilItIsNot() throws IOException {
    Run run = run("datasets", "keep", "a", "1", "--json");
    assertTrue(new ObjectMapper().readTree(run.out()).get("keep").asBoolean());
    assertTrue(datasets().get(1).keep());

    assertEquals(ExitCode.OK, run("datasets", "keep", "a", "1", "--off").exitCode());
    assertFalse(datasets().get(1).keep());
  }

  @Test
  void delete_version_isGone() {
    assertEquals(new Run(ExitCode.OK, "", ""), run("datasets", "delete", "a", "1"));
    assertEquals(1, datasets().size());
  }

  @Test
  void delete_activeVersion_isRefused() {
    Run run = run("datasets", "delete", "a", "2");

    assertEquals(ExitCode.FAILED, run.exitCode());
    assertTrue(run.err().contains("activate another one first"), run.err());
  }

  @Test
  void delete_wholeLayer_saysWhatItMeansAndDoesItWhenTold() {
    assertEquals(
        new Run(
            ExitCode.FAILED,
            "",
            "geosearch: nothing was deleted; with --yes all versions of the layer a go (2), and 4"
                + " areas are served no more\n"),
        run("datasets", "delete", "a", "--all"));
    assertEquals(2, datasets().size());

    assertEquals(new Run(ExitCode.OK, "", ""), run("datasets", "delete", "a", "--all", "--yes"));

    assertEquals(List.of(), datasets());
    assertEquals(ExitCode.NOT_FOUND, run("datasets", "delete", "a", "--all", "--yes").exitCode());
  }

  @Test
  void activate_versionThatIsNotThere_isNotFound() {
    assertEquals(
        new Run(ExitCode.NOT_FOUND, "", "geosearch: the layer a has no version 7\n"),
        run("datasets", "activate", "a", "7"));
  }

  @Test
  void accept_layerThatIsNotReadFromATable_isNotFound() {
    assertEquals(ExitCode.NOT_FOUND, run("datasets", "accept", "a").exitCode());
  }

  @Test
  void accept_storeThatWasLost_isOpenedAnew() throws IOException {
    Files.delete(folder.resolve("store").resolve("geosearch.mv.db"));
    Run refused = run("datasets");
    assertEquals(ExitCode.FAILED, refused.exitCode());
    assertTrue(refused.err().contains("geosearch datasets accept --store"), refused.err());

    assertEquals(ExitCode.OK, run("datasets", "accept", "--store").exitCode());

    assertEquals(ExitCode.OK, run("datasets").exitCode());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "datasets activate a",
        "datasets activate a x",
        "datasets keep",
        "datasets accept",
        "datasets accept a --store",
        "datasets delete a",
        "datasets delete a 1 --all",
        "datasets delete a 1 --yes",
        "datasets delete a --yes",
        "datasets drop a",
        "datasets list x"
      })
  void datasets_wrongArguments_isWrongUsage(String args) {
    assertEquals(ExitCode.USAGE, run(args.split(" ", -1)).exitCode());
  }

  @Test
  void help_ofACommand_namesItsArguments() {
    Run run = run("datasets", "activate", "--help");

    assertEquals(ExitCode.OK, run.exitCode());
    assertTrue(run.out().startsWith("Usage: geosearch datasets activate "), run.out());
    assertTrue(run.out().contains("\n      LAYER  "), run.out());
    assertTrue(run.out().contains("\n      VERSION  "), run.out());
  }
}
