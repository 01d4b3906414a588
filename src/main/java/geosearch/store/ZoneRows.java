package geosearch.store;

import geosearch.geo.Area;
import geosearch.geo.Circle;
import geosearch.geo.Validity;
import geosearch.store.Outlines.NoOutlineException;
import java.nio.ByteBuffer;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.locationtech.jts.geom.Geometry;

/** Reads zones from rows that have {@link #COLUMNS}. */
final class ZoneRows {

  /** Of a zone that is kept or was. */
  static final String COLUMNS =
      "collection, id, name, priority, attributes, outline, circle, start_time, end_time, create_time, change_time, revision";

  private static final int FEW_ROWS = 8;

  private ZoneRows() {}

  /** The present zones. */
  static String present(PostgisTables tables) {
    return "SELECT collection, id, name, priority, attributes::text, outline::bytea, circle, start_time, end_time,"
        + " create_time, coalesce(update_time, create_time) AS change_time, revision FROM "
        + tables.name("zone");
  }

  /** The states that zones were in at a moment, which is the statement's first two parameters. */
  static String past(PostgisTables tables) {
    return states(tables)
        + " WHERE change_time <= ? AND (replaced_time IS NULL OR replaced_time > ?) AND NOT deleted";
  }

  /** All states that are kept. */
  static String states(PostgisTables tables) {
    return "SELECT collection, id, name, priority, attributes::text, outline::bytea, circle, start_time, end_time,"
        + " create_time, change_time, revision FROM "
        + tables.name("zone_state");
  }

  /** The rows of the original's table. */
  static String originals(TableLayer things) {
    return "SELECT '%s', id, name, priority, attributes, outline, NULL::float8[], NULL::timestamptz, NULL::timestamptz, NULL::timestamptz, NULL::timestamptz, 0 FROM (%s) AS thing (id, name, priority, attributes, outline, srid)"
        .formatted(Store.ZONE_LAYER, things.select());
  }

  /** Sets the parameters of {@link #past}. */
  static int bind(PreparedStatement statement, Optional<Instant> asOf) throws SQLException {
    if (asOf.isEmpty()) {
      return 1;
    }
    statement.setObject(1, time(asOf.get()));
    statement.setObject(2, time(asOf.get()));
    return 3;
  }

  static OffsetDateTime time(Instant time) {
    return time.atOffset(ZoneOffset.UTC);
  }

  static Optional<Instant> time(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getObject(column, OffsetDateTime.class))
        .map(OffsetDateTime::toInstant);
  }

  static @Nullable Array circle(Connection connection, Optional<Circle> circle)
      throws SQLException {
    if (circle.isEmpty()) {
      return null;
    }
    Circle given = circle.get();
    return connection.createArrayOf(
        "float8", new Object[] {given.longitude(), given.latitude(), given.radiusMetres()});
  }

  /**
   * Returns how many rows the driver may hold at once: few if they bring outlines, of which a page
   * may have no more than {@link PageRoom} lets in; all if not (0).
   */
  static int fetchSize(boolean withOutlines) {
    return withOutlines ? FEW_ROWS : 0;
  }

  static ZonePage page(ResultSet rows, int limit) throws SQLException {
    List<Zone> zones = new ArrayList<>();
    PageRoom room = new PageRoom(limit);
    Outlines outlines = new Outlines();
    while (rows.next()) {
      if (room.isFull()) {
        return new ZonePage(zones, true);
      }
      Zone zone = zone(rows, outlines);
      zones.add(zone);
      room.add(zone);
    }
    return new ZonePage(zones, false);
  }

  /** The zone of the row. */
  static Zone zone(ResultSet row, Outlines outlines) throws SQLException {
    String name = row.getString("name");
    Optional<Instant> createTime = time(row, "create_time");
    return new Zone(
        row.getString("collection"),
        new Area(
            row.getString("id"),
            name == null ? "" : name,
            AttributesJson.read(row.getString("attributes")),
            row.getInt("priority"),
            new Validity(time(row, "start_time"), time(row, "end_time"))),
        outline(row.getBytes("outline"), outlines),
        circle(row),
        createTime,
        time(row, "change_time"),
        row.getLong("revision"),
        createTime.isEmpty());
  }

  private static Optional<Circle> circle(ResultSet row) throws SQLException {
    Array array = row.getArray("circle");
    if (array == null) {
      return Optional.empty();
    }
    Double[] values = (Double[]) array.getArray();
    return Optional.of(new Circle(values[1], values[0], values[2]));
  }

  /** A row of the original's table may hold something else, which {@code read} skips. */
  private static Optional<Geometry> outline(byte @Nullable [] wkb, Outlines outlines) {
    if (wkb == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(outlines.read(ByteBuffer.wrap(wkb)));
    } catch (NoOutlineException e) {
      return Optional.empty();
    }
  }
}
