package geosearch.store;

import geosearch.store.PostgisConnections.Work;
import geosearch.store.StoreException.Kind;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether user's tables have changed, and takes at most a twentieth of the time for each.
 *
 * <p>A table is looked at whenever somebody asks, unless that was expensive: then the last answer
 * stands until twenty times as long has passed, and a thread of its own looks again, so that a slow
 * view holds up no other layer.
 */
final class TableFingerprints {

  private static final int SHARE = 20;
  private static final long CHEAP_NANOS = Duration.ofMillis(25).toNanos();

  /** How long to wait for somebody who changes the table's definition. */
  private static final long LOCK_MILLIS = 250;

  private final PostgisConnections connections;
  private final Map<String, Taken> latest = new ConcurrentHashMap<>();
  private final Set<String> underWay = ConcurrentHashMap.newKeySet();

  /**
   * @param table as it was
   * @param fingerprint absent if it can't be read
   * @param failure why it can't be
   * @param start when it was looked at, in nanoseconds
   * @param cost how long that took, in nanoseconds
   */
  private record Taken(
      TableLayer table,
      @Nullable String fingerprint,
      @Nullable StoreException failure,
      long start,
      long cost) {

    boolean isDue() {
      return System.nanoTime() - start > SHARE * cost;
    }

    String get() {
      if (fingerprint != null) {
        return fingerprint;
      }
      throw failure == null ? new IllegalStateException() : failure;
    }

    static Taken later(Taken one, Taken other) {
      return one.start - other.start > 0 ? one : other;
    }
  }

  TableFingerprints(PostgisConnections connections) {
    this.connections = connections;
  }

  /** The table's fingerprint within a transaction. */
  static String take(Connection connection, TableLayer table) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(table.change())) {
      row.next();
      return row.getString(1);
    }
  }

  /** Takes it within a transaction, and remembers it. */
  String takeNow(Connection connection, TableLayer table) throws SQLException {
    long start = System.nanoTime();
    String fingerprint = take(connection, table);
    put(new Taken(table, fingerprint, null, start, System.nanoTime() - start));
    return fingerprint;
  }

  /**
   * The table's fingerprint, which may be as old as the cost of taking it demands.
   *
   * @throws StoreException if the table can't be read
   */
  String current(TableLayer table) {
    String layer = table.layer().name();
    Taken known = latest.get(layer);
    if (known == null || !known.table().equals(table)) {
      return look(table, null, true).get();
    }
    if (known.isDue()) {
      if (known.cost() <= CHEAP_NANOS) {
        return look(table, known, true).get();
      }
      if (underWay.add(layer)) {
        Thread.ofVirtual()
            .name("geosearch-table-" + layer)
            .start(() -> {
              try {
                look(table, known, false);
              } finally {
                underWay.remove(layer);
              }
            });
      }
    }
    return known.get();
  }

  private Taken look(TableLayer table, @Nullable Taken known, boolean somebodyWaits) {
    long start = System.nanoTime();
    String fingerprint = null;
    StoreException failure = null;
    try {
      Work<String> take =
          connection -> {
            if (somebodyWaits) {
              waitForLocks(connection);
            }
            return take(connection, table);
          };
      // What was cheap must not take long; what is not, or is not known to be, may.
      fingerprint =
          known != null && somebodyWaits ? connections.read(take) : connections.stream(take);
    } catch (StoreException e) {
      if (e.kind() == Kind.UNAVAILABLE && known != null && known.fingerprint() != null) {
        fingerprint = known.fingerprint();
      } else {
        failure = inLayer(table, e);
      }
    }
    return put(new Taken(table, fingerprint, failure, start, System.nanoTime() - start));
  }

  private Taken put(Taken taken) {
    return latest.merge(taken.table().layer().name(), taken, Taken::later);
  }

  private static void waitForLocks(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET LOCAL lock_timeout = " + LOCK_MILLIS);
    }
  }

  private static StoreException inLayer(TableLayer table, StoreException e) {
    return new StoreException(
        e.kind(),
        "the layer %s can't be read from the %s: %s"
            .formatted(table.layer().name(), table.relation(), e.getMessage()),
        e);
  }
}
