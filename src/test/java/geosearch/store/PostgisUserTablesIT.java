package geosearch.store;

import static geosearch.store.StoreContract.area;
import static geosearch.store.StoreContract.assertFails;
import static geosearch.store.StoreContract.square;
import static geosearch.store.StoreContract.wkt;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import geosearch.config.LayerConfig;
import geosearch.geo.Area;
import geosearch.geo.Layer;
import geosearch.store.StoreException.Kind;
import geosearch.testing.RequiresContainers;
import geosearch.testing.Servers;
import geosearch.testing.Servers.Database;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables and views of the user's are read in place. */
@RequiresContainers
class PostgisUserTablesIT {

  private static final Duration SOON = Duration.ofSeconds(60);

  private final List<PostgisStore> stores = new ArrayList<>();
  private Database database;

  @BeforeEach
  void createDatabase() {
    database = Servers.newDatabase();
  }

  @AfterEach
  void closeStores() {
    stores.forEach(PostgisStore::close);
  }

  private PostgisStore open(LayerConfig... layers) {
    PostgisStore store = PostgisSettings.of(database).open(layers);
    stores.add(store);
    return store;
  }

  private static LayerConfig layer(
      String table, String id, String label, String geometry, String... attributes) {
    return new LayerConfig(
        "parcel", table, id, label, geometry, List.of(attributes), "Cadastre", 2.5);
  }

  private static LayerState parcels(Store store) {
    return store.layers().stream()
        .filter(state -> state.layer().name().equals("parcel"))
        .findFirst()
        .orElseThrow();
  }

  /** Parcels 1 and 2, unit squares. */
  private void createParcels() {
    database.execute(
        """
        CREATE TABLE parcel (no int PRIMARY KEY, owner text, geom geometry(Polygon, 4326));
        INSERT INTO parcel VALUES
          (1, 'one', 'SRID=4326;POLYGON((0 0,1 0,1 1,0 1,0 0))'),
          (2, NULL, 'SRID=4326;POLYGON((1 0,2 0,2 1,1 1,1 0))')
        """);
  }

  private static final LayerConfig PARCELS = layer("parcel", "no", "owner", "");

  // What is read

  @Test
  void read_tableInAnotherProjection_isInDegrees() {
    database.execute(
        """
        CREATE SCHEMA "Cad astre";
        CREATE TABLE "Cad astre"."Par""cel" (
          "No" bigint, "Own er" text, kind char(5), year int, since date, ok bool, none text,
          geom geometry(MultiPolygon, 2154));
        INSERT INTO "Cad astre"."Par""cel" VALUES (7, 'O''Neill', 'b', 1999, '2001-02-03', true, NULL,
          ST_Multi(ST_Transform('SRID=4326;POLYGON((4.7 45.7,4.9 45.7,4.9 45.8,4.7 45.7))', 2154)))
        """);
    PostgisStore store =
        open(
            layer(
                "Cad astre.Par\"cel",
                "No",
                "Own er",
                "geom",
                "kind",
                "year",
                "since",
                "ok",
                "none"));

    StoreContents contents = StoreContents.of(store, "parcel");

    assertEquals(
        Map.of(
            "7",
            new Area(
                "7",
                "O'Neill",
                Map.of("kind", "b", "year", "1999", "since", "2001-02-03", "ok", "true"))),
        contents.areas);
    assertTrue(
        wkt("MULTIPOLYGON(((4.7 45.7,4.9 45.7,4.9 45.8,4.7 45.7)))")
            .equalsExact(contents.outlines.get("7"), 1e-8),
        contents.outlines.toString());
    assertEquals(
        new Layer(
            "parcel", Layer.Kind.TABLE, false, "", "table Cad astre.Par\"cel", "Cadastre", 2.5),
        parcels(store).layer());
  }

  @Test
  void read_view_isLikeATable() {
    createParcels();
    database.execute("CREATE VIEW a_few AS SELECT no AS id, geom FROM parcel WHERE no = 2");

    PostgisStore store = open(layer("a_few", "id", "", ""));

    assertEquals(Map.of("2", new Area("2", "", Map.of())), StoreContents.of(store, "parcel").areas);
    assertEquals("view public.a_few", parcels(store).layer().source());
  }

  @Test
  void read_namesInOtherCapitals_areFoundAsInSql() {
    createParcels();

    PostgisStore store = open(layer("Public.Parcel", "NO", "Owner", "GEOM"));

    assertEquals(Set.of("1", "2"), StoreContents.of(store, "parcel").areas.keySet());
  }

  @Test
  void read_severalKindsOfGeometry_areMadeOutlines() {
    database.execute(
        """
        CREATE TABLE kinds (id text, geom geometry);
        INSERT INTO kinds VALUES
          ('no-srid', 'POLYGON((0 0,1 0,1 1,0 1,0 0))'),
          ('z', 'SRID=4326;POLYGON Z((0 0 9,1 0 9,1 1 9,0 1 9,0 0 9))'),
          ('m', 'SRID=4326;POLYGON M((0 0 9,1 0 9,1 1 9,0 1 9,0 0 9))'),
          ('surface', 'SRID=4326;MULTISURFACE(((0 0,1 0,1 1,0 1,0 0)))'),
          ('curve', 'SRID=4326;CURVEPOLYGON(CIRCULARSTRING(0 0,1 1,2 0,1 -1,0 0))'),
          ('world', ST_SetSRID(ST_MakeEnvelope(-20037508.342789244, -100, 20037508.342789244, 100), 3857));
        CREATE TABLE globe (id text, geog geography);
        INSERT INTO globe VALUES ('geography', 'POLYGON((0 0,1 0,1 1,0 1,0 0))')
        """);

    StoreContents contents = StoreContents.of(open(layer("kinds", "id", "", "")), "parcel");
    StoreContents globe = StoreContents.of(open(layer("globe", "id", "", "")), "parcel");

    assertEquals(Map.of(), contents.skipped);
    assertTrue(square(0, 0).equalsExact(contents.outlines.get("no-srid")));
    assertTrue(square(0, 0).equalsExact(contents.outlines.get("z")));
    assertTrue(square(0, 0).equalsExact(contents.outlines.get("m")));
    assertEquals(1, contents.outlines.get("surface").getArea());
    assertEquals(Math.PI, contents.outlines.get("curve").getArea(), 0.01);
    assertEquals(-180, contents.outlines.get("world").getEnvelopeInternal().getMinX());
    assertEquals(180, contents.outlines.get("world").getEnvelopeInternal().getMaxX());
    assertTrue(square(0, 0).equalsExact(globe.outlines.get("geography")));
  }

  @Test
  void read_rowsThatCantBeUsed_areSkippedWithTheirReason() {
    database.execute(
        """
        CREATE TABLE bad (id text, geom geometry);
        INSERT INTO bad VALUES
          ('good', 'SRID=4326;POLYGON((0 0,1 0,1 1,0 1,0 0))'),
          ('none', NULL),
          ('empty', 'SRID=4326;POLYGON EMPTY'),
          ('point', 'SRID=4326;POINT(1 1)'),
          ('collection', 'SRID=4326;GEOMETRYCOLLECTION(POLYGON((0 0,1 0,1 1,0 0)))'),
          ('tin', 'SRID=4326;TIN(((0 0 0,1 0 0,1 1 0,0 0 0)))'),
          ('far', 'SRID=4326;POLYGON((0 0,180.1 0,1 1,0 0))'),
          ('nan', ST_SetSRID(ST_MakePolygon(ST_MakeLine(ARRAY[ST_MakePoint(0, 0),
            ST_MakePoint(1, 0), ST_MakePoint(1, 'NaN'), ST_MakePoint(0, 0)])), 4326)),
          ('outside', ST_SetSRID(ST_MakeEnvelope(1e9, 1e9, 2e9, 2e9), 4275)),
          ('', 'SRID=4326;POLYGON((0 0,1 0,1 1,0 1,0 0))')
        """);
    PostgisStore store = open(layer("bad", "id", "", ""));

    StoreContents contents = new StoreContents();
    LayerContent content = store.read("parcel", contents);

    assertEquals(Set.of("good"), contents.areas.keySet());
    assertEquals(9, content.skipped());
    assertSkipped(contents, "none", "no outline");
    assertSkipped(contents, "empty", "empty");
    assertSkipped(contents, "point", "Point");
    assertSkipped(contents, "collection", "GeometryCollection");
    assertSkipped(contents, "tin", "read");
    assertSkipped(contents, "far", "180.1");
    assertSkipped(contents, "nan", "NaN");
    assertSkipped(contents, "outside", "SRID 4275");
    assertSkipped(contents, "", "no id");
  }

  private static void assertSkipped(StoreContents contents, String id, String part) {
    String reason = contents.skipped.getOrDefault(id, "not skipped");
    assertTrue(reason.contains(part), id + ": " + reason);
  }

  // What can't be read

  @Test
  void layers_tableThatIsMissing_saysSoAndBreaksNoOther() {
    PostgisStore store = open(layer("cadastre.parcel", "no", "", ""));
    store.zones().create(area("z"), square(0, 0));

    assertUnreadable(store, Kind.NOT_FOUND, "cadastre.parcel");
    assertEquals(Set.of("z"), StoreContents.of(store, Store.ZONE_LAYER).areas.keySet());

    database.execute("CREATE SCHEMA cadastre");
    createParcels();
    database.execute("ALTER TABLE parcel SET SCHEMA cadastre");
    assertEquals(Optional.empty(), parcels(store).problem());
    assertEquals(Set.of("1", "2"), StoreContents.of(store, "parcel").areas.keySet());

    database.execute("DROP TABLE cadastre.parcel");
    assertUnreadable(store, Kind.NOT_FOUND, "cadastre.parcel");
  }

  @Test
  void layers_columnThatIsMissing_namesTableColumnAndThoseThere() {
    createParcels();

    assertUnreadable(
        open(layer("parcel", "number", "", "")),
        Kind.CORRUPT,
        "public.parcel",
        "\"number\"",
        "`id`",
        "no, owner, geom");
    assertUnreadable(open(layer("parcel", "no", "name", "")), Kind.CORRUPT, "\"name\"", "`label`");
    assertUnreadable(
        open(layer("parcel", "no", "", "", "year")), Kind.CORRUPT, "\"year\"", "`attributes`");
    assertUnreadable(
        open(layer("parcel", "no", "", "shape")), Kind.CORRUPT, "\"shape\"", "`geometry`");
  }

  @Test
  void layers_geometryColumnIsNotClear_saysSo() {
    createParcels();
    database.execute("CREATE VIEW two AS SELECT no, geom, geom AS other FROM parcel");
    database.execute("CREATE VIEW zero AS SELECT no FROM parcel");

    assertUnreadable(
        open(layer("two", "no", "", "")), Kind.CORRUPT, "2 columns", "no, geom, other");
    assertUnreadable(open(layer("zero", "no", "", "")), Kind.CORRUPT, "no columns");
    assertUnreadable(open(layer("parcel", "no", "", "owner")), Kind.CORRUPT, "text");
  }

  @Test
  void layers_viewThatFails_saysSoAndBreaksNoOther() {
    createParcels();
    database.execute("CREATE VIEW failing AS SELECT 1 / (no - no) AS no, geom FROM parcel");
    PostgisStore store = open(layer("failing", "no", "", ""));

    assertTrue(
        parcels(store).problem().orElseThrow().contains("division by zero"),
        parcels(store).problem().toString());
    assertFails(Kind.CORRUPT, () -> store.read("parcel", new StoreContents()), "division by zero");
    assertEquals(Store.ZONE_LAYER, store.layers().getLast().layer().name());
  }

  @Test
  void open_tableForTheZones_isRefused() {
    LayerConfig zones = new LayerConfig(Store.ZONE_LAYER, "t", "id", "", "", List.of(), "", 0);

    assertThrows(IllegalArgumentException.class, () -> open(zones));
  }

  private static void assertUnreadable(PostgisStore store, Kind kind, String... parts) {
    StoreException failure =
        assertFails(kind, () -> store.read("parcel", new StoreContents()), parts);
    LayerState state = parcels(store);
    assertEquals(Optional.of(failure.getMessage()), state.problem());
    assertEquals(Layer.Kind.TABLE, state.layer().kind());
  }

  // Changes

  @ParameterizedTest
  @ValueSource(strings = {"parcel", "parcel_view", "parcel_parts"})
  void layers_rowsChange_differAndOnlyThen(String table) {
    createParcels();
    database.execute(
        """
        CREATE VIEW parcel_view AS SELECT * FROM parcel;
        CREATE TABLE parcel_parts (LIKE parcel) PARTITION BY LIST (no);
        CREATE TABLE parcel_part_1 PARTITION OF parcel_parts FOR VALUES IN (1);
        CREATE TABLE parcel_part_x PARTITION OF parcel_parts DEFAULT;
        INSERT INTO parcel_parts SELECT * FROM parcel
        """);
    String written = table.equals("parcel_view") ? "parcel" : table;
    PostgisStore store = open(layer(table, "no", "owner", ""));
    List<String> seen = new ArrayList<>();
    seen.add(fingerprint(store));

    for (String change :
        List.of(
            "INSERT INTO %s VALUES (3, 'three', ST_MakeEnvelope(0, 0, 1, 1, 4326))",
            "UPDATE %s SET owner = 'drei' WHERE no = 3",
            "UPDATE %s SET geom = ST_MakeEnvelope(0, 0, 2, 2, 4326) WHERE no = 3",
            "DELETE FROM %s WHERE no = 3",
            "DELETE FROM %s")) {
      database.execute(change.formatted(written));
      String after = fingerprint(store);
      assertNotEquals(seen.getLast(), after, change);
      seen.add(after);
    }

    database.execute("ANALYZE " + written);
    database.execute("VACUUM " + written);
    assertEquals(seen.getLast(), fingerprint(store));
  }

  /** That of a look of its own, for a view's may be remembered. */
  private String fingerprint(PostgisStore store) {
    PostgisStore fresh = open(layer(tableOf(store), "no", "owner", ""));
    String fingerprint = parcels(fresh).fingerprint();
    assertEquals(fingerprint, store.read("parcel", new StoreContents()).state().fingerprint());
    assertEquals(fingerprint, parcels(store).fingerprint());
    assertEquals(fingerprint, parcels(store).fingerprint());
    return fingerprint;
  }

  private static String tableOf(PostgisStore store) {
    return parcels(store).layer().source().replaceFirst(".*\\.", "");
  }

  @Test
  void layers_columnIsAnotherOne_differ() {
    createParcels();
    PostgisStore store = open(PARCELS);
    String before = parcels(store).fingerprint();

    database.execute("ALTER TABLE parcel RENAME TO before");
    database.execute("CREATE TABLE parcel AS SELECT * FROM before");

    assertNotEquals(before, parcels(store).fingerprint());
  }

  @Test
  void layers_viewIsExpensive_isLookedAtLessOftenAndHoldsUpNothing() {
    createParcels();
    database.execute(
        "CREATE VIEW slow AS SELECT p.* FROM parcel p, (SELECT pg_sleep(1.5) OFFSET 0) AS s");
    PostgisStore store = open(layer("slow", "no", "owner", ""));
    String before = parcels(store).fingerprint();

    database.execute("DELETE FROM parcel WHERE no = 2");
    Zone zone = store.zones().create(area("z"), square(0, 0));

    assertEquals(before, parcels(store).fingerprint());
    assertEquals(zone.revision(), store.read(Store.ZONE_LAYER, new StoreContents()).revision());
    await().atMost(SOON.multipliedBy(3)).until(() -> !before.equals(parcels(store).fingerprint()));
  }

  @Test
  void layers_tableIsLocked_areAsBeforeAndHoldUpNothing() throws Exception {
    createParcels();
    PostgisStore store = open(PARCELS);
    LayerState before = parcels(store);
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("TRUNCATE parcel");

      assertEquals(before, parcels(store));
      store.zones().create(area("z"), square(0, 0));
      assertEquals(before, parcels(store));
      connection.commit();
    }

    await().atMost(SOON).until(() -> !before.equals(parcels(store)));
    assertEquals(Map.of(), StoreContents.of(store, "parcel").areas);
  }

  // Accepting

  @Test
  void accept_table_keepsItsPresentFingerprint() {
    createParcels();
    PostgisStore store = open(PARCELS);
    assertEquals(Optional.empty(), parcels(store).acceptedFingerprint());

    store.datasets().accept("parcel");

    LayerState accepted = parcels(store);
    assertEquals(Optional.of(accepted.fingerprint()), accepted.acceptedFingerprint());
    assertEquals(accepted, store.read("parcel", new StoreContents()).state());

    database.execute("DELETE FROM parcel");
    await().atMost(SOON).until(() -> !accepted.fingerprint().equals(parcels(store).fingerprint()));
    LayerState after = parcels(store);
    assertEquals(accepted.acceptedFingerprint(), after.acceptedFingerprint());

    store.datasets().accept("parcel");
    assertEquals(Optional.of(after.fingerprint()), parcels(store).acceptedFingerprint());
    assertEquals(List.of(), store.datasets().list());
  }
}
