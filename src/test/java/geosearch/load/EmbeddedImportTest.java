package geosearch.load;

import static geosearch.load.Imports.REQUEST;
import static geosearch.load.Imports.collection;
import static geosearch.load.Imports.run;
import static geosearch.load.Imports.town;
import static geosearch.load.Imports.utf8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import geosearch.config.ImportConfig;
import geosearch.geo.Area;
import geosearch.store.AreaSink;
import geosearch.store.Dataset;
import geosearch.store.EmbeddedStore;
import geosearch.store.Store;
import geosearch.testing.Communes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.locationtech.jts.geom.Geometry;

/** Imports into a real store. */
class EmbeddedImportTest {

  @TempDir Path folder;
  private Store store;

  @BeforeEach
  void open() {
    store = EmbeddedStore.open(folder, 10);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private Map<String, String> outlines(String layer) {
    Map<String, String> outlines = Collections.synchronizedMap(new TreeMap<>());
    store.read(
        layer,
        new AreaSink() {
          @Override
          public void accept(Area area, Geometry outline) {
            outlines.put(area.id(), outline.toText());
          }

          @Override
          public void skip(String id, String reason) {
            throw new AssertionError(reason);
          }
        });
    return outlines;
  }

  private String refusal(byte[]... files) {
    return assertThrows(ImportRefusedException.class, () -> run(REQUEST, store, files))
        .getMessage();
  }

  @Test
  void run_file_canBeReadBack() throws Exception {
    Dataset dataset =
        run(REQUEST, store, collection(town("b"), town("a", "[[[2,2],[3,2],[3,3],[2,2]]]")))
            .dataset()
            .orElseThrow();

    assertEquals(List.of(dataset), store.datasets().list());
    assertEquals(9, dataset.vertices());
    assertEquals(
        Map.of("a", "POLYGON ((2 2, 3 2, 3 3, 2 2))", "b", "POLYGON ((0 0, 1 0, 1 1, 0 1, 0 0))"),
        outlines("town"));
  }

  @Test
  void run_idsTwice_isRefusedAndNothingChanges() throws Exception {
    run(REQUEST, store, town("old"));

    assertEquals(
        "one id occurs more than once: \"a\" (features 1, 3)",
        refusal(utf8(collection(town("a"), town("b"), town("a")))));
    assertEquals(1, store.datasets().list().size());
    assertEquals(List.of("old"), List.copyOf(outlines("town").keySet()));
  }

  @Test
  void run_idsTwiceInTwoFiles_saysHowFeaturesAreCounted() {
    assertEquals(
        "one id occurs more than once: \"a\" (features 1, 3);"
            + " features are counted through: file1 begins at 1, file2 begins at 3",
        refusal(utf8(collection(town("a"), town("b"))), utf8(town("a"))));
  }

  @Test
  void run_layerWouldLoseMoreThanHalf_isRefusedUnlessForced() throws Exception {
    run(REQUEST, store, collection(town("a"), town("b"), town("c")));

    assertEquals(
        "the layer town would shrink from 3 to 1 areas; --force imports it all the same",
        refusal(utf8(town("a"))));
    assertEquals(3, outlines("town").size());

    ImportRequest forced =
        new ImportRequest("town", "code", "nom", List.of(), "", 0, true, false, true);
    run(forced, store, town("a"));
    assertEquals(1, outlines("town").size());
  }

  @Test
  void run_fileRefusedHalfWay_leavesTheOldVersion() throws Exception {
    run(REQUEST, store, town("old"));
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 2000; i++) {
      lines.append(town("t" + i)).append('\n');
    }

    refusal(utf8(lines + "{"));

    assertEquals(List.of("old"), List.copyOf(outlines("town").keySet()));
    run(REQUEST, store, lines.toString());
    assertEquals(2000, outlines("town").size());
  }

  @Test
  void run_communesOfFrance_areAllThere() throws Exception {
    Communes.assumeThere();
    ImportConfig config = new ImportConfig(5_000_000, 65_536, Duration.ofSeconds(30));
    ImportRequest request =
        new ImportRequest("commune", "code", "nom", List.of(), "", 0, true, false, false);

    ImportReport report =
        new Importer(config)
            .run(
                request,
                new ImportSources(config, System.in).find(List.of(Communes.file().toString())),
                store,
                (bytes, features) -> {});

    Dataset dataset = report.dataset().orElseThrow();
    assertEquals(Communes.COUNT, dataset.areas());
    assertEquals(0, dataset.skipped());
    assertEquals(1, report.repairCount());
    assertEquals("14174", report.repairs().getFirst().id());
    assertTrue(report.repairs().getFirst().reason().startsWith("ring self-intersection near"));
    assertEquals(0, report.repairs().getFirst().changedKm2(), 1e-6);
  }
}
