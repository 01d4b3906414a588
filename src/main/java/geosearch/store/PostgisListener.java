package geosearch.store;

import geosearch.store.Store.Listening;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens for the notices of changes on a connection of its own. A notice may be lost (behind a
 * pooler, on a standby, while there is no connection); polling is the truth.
 */
final class PostgisListener implements Listening {

  private static final Logger log = LoggerFactory.getLogger(PostgisListener.class);

  /** What is said of a change of zones. */
  private static final String ZONE = "zone";

  private static final Duration FIRST_RETRY = Duration.ofMillis(500);
  private static final Duration LAST_RETRY = Duration.ofSeconds(30);

  /** How long to hear nothing before asking whether anybody is there. */
  private static final Duration SILENCE = Duration.ofSeconds(10);

  private static final Duration ANSWER = Duration.ofSeconds(5);

  private final PostgisConnections connections;
  private final String channel;
  private final Runnable onChange;
  private final Runnable onZoneChange;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition closing = lock.newCondition();
  private @Nullable Connection current;
  private boolean closed;

  private PostgisListener(
      PostgisConnections connections, String schema, Runnable onChange, Runnable onZoneChange) {
    this.connections = connections;
    this.channel = TableName.quote(schema);
    this.onChange = onChange;
    this.onZoneChange = onZoneChange;
    this.thread = Thread.ofPlatform().daemon().name("geosearch-notices").unstarted(this::run);
  }

  /**
   * Starts to listen.
   *
   * @param schema whose changes are told of, on the channel of the same name
   */
  static PostgisListener start(
      PostgisConnections connections, String schema, Runnable onChange, Runnable onZoneChange) {
    PostgisListener listener = new PostgisListener(connections, schema, onChange, onZoneChange);
    listener.thread.start();
    return listener;
  }

  private void run() {
    Duration delay = FIRST_RETRY;
    while (!isClosed()) {
      try (Connection connection = connections.single()) {
        if (!use(connection)) {
          return;
        }
        listen(connection);
        delay = FIRST_RETRY;
        hear(connection);
      } catch (SQLException e) {
        if (!isClosed()) {
          log.debug("no notices of changes for now; the next try is in {}", delay, e);
        }
      }
      await(delay);
      delay = delay.multipliedBy(2).compareTo(LAST_RETRY) < 0 ? delay.multipliedBy(2) : LAST_RETRY;
    }
  }

  private void listen(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("LISTEN " + channel);
    }
    // What happened before was not heard.
    onChange.run();
  }

  private void hear(Connection connection) throws SQLException {
    PGConnection notices = connection.unwrap(PGConnection.class);
    while (!isClosed()) {
      PGNotification[] heard = notices.getNotifications((int) SILENCE.toMillis());
      if (isClosed()) {
        return;
      }
      if (heard.length > 0) {
        boolean zonesAlone =
            Arrays.stream(heard).allMatch(notice -> ZONE.equals(notice.getParameter()));
        (zonesAlone ? onZoneChange : onChange).run();
      } else if (!connection.isValid((int) ANSWER.toSeconds())) {
        throw new SQLException("the connection for notices is gone");
      }
    }
  }

  private boolean use(Connection connection) {
    lock.lock();
    try {
      current = connection;
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  private void await(Duration delay) {
    lock.lock();
    try {
      long left = delay.toNanos();
      while (!closed && left > 0) {
        left = closing.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      closing.signalAll();
      if (current != null) {
        // An orderly end would wait for the notices that this connection waits for.
        current.abort(Runnable::run);
      }
    } catch (SQLException e) {
      log.debug("could not cut off the connection for notices", e);
    } finally {
      lock.unlock();
    }
    if (Thread.currentThread() != thread) {
      join();
    }
  }

  private void join() {
    try {
      thread.join(ANSWER);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
