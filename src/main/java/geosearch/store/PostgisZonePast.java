package geosearch.store;

import geosearch.store.Zones.Request;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is kept in PostGIS of the states that zones were in, and of who asked for them. */
final class PostgisZonePast {

  private final PostgisTables tables;
  private final ZoneLimits limits;

  PostgisZonePast(PostgisTables tables, ZoneLimits limits) {
    this.tables = tables;
    this.limits = limits;
  }

  /** OUT_OF_RANGE if states of that time may have been forgotten. */
  void check(Connection connection, Instant asOf) throws SQLException {
    try (PreparedStatement statement =
            connection.prepareStatement(
                "SELECT forgotten_time FROM " + tables.name("zone_revision"));
        ResultSet row = statement.executeQuery()) {
      row.next();
      Optional<Instant> forgotten = ZoneRows.time(row, "forgotten_time");
      if (forgotten.isPresent() && asOf.isBefore(forgotten.get())) {
        throw Refusals.pastIsForgotten(asOf);
      }
    }
  }

  /** See {@link Zones#past}. */
  ZonePast read(Connection connection, String collection, AreaSink sink) throws SQLException {
    ZonePast past;
    try (PreparedStatement statement =
            connection.prepareStatement(
                "SELECT value, forgotten_time FROM " + tables.name("zone_revision"));
        ResultSet row = statement.executeQuery()) {
      row.next();
      past = new ZonePast(row.getLong("value"), ZoneRows.time(row, "forgotten_time"));
    }
    AreaRows.read(connection, tables.zoneStates(collection), sink);
    return past;
  }

  /** See {@link Zones#changes}. */
  ZoneChanges changes(Connection connection, long after, int limit, boolean withOutlines)
      throws SQLException {
    long latest = latest(connection, after);
    String sql =
        """
        SELECT collection, id, name, priority, attributes::text, %s AS outline, circle, start_time, end_time, create_time,
          change_time, revision, deleted
        FROM %s WHERE revision > ? ORDER BY revision LIMIT ?
        """
            .formatted(withOutlines ? "outline::bytea" : "NULL::bytea", tables.name("zone_state"));
    List<ZoneChange> changes = new ArrayList<>();
    PageRoom room = new PageRoom(limit);
    boolean more = false;
    Outlines outlines = new Outlines();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setLong(1, after);
      statement.setInt(2, limit + 1);
      statement.setFetchSize(ZoneRows.fetchSize(withOutlines));
      try (ResultSet row = statement.executeQuery()) {
        while (!more && row.next()) {
          if (room.isFull()) {
            more = true;
          } else {
            ZoneChange change = change(row, outlines);
            changes.add(change);
            change.zone().ifPresentOrElse(room::add, () -> room.add(0));
          }
        }
      }
    }
    return new ZoneChanges(changes, more ? changes.getLast().revision() : latest, more);
  }

  private long latest(Connection connection, long after) throws SQLException {
    try (PreparedStatement statement =
            connection.prepareStatement(
                "SELECT value, forgotten FROM " + tables.name("zone_revision"));
        ResultSet row = statement.executeQuery()) {
      row.next();
      long latest = row.getLong("value");
      if (after > latest) {
        throw Refusals.revisionAhead(after, latest);
      }
      if (after < row.getLong("forgotten")) {
        throw Refusals.changesAreForgotten(after);
      }
      return latest;
    }
  }

  private static ZoneChange change(ResultSet row, Outlines outlines) throws SQLException {
    return new ZoneChange(
        row.getLong("revision"),
        ZoneRows.time(row, "change_time").orElseThrow(),
        new ZoneKey(row.getString("collection"), row.getString("id")),
        row.getBoolean("deleted") ? Optional.empty() : Optional.of(ZoneRows.zone(row, outlines)));
  }

  /** The zone that a request has created; whoever asks for one at the same time waits here. */
  Optional<Zone> createdBy(Connection connection, Request request) throws SQLException {
    try (PreparedStatement lock =
            connection.prepareStatement(
                "SELECT value FROM " + tables.name("zone_revision") + " FOR UPDATE");
        ResultSet row = lock.executeQuery()) {
      row.next();
    }
    Long revision = null;
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT content, revision FROM "
                + tables.name("zone_request")
                + " WHERE id = ? AND request_time > ?")) {
      statement.setString(1, request.id());
      statement.setObject(2, ZoneRows.time(cutoff(limits.keepRequestIds())));
      try (ResultSet row = statement.executeQuery()) {
        if (row.next()) {
          if (!row.getString("content").equals(request.content())) {
            throw Refusals.otherRequest(request.id());
          }
          revision = row.getLong("revision");
        }
      }
    }
    return revision == null ? Optional.empty() : state(connection, revision);
  }

  private Optional<Zone> state(Connection connection, @Nullable Long revision) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(ZoneRows.states(tables) + " WHERE revision = ?")) {
      statement.setObject(1, revision);
      try (ResultSet rows = statement.executeQuery()) {
        return ZoneRows.page(rows, 1).zones().stream().findFirst();
      }
    }
  }

  /** Notes that a request has created a zone. */
  void remember(Connection connection, Request request, long revision) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            INSERT INTO %s (id, content, revision) VALUES (?, ?, ?)
            ON CONFLICT (id) DO UPDATE
              SET content = EXCLUDED.content, revision = EXCLUDED.revision, request_time = clock_timestamp()
            """
                .formatted(tables.name("zone_request")))) {
      statement.setString(1, request.id());
      statement.setString(2, request.content());
      statement.setLong(3, revision);
      statement.execute();
    }
  }

  /** Forgets, now and then, some of what is past its time. The change before has the lock. */
  void sweep(Connection connection, long revision) throws SQLException {
    if (revision % ZoneLimits.CHANGES_PER_SWEEP != 0) {
      return;
    }
    try (PreparedStatement requests =
            connection.prepareStatement(
                "DELETE FROM " + tables.name("zone_request") + " WHERE request_time < ?");
        PreparedStatement states =
            connection.prepareStatement(
                """
                WITH swept AS (
                  DELETE FROM %1$s WHERE revision IN (
                    SELECT revision FROM %1$s WHERE replaced_time < ? ORDER BY replaced_time LIMIT ?)
                  RETURNING revision, deleted, replaced_time
                )
                UPDATE %2$s SET
                  forgotten = greatest(forgotten, (SELECT max(revision) FROM swept WHERE deleted)),
                  forgotten_time = greatest(forgotten_time, (SELECT max(replaced_time) FROM swept))
                """
                    .formatted(tables.name("zone_state"), tables.name("zone_revision")))) {
      requests.setObject(1, ZoneRows.time(cutoff(limits.keepRequestIds())));
      requests.executeUpdate();
      states.setObject(1, ZoneRows.time(cutoff(limits.keepRevisions())));
      states.setInt(2, ZoneLimits.SWEPT_AT_ONCE);
      states.executeUpdate();
    }
  }

  private static Instant cutoff(Duration kept) {
    return Instant.now().minus(kept);
  }
}
