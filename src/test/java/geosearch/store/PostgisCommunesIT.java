package geosearch.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import geosearch.config.LayerConfig;
import geosearch.geo.Area;
import geosearch.testing.Communes;
import geosearch.testing.RequiresContainers;
import geosearch.testing.Servers;
import geosearch.testing.Servers.Database;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.locationtech.jts.geom.Geometry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The communes of France, imported and as a table of the user's; says how long each takes. */
@RequiresContainers
class PostgisCommunesIT {

  private static final Logger log = LoggerFactory.getLogger(PostgisCommunesIT.class);
  private static final int ROUNDS = 5;

  private static final LayerConfig TABLE =
      new LayerConfig("table", "communes", "id", "name", "outline", List.of(), "", 0);
  private static final LayerConfig VIEW =
      new LayerConfig("view", "communes_view", "id", "name", "outline", List.of(), "", 0);

  @BeforeAll
  static void assumeCommunes() {
    Communes.assumeThere();
  }

  @Test
  void communes_importedAndRead_areTheSameAsInTheFile() {
    Map<String, Area> areas = new HashMap<>();
    Map<String, Geometry> outlines = new HashMap<>();
    Communes.forEach((area, outline) -> {
      areas.put(area.id(), area);
      outlines.put(area.id(), outline);
    });
    Database database = Servers.newDatabase();
    try (PostgisStore store = PostgisSettings.of(database).open()) {
      for (int round = 0; round < 2; round++) {
        long start = System.nanoTime();
        Dataset dataset;
        try (DatasetWriter writer = store.datasets().begin("commune")) {
          long feature = 1;
          for (Area area : areas.values()) {
            writer.add(feature++, area, outlines.get(area.id()));
          }
          dataset = writer.commit(StoreContract.provenance(), false);
        }
        say("import by COPY, indexes included", start);
        assertEquals(Communes.COUNT, dataset.areas());
      }
      assertSame(areas, outlines, readAll(store, "commune"));
    }

    database.execute(
        """
        CREATE TABLE communes AS SELECT id, name, outline FROM geosearch.current_area;
        ALTER TABLE communes ADD PRIMARY KEY (id);
        CREATE VIEW communes_view AS SELECT * FROM communes;
        """);
    database.execute("VACUUM ANALYZE communes");
    try (PostgisStore store = PostgisSettings.of(database).open(TABLE)) {
      assertSame(areas, outlines, readAll(store, "table"));
      sayLayers(store, "layers() with a table");
    }
    try (PostgisStore store = PostgisSettings.of(database).open(VIEW)) {
      assertSame(areas, outlines, readAll(store, "view"));
      sayLayers(store, "layers() with a view");
    }
    try (PostgisStore store = PostgisSettings.of(database).open()) {
      sayLayers(store, "layers() without tables");
    }
  }

  private static Contents readAll(PostgisStore store, String layer) {
    Contents contents = new Contents();
    for (int round = 0; round < ROUNDS; round++) {
      contents = new Contents();
      long start = System.nanoTime();
      store.read(layer, contents);
      say("read " + layer, start);
    }
    return contents;
  }

  private static void sayLayers(PostgisStore store, String what) {
    List<Long> micros = new ArrayList<>();
    for (int round = 0; round < 100; round++) {
      long start = System.nanoTime();
      store.layers();
      micros.add((System.nanoTime() - start) / 1000);
    }
    List<Long> sorted = micros.stream().sorted().toList();
    log.info(
        "{}: first {} µs, median {} µs, longest {} µs",
        what,
        micros.getFirst(),
        sorted.get(50),
        sorted.getLast());
  }

  private static void say(String what, long start) {
    log.info("{}: {} ms", what, (System.nanoTime() - start) / 1_000_000);
  }

  private static void assertSame(
      Map<String, Area> areas, Map<String, Geometry> outlines, Contents contents) {
    assertEquals(areas.keySet(), contents.areas.keySet());
    assertEquals(0, contents.skips);
    areas.forEach((id, area) -> assertEquals(area, contents.areas.get(id)));
    outlines.forEach(
        (id, outline) -> assertTrue(outline.equalsExact(contents.outlines.get(id)), id));
  }

  private static final class Contents implements AreaSink {
    private final Map<String, Area> areas = new HashMap<>(2 * Communes.COUNT);
    private final Map<String, Geometry> outlines = new HashMap<>(2 * Communes.COUNT);
    private int skips;

    @Override
    public void accept(Area area, Geometry outline) {
      areas.put(area.id(), area);
      outlines.put(area.id(), outline);
    }

    @Override
    public void skip(String id, String reason) {
      skips++;
    }
  }
}
