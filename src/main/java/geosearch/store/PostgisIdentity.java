package geosearch.store;

import geosearch.store.StoreException.Kind;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers which store this process has used, and refuses every transaction on another one: a
 * schema that was dropped, another database, an older state, or a schema that needs a newer server.
 *
 * <p>A process that has used no store yet takes the first one that it finds, unless the settings
 * name the identity. After that it takes another one only if that was accepted later than the last
 * time it saw its own, by the clock of the database.
 *
 * <p>Safe for use by several threads.
 */
final class PostgisIdentity {

  private static final Logger log = LoggerFactory.getLogger(PostgisIdentity.class);

  /** PostgreSQL's states for a table and a schema that do not exist. */
  private static final Set<String> MISSING = Set.of("42P01", "3F000");

  private final String schema;
  private final String named;
  private final String question;
  private volatile @Nullable Served served;
  private volatile Optional<String> readOnlyReason = Optional.empty();
  private final AtomicLong acceptances = new AtomicLong();
  private Refused refused = new Refused("", "");

  /**
   * What this process has used.
   *
   * @param seen when it saw that last, by the clock of the database
   */
  private record Served(StoreIdentity identity, Instant seen) {}

  /** What the database says of itself. */
  private record Found(
      StoreIdentity identity,
      Optional<Instant> acceptTime,
      Instant now,
      int leastReader,
      int leastWriter) {}

  /**
   * A store that is refused.
   *
   * @param state differs between stores, but not with the revision that such a one comes to
   * @param message stays as it was first, so that it is logged once
   */
  private record Refused(String state, String message) {}

  /**
   * @param schema of our own tables
   * @param named the only identity to use, or empty for any
   */
  PostgisIdentity(String schema, String named) {
    this.schema = schema;
    this.named = named;
    // By way of JSON, because schemas of earlier versions lack some of the columns.
    this.question =
        """
        SELECT coalesce(r.row ->> 'store_id', '') AS store_id,
          (r.row ->> 'value')::bigint
            + (SELECT coalesce(sum((to_jsonb(l) ->> 'changes')::bigint), 0) FROM %1$s.layer l) AS revision,
          (r.row ->> 'accept_time')::timestamptz AS accept_time,
          clock_timestamp() AS now,
          coalesce((r.row ->> 'least_reader')::int, 0) AS least_reader,
          coalesce((r.row ->> 'least_writer')::int, 0) AS least_writer
        FROM (SELECT to_jsonb(z) AS row FROM %1$s.zone_revision z) r
        """
            .formatted(TableName.quote(schema));
  }

  /** Whether this process has used a store, so that no other may be created in its place. */
  boolean isKnown() {
    return served != null;
  }

  /** Returns how often a store was taken in place of the one before. */
  long acceptances() {
    return acceptances.get();
  }

  /** Returns why a schema that a newer server has upgraded can only be read, or nothing. */
  Optional<String> readOnlyReason() {
    return readOnlyReason;
  }

  /** Refuses to create a schema if the settings name the identity of one that should be there. */
  void checkMayCreate() {
    if (!named.isEmpty()) {
      throw mismatch(
          "none",
          "expected identity %s (store.identity), found no schema %s".formatted(named, schema));
    }
  }

  /**
   * Takes the store that is there, if this process has used none yet.
   *
   * @throws StoreException of kind MISMATCH if it must not be used
   */
  void takeFirst(Connection connection) throws SQLException {
    if (isKnown()) {
      return; // every transaction checks it
    }
    Optional<Found> found = ask(connection);
    if (found.isPresent()) {
      checkUsable(found.get());
      take(found.get());
    }
  }

  /**
   * Checks that the transaction's store is the one that this process has used.
   *
   * @param takeAccepted whether to take another one if that was accepted
   * @throws StoreException of kind MISMATCH if it is not
   */
  void check(Connection connection, boolean takeAccepted) throws SQLException {
    // Noted before the question, because others may see later states while it is answered.
    Served expected = served;
    if (expected == null) {
      return;
    }
    Found found = ask(connection).orElseThrow(() -> missing(expected));
    checkUsable(found);
    Optional<String> difference = expected.identity().difference(found.identity());
    if (difference.isEmpty()) {
      advance(found);
    } else if (takeAccepted && found.acceptTime().filter(expected.seen()::isBefore).isPresent()) {
      take(found);
    } else {
      boolean older = found.identity().id().equals(expected.identity().id());
      throw mismatch(found.identity().id() + (older ? " older" : ""), difference.get());
    }
  }

  /**
   * Refuses to write to a schema that needs a newer server for that.
   *
   * @throws StoreException of kind READ_ONLY
   */
  void checkWritable() {
    readOnlyReason.ifPresent(reason -> {
      throw new StoreException(Kind.READ_ONLY, "PostGIS is only read: " + reason);
    });
  }

  /**
   * Refuses a database without our tables, if this process has used a store.
   *
   * @throws StoreException of kind MISMATCH
   */
  void checkMayBeMissing() {
    Served expected = served;
    if (expected != null) {
      throw missing(expected);
    }
  }

  private StoreException missing(Served expected) {
    return mismatch(
        "none",
        "expected identity %s with revision %d or later, found no schema %s that can be read"
            .formatted(expected.identity().id(), expected.identity().revision(), schema));
  }

  private void checkUsable(Found found) {
    String id = found.identity().id();
    if (found.leastReader() > PostgisMigration.VERSION) {
      throw refusal(
          id + " newer",
          "the schema %s needs a server that knows version %d of it, this one knows %d: update the server"
              .formatted(schema, found.leastReader(), PostgisMigration.VERSION));
    }
    if (!named.isEmpty() && !named.equals(id)) {
      throw refusal(
          id + " not named",
          "expected identity %s (store.identity), found %s: connect to the right database or change the setting"
              .formatted(named, id.isEmpty() ? "no identity" : "identity " + id));
    }
  }

  private Optional<Found> ask(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(question)) {
      if (!row.next()) {
        return Optional.empty();
      }
      return Optional.of(
          new Found(
              new StoreIdentity(row.getString("store_id"), row.getLong("revision")),
              Optional.ofNullable(row.getObject("accept_time", OffsetDateTime.class))
                  .map(OffsetDateTime::toInstant),
              row.getObject("now", OffsetDateTime.class).toInstant(),
              row.getInt("least_reader"),
              row.getInt("least_writer")));
    } catch (SQLException e) {
      if (MISSING.contains(String.valueOf(e.getSQLState()))) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private synchronized void take(Found found) {
    if (served != null) {
      acceptances.incrementAndGet();
    }
    served = new Served(found.identity(), found.now());
    log.debug(
        "Using store identity={} revision={}", found.identity().id(), found.identity().revision());
    noteUse(found);
  }

  private synchronized void advance(Found found) {
    Served before = served;
    if (before != null && before.identity().difference(found.identity()).isEmpty()) {
      served =
          new Served(
              before.identity().advancedTo(found.identity()),
              before.seen().isAfter(found.now()) ? before.seen() : found.now());
    }
    noteUse(found);
  }

  private void noteUse(Found found) {
    refused = new Refused("", "");
    Optional<String> reason =
        found.leastWriter() > PostgisMigration.VERSION
            ? Optional.of(
                "writing to the schema %s needs a server that knows version %d of it, this one knows %d: update the server"
                    .formatted(schema, found.leastWriter(), PostgisMigration.VERSION))
            : Optional.empty();
    if (!reason.equals(readOnlyReason)) {
      readOnlyReason = reason;
      reason.ifPresent(text -> log.warn("PostGIS is only read: {}", text));
    }
  }

  private StoreException mismatch(String state, String difference) {
    return refusal(
        state,
        difference + ". Bring the right store back, or accept this one: " + StoreIdentity.ACCEPT);
  }

  private synchronized StoreException refusal(String state, String message) {
    if (!refused.state().equals(state)) {
      refused = new Refused(state, message);
    }
    return new StoreException(Kind.MISMATCH, refused.message());
  }
}
