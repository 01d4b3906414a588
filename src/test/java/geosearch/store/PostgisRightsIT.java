package geosearch.store;

import static geosearch.store.StoreContract.area;
import static geosearch.store.StoreContract.assertFails;
import static geosearch.store.StoreContract.square;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import geosearch.config.LayerConfig;
import geosearch.store.StoreException.Kind;
import geosearch.testing.RequiresContainers;
import geosearch.testing.Servers;
import geosearch.testing.Servers.Database;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With rights only to read, what there is is served. */
@RequiresContainers
class PostgisRightsIT {

  private static final LayerConfig PARCELS =
      new LayerConfig("parcel", "parcel", "no", "", "", List.of(), "", 0);

  private Database database;
  private String reader;

  @BeforeEach
  void createReader() {
    database = Servers.newDatabase();
    reader = "reader_" + database.name();
    database.execute("CREATE ROLE " + reader + " LOGIN PASSWORD 'secret'");
    database.execute(
        """
        CREATE TABLE parcel (no int, geom geometry);
        INSERT INTO parcel VALUES (1, 'SRID=2154;POLYGON((0 0,1 0,1 1,0 1,0 0))');
        CREATE TABLE thing (id serial PRIMARY KEY, name varchar, geom geometry(Polygon));
        INSERT INTO thing (name, geom) VALUES ('t', 'POLYGON((0 0,1 0,1 1,0 1,0 0))')
        """);
  }

  @AfterEach
  void dropReader() {
    database.execute("DROP OWNED BY " + reader);
    database.execute("DROP ROLE " + reader);
  }

  private PostgisStore openAsReader() {
    return PostgisSettings.of(database).withUser(reader, "secret").open(PARCELS);
  }

  @Test
  void open_noSchemaAndNoRightToCreateIt_servesTheUsersTables() {
    database.execute("GRANT SELECT ON parcel, thing TO " + reader);
    try (PostgisStore store = openAsReader()) {
      assertTrue(
          store.readOnlyReason().orElseThrow().contains("may not create the schema geosearch"),
          store.readOnlyReason().toString());
      assertEquals(
          List.of("parcel", Store.ZONE_LAYER),
          store.layers().stream().map(state -> state.layer().name()).toList());
      assertEquals(Set.of("1"), StoreContents.of(store, "parcel").areas.keySet());
      assertEquals(Set.of("thing/1"), StoreContents.of(store, Store.ZONE_LAYER).areas.keySet());
      assertEquals("thing/1", store.zones().list("", 10, true).getFirst().area().id());
      assertEquals(List.of(), store.datasets().list());
      assertWritesAreReadOnly(store);
    }
  }

  @Test
  void open_noSchemaAndNoTables_hasNoLayers() {
    database.execute("DROP TABLE parcel, thing");
    try (PostgisStore store = PostgisSettings.of(database).withUser(reader, "secret").open()) {
      assertEquals(List.of(), store.layers());
      assertFails(Kind.NOT_FOUND, () -> store.read(Store.ZONE_LAYER, new StoreContents()));
      assertEquals(List.of(), store.zones().list("", 10, true));
    }
  }

  @Test
  void open_rightsToReadTheSchema_servesWhatOthersWrite() {
    try (PostgisStore owner = PostgisSettings.of(database).open()) {
      owner.zones().create(area("z"), square(0, 0));
      try (DatasetWriter writer = owner.datasets().begin("commune")) {
        writer.add(1, area("a"), square(0, 0));
        writer.commit(StoreContract.provenance(), false);
      }
      database.execute("GRANT SELECT ON parcel, thing TO " + reader);
      database.execute("GRANT USAGE ON SCHEMA geosearch TO " + reader);
      database.execute("GRANT SELECT ON ALL TABLES IN SCHEMA geosearch TO " + reader);

      try (PostgisStore store = openAsReader()) {
        assertTrue(
            store.readOnlyReason().orElseThrow().contains("may only read"),
            store.readOnlyReason().toString());
        assertEquals(Set.of("a"), StoreContents.of(store, "commune").areas.keySet());
        assertEquals(Set.of("1"), StoreContents.of(store, "parcel").areas.keySet());
        assertEquals(
            Set.of("thing/1", "z"), StoreContents.of(store, Store.ZONE_LAYER).areas.keySet());
        assertEquals(1, store.datasets().list().size());
        assertWritesAreReadOnly(store);
      }
      assertEquals(2, owner.zones().list("", 10, false).size());
    }
  }

  @Test
  void layers_tableThatMayNotBeRead_saysSoAndBreaksNoOther() {
    database.execute("GRANT SELECT ON thing TO " + reader);
    try (PostgisStore store = openAsReader()) {
      LayerState parcels = store.layers().getFirst();
      assertTrue(
          parcels.problem().orElseThrow().contains("permission denied for table parcel"),
          parcels.toString());
      assertEquals(Set.of("thing/1"), StoreContents.of(store, Store.ZONE_LAYER).areas.keySet());
    }
  }

  @Test
  void layers_originalTableThatMayNotBeRead_isLeftOut() {
    database.execute("CREATE TABLE ogrgeojson (insee text, wkb_geometry geometry)");
    database.execute("GRANT CREATE ON DATABASE " + database.name() + " TO " + reader);
    try (PostgisStore store = PostgisSettings.of(database).withUser(reader, "secret").open()) {
      store.zones().create(area("z"), square(0, 0));
      assertEquals(1, store.layers().size());
      assertFalse(store.layers().getFirst().layer().original());
      assertEquals(Set.of("z"), StoreContents.of(store, Store.ZONE_LAYER).areas.keySet());
    }
  }

  @Test
  void open_transactionsMayOnlyRead_saysSo() {
    database.execute("GRANT CREATE ON DATABASE " + database.name() + " TO " + reader);
    database.execute("ALTER ROLE " + reader + " SET default_transaction_read_only = on");
    try (PostgisStore store = openAsReader()) {
      assertTrue(
          store.readOnlyReason().orElseThrow().contains("may only read"),
          store.readOnlyReason().toString());
      assertWritesAreReadOnly(store);
    }
  }

  @Test
  void readOnlyReason_rightsAreGranted_goesAway() {
    try (PostgisStore store = openAsReader()) {
      assertTrue(store.readOnlyReason().isPresent());

      database.execute("GRANT CREATE ON DATABASE " + database.name() + " TO " + reader);

      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> store.readOnlyReason().equals(Optional.empty()));
      store.zones().create(area("z"), square(0, 0));
    }
  }

  private static void assertWritesAreReadOnly(PostgisStore store) {
    assertFails(Kind.READ_ONLY, () -> store.zones().create(area("x"), square(0, 0)));
    assertFails(Kind.READ_ONLY, () -> store.zones().delete("x"));
    assertFails(Kind.READ_ONLY, () -> store.datasets().begin("commune"));
    assertFails(Kind.READ_ONLY, () -> store.datasets().activate("commune", 1));
    assertFails(Kind.READ_ONLY, () -> store.datasets().delete("commune", 1));
    assertFails(Kind.READ_ONLY, () -> store.datasets().keep("commune", 1, true));
    assertFails(Kind.READ_ONLY, () -> store.datasets().accept("parcel"));
  }
}
