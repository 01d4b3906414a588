package geosearch.store;

import geosearch.store.Relation.Column;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds tables in the database. */
final class Catalog {

  /** Names that our own tables have, which hide nothing of the user's. */
  private static final String OURS =
      "('layer', 'dataset', 'area', 'current_area', 'zone', 'zone_revision', 'zone_state', 'zone_request', 'collection', 'migration')";

  /**
   * Exact names go before names in lower case, and earlier schemas of the search path before later
   * ones; {@code public} is the last where the path leaves it out.
   */
  private static final String QUESTION =
      """
      WITH wanted AS (
        SELECT * FROM unnest(?::text[], ?::text[]) WITH ORDINALITY AS w (schema, name, number)
      ), path AS (
        SELECT * FROM unnest(current_schemas(false) || 'public'::name) WITH ORDINALITY
          AS p (schema, place)
      ), found AS (
        SELECT DISTINCT ON (w.number) w.number, c.oid, n.nspname, c.relname, c.relkind
        FROM wanted w
        JOIN pg_class c ON c.relname IN (w.name, lower(w.name))
          AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
        JOIN pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN path p ON p.schema = n.nspname
        WHERE CASE
          WHEN w.schema = '' THEN p.place IS NOT NULL AND NOT (n.nspname = ? AND c.relname IN %s)
          ELSE n.nspname IN (w.schema, lower(w.schema)) END
        ORDER BY w.number, w.schema <> '' AND n.nspname <> w.schema, c.relname <> w.name, p.place
      ), described AS MATERIALIZED (
        SELECT f.*, f.relkind IN ('r', 'm', 'p') AND NOT EXISTS (
          WITH RECURSIVE part AS (
            SELECT f.oid AS id UNION ALL SELECT inhrelid FROM pg_inherits JOIN part ON inhparent = id
          )
          SELECT FROM part WHERE EXISTS (
            SELECT FROM pg_class d LEFT JOIN pg_am am ON am.oid = d.relam
            WHERE d.oid = part.id
              AND (d.relkind = 'f' OR (d.relkind <> 'p' AND am.amname <> 'heap')))
        ) AS physical
        FROM found f
      )
      SELECT f.number, f.oid, f.nspname, f.relname, f.relkind IN ('v', 'm') AS view, f.physical,
        has_schema_privilege(f.nspname, 'USAGE') AND has_table_privilege(f.oid, 'SELECT') AS readable,
        a.attname, t.typname
      FROM described f
      JOIN pg_attribute a ON a.attrelid = f.oid AND a.attnum > 0 AND NOT a.attisdropped
      JOIN pg_type t ON t.oid = a.atttypid
      ORDER BY f.number, a.attnum
      """
          .formatted(OURS);

  private Catalog() {}

  /**
   * Those of the tables that are there.
   *
   * @param ourSchema whose own tables are not meant by a name without a schema
   */
  static Map<TableName, Relation> find(
      Connection connection, List<TableName> wanted, String ourSchema) throws SQLException {
    Map<TableName, Relation> found = new HashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(QUESTION)) {
      statement.setArray(
          1, connection.createArrayOf("text", wanted.stream().map(TableName::schema).toArray()));
      statement.setArray(
          2, connection.createArrayOf("text", wanted.stream().map(TableName::name).toArray()));
      statement.setString(3, ourSchema);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          TableName name = wanted.get(row.getInt("number") - 1);
          Relation relation = found.get(name);
          if (relation == null) {
            relation =
                new Relation(
                    row.getLong("oid"),
                    row.getString("nspname"),
                    row.getString("relname"),
                    row.getBoolean("view"),
                    row.getBoolean("readable"),
                    row.getBoolean("physical"),
                    new ArrayList<>());
            found.put(name, relation);
          }
          relation.columns().add(new Column(row.getString("attname"), row.getString("typname")));
        }
      }
    }
    return found;
  }
}
