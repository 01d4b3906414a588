package geosearch.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.locationtech.jts.io.WKBWriter;

/** The zones in PostGIS: our own, and the rows of the original's table. */
final class PostgisZones implements Zones {

  private static final String UNIQUE_VIOLATION = "23505";

  private final PostgisAccess access;
  private final PostgisTables tables;
  private final PostgisLayers layers;
  private final ZoneLimits limits;
  private final PostgisZonePast past;

  PostgisZones(
      PostgisAccess access, PostgisTables tables, PostgisLayers layers, ZoneLimits limits) {
    this.access = access;
    this.tables = tables;
    this.layers = layers;
    this.limits = limits;
    this.past = new PostgisZonePast(tables, limits);
  }

  @Override
  public Zone create(ZoneDraft zone, Optional<Request> request, Runnable mayBeAdded) {
    PostgisTables.checkStorable("the zone", zone.area());
    return access.write((site, connection) -> {
      if (request.isPresent()) {
        Optional<Zone> done = past.createdBy(connection, request.get());
        if (done.isPresent()) {
          return done.get();
        }
      }
      checkCollection(connection, site, zone.collection());
      Zone created = insert(site, connection, zone);
      // The insertion has locked the count.
      if (latest(connection, "SELECT zones FROM " + tables.name("zone_revision"))
          > limits.maxZones()) {
        throw Refusals.tooManyZones(limits.maxZones());
      }
      mayBeAdded.run();
      if (request.isPresent()) {
        past.remember(connection, request.get(), created.revision());
      }
      past.sweep(connection, created.revision());
      return created;
    });
  }

  /** A collection that has no zones yet must not be in the way of another layer. */
  private void checkCollection(Connection connection, PostgisSite site, String collection)
      throws SQLException {
    if (collection.equals(Store.ZONE_LAYER)
        || latest(
                connection,
                "SELECT coalesce(sum(zones), 0) FROM %s WHERE name = %s"
                    .formatted(tables.name("collection"), TableName.literal(collection)))
            > 0) {
      return;
    }
    if (layers.isElsewhere(connection, site, collection)) {
      throw Refusals.notACollection(collection);
    }
    if (latest(
            connection,
            "SELECT count(*) FROM %s WHERE name <> %s"
                .formatted(tables.name("collection"), TableName.literal(collection)))
        >= limits.maxCollections()) {
      throw Refusals.tooManyCollections(limits.maxCollections());
    }
  }

  private Zone insert(PostgisSite site, Connection connection, ZoneDraft zone) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            INSERT INTO %s (name, priority, attributes, outline, circle, start_time, end_time, collection, id)
            VALUES (?, ?, ?::jsonb, %s.ST_GeomFromWKB(?, 4326), ?, ?, ?, ?, ?)
            RETURNING create_time, update_time, revision
            """
                .formatted(tables.name("zone"), site.postgis()))) {
      bind(connection, statement, zone);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return written(zone, row);
      }
    } catch (SQLException e) {
      if (UNIQUE_VIOLATION.equals(e.getSQLState())) {
        throw Refusals.zoneExists(zone.collection(), zone.area().id());
      }
      throw e;
    }
  }

  private static void bind(Connection connection, PreparedStatement statement, ZoneDraft zone)
      throws SQLException {
    statement.setString(1, zone.area().name());
    statement.setInt(2, zone.area().priority());
    statement.setString(3, AttributesJson.write(zone.area().attributes()));
    statement.setBytes(4, new WKBWriter().write(zone.outline()));
    statement.setArray(5, ZoneRows.circle(connection, zone.circle()));
    bind(statement, 6, zone.area().validity().start());
    bind(statement, 7, zone.area().validity().end());
    statement.setString(8, zone.collection());
    statement.setString(9, zone.area().id());
  }

  private static void bind(PreparedStatement statement, int parameter, Optional<Instant> time)
      throws SQLException {
    if (time.isPresent()) {
      statement.setObject(parameter, ZoneRows.time(time.get()));
    } else {
      statement.setNull(parameter, Types.TIMESTAMP_WITH_TIMEZONE);
    }
  }

  private static Zone written(ZoneDraft zone, ResultSet row) throws SQLException {
    return new Zone(
        zone.collection(),
        zone.area(),
        Optional.of(zone.outline()),
        zone.circle(),
        ZoneRows.time(row, "create_time"),
        ZoneRows.time(row, "update_time"),
        row.getLong("revision"),
        false);
  }

  @Override
  public ZonePage page(Selection which, ZoneKey after, int limit) {
    String where =
        which.collection().isEmpty()
            ? "(collection COLLATE \"C\", id COLLATE \"C\") > (?, ?)"
            : "collection = "
                + TableName.literal(which.collection())
                + " AND (collection COLLATE \"C\", id COLLATE \"C\") > (?, ?)";
    return access.read((site, connection) -> select(site, connection, which, where, after, limit));
  }

  @Override
  public Zone get(ZoneKey key, Optional<Instant> asOf) {
    return access.read((site, connection) ->
        select(
                site,
                connection,
                new Selection(key.collection(), asOf, true),
                "(collection, id) = (?, ?)",
                key,
                1)
            .zones()
            .stream()
            .findFirst()
            .orElseThrow(() ->
                asOf.isEmpty()
                    ? Refusals.noSuchZone(key.collection(), key.id())
                    : Refusals.noSuchZone(key.collection(), key.id(), asOf.get())));
  }

  private ZonePage select(
      PostgisSite site,
      Connection connection,
      Selection which,
      String where,
      ZoneKey key,
      int limit)
      throws SQLException {
    List<String> selects = new ArrayList<>();
    if (site.own()) {
      if (which.asOf().isPresent()) {
        past.check(connection, which.asOf().get());
      }
      selects.add(which.asOf().isPresent() ? ZoneRows.past(tables) : ZoneRows.present(tables));
    }
    if (which.collection().isEmpty() || which.collection().equals(Store.ZONE_LAYER)) {
      layers.things(connection, site).ifPresent(things -> selects.add(ZoneRows.originals(things)));
    }
    if (selects.isEmpty()) {
      return new ZonePage(List.of(), false);
    }
    String sql =
        """
        SELECT collection, id, name, priority, attributes, %s AS outline, circle, start_time, end_time, create_time,
          change_time, revision
        FROM (%s) AS zone (%s)
        WHERE %s ORDER BY collection COLLATE "C", id COLLATE "C" LIMIT ?
        """
            .formatted(
                which.withOutlines() ? "outline" : "NULL::bytea",
                String.join(" UNION ALL ", selects),
                ZoneRows.COLUMNS,
                where);
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      int next = site.own() ? ZoneRows.bind(statement, which.asOf()) : 1;
      statement.setString(next, key.collection());
      statement.setString(next + 1, key.id());
      // One more tells whether there is more.
      statement.setInt(next + 2, limit + 1);
      statement.setFetchSize(ZoneRows.fetchSize(which.withOutlines()));
      try (ResultSet rows = statement.executeQuery()) {
        return ZoneRows.page(rows, limit);
      }
    }
  }

  @Override
  public Zone update(ZoneDraft zone, long expectedRevision) {
    PostgisTables.checkStorable("the zone", zone.area());
    return access.write((site, connection) -> {
      try (PreparedStatement statement =
          connection.prepareStatement(
              """
              UPDATE %s SET name = ?, priority = ?, attributes = ?::jsonb, outline = %s.ST_GeomFromWKB(?, 4326),
                circle = ?, start_time = ?, end_time = ?
              WHERE collection = ? AND id = ? AND revision = ?
              RETURNING create_time, update_time, revision
              """
                  .formatted(tables.name("zone"), site.postgis()))) {
        bind(connection, statement, zone);
        statement.setLong(10, expectedRevision);
        try (ResultSet row = statement.executeQuery()) {
          if (!row.next()) {
            throw missing(site, connection, zone.key(), true);
          }
          Zone written = written(zone, row);
          past.sweep(connection, written.revision());
          return written;
        }
      }
    });
  }

  @Override
  public long delete(ZoneKey key, OptionalLong expectedRevision) {
    return access.write((site, connection) -> {
      try (PreparedStatement statement =
          connection.prepareStatement(
              "DELETE FROM %s WHERE collection = ? AND id = ?%s"
                  .formatted(
                      tables.name("zone"),
                      expectedRevision.isPresent()
                          ? " AND revision = " + expectedRevision.getAsLong()
                          : ""))) {
        statement.setString(1, key.collection());
        statement.setString(2, key.id());
        if (statement.executeUpdate() == 0) {
          throw missing(site, connection, key, expectedRevision.isPresent());
        }
      }
      // The deletion has locked it.
      long revision = latest(connection, "SELECT value FROM " + tables.name("zone_revision"));
      past.sweep(connection, revision);
      return revision;
    });
  }

  /** Why there was nothing to change. */
  private StoreException missing(
      PostgisSite site, Connection connection, ZoneKey key, boolean expected) throws SQLException {
    Selection itself = new Selection(key.collection(), Optional.empty(), false);
    List<Zone> there =
        select(site, connection, itself, "(collection, id) = (?, ?)", key, 1).zones();
    if (there.isEmpty()) {
      return Refusals.noSuchZone(key.collection(), key.id());
    }
    if (there.getFirst().readOnly()) {
      return Refusals.originalZone(key.id());
    }
    if (expected) {
      return Refusals.zoneChanged(key.collection(), key.id());
    }
    throw new StoreException(
        StoreException.Kind.UNAVAILABLE, "the zone " + key.id() + " is being created just now");
  }

  @Override
  public long revision() {
    return access.read((site, connection) ->
        site.own() ? latest(connection, "SELECT value FROM " + tables.name("zone_revision")) : 0);
  }

  @Override
  public ZoneChanges changes(long afterRevision, int limit, boolean withOutlines) {
    return access.read((site, connection) ->
        site.own()
            ? past.changes(connection, afterRevision, limit, withOutlines)
            : new ZoneChanges(List.of(), afterRevision, false));
  }

  @Override
  public ZonePast past(String collection, AreaSink sink) {
    return access.stream((site, connection) ->
        site.own() ? past.read(connection, collection, sink) : new ZonePast(0, Optional.empty()));
  }

  private static long latest(Connection connection, String sql) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql);
        ResultSet row = statement.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }
}
