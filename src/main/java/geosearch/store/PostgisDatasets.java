package geosearch.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The imported versions of layers in PostGIS. */
final class PostgisDatasets implements Datasets {

  private final PostgisAccess access;
  private final PostgisTables tables;
  private final PostgisLayers layers;

  PostgisDatasets(PostgisAccess access, PostgisTables tables, PostgisLayers layers) {
    this.access = access;
    this.tables = tables;
    this.layers = layers;
  }

  @Override
  public List<Dataset> list() {
    return access.read((site, connection) -> {
      if (!site.own()) {
        return List.of();
      }
      try (PreparedStatement statement =
          connection.prepareStatement(select(tables) + " ORDER BY d.layer, d.version DESC")) {
        return datasets(statement);
      }
    });
  }

  @Override
  public LayerContent read(String layer, long version, AreaSink sink) {
    return access.stream((site, connection) -> {
      Optional<PostgisTables.Imported> found =
          site.own() ? tables.version(connection, layer, version) : Optional.empty();
      PostgisTables.Imported imported =
          found.orElseThrow(() -> Refusals.noSuchVersion(layer, version));
      return new LayerContent(
          new LayerState(imported.layer(), imported.fingerprint(), Optional.empty()),
          0,
          AreaRows.read(connection, tables.areas(imported.dataset()), sink));
    });
  }

  @Override
  public DatasetWriter begin(String layer) {
    if (layer.equals(Store.ZONE_LAYER)) {
      throw Refusals.zonesAreNotImported(layer);
    }
    access.read((site, connection) -> {
      PostgisTables.Collection zones =
          site.own() ? tables.read(connection).collections().get(layer) : null;
      if (zones != null && zones.zones() > 0) {
        throw Refusals.zonesAreNotImported(layer);
      }
      return site;
    });
    return access.beginImport(connection ->
        new PostgisDatasetWriter(tables, access.failures(), layer, connection, access.patience()));
  }

  @Override
  public Dataset activate(String layer, long version) {
    return access.write((site, connection) -> {
      lock(connection, layer);
      get(connection, tables, layer, version);
      update(
          connection,
          "UPDATE " + tables.name("layer") + " SET active_version = ? WHERE name = ?",
          version,
          layer);
      return get(connection, tables, layer, version);
    });
  }

  @Override
  public void delete(String layer, long version) {
    access.write((site, connection) -> {
      lock(connection, layer);
      if (get(connection, tables, layer, version).active()) {
        throw Refusals.activeVersion(layer, version);
      }
      update(
          connection,
          "DELETE FROM " + tables.name("dataset") + " WHERE version = ? AND layer = ?",
          version,
          layer);
      return version;
    });
  }

  @Override
  public void deleteLayer(String layer) {
    access.write((site, connection) -> {
      lock(connection, layer);
      // The layer's row stays: it remembers the numbers that there have been.
      execute(
          connection,
          "UPDATE " + tables.name("layer") + " SET active_version = NULL WHERE name = ?",
          layer);
      int deleted =
          execute(connection, "DELETE FROM " + tables.name("dataset") + " WHERE layer = ?", layer);
      if (deleted == 0) {
        throw Refusals.notImported(layer);
      }
      return layer;
    });
  }

  @Override
  public Dataset keep(String layer, long version, boolean keep) {
    return access.write((site, connection) -> {
      update(
          connection,
          "UPDATE "
              + tables.name("dataset")
              + " SET keep = "
              + keep
              + " WHERE version = ? AND layer = ?",
          version,
          layer);
      return get(connection, tables, layer, version);
    });
  }

  @Override
  public void accept(String layer) {
    access.requireWritable();
    String fingerprint = access.call(site -> layers.fingerprint(site, layer));
    access.write((site, connection) -> {
      try (PreparedStatement statement =
          connection.prepareStatement(
              "INSERT INTO "
                  + tables.name("layer")
                  + " (name, accepted_fingerprint) VALUES (?, ?) ON CONFLICT (name)"
                  + " DO UPDATE SET accepted_fingerprint = excluded.accepted_fingerprint")) {
        statement.setString(1, layer);
        statement.setString(2, fingerprint);
        statement.executeUpdate();
      }
      return layer;
    });
  }

  /** Keeps others from changing which version is active until the end of the transaction. */
  private void lock(Connection connection, String layer) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT 1 FROM " + tables.name("layer") + " WHERE name = ? FOR UPDATE")) {
      statement.setString(1, layer);
      statement.execute();
    }
  }

  private static int execute(Connection connection, String sql, String layer) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, layer);
      return statement.executeUpdate();
    }
  }

  private static void update(Connection connection, String sql, long version, String layer)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setLong(1, version);
      statement.setString(2, layer);
      statement.executeUpdate();
    }
  }

  /** One version. NOT_FOUND if it is not there. */
  static Dataset get(Connection connection, PostgisTables tables, String layer, long version)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(select(tables) + " WHERE d.layer = ? AND d.version = ?")) {
      statement.setString(1, layer);
      statement.setLong(2, version);
      return datasets(statement).stream()
          .findFirst()
          .orElseThrow(() -> Refusals.noSuchVersion(layer, version));
    }
  }

  private static String select(PostgisTables tables) {
    return """
    SELECT d.*, coalesce(l.active_version = d.version, false) AS active
    FROM %s d LEFT JOIN %s l ON l.name = d.layer
    """
        .formatted(tables.name("dataset"), tables.name("layer"));
  }

  private static List<Dataset> datasets(PreparedStatement statement) throws SQLException {
    List<Dataset> datasets = new ArrayList<>();
    try (ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        datasets.add(
            new Dataset(
                row.getString("layer"),
                row.getLong("version"),
                row.getString("source"),
                row.getTimestamp("import_time").toInstant(),
                row.getLong("areas"),
                row.getLong("vertices"),
                row.getLong("repaired"),
                row.getLong("skipped"),
                row.getString("checksum"),
                row.getString("attribution"),
                row.getDouble("accuracy_metres"),
                row.getBoolean("active"),
                row.getBoolean("keep")));
      }
    }
    return datasets;
  }
}
