package geosearch.store;

import static geosearch.store.StoreContract.area;
import static geosearch.store.StoreContract.assertFails;
import static geosearch.store.StoreContract.square;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import geosearch.store.StoreException.Kind;
import geosearch.testing.Databases;
import geosearch.testing.LogRecords;
import geosearch.testing.RequiresContainers;
import geosearch.testing.Servers;
import geosearch.testing.Servers.Database;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.logging.Level;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A store that was used is not taken for another one. */
@RequiresContainers
class PostgisIdentityIT {

  private static final Duration SOON = Duration.ofSeconds(30);

  private final Database database = Servers.newDatabase();

  private PostgisStore open() {
    return PostgisSettings.of(database).open();
  }

  private static void fill(Store store) {
    store.zones().create(area("z"), square(0, 0));
    importVersion(store);
  }

  private static void importVersion(Store store) {
    try (DatasetWriter writer = store.datasets().begin("commune")) {
      writer.add(1, area("a"), square(0, 0));
      writer.commit(StoreContract.provenance(), false);
    }
  }

  private static Set<String> names(Store store) {
    return store.layers().stream().map(state -> state.layer().name()).collect(Collectors.toSet());
  }

  private String query(String sql) throws Exception {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  private static void awaitMismatch(Store store, String... parts) {
    await().atMost(SOON).untilAsserted(() -> assertFails(Kind.MISMATCH, store::layers, parts));
  }

  private static void assertNothingIsDone(PostgisStore store) {
    assertFails(Kind.MISMATCH, () -> store.read("commune", new StoreContents()));
    assertFails(Kind.MISMATCH, () -> store.zones().create(area("new"), square(0, 0)));
    assertFails(Kind.MISMATCH, () -> store.zones().delete("z"));
    assertFails(Kind.MISMATCH, () -> store.zones().list("", 10, false));
    assertFails(Kind.MISMATCH, () -> store.zones().changes(0, 10, false));
    assertFails(Kind.MISMATCH, () -> store.datasets().begin("commune"));
    assertFails(Kind.MISMATCH, () -> store.datasets().list());
    assertFails(Kind.MISMATCH, store::accept);
  }

  @Test
  void layers_schemaIsDropped_areRefusedAndNothingIsCreated() throws Exception {
    try (PostgisStore store = open()) {
      fill(store);
      assertEquals(Set.of("commune", "thing"), names(store));

      database.execute("DROP SCHEMA geosearch CASCADE");

      awaitMismatch(store, "found no schema geosearch", "geosearch datasets accept --store");
      assertNothingIsDone(store);
      assertEquals("0", query("SELECT count(*) FROM pg_namespace WHERE nspname = 'geosearch'"));
    }
  }

  @Test
  void layers_anotherProcessAcceptsWhatIsThereNow_areThoseOfTheNewStore() {
    try (PostgisStore store = open()) {
      fill(store);
      assertEquals(Set.of("commune", "thing"), names(store));
      database.execute("DROP SCHEMA geosearch CASCADE");
      awaitMismatch(store);

      try (PostgisStore command = open()) {
        command.accept();
      }

      assertEquals(Set.of("thing"), names(store));
      assertEquals(1, store.acceptances());
      assertEquals(1, store.zones().create(area("new"), square(0, 0)).revision());
    }
  }

  @Test
  void layers_databaseIsReplacedAndBroughtBack_goOnWithoutAcceptance() throws Exception {
    String aside = database.name() + "_aside";
    try (PostgisStore store = open()) {
      fill(store);
      Set<String> before = names(store);
      Databases.rename(database, aside);
      Databases.createEmpty(database);

      awaitMismatch(store, "found no schema geosearch");
      assertNothingIsDone(store);
      // Somebody who kept nothing may use it, and gives it an identity of its own.
      try (PostgisStore other = open()) {
        fill(other);
      }
      awaitMismatch(store, "found identity");

      Databases.rename(database, database.name() + "_empty");
      Databases.rename(new Database(database.host(), database.port(), aside), database.name());
      await().atMost(SOON).ignoreExceptions().until(() -> names(store).equals(before));
      assertEquals(0, store.acceptances());
      store.zones().create(area("new"), square(0, 0));
    }
  }

  @Test
  void layers_anotherStoreThatWasAcceptedEarlier_areRefused() {
    Database other = Servers.newDatabase();
    try (PostgisStore store = PostgisSettings.of(other).open()) {
      fill(store);
      store.accept();
    }
    try (PostgisStore store = open()) {
      fill(store);
      store.layers();
      Databases.rename(database, database.name() + "_aside");
      Databases.rename(other, database.name());

      awaitMismatch(store, "found identity");
      try (PostgisStore command = open()) {
        command.accept();
      }
      await()
          .atMost(SOON)
          .ignoreExceptions()
          .until(() -> names(store).equals(Set.of("commune", "thing")));
      assertEquals(1, store.acceptances());
    }
  }

  @Test
  void layers_olderBackup_areRefusedUntilItHasCaughtUpOrIsAccepted() {
    String backup = database.name() + "_backup";
    try (PostgisStore store = open()) {
      fill(store);
      Databases.copy(database, backup);
      await().atMost(SOON).ignoreExceptions().until(() -> names(store).size() == 2);
      importVersion(store);
      store.zones().create(area("later"), square(0, 0));
      store.layers();

      Databases.rename(database, database.name() + "_aside");
      Databases.rename(new Database(database.host(), database.port(), backup), database.name());

      awaitMismatch(store, "expected revision", "older backup");
      assertNothingIsDone(store);
      try (PostgisStore command = open()) {
        command.accept();
      }
      assertEquals(Set.of("commune", "thing"), names(store));
      assertEquals(1, store.acceptances());
      assertEquals("1", store.layers().getFirst().layer().version());
    }
  }

  @Test
  void layers_onlyAnActivationIsMissing_areRefused() {
    String backup = database.name() + "_backup";
    try (PostgisStore store = open()) {
      importVersion(store);
      importVersion(store);
      Databases.copy(database, backup);
      await().atMost(SOON).ignoreExceptions().until(() -> names(store).size() == 2);
      store.datasets().activate("commune", 1);
      store.layers();

      Databases.rename(database, database.name() + "_aside");
      Databases.rename(new Database(database.host(), database.port(), backup), database.name());

      awaitMismatch(store, "older backup");
    }
  }

  @Test
  void layers_sameStoreEmptied_areTaken() {
    try (PostgisStore store = open();
        PostgisStore other = open()) {
      fill(store);
      store.layers();

      other.datasets().deleteLayer("commune");
      other.zones().delete("z");

      assertEquals(Set.of("thing"), names(store));
      assertEquals(List.of(), store.zones().list("", 10, false));
    }
  }

  @Test
  void write_schemaNeedsANewerWriter_isRefusedAndReadsGoOn() {
    try (LogRecords log = LogRecords.of(PostgisIdentity.class);
        PostgisStore store = open()) {
      fill(store);
      database.execute("UPDATE geosearch.zone_revision SET least_writer = 99");

      for (int i = 0; i < 3; i++) {
        assertEquals(Set.of("commune", "thing"), names(store));
        assertFails(
            Kind.READ_ONLY,
            () -> store.zones().create(area("new"), square(0, 0)),
            "version 99",
            "update the server");
      }
      assertFails(Kind.READ_ONLY, () -> importVersion(store), "version 99");
      assertTrue(store.readOnlyReason().orElseThrow().contains("version 99"));
      assertEquals(1, log.texts(Level.WARNING).size());
      database.execute("UPDATE geosearch.zone_revision SET least_writer = 2");
      store.layers();
      assertEquals(Optional.empty(), store.readOnlyReason());
      importVersion(store);
    }
  }

  @Test
  void layers_schemaNeedsANewerReader_areRefusedAlsoAtTheStart() {
    try (PostgisStore store = open()) {
      fill(store);
      database.execute("UPDATE geosearch.zone_revision SET least_reader = 99");

      assertFails(Kind.MISMATCH, store::layers, "version 99", "update the server");
      try (PostgisStore second = open()) {
        assertFails(Kind.MISMATCH, second::layers, "version 99");
      }
      database.execute("UPDATE geosearch.zone_revision SET least_reader = 3");
      assertEquals(Set.of("commune", "thing"), names(store));
    }
  }

  @Test
  void open_identityIsNamed_usesNoOtherAndCreatesNone() throws Exception {
    PostgisSettings settings = PostgisSettings.of(database);
    try (PostgisStore store = settings.open("no-such-identity")) {
      assertFails(Kind.MISMATCH, store::layers, "no-such-identity (store.identity)", "no schema");
      assertEquals("0", query("SELECT count(*) FROM pg_namespace WHERE nspname = 'geosearch'"));
    }
    try (PostgisStore store = open()) {
      fill(store);
    }
    try (PostgisStore store = settings.open("no-such-identity")) {
      assertFails(Kind.MISMATCH, store::layers, "no-such-identity (store.identity)");
      assertFails(Kind.MISMATCH, store::accept, "store.identity");
    }
    String identity = query("SELECT store_id FROM geosearch.zone_revision");
    try (PostgisStore store = settings.open(identity)) {
      assertEquals(Set.of("commune", "thing"), names(store));
    }
  }

  @Test
  void open_severalAtOnce_useOneIdentity() throws Exception {
    List<PostgisStore> stores = new ArrayList<>();
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      List<Future<Set<String>>> started = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        PostgisStore store = open();
        stores.add(store);
        started.add(threads.submit(() -> names(store)));
      }
      for (Future<Set<String>> each : started) {
        each.get();
      }
      stores.getFirst().zones().create(area("z"), square(0, 0));
      for (PostgisStore store : stores) {
        assertEquals(1, store.zones().list("", 10, false).size());
      }
    } finally {
      stores.forEach(PostgisStore::close);
    }
  }

  // Schemas of earlier versions

  private static String fixture() throws IOException {
    try (InputStream sql = PostgisIdentityIT.class.getResourceAsStream("postgis-schema-2.sql")) {
      return new String(sql.readAllBytes(), UTF_8);
    }
  }

  private static void assertHoldsTheFixture(PostgisStore store) {
    assertEquals(Set.of("commune", "depot", "thing"), names(store));
    assertEquals(Set.of("a"), StoreContents.of(store, "thing").areas.keySet());
    assertEquals(Set.of("c"), StoreContents.of(store, "depot").areas.keySet());
    assertEquals(Set.of("x", "y"), StoreContents.of(store, "commune").areas.keySet());
    assertEquals(
        List.of("2 kept", "1 active"),
        store.datasets().list().stream()
            .map(dataset ->
                dataset.version()
                    + (dataset.active() ? " active" : "")
                    + (dataset.keep() ? " kept" : ""))
            .toList());
    assertEquals(5, store.zones().changes(0, 10, false).revision());
  }

  @Test
  void open_schemaOfVersion2_isUpgradedAndHoldsTheSame() throws Exception {
    database.execute(fixture());
    try (PostgisStore store = open()) {
      assertHoldsTheFixture(store);
      assertEquals(6, store.zones().create(area("new"), square(0, 0)).revision());
      importVersion(store);
      assertEquals(
          String.valueOf(PostgisMigration.VERSION),
          query("SELECT max(version::int) FROM geosearch.migration"));
    }
  }

  @Test
  void open_schemaOfVersion2ThatMayOnlyBeRead_isServedAlsoOnceItIsUpgraded() throws Exception {
    String reader = "reader_" + database.name();
    database.execute(fixture());
    database.execute("CREATE ROLE " + reader + " LOGIN PASSWORD 'secret'");
    database.execute("GRANT USAGE ON SCHEMA geosearch TO " + reader);
    database.execute("GRANT SELECT ON ALL TABLES IN SCHEMA geosearch TO " + reader);
    try (PostgisStore store = PostgisSettings.of(database).withUser(reader, "secret").open()) {
      assertHoldsTheFixture(store);
      assertFails(Kind.READ_ONLY, () -> store.zones().create(area("new"), square(0, 0)));

      try (PostgisStore owner = open()) {
        assertHoldsTheFixture(owner);
      }

      assertHoldsTheFixture(store);
      database.execute("DROP SCHEMA geosearch CASCADE");
      awaitMismatch(store, "found no schema geosearch");
    } finally {
      database.execute("DROP OWNED BY " + reader);
      database.execute("DROP ROLE " + reader);
    }
  }
}
