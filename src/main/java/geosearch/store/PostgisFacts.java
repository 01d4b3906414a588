package geosearch.store;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a server says of itself, of its database and of what we may do there.
 *
 * @param serverNumber its version, such as 130004
 * @param server its version for people
 * @param standby whether it replays another server's log
 * @param readOnly whether transactions may only read unless they say otherwise
 * @param extensionVersion of PostGIS; nothing where the database has none
 * @param extensionSchema that PostGIS is in, quoted
 * @param mayCreateSchema whether we may create schemas
 * @param schemaThere whether our schema is there
 * @param mayCreateTables whether we may create tables in it
 * @param version of our tables; 0 where they are not (all) there
 * @param readable whether we may read all of them
 * @param writable whether we may write to all of them
 */
record PostgisFacts(
    int serverNumber,
    String server,
    boolean standby,
    boolean readOnly,
    Optional<String> extensionVersion,
    String extensionSchema,
    boolean mayCreateSchema,
    boolean schemaThere,
    boolean mayCreateTables,
    int version,
    boolean readable,
    boolean writable) {

  /** The table in which Flyway writes down what it did. */
  static final String HISTORY = "migration";

  private static final String[] TABLES = {
    HISTORY,
    "layer",
    "dataset",
    "area",
    "zone",
    "zone_revision",
    "zone_state",
    "zone_request",
    "collection"
  };
  private static final int OLDEST_SERVER = 13;
  private static final int OLDEST_EXTENSION = 3;

  private static final String QUESTION =
      """
      SELECT current_setting('server_version_num')::int AS server_number,
        current_setting('server_version') AS server,
        pg_is_in_recovery() AS standby,
        current_setting('default_transaction_read_only') = 'on' AS read_only,
        e.extversion AS extension_version,
        coalesce(quote_ident(en.nspname), '') AS extension_schema,
        has_database_privilege(current_database(), 'CREATE') AS may_create_schema,
        n.oid IS NOT NULL AS schema_there,
        coalesce(has_schema_privilege(n.oid, 'CREATE'), false) AS may_create_tables,
        t.tables,
        t.readable AND has_schema_privilege(n.oid, 'USAGE') AS readable,
        t.writable
      FROM (VALUES (1)) AS one
      LEFT JOIN pg_extension e ON e.extname = 'postgis'
      LEFT JOIN pg_namespace en ON en.oid = e.extnamespace
      LEFT JOIN pg_namespace n ON n.nspname = ?
      LEFT JOIN LATERAL (
        SELECT count(*) AS tables,
          bool_and(has_table_privilege(c.oid, 'SELECT')) AS readable,
          bool_and(c.relname = 'migration' OR (has_table_privilege(c.oid, 'INSERT')
            AND has_table_privilege(c.oid, 'UPDATE')
            AND has_table_privilege(c.oid, 'DELETE'))) AS writable
        FROM pg_class c
        WHERE c.relnamespace = n.oid AND c.relname = ANY (?) AND c.relkind IN ('r', 'p')
      ) t ON true
      """;

  /** Asks the server. */
  static PostgisFacts of(Connection connection, String schema) throws SQLException {
    Array tables = connection.createArrayOf("text", TABLES);
    try (PreparedStatement statement = connection.prepareStatement(QUESTION)) {
      statement.setString(1, schema);
      statement.setArray(2, tables);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        boolean readable = row.getLong("tables") == TABLES.length && row.getBoolean("readable");
        return new PostgisFacts(
            row.getInt("server_number"),
            row.getString("server"),
            row.getBoolean("standby"),
            row.getBoolean("read_only"),
            Optional.ofNullable(row.getString("extension_version")),
            row.getString("extension_schema"),
            row.getBoolean("may_create_schema"),
            row.getBoolean("schema_there"),
            row.getBoolean("may_create_tables"),
            readable ? version(connection, schema) : 0,
            readable,
            row.getBoolean("writable"));
      }
    }
  }

  private static int version(Connection connection, String schema) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT coalesce(max(version::int), 0) FROM "
                    + TableName.quote(schema)
                    + "."
                    + HISTORY
                    + " WHERE success AND version ~ '^[0-9]+$'")) {
      row.next();
      return row.getInt(1);
    }
  }

  /** Why this server can't be used at all, or nothing where it can. */
  Optional<String> unusable(String database) {
    if (serverNumber < OLDEST_SERVER * 10_000) {
      return Optional.of(
          "it is PostgreSQL " + server + "; version " + OLDEST_SERVER + " or later is needed");
    }
    if (extensionVersion.isEmpty()) {
      return Optional.of(
          "its database "
              + database
              + " has no PostGIS; let its owner run CREATE EXTENSION postgis in it");
    }
    String major = extensionVersion.get().split("\\.", 2)[0];
    if (Integer.parseInt(major) < OLDEST_EXTENSION) {
      return Optional.of(
          "its database "
              + database
              + " has PostGIS "
              + extensionVersion.get()
              + "; version "
              + OLDEST_EXTENSION
              + " or later is needed");
    }
    return Optional.empty();
  }

  /** Why nothing can be written however our tables are, or nothing. */
  private @Nullable String neverWritable(String user) {
    if (standby) {
      return "the server is a standby";
    }
    return readOnly ? "transactions of the user " + user + " may only read" : null;
  }

  /** Why our tables can't be created or brought up to date, or nothing where they can. */
  Optional<String> hindrance(String user, String database, String schema) {
    String never = neverWritable(user);
    if (never != null) {
      return Optional.of(never);
    }
    if (!schemaThere && !mayCreateSchema) {
      return Optional.of(
          "the user %s may not create the schema %s in the database %s"
              .formatted(user, schema, database));
    }
    if (schemaThere && !mayCreateTables) {
      return Optional.of("the user %s may only read the schema %s".formatted(user, schema));
    }
    return Optional.empty();
  }

  /** Why nothing can be written to our tables as they are, or nothing where it can. */
  Optional<String> readOnlyReason(String user, String schema) {
    String never = neverWritable(user);
    if (never != null) {
      return Optional.of(never);
    }
    return writable
        ? Optional.empty()
        : Optional.of("the user %s may only read the schema %s".formatted(user, schema));
  }
}
