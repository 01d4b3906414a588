package geosearch.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import geosearch.config.PostgisConfig;
import geosearch.testing.RequiresContainers;
import geosearch.testing.Servers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Each test has a schema of its own. */
@RequiresContainers
class PostgisStoreIT extends StoreContract {

  private static final AtomicInteger SCHEMAS = new AtomicInteger();

  private final PostgisSettings settings =
      PostgisSettings.of(SharedDatabase.DATABASE)
          .withSchema("store_" + SCHEMAS.incrementAndGet() + "_of_a_test");

  @Override
  Store open(int maxZones) {
    return PostgisStore.open(settings.config(), List.of(), maxZones, new SimpleMeterRegistry());
  }

  @Test
  void transaction_anyKind_isNotCompiledByTheDatabase() {
    PostgisConfig config = settings.config();
    try (PostgisConnections connections =
        new PostgisConnections(
            config,
            new PostgisFailures(config),
            new PostgisIdentity(config.schema(), ""),
            new SimpleMeterRegistry())) {
      assertEquals("off", connections.read(PostgisStoreIT::compilation));
      assertEquals("off", connections.stream(PostgisStoreIT::compilation));
      assertEquals("off", connections.write(PostgisStoreIT::compilation));
    }
  }

  private static String compilation(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SHOW jit")) {
      row.next();
      return row.getString(1);
    }
  }

  /** Not created where the tests are skipped. */
  private static final class SharedDatabase {
    static final Servers.Database DATABASE = Servers.newDatabase();
  }
}
