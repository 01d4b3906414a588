package geosearch.store;

import static geosearch.store.StoreContract.area;
import static geosearch.store.StoreContract.assertFails;
import static geosearch.store.StoreContract.square;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import geosearch.store.Store.Listening;
import geosearch.store.StoreException.Kind;
import geosearch.testing.RequiresContainers;
import geosearch.testing.Servers;
import geosearch.testing.Servers.Database;
import geosearch.testing.TcpProxy;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PostGIS can't be reached, refuses, goes away and comes back. */
@RequiresContainers
class PostgisFaultsIT {

  private static final Duration SOON = Duration.ofSeconds(60);

  private Database database;
  private TcpProxy proxy;
  private PostgisSettings settings;

  @BeforeEach
  void startProxy() {
    database = Servers.newDatabase();
    proxy = new TcpProxy(database.host(), database.port());
    settings = PostgisSettings.of(database).withAddress("127.0.0.1", proxy.port());
  }

  @AfterEach
  void stopProxy() {
    proxy.close();
  }

  // Why it can't be used

  private static void assertUnavailable(PostgisSettings settings, String... parts) {
    try (PostgisStore store = settings.open()) {
      StoreException failure = assertFails(Kind.UNAVAILABLE, store::layers, parts);
      String message = failure.getMessage();
      assertFalse(message.contains("SELECT"), message);
      assertFalse(message.contains("wrong"), message);
      assertFails(Kind.UNAVAILABLE, store::readOnlyReason, parts);
      assertFails(Kind.UNAVAILABLE, () -> store.read("commune", new StoreContents()), parts);
      assertFails(Kind.UNAVAILABLE, () -> store.zones().list("", 1, false), parts);
      assertFails(Kind.UNAVAILABLE, () -> store.zones().create(area("z"), square(0, 0)), parts);
      assertFails(Kind.UNAVAILABLE, () -> store.datasets().begin("commune"), parts);
    }
  }

  @Test
  void anything_nobodyListens_isUnavailable() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    assertUnavailable(
        settings.withAddress("127.0.0.1", port), "127.0.0.1:" + port, "connection was refused");
  }

  @Test
  void anything_hostIsUnknown_isUnavailable() {
    assertUnavailable(
        settings.withAddress("nowhere.invalid", 5432), "nowhere.invalid:5432", "no host");
  }

  @Test
  void anything_passwordIsWrong_isUnavailable() {
    assertUnavailable(settings.withUser("docker", "wrong"), "password of the user docker");
  }

  @Test
  void anything_databaseIsMissing_isUnavailable() {
    assertUnavailable(settings.withDatabase("nothing"), "no database nothing");
  }

  @Test
  void anything_databaseHasNoPostgis_isUnavailableUntilItHas() {
    Database bare = Servers.newBareDatabase();
    assertUnavailable(PostgisSettings.of(bare), "no PostGIS", "CREATE EXTENSION postgis");
    try (PostgisStore store = PostgisSettings.of(bare).open()) {
      assertFails(Kind.UNAVAILABLE, store::layers);
      bare.execute("CREATE EXTENSION postgis");
      assertEquals(1, store.layers().size());
    }
  }

  @Test
  void anything_passwordFileIsMissing_isUnavailable(@TempDir Path folder) {
    Path file = folder.resolve("password");
    assertUnavailable(settings.withPasswordFile(file), file.toString());
  }

  @Test
  void layers_passwordFileChanges_isReadAgain(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("password");
    Files.writeString(file, "wrong\n");
    try (PostgisStore store = settings.withPasswordFile(file).open()) {
      assertFails(Kind.UNAVAILABLE, store::layers, "password");
      Files.writeString(file, Database.PASSWORD + "\n");
      assertEquals(1, store.layers().size());
    }
  }

  // Going away, and coming back

  @Test
  void layers_serverGoesAway_healWhenItIsBack() {
    try (PostgisStore store = settings.open()) {
      store.zones().create(area("z"), square(0, 0));
      List<LayerState> before = store.layers();

      for (int round = 0; round < 3; round++) {
        proxy.stop();
        await()
            .atMost(SOON)
            .untilAsserted(
                () -> assertFails(Kind.UNAVAILABLE, store::layers, "connection was refused"));
        proxy.start();
        await().atMost(SOON).ignoreExceptions().until(() -> store.layers().equals(before));
      }
      assertEquals(Set.of("z"), StoreContents.of(store, Store.ZONE_LAYER).areas.keySet());
    }
  }

  @Test
  void layers_serverHangs_failInTimeAndHeal() {
    PostgisSettings impatient =
        settings.withTimeouts(Duration.ofMillis(500), Duration.ofSeconds(2));
    try (PostgisStore store = impatient.open()) {
      List<LayerState> before = store.layers();
      proxy.stall();
      assertTimeout(
          SOON,
          () -> {
            assertFails(Kind.UNAVAILABLE, store::layers);
            assertFails(Kind.UNAVAILABLE, () -> store.read("thing", new StoreContents()));
            assertFails(Kind.UNAVAILABLE, () -> store.zones().list("", 1, false));
          });
      proxy.resume();
      await().atMost(SOON).ignoreExceptions().until(() -> store.layers().equals(before));
    }
  }

  @Test
  void create_somebodyHoldsTheLock_endsWithTheStatementTimeout() throws Exception {
    PostgisSettings impatient =
        settings.withTimeouts(Duration.ofMillis(500), Duration.ofSeconds(30));
    try (PostgisStore store = impatient.open();
        Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      store.zones().create(area("a"), square(0, 0));
      connection.setAutoCommit(false);
      statement.execute("UPDATE geosearch.zone_revision SET value = value");

      assertFails(
          Kind.UNAVAILABLE,
          () -> store.zones().create(area("b"), square(0, 0)),
          "store.postgis.statement-timeout");
      connection.rollback();

      store.zones().create(area("b"), square(0, 0));
    }
  }

  @Test
  void commit_connectionIsLost_changesNothing() {
    try (PostgisStore store = settings.open()) {
      store.zones().create(area("z"), square(0, 0));
      List<LayerState> before = store.layers();
      try (DatasetWriter writer = store.datasets().begin("commune")) {
        for (int i = 1; i <= 10_000; i++) {
          writer.add(i, area("id" + i), square(0, 0));
        }
        proxy.cut();
        assertFails(
            Kind.UNAVAILABLE,
            () -> {
              for (int i = 10_001; i <= 1_000_000; i++) {
                writer.add(i, area("id" + i), square(0, 0));
              }
            });
      }

      await().atMost(SOON).ignoreExceptions().until(() -> store.layers().equals(before));
      assertEquals(List.of(), store.datasets().list());
      // The server has given up the lock of the import that was cut off.
      await()
          .atMost(SOON)
          .ignoreExceptions()
          .until(() -> {
            try (DatasetWriter writer = store.datasets().begin("commune")) {
              writer.add(1, area("a"), square(0, 0));
              return writer.commit(StoreContract.provenance(), false).version() == 1;
            }
          });
    }
  }

  @Test
  void add_serverTakesNothing_failsInTime() {
    PostgisSettings impatient = settings.withTimeouts(Duration.ofSeconds(1), Duration.ofSeconds(2));
    try (PostgisStore store = impatient.open();
        DatasetWriter writer = store.datasets().begin("commune")) {
      proxy.stall();
      assertTimeout(
          SOON,
          () ->
              assertFails(
                  Kind.UNAVAILABLE,
                  () -> {
                    for (int i = 1; ; i++) {
                      writer.add(i, area("id" + i), square(0, 0));
                    }
                  }));
    }
  }

  @Test
  void listen_connectionIsLost_callsBackWhenItIsBackAndHearsAgain() {
    AtomicInteger calls = new AtomicInteger();
    try (PostgisStore store = settings.open();
        PostgisStore other = PostgisSettings.of(database).open();
        Listening _ = store.listen(calls::incrementAndGet)) {
      await().atMost(SOON).until(() -> calls.get() > 0);
      proxy.stop();
      int before = calls.get();
      proxy.start();

      await().atMost(SOON).until(() -> calls.get() > before);
      int back = calls.get();
      other.zones().create(area("z"), square(0, 0));
      await().atMost(SOON).until(() -> calls.get() > back);
    }
  }

  @Test
  void listen_beforeTheServerIsThere_callsBackWhenItIs() {
    AtomicInteger calls = new AtomicInteger();
    proxy.stop();
    try (PostgisStore store = settings.open();
        Listening _ = store.listen(calls::incrementAndGet)) {
      assertFails(Kind.UNAVAILABLE, store::layers);
      proxy.start();
      await().atMost(SOON).until(() -> calls.get() > 0);
    }
  }

  @Test
  void close_whileListening_endsTheThread() {
    PostgisStore store = settings.open();
    AtomicInteger calls = new AtomicInteger();
    store.listen(calls::incrementAndGet);
    await().atMost(SOON).until(() -> calls.get() > 0);

    store.close();

    assertEquals(
        List.of(),
        Thread.getAllStackTraces().keySet().stream()
            .filter(Thread::isAlive)
            .map(Thread::getName)
            .filter("geosearch-notices"::equals)
            .toList());
    assertFails(Kind.UNAVAILABLE, store::layers);
  }
}
