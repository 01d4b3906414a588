package geosearch.store;

import geosearch.config.PostgisConfig;
import geosearch.store.StoreException.Kind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/**
 * Creates our tables, and brings older ones up to date. Flyway's classes take a fifth of a second
 * to load, so nothing but this class names them, and it is left alone while the tables are current.
 */
final class PostgisMigration {

  /** The newest version among the resources. */
  static final int VERSION = 4;

  /** Held, because the JDK forgets levels of loggers that nobody holds. */
  private static final Logger FLYWAY_LOG = Logger.getLogger("org.flywaydb");

  private PostgisMigration() {}

  /**
   * Lets one server at a time go on, until its connection closes. Flyway's own lock does not cover
   * the creation of the schema.
   *
   * @param connection of one's own, which commits each statement
   */
  static void lock(Connection connection, PostgisConfig config) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET statement_timeout = " + config.socketTimeout().toMillis());
    }
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT pg_advisory_lock(hashtextextended(?, 0))")) {
      statement.setString(1, "geosearch migration of " + config.schema());
      statement.execute();
    }
  }

  /**
   * @param postgis the schema of the extension, quoted
   */
  static void run(PostgisSource source, PostgisConfig config, String postgis) throws SQLException {
    FLYWAY_LOG.setLevel(Level.OFF);
    try {
      migrate(source, config, postgis);
    } catch (FlywayException e) {
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof SQLException sql) {
          throw sql;
        }
      }
      throw new StoreException(
          Kind.CORRUPT, "the schema " + config.schema() + " can't be brought up to date", e);
    }
  }

  private static void migrate(PostgisSource source, PostgisConfig config, String postgis) {
    Flyway.configure()
        .dataSource(source)
        .locations("classpath:db/postgis")
        .defaultSchema(config.schema())
        .createSchemas(true)
        .table(PostgisFacts.HISTORY)
        // The schema may be one that holds other things already, such as public.
        .baselineOnMigrate(true)
        .baselineVersion("0")
        .placeholders(Map.of("schema", TableName.quote(config.schema()), "postgis", postgis))
        .load()
        .migrate();
  }
}
