package geosearch.store;

import static geosearch.store.StoreContract.area;
import static geosearch.store.StoreContract.assertFails;
import static geosearch.store.StoreContract.square;
import static geosearch.store.StoreContract.wkt;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import geosearch.geo.Area;
import geosearch.geo.Layer;
import geosearch.store.StoreException.Kind;
import geosearch.testing.RequiresContainers;
import geosearch.testing.Servers;
import geosearch.testing.Servers.Database;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The original system's tables are found and read as they are. */
@RequiresContainers
class PostgisOriginalTablesIT {

  private static final String LYON = "POLYGON((4.7 45.7,4.9 45.7,4.9 45.8,4.7 45.8,4.7 45.7))";

  private Database database;
  private PostgisStore store;

  @BeforeEach
  void openStore() {
    database = Servers.newDatabase();
    store = PostgisSettings.of(database).open();
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  private void createCommunes() {
    database.execute(
        """
        CREATE TABLE ogrgeojson (ogc_fid serial PRIMARY KEY, insee varchar, nom varchar,
          wikipedia varchar, surf_ha numeric, wkb_geometry geometry(Geometry, 4326));
        INSERT INTO ogrgeojson (insee, nom, wikipedia, surf_ha, wkb_geometry) VALUES
          ('69123', 'Lyon', 'fr:Lyon', 4798, ST_GeomFromText('%1$s', 4326)),
          ('69266', 'Villeurbanne', NULL, NULL, ST_Multi(ST_GeomFromText('%1$s', 4326)))
        """
            .formatted(LYON));
  }

  private void createThings() {
    database.execute(
        """
        CREATE TABLE thing (id serial PRIMARY KEY, name varchar, geom geometry(Polygon));
        INSERT INTO thing (name, geom)
          VALUES ('test_squared_thing', 'POLYGON((0 0,1 0,1 1,0 1,0 0))')
        """);
  }

  private Optional<LayerState> state(String layer) {
    return store.layers().stream().filter(state -> state.layer().name().equals(layer)).findFirst();
  }

  @Test
  void layers_originalCommunes_areTheLayerCommune() {
    createCommunes();

    assertEquals(
        new Layer("commune", Layer.Kind.TABLE, true, "", "table public.ogrgeojson", "", 0),
        state("commune").orElseThrow().layer());
    StoreContents contents = StoreContents.of(store, "commune");
    assertEquals(
        Map.of(
            "69123", new Area("69123", "Lyon", Map.of("wikipedia", "fr:Lyon", "surf_ha", "4798")),
            "69266", new Area("69266", "Villeurbanne", Map.of())),
        contents.areas);
    assertTrue(wkt(LYON).equalsExact(contents.outlines.get("69123")));
    assertEquals("MultiPolygon", contents.outlines.get("69266").getGeometryType());
  }

  @Test
  void layers_originalCommunesWithoutOptionalColumns_leaveThemOut() {
    database.execute(
        """
        CREATE TABLE ogrgeojson (ogc_fid serial PRIMARY KEY, insee varchar, shape geometry);
        INSERT INTO ogrgeojson (insee, shape) VALUES ('69123', ST_GeomFromText('%s'))
        """
            .formatted(LYON));

    assertEquals(
        Map.of("69123", new Area("69123", "", Map.of())), StoreContents.of(store, "commune").areas);
  }

  @Test
  void layers_otherTableOfThatName_isNotServed() {
    database.execute("CREATE TABLE ogrgeojson (insee int, one geometry, two geometry)");
    database.execute("CREATE TABLE thing (id int, label text)");

    assertEquals(
        List.of(Store.ZONE_LAYER),
        store.layers().stream().map(state -> state.layer().name()).toList());
    assertFalse(state(Store.ZONE_LAYER).orElseThrow().layer().original());
    assertFails(Kind.NOT_FOUND, () -> store.read("commune", new StoreContents()), "commune");
  }

  @Test
  void layers_originalThings_belongToTheZones() {
    createThings();
    store.zones().create(area("mine"), square(5, 5));

    Layer zones = state(Store.ZONE_LAYER).orElseThrow().layer();
    assertTrue(zones.original());
    assertEquals("zones and the table public.thing", zones.source());
    StoreContents contents = StoreContents.of(store, Store.ZONE_LAYER);
    assertEquals(
        Map.of(
            "mine", area("mine"), "thing/1", new Area("thing/1", "test_squared_thing", Map.of())),
        contents.areas);
    assertTrue(wkt("POLYGON((0 0,1 0,1 1,0 1,0 0))").equalsExact(contents.outlines.get("thing/1")));
  }

  @Test
  void layers_originalThingsChange_differ() {
    createThings();
    LayerState before = state(Store.ZONE_LAYER).orElseThrow();

    database.execute("UPDATE thing SET name = 'other'");

    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> !before.equals(state(Store.ZONE_LAYER).orElseThrow()));
    assertEquals(
        state(Store.ZONE_LAYER).orElseThrow(),
        store.read(Store.ZONE_LAYER, new StoreContents()).state());
  }

  @Test
  void list_originalThings_areAmongTheZonesAndReadOnly() {
    createThings();
    database.execute("INSERT INTO thing (name, geom) VALUES (NULL, NULL)");
    for (String id : List.of("a", "thinga", "z")) {
      store.zones().create(area(id), square(5, 5));
    }

    List<Zone> zones = store.zones().list("", 10, true);

    assertEquals(
        List.of("a", "thing/1", "thing/2", "thinga", "z"),
        zones.stream().map(zone -> zone.area().id()).toList());
    Zone thing = zones.get(1);
    assertTrue(thing.readOnly());
    assertEquals(0, thing.revision());
    assertEquals(Optional.empty(), thing.createTime());
    assertTrue(wkt("POLYGON((0 0,1 0,1 1,0 1,0 0))").equalsExact(thing.outline().orElseThrow()));
    assertEquals(new Area("thing/2", "", Map.of()), zones.get(2).area());
    assertEquals(Optional.empty(), zones.get(2).outline());
    assertEquals(
        List.of("thing/2", "thinga"),
        store.zones().list("thing/1", 2, false).stream().map(zone -> zone.area().id()).toList());
  }

  @Test
  void getAndList_asOfBeforeAThingWasThere_haveItAsItIs() {
    Zone mine = store.zones().create(area("mine"), square(5, 5));
    Instant before = mine.updateTime().orElseThrow();
    createThings();
    database.execute("UPDATE thing SET name = 'later'");

    List<Zone> then =
        store
            .zones()
            .list(
                new Zones.Selection(Store.ZONE_LAYER, Optional.of(before), true),
                ZoneKey.FIRST,
                10);

    assertEquals(List.of("mine", "thing/1"), then.stream().map(zone -> zone.area().id()).toList());
    assertEquals("later", then.getLast().area().name());
    assertEquals(
        "later",
        store
            .zones()
            .get(new ZoneKey(Store.ZONE_LAYER, "thing/1"), Optional.of(before))
            .area()
            .name());
    assertEquals(
        List.of("mine"),
        store.zones().changes(0, 10, false).changes().stream()
            .map(change -> change.key().id())
            .toList());
  }

  @Test
  void delete_originalThing_isRefused() {
    createThings();

    assertFails(Kind.REFUSED, () -> store.zones().delete("thing/1"), "thing/1", "original");
    assertFails(Kind.NOT_FOUND, () -> store.zones().delete("thing/2"), "thing/2");
    assertEquals(Set.of("thing/1"), StoreContents.of(store, Store.ZONE_LAYER).areas.keySet());
  }

  @Test
  void layers_importOfThatName_goesBeforeTheTable() {
    createCommunes();
    try (DatasetWriter writer = store.datasets().begin("commune")) {
      writer.add(1, area("imported"), square(0, 0));
      writer.commit(StoreContract.provenance(), false);
    }

    assertEquals(
        List.of(Layer.Kind.DATASET, Layer.Kind.ZONES),
        store.layers().stream().map(state -> state.layer().kind()).toList());
    assertEquals(Set.of("imported"), StoreContents.of(store, "commune").areas.keySet());
  }

  @Test
  void layers_ourSchemaOnTheSearchPath_hidesNothing() {
    createCommunes();
    createThings();
    database.execute(
        "ALTER DATABASE " + database.name() + " SET search_path = geosearch, \"$user\", public");
    store.close();
    store = PostgisSettings.of(database).open();
    store.zones().create(area("mine"), square(5, 5));

    assertEquals(Set.of("69123", "69266"), StoreContents.of(store, "commune").areas.keySet());
    assertEquals(
        Set.of("mine", "thing/1"), StoreContents.of(store, Store.ZONE_LAYER).areas.keySet());
  }

  @Test
  void layers_ourSchemaIsPublic_readsBoth() {
    createCommunes();
    createThings();
    try (PostgisStore inPublic = PostgisSettings.of(database).withSchema("public").open()) {
      inPublic.zones().create(area("mine"), square(5, 5));

      assertEquals(Set.of("69123", "69266"), StoreContents.of(inPublic, "commune").areas.keySet());
      assertEquals(
          Set.of("mine", "thing/1"), StoreContents.of(inPublic, Store.ZONE_LAYER).areas.keySet());
    }
  }
}
