package geosearch.store;

import geosearch.geo.Area;
import geosearch.geo.Layer;
import geosearch.store.StoreException.Kind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Our own tables, and what is said in them of the layers. */
final class PostgisTables {

  private final String schema;

  PostgisTables(String schema) {
    this.schema = TableName.quote(schema);
  }

  /**
   * What the store keeps of the layers.
   *
   * @param imported the layers that have an active version
   * @param accepted fingerprints of user's tables that were accepted, by layer
   * @param revision the latest change of zones
   * @param collections of zones, by name
   */
  record Kept(
      List<Imported> imported,
      Map<String, String> accepted,
      long revision,
      Map<String, Collection> collections) {

    /** Where our tables are not there. */
    static final Kept NOTHING = new Kept(List.of(), Map.of(), 0, Map.of());

    Optional<Imported> imported(String layer) {
      return imported.stream().filter(one -> one.layer().name().equals(layer)).findFirst();
    }
  }

  /**
   * A collection of zones.
   *
   * @param revision the latest change of one of them
   * @param zones how many there are
   */
  record Collection(long revision, long zones) {}

  /**
   * A layer with an active version.
   *
   * @param dataset the number in the table of areas
   */
  record Imported(long dataset, Layer layer) {

    /** A version never changes. */
    String fingerprint() {
      return "version:" + layer.version();
    }
  }

  /** A table of ours in SQL. */
  String name(String table) {
    return schema + "." + table;
  }

  /** Reads it. */
  Kept read(Connection connection) throws SQLException {
    List<Imported> imported = new ArrayList<>();
    Map<String, String> accepted = new HashMap<>();
    long revision = 0;
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                """
                SELECT r.value, l.name, l.accepted_fingerprint,
                  d.id, d.version, d.source, d.attribution, d.accuracy_metres,
                  ARRAY(SELECT k.version::text FROM %3$s k WHERE k.layer = l.name
                    ORDER BY k.version DESC) AS versions
                FROM %1$s r
                LEFT JOIN %2$s l ON true
                LEFT JOIN %3$s d ON d.layer = l.name AND d.version = l.active_version
                ORDER BY l.name
                """
                    .formatted(name("zone_revision"), name("layer"), name("dataset")))) {
      while (row.next()) {
        revision = row.getLong("value");
        String layer = row.getString("name");
        String fingerprint = row.getString("accepted_fingerprint");
        if (fingerprint != null) {
          accepted.put(layer, fingerprint);
        }
        long dataset = row.getLong("id");
        if (!row.wasNull()) {
          imported.add(imported(dataset, layer, row));
        }
      }
    }
    return new Kept(imported, accepted, revision, collections(connection));
  }

  private static Imported imported(long dataset, String layer, ResultSet row) throws SQLException {
    String[] versions = (String[]) row.getArray("versions").getArray();
    return new Imported(
        dataset,
        new Layer(
            layer,
            Layer.Kind.DATASET,
            false,
            row.getString("version"),
            row.getString("source"),
            row.getString("attribution"),
            row.getDouble("accuracy_metres"),
            List.of(versions)));
  }

  /** One version of a layer, whether it is the active one or not. */
  Optional<Imported> version(Connection connection, String layer, long version)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            SELECT d.id, d.version, d.source, d.attribution, d.accuracy_metres,
              ARRAY(SELECT k.version::text FROM %1$s k WHERE k.layer = d.layer
                ORDER BY k.version DESC) AS versions
            FROM %1$s d WHERE d.layer = ? AND d.version = ?
            """
                .formatted(name("dataset")))) {
      statement.setString(1, layer);
      statement.setLong(2, version);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? Optional.of(imported(row.getLong("id"), layer, row)) : Optional.empty();
      }
    }
  }

  private Map<String, Collection> collections(Connection connection) throws SQLException {
    Map<String, Collection> collections = new TreeMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT name, revision, zones FROM " + name("collection"))) {
      while (row.next()) {
        collections.put(
            row.getString("name"), new Collection(row.getLong("revision"), row.getLong("zones")));
      }
    }
    return collections;
  }

  /** The areas of a version, as {@link AreaRows} reads them. */
  String areas(long dataset) {
    return "SELECT id, name, priority, attributes::text, outline::bytea, 4326 FROM "
        + name("area")
        + " WHERE dataset = "
        + dataset;
  }

  /** The zones of a collection, as {@link AreaRows} reads them. */
  String zones(String collection) {
    return "SELECT id, name, priority, attributes::text, outline::bytea, 4326, %s, %s FROM %s WHERE collection = %s"
        .formatted(
            micros("start_time"), micros("end_time"), name("zone"), TableName.literal(collection));
  }

  /** Every state that zones of a collection were in, as {@link AreaRows} reads them. */
  String zoneStates(String collection) {
    return "SELECT id, name, priority, attributes::text, outline::bytea, 4326, %s, %s, %s, %s FROM %s WHERE collection = %s AND NOT deleted AND (replaced_time IS NULL OR replaced_time > change_time)"
        .formatted(
            micros("start_time"),
            micros("end_time"),
            micros("change_time"),
            micros("replaced_time"),
            name("zone_state"),
            TableName.literal(collection));
  }

  private static String micros(String column) {
    // In two parts, for a double holds no microseconds of the year 9999.
    return "extract(epoch FROM date_trunc('second', %1$s))::bigint * 1000000 + extract(microseconds FROM %1$s)::bigint %% 1000000"
        .formatted(column);
  }

  /**
   * REFUSED if PostgreSQL can't hold the area's texts.
   *
   * @param what it is, for people
   */
  static void checkStorable(String what, Area area) {
    boolean bad =
        hasNul(area.id())
            || hasNul(area.name())
            || area.attributes().entrySet().stream()
                .anyMatch(attribute -> hasNul(attribute.getKey()) || hasNul(attribute.getValue()));
    if (bad) {
      throw new StoreException(
          Kind.REFUSED,
          what
              + " has the character U+0000 in its id, name or attributes, which PostgreSQL can't"
              + " hold");
    }
  }

  private static boolean hasNul(String text) {
    return text.indexOf('\0') >= 0;
  }
}
