package geosearch.store;

import static geosearch.store.StoreContract.area;
import static geosearch.store.StoreContract.square;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import geosearch.config.LayerConfig;
import geosearch.testing.RequiresContainers;
import geosearch.testing.Servers;
import geosearch.testing.Servers.Database;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Our tables are created once, whoever comes first. */
@RequiresContainers
class PostgisMigrationIT {

  @Test
  void open_severalAtOnce_allSucceed() throws Exception {
    Database database = Servers.newDatabase();
    List<PostgisStore> stores = new ArrayList<>();
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      List<Future<Zone>> zones = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        PostgisStore store = PostgisSettings.of(database).open();
        stores.add(store);
        String id = "z" + i;
        zones.add(threads.submit(() -> store.zones().create(area(id), square(0, 0))));
      }
      for (Future<Zone> zone : zones) {
        zone.get();
      }
      assertEquals(5, stores.getFirst().zones().list("", 10, false).size());
      assertEquals(
          String.valueOf(PostgisMigration.VERSION),
          query(database, "SELECT count(*) FROM geosearch.migration WHERE version IS NOT NULL"));
    } finally {
      stores.forEach(PostgisStore::close);
    }
  }

  @Test
  void open_schemaOfTheFirstVersion_keepsItsZonesAndLayers() throws Exception {
    Database database = Servers.newDatabase();
    PostgisSettings settings = PostgisSettings.of(database);
    database.execute("CREATE SCHEMA geosearch");
    String first =
        Files.readString(Path.of("src/main/resources/db/postgis/V1__layers_and_zones.sql"))
            .replace("${schema}", "geosearch")
            .replace("${postgis}", "public");
    database.execute(first);
    database.execute(
        """
        CREATE TABLE geosearch.migration (installed_rank integer PRIMARY KEY, version varchar(50),
          description varchar(200) NOT NULL, type varchar(20) NOT NULL, script varchar(1000) NOT NULL,
          checksum integer, installed_by varchar(100) NOT NULL,
          installed_on timestamp NOT NULL DEFAULT now(), execution_time integer NOT NULL,
          success boolean NOT NULL);
        INSERT INTO geosearch.migration (installed_rank, version, description, type, script,
          checksum, installed_by, execution_time, success)
        VALUES (1, '1', 'layers and zones', 'SQL', 'V1__layers_and_zones.sql', NULL, 'docker', 1, true);
        INSERT INTO geosearch.zone (id, name, outline)
        SELECT id, 'name', ST_GeomFromText('POLYGON((0 0,1 0,1 1,0 0))', 4326)
        FROM unnest(ARRAY['a', 'b', 'c']) AS id;
        DELETE FROM geosearch.zone WHERE id = 'b'
        """);

    try (PostgisStore store = settings.open()) {
      assertEquals(Set.of("a", "c"), StoreContents.of(store, Store.ZONE_LAYER).areas.keySet());
      assertEquals(4, store.layers().getFirst().revision());
      Zone next = store.zones().create(area("d"), square(0, 0));
      assertEquals(5, next.revision());
      assertEquals(1, store.zones().changes(4, 10, false).changes().size());
      StoreContract.assertFails(
          StoreException.Kind.OUT_OF_RANGE, () -> store.zones().changes(3, 10, false));
      assertEquals(1, store.zones().changes(4, 10, false).changes().size());
    }
  }

  @Test
  void zones_editedBySql_haveAPastAsThoseOfTheServer() throws Exception {
    Database database = Servers.newDatabase();
    PostgisSettings settings = PostgisSettings.of(database);
    try (PostgisStore store = settings.open()) {
      store.zones().create(area("a"), square(0, 0));
      store.zones().create(area("b"), square(0, 0));
      database.execute("UPDATE geosearch.zone SET collection = 'moved' WHERE id = 'a'");
      database.execute("UPDATE geosearch.zone SET name = 'x'");
      database.execute("DELETE FROM geosearch.zone");
      List<String> changes =
          store.zones().changes(2, 100, false).changes().stream()
              .map(change ->
                  change.key().collection()
                      + "/"
                      + change.key().id()
                      + change.zone().map(zone -> " " + zone.area().name()).orElse(" gone"))
              .sorted()
              .toList();
      assertEquals(
          List.of(
              "moved/a gone",
              "moved/a name of a",
              "moved/a x",
              "thing/a gone",
              "thing/b gone",
              "thing/b x"),
          changes);
      store.zones().create(area("c"), square(0, 0));
      long before = store.layers().getFirst().revision();
      database.execute("TRUNCATE geosearch.zone");
      List<ZoneChange> truncation = store.zones().changes(before, 10, false).changes();
      assertEquals(1, truncation.size());
      assertTrue(truncation.getFirst().zone().isEmpty());
      assertTrue(StoreContents.of(store, Store.ZONE_LAYER).areas.isEmpty());
    }
  }

  @Test
  void open_newerSchema_isUsedAsItIs() throws Exception {
    Database database = Servers.newDatabase();
    PostgisSettings settings = PostgisSettings.of(database);
    try (PostgisStore store = settings.open()) {
      store.zones().create(area("a"), square(0, 0));
    }
    database.execute(
        """
        INSERT INTO geosearch.migration (installed_rank, version, description, type, script,
          checksum, installed_by, execution_time, success)
        VALUES (99, '99', 'from the future', 'SQL', 'V99__from_the_future.sql', 1, 'docker', 1, true);
        ALTER TABLE geosearch.zone ADD COLUMN future text
        """);

    try (PostgisStore store = settings.open()) {
      store.zones().create(area("b"), square(0, 0));
      assertEquals(Optional.empty(), store.readOnlyReason());
      assertEquals(Set.of("a", "b"), StoreContents.of(store, Store.ZONE_LAYER).areas.keySet());
    }
  }

  @Test
  void open_extensionInAnotherSchema_works() {
    Database database = Servers.newBareDatabase();
    database.execute("CREATE SCHEMA \"g is\"; CREATE EXTENSION postgis SCHEMA \"g is\"");
    database.execute(
        """
        CREATE TABLE parcel (no int, geog "g is".geography);
        SET search_path = "g is", public;
        INSERT INTO public.parcel VALUES (1, ST_MakeEnvelope(0, 0, 1, 1, 4326));
        CREATE TABLE public.metric AS
          SELECT 1 AS no, ST_Transform(ST_MakeEnvelope(0, 0, 1, 1, 4326), 3857) AS geom
        """);
    LayerConfig parcels = new LayerConfig("parcel", "parcel", "no", "", "", List.of(), "", 0);
    LayerConfig metric = new LayerConfig("metric", "metric", "no", "", "", List.of(), "", 0);
    try (PostgisStore store = PostgisSettings.of(database).open(parcels, metric)) {
      store.zones().create(area("z"), square(0, 0));
      try (DatasetWriter writer = store.datasets().begin("commune")) {
        writer.add(1, area("a"), square(0, 0));
        writer.commit(StoreContract.provenance(), false);
      }

      assertEquals(
          List.of("commune", "parcel", "metric", Store.ZONE_LAYER),
          store.layers().stream().map(state -> state.layer().name()).toList());
      for (LayerState state : store.layers()) {
        assertEquals(Optional.empty(), state.problem());
        assertEquals(1, StoreContents.of(store, state.layer().name()).areas.size());
      }
      assertEquals(1, store.zones().list("", 10, true).size());
    }
  }

  @Test
  void zones_editedBySql_areCountedAndNumbered() throws Exception {
    Database database = Servers.newDatabase();
    try (PostgisStore store = PostgisSettings.of(database).open()) {
      Zone first = store.zones().create(area("a"), square(0, 0));
      LayerState before = store.layers().getFirst();

      database.execute(
          """
          INSERT INTO geosearch.zone (id, name, outline)
            SELECT 'sql' || n, 'by hand', ST_MakeEnvelope(0, 0, n, n, 4326)
            FROM generate_series(1, 3) AS n;
          INSERT INTO geosearch.zone (id, name, outline)
            SELECT id, name, outline FROM geosearch.zone ON CONFLICT DO NOTHING;
          UPDATE geosearch.zone SET name = 'by my hand' WHERE id = 'sql1';
          DELETE FROM geosearch.zone WHERE id = 'sql2'
          """);

      assertEquals("3", query(database, "SELECT zones FROM geosearch.zone_revision"));
      long revision = store.read(Store.ZONE_LAYER, new StoreContents()).revision();
      assertTrue(revision > first.revision() + 4, "revision " + revision);
      assertNotEquals(before, store.layers().getFirst());

      database.execute("TRUNCATE geosearch.zone");
      assertEquals("0", query(database, "SELECT zones FROM geosearch.zone_revision"));
      // Each of the three is a deletion, and the statement is a change of its own.
      assertEquals(revision + 4, store.read(Store.ZONE_LAYER, new StoreContents()).revision());
    }
  }

  @Test
  void currentArea_view_holdsWhatIsServed() throws Exception {
    Database database = Servers.newDatabase();
    try (PostgisStore store = PostgisSettings.of(database).open()) {
      for (String id : List.of("old", "new")) {
        try (DatasetWriter writer = store.datasets().begin("commune")) {
          writer.add(1, area(id), square(0, 0));
          writer.commit(StoreContract.provenance(), false);
        }
      }
      assertEquals(
          "commune new",
          query(
              database,
              "SELECT layer || ' ' || id FROM geosearch.current_area"
                  + " WHERE ST_Covers(outline, ST_SetSRID(ST_Point(0.5, 0.5), 4326))"));
    }
  }

  private static String query(Database database, String sql) throws Exception {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }
}
