package geosearch.store;

import geosearch.geo.Area;
import geosearch.store.Outlines.NoOutlineException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.io.WKBWriter;

/** The zones in PostGIS: our own, and the rows of the original's table. */
final class PostgisZones implements Zones {

  private static final String UNIQUE_VIOLATION = "23505";

  private final PostgisAccess access;
  private final PostgisTables tables;
  private final PostgisLayers layers;
  private final int maxZones;

  PostgisZones(PostgisAccess access, PostgisTables tables, PostgisLayers layers, int maxZones) {
    this.access = access;
    this.tables = tables;
    this.layers = layers;
    this.maxZones = maxZones;
  }

  @Override
  public Zone create(Area area, Geometry outline) {
    PostgisTables.checkStorable("the zone", area);
    return access.write((site, connection) -> {
      Zone zone = insert(site, connection, area, outline);
      // The insertion has locked the count.
      if (count(connection) > maxZones) {
        throw Refusals.tooManyZones(maxZones);
      }
      return zone;
    });
  }

  private Zone insert(PostgisSite site, Connection connection, Area area, Geometry outline)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            INSERT INTO %s (id, name, priority, attributes, outline)
            VALUES (?, ?, ?, ?::jsonb, %s.ST_GeomFromWKB(?, 4326)) RETURNING create_time, revision
            """
                .formatted(tables.name("zone"), site.postgis()))) {
      statement.setString(1, area.id());
      statement.setString(2, area.name());
      statement.setInt(3, area.priority());
      statement.setString(4, AttributesJson.write(area.attributes()));
      statement.setBytes(5, new WKBWriter().write(outline));
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return new Zone(
            area,
            Optional.of(outline),
            Optional.of(row.getTimestamp("create_time").toInstant()),
            row.getLong("revision"),
            false);
      }
    } catch (SQLException e) {
      if (UNIQUE_VIOLATION.equals(e.getSQLState())) {
        throw Refusals.zoneExists(area.id());
      }
      throw e;
    }
  }

  @Override
  public List<Zone> list(String afterId, int limit, boolean withOutlines) {
    return access.read((site, connection) -> {
      List<String> selects = new ArrayList<>();
      if (site.own()) {
        selects.add(
            "SELECT id, name, priority, attributes::text, outline::bytea, create_time, revision"
                + " FROM "
                + tables.name("zone"));
      }
      layers
          .things(connection, site)
          .ifPresent(things ->
              selects.add(
                  "SELECT id, name, priority, attributes, outline, NULL::timestamptz, 0 FROM ("
                      + things.select()
                      + ") AS thing (id, name, priority, attributes, outline, srid)"));
      if (selects.isEmpty()) {
        return List.of();
      }
      return list(connection, selects, afterId, limit, withOutlines);
    });
  }

  private static List<Zone> list(
      Connection connection, List<String> selects, String afterId, int limit, boolean withOutlines)
      throws SQLException {
    String sql =
        """
        SELECT id, name, priority, attributes, %s AS outline, create_time, revision
        FROM (%s) AS zone (id, name, priority, attributes, outline, create_time, revision)
        WHERE id COLLATE "C" > ? ORDER BY id COLLATE "C" LIMIT ?
        """
            .formatted(withOutlines ? "outline" : "NULL", String.join(" UNION ALL ", selects));
    List<Zone> zones = new ArrayList<>();
    Outlines outlines = new Outlines();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, afterId);
      statement.setInt(2, limit);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          zones.add(zone(row, outlines));
        }
      }
    }
    return zones;
  }

  private static Zone zone(ResultSet row, Outlines outlines) throws SQLException {
    String id = row.getString("id");
    @Nullable String name = row.getString("name");
    @Nullable Timestamp createTime = row.getTimestamp("create_time");
    return new Zone(
        new Area(
            id,
            name == null ? "" : name,
            AttributesJson.read(row.getString("attributes")),
            row.getInt("priority")),
        outline(row.getBytes("outline"), outlines),
        Optional.ofNullable(createTime).map(Timestamp::toInstant),
        row.getLong("revision"),
        createTime == null);
  }

  /** A row of the original's table may hold something else, which {@code read} skips. */
  private static Optional<Geometry> outline(byte @Nullable [] wkb, Outlines outlines) {
    if (wkb == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(outlines.read(wkb));
    } catch (NoOutlineException e) {
      return Optional.empty();
    }
  }

  @Override
  public long delete(String id) {
    return access.write((site, connection) -> {
      if (id.startsWith(ORIGINAL_ID_PREFIX) && isOriginal(site, connection, id)) {
        throw Refusals.originalZone(id);
      }
      try (PreparedStatement statement =
          connection.prepareStatement("DELETE FROM " + tables.name("zone") + " WHERE id = ?")) {
        statement.setString(1, id);
        if (statement.executeUpdate() == 0) {
          throw Refusals.noSuchZone(id);
        }
      }
      return revision(connection);
    });
  }

  private boolean isOriginal(PostgisSite site, Connection connection, String id)
      throws SQLException {
    Optional<TableLayer> things = layers.things(connection, site);
    if (things.isEmpty()) {
      return false;
    }
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT 1 FROM (" + things.get().select() + ") AS thing (id) WHERE id = ?")) {
      statement.setString(1, id);
      try (ResultSet row = statement.executeQuery()) {
        return row.next();
      }
    }
  }

  private long count(Connection connection) throws SQLException {
    return latest(connection, "zones");
  }

  private long revision(Connection connection) throws SQLException {
    return latest(connection, "value");
  }

  private long latest(Connection connection, String column) throws SQLException {
    try (PreparedStatement statement =
            connection.prepareStatement(
                "SELECT " + column + " FROM " + tables.name("zone_revision"));
        ResultSet row = statement.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }
}
