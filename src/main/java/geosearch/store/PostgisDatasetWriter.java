package geosearch.store;

import geosearch.geo.Area;
import geosearch.store.Refusals.Duplicate;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.locationtech.jts.geom.Geometry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes a version of a layer in one transaction, which holds the layer's import lock. */
final class PostgisDatasetWriter implements DatasetWriter {

  private static final Logger log = LoggerFactory.getLogger(PostgisDatasetWriter.class);

  private final PostgisTables tables;
  private final PostgisFailures failures;
  private final String layer;
  private final Connection connection;
  private final long version;
  private final boolean replacing;
  private final long dataset;
  private final AreaCopy copy;
  private long areas;
  private long vertices;
  private boolean open = true;

  /**
   * @param connection in a transaction; it is closed with the writer
   * @param patience how long the server may take nothing of what is written
   */
  PostgisDatasetWriter(
      PostgisTables tables,
      PostgisFailures failures,
      String layer,
      Connection connection,
      Duration patience)
      throws SQLException {
    this.tables = tables;
    this.failures = failures;
    this.layer = layer;
    this.connection = connection;
    if (!lockImports()) {
      throw Refusals.importUnderWay(layer);
    }
    this.version = lastVersion() + 1;
    this.replacing = isServed();
    this.dataset = insertDataset();
    this.copy = new AreaCopy(connection, patience, tables.name("area"), dataset);
  }

  /** Held until the end of the transaction, whichever way that comes. */
  private boolean lockImports() throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT pg_try_advisory_xact_lock(hashtextextended('geosearch import ' || ?, 0))")) {
      statement.setString(1, tables.name(TableName.quote(layer)));
      try (ResultSet row = statement.executeQuery()) {
        return row.next() && row.getBoolean(1);
      }
    }
  }

  private long lastVersion() throws SQLException {
    return number("SELECT last_version FROM " + tables.name("layer") + " WHERE name = ?").orElse(0);
  }

  /** Whether the layer has a version that is served. */
  private boolean isServed() throws SQLException {
    return number(
            "SELECT active_version FROM "
                + tables.name("layer")
                + " WHERE name = ? AND active_version IS NOT NULL")
        .isPresent();
  }

  /** What a query for the layer's name has found, if that is there. */
  private OptionalLong number(String query) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      statement.setString(1, layer);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
      }
    }
  }

  private long insertDataset() throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "INSERT INTO "
                + tables.name("dataset")
                + " (layer, version) VALUES (?, ?) RETURNING id")) {
      statement.setString(1, layer);
      statement.setLong(2, version);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  @Override
  public void add(long featureNumber, Area area, Geometry outline) {
    if (!open) {
      throw new IllegalStateException("the import has ended");
    }
    PostgisTables.checkStorable("feature " + featureNumber, area);
    try {
      copy.add(featureNumber, area, outline);
    } catch (SQLException e) {
      throw failures.of(e);
    }
    areas++;
    vertices += outline.getNumPoints();
  }

  @Override
  public Dataset commit(Provenance provenance, boolean force) {
    if (!open) {
      throw new IllegalStateException("the import has ended");
    }
    try {
      copy.end();
      refuseDuplicates();
      long before = lockLayer();
      if (replacing && !isServed()) {
        throw Refusals.deletedMeanwhile(layer);
      }
      if (isCollection()) {
        throw Refusals.zonesAreNotImported(layer);
      }
      if (!force && Refusals.losesTooMany(before, areas)) {
        throw Refusals.losesMoreThanHalf(layer, before, areas);
      }
      complete(provenance);
      activate();
      dropOldVersions();
      Dataset committed = PostgisDatasets.get(connection, tables, layer, version);
      connection.commit();
      return committed;
    } catch (SQLException e) {
      throw failures.of(e);
    } finally {
      close();
    }
  }

  private void refuseDuplicates() throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            SELECT id, (array_agg(feature ORDER BY feature))[1:%d], count(*) OVER () AS ids
            FROM %s WHERE dataset = ?
            GROUP BY id HAVING count(*) > 1 ORDER BY min(feature), id LIMIT %d
            """
                .formatted(Refusals.LISTED, tables.name("area"), Refusals.LISTED))) {
      statement.setLong(1, dataset);
      List<Duplicate> first = new ArrayList<>();
      long count = 0;
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          Long[] features = (Long[]) row.getArray(2).getArray();
          first.add(new Duplicate(row.getString(1), Arrays.asList(features)));
          count = row.getLong(3);
        }
      }
      if (count > 0) {
        throw Refusals.duplicateIds(first, count);
      }
    }
  }

  /**
   * From here on nobody else changes which version is active.
   *
   * @return how many areas the active version has
   */
  private long lockLayer() throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "INSERT INTO " + tables.name("layer") + " (name) VALUES (?) ON CONFLICT DO NOTHING")) {
      statement.setString(1, layer);
      statement.executeUpdate();
    }
    return number(
            "SELECT d.areas FROM %s l LEFT JOIN %s d ON d.layer = l.name AND d.version = l.active_version WHERE l.name = ? FOR UPDATE OF l"
                .formatted(tables.name("layer"), tables.name("dataset")))
        .orElseThrow();
  }

  /** Whether zones of a collection of this name have come meanwhile. */
  private boolean isCollection() throws SQLException {
    return number("SELECT zones FROM " + tables.name("collection") + " WHERE name = ?").orElse(0)
        > 0;
  }

  private void complete(Provenance provenance) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            UPDATE %s SET source = ?, import_time = clock_timestamp(), areas = ?, vertices = ?,
              repaired = ?, skipped = ?, checksum = ?, attribution = ?, accuracy_metres = ?
            WHERE id = ?
            """
                .formatted(tables.name("dataset")))) {
      statement.setString(1, provenance.source());
      statement.setLong(2, areas);
      statement.setLong(3, vertices);
      statement.setLong(4, provenance.repaired());
      statement.setLong(5, provenance.skipped());
      statement.setString(6, provenance.checksum());
      statement.setString(7, provenance.attribution());
      statement.setDouble(8, provenance.accuracyMetres());
      statement.setLong(9, dataset);
      statement.executeUpdate();
    }
  }

  private void activate() throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "UPDATE "
                + tables.name("layer")
                + " SET last_version = ?, active_version = ? WHERE name = ?")) {
      statement.setLong(1, version);
      statement.setLong(2, version);
      statement.setString(3, layer);
      statement.executeUpdate();
    }
  }

  private void dropOldVersions() throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            DELETE FROM %1$s WHERE layer = ? AND NOT keep AND version NOT IN (
              SELECT version FROM %1$s WHERE layer = ? AND NOT keep
              ORDER BY version DESC LIMIT %2$d)
            """
                .formatted(tables.name("dataset"), Datasets.KEPT_VERSIONS))) {
      statement.setString(1, layer);
      statement.setString(2, layer);
      statement.executeUpdate();
    }
  }

  @Override
  public void close() {
    if (!open) {
      return;
    }
    open = false;
    try (Connection closed = connection) {
      copy.cancel();
      closed.rollback();
    } catch (SQLException e) {
      log.debug("could not end an import of the layer {} in an orderly way", layer, e);
    }
  }
}
