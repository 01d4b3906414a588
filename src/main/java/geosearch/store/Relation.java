package geosearch.store;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A table or view that is in the database.
 *
 * @param oid PostgreSQL's number for it
 * @param schema it is in
 * @param name its name there
 * @param view whether it is a view rather than a table
 * @param readable whether we may read it
 * @param physical whether every row has a place and a transaction of its own that tell of a change
 * @param columns in their order
 */
record Relation(
    long oid,
    String schema,
    String name,
    boolean view,
    boolean readable,
    boolean physical,
    List<Column> columns) {

  /**
   * A column.
   *
   * @param name its name
   * @param type its type's name, such as {@code geometry}
   */
  record Column(String name, String type) {

    /** Whether it can hold outlines. */
    boolean isSpatial() {
      return type.equals("geometry") || type.equals("geography");
    }
  }

  /** The column of a name; one of the same name in lower case where there is none, as in SQL. */
  Optional<Column> column(String wanted) {
    return columns.stream()
        .filter(column -> column.name().equals(wanted))
        .findFirst()
        .or(() ->
            columns.stream()
                .filter(column -> column.name().equals(wanted.toLowerCase(Locale.ROOT)))
                .findFirst());
  }

  /** Its name in SQL. */
  String sql() {
    return TableName.quote(schema) + "." + TableName.quote(name);
  }

  /** What it is, for people. */
  @Override
  public String toString() {
    return (view ? "view " : "table ") + schema + "." + name;
  }
}
