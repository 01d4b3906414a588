package geosearch.load;

import static geosearch.load.Imports.REQUEST;
import static geosearch.load.Imports.collection;
import static geosearch.load.Imports.run;
import static geosearch.load.Imports.town;
import static geosearch.load.Imports.utf8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import geosearch.config.ImportConfig;
import geosearch.config.PostgisConfig;
import geosearch.config.Secret;
import geosearch.store.Dataset;
import geosearch.store.PostgisStore;
import geosearch.store.Store;
import geosearch.testing.Communes;
import geosearch.testing.RequiresContainers;
import geosearch.testing.Servers;
import geosearch.testing.Servers.Database;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Imports into PostGIS. */
@RequiresContainers
class PostgisImportIT {

  private static final Logger log = LoggerFactory.getLogger(PostgisImportIT.class);

  private Store store;

  @BeforeEach
  void open() {
    Database database = Servers.newDatabase();
    store =
        PostgisStore.open(
            new PostgisConfig(
                database.host(),
                database.port(),
                database.name(),
                Database.USER,
                new Secret(Database.PASSWORD),
                Optional.empty(),
                "prefer",
                "geosearch",
                4,
                Duration.ofSeconds(5),
                Duration.ofSeconds(60),
                Duration.ofSeconds(10)),
            List.of(),
            10,
            new SimpleMeterRegistry());
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void run_file_isWrittenDown() throws Exception {
    Dataset dataset = run(REQUEST, store, collection(town("b"), town("a"))).dataset().orElseThrow();

    assertEquals(List.of(dataset), store.datasets().list());
    assertEquals(2, dataset.areas());
  }

  @Test
  void run_idsTwice_isRefusedAndNothingChanges() throws Exception {
    run(REQUEST, store, town("old"));

    ImportRefusedException refusal =
        assertThrows(
            ImportRefusedException.class,
            () -> run(REQUEST, store, collection(town("a"), town("b"), town("a"))));

    assertEquals("one id occurs more than once: \"a\" (features 1, 3)", refusal.getMessage());
    assertEquals(List.of(1L), store.datasets().list().stream().map(Dataset::areas).toList());
  }

  @Test
  void run_fileRefusedHalfWay_changesNothing() throws Exception {
    run(REQUEST, store, town("old"));
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 2000; i++) {
      lines.append(town("t" + i)).append('\n');
    }

    assertThrows(
        ImportRefusedException.class, () -> run(REQUEST, store, utf8(lines.toString() + "{")));

    assertEquals(List.of(1L), store.datasets().list().stream().map(Dataset::areas).toList());
    run(REQUEST, store, lines.toString());
    assertEquals(2000, store.datasets().list().getFirst().areas());
  }

  @Test
  void run_communesOfFrance_areAllThere() throws Exception {
    Communes.assumeThere();
    ImportConfig config = new ImportConfig(5_000_000, 65_536, Duration.ofSeconds(30));
    ImportRequest request =
        new ImportRequest("commune", "code", "nom", List.of(), "", 0, true, false, false);
    long start = System.nanoTime();

    Dataset dataset =
        new Importer(config)
            .run(
                request,
                new ImportSources(config, System.in).find(List.of(Communes.file().toString())),
                store,
                (bytes, features) -> {})
            .dataset()
            .orElseThrow();

    log.info("communes into PostGIS: {} ms", (System.nanoTime() - start) / 1_000_000);
    assertEquals(Communes.COUNT, dataset.areas());
    assertEquals(1, dataset.repaired());
  }
}
