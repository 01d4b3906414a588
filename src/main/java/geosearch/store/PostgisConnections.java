package geosearch.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import geosearch.config.PostgisConfig;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Connections to one PostgreSQL: a pool for transactions, and others for what a pool can't do.
 *
 * <p>Every limit is set for the transaction alone: behind a pooler such as PgBouncer, the session
 * goes to somebody else after it.
 */
final class PostgisConnections implements AutoCloseable {

  /** What is done within a transaction. */
  interface Work<T> {
    T run(Connection connection) throws SQLException;
  }

  /** Whether a transaction may go on. */
  private interface Check {
    void run(Connection connection) throws SQLException;
  }

  /** Held, because the JDK forgets levels of loggers that nobody holds. */
  private static final Logger POOL_LOG = Logger.getLogger("com.zaxxer.hikari");

  static {
    // It reports each failure again and again, with a stack trace; every caller is told anyway.
    POOL_LOG.setLevel(Level.OFF);
  }

  private static final String SNAPSHOT =
      "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY";
  private static final String CHANGE = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE";

  private final PostgisConfig config;
  private final PostgisFailures failures;
  private final PostgisIdentity identity;
  private final PostgisSource source;
  private final HikariDataSource pool;

  /**
   * @param identity of the store that transactions may use
   * @param registry is given the pool's metrics
   */
  PostgisConnections(
      PostgisConfig config,
      PostgisFailures failures,
      PostgisIdentity identity,
      MeterRegistry registry) {
    this.config = config;
    this.failures = failures;
    this.identity = identity;
    this.source = new PostgisSource(config);
    HikariConfig settings = new HikariConfig();
    settings.setPoolName("postgis");
    settings.setDataSource(source);
    settings.setMaximumPoolSize(config.poolSize());
    settings.setMinimumIdle(1);
    settings.setAutoCommit(false);
    settings.setInitializationFailTimeout(-1);
    long connectMillis = Math.max(config.connectTimeout().toMillis(), 250);
    settings.setConnectionTimeout(connectMillis);
    settings.setValidationTimeout(connectMillis);
    settings.setMetricRegistry(registry);
    this.pool = new HikariDataSource(settings);
  }

  /** Reads one state of the database; bound by the statement time-out. */
  <T> T read(Work<T> work) {
    return transaction(
        SNAPSHOT + limits(config.statementTimeout()), false, this::checkIdentity, work);
  }

  /** Reads as {@link #read}, and takes another store if that was accepted. */
  <T> T readAccepted(Work<T> work) {
    return transaction(
        SNAPSHOT + limits(config.statementTimeout()),
        false,
        connection -> identity.check(connection, true),
        work);
  }

  /** Reads one state of the database for as long as rows keep coming. */
  <T> T stream(Work<T> work) {
    return transaction(SNAPSHOT + limits(Duration.ZERO), true, this::checkIdentity, work);
  }

  /** Changes the database; bound by the statement time-out. */
  <T> T write(Work<T> work) {
    return transaction(
        CHANGE + limits(config.statementTimeout()), false, this::checkWritable, work);
  }

  private void checkIdentity(Connection connection) throws SQLException {
    identity.check(connection, false);
  }

  private void checkWritable(Connection connection) throws SQLException {
    checkIdentity(connection);
    identity.checkWritable();
  }

  private <T> T transaction(String begin, boolean patient, Check check, Work<T> work) {
    try (Connection connection = pool.getConnection()) {
      try {
        begin(connection, begin, patient);
        check.run(connection);
        T result = work.run(connection);
        connection.commit();
        return result;
      } catch (SQLException | RuntimeException | Error e) {
        rollBack(connection, e);
        throw e;
      }
    } catch (SQLException e) {
      throw failures.of(e);
    }
  }

  /** A transaction that changes the database at its own pace; the caller ends and closes it. */
  Connection beginImport() throws SQLException {
    Connection connection = pool.getConnection();
    try {
      begin(connection, CHANGE + limits(Duration.ZERO), true);
      checkWritable(connection);
      return connection;
    } catch (SQLException | RuntimeException e) {
      try (connection) {
        rollBack(connection, e);
      }
      throw e;
    }
  }

  /** A connection of one's own that commits each statement; the caller closes it. */
  Connection single() throws SQLException {
    return source.getConnection();
  }

  /** How long the server may be silent while much is read or written. */
  Duration patience() {
    return config.socketTimeout();
  }

  /** Where {@link #single} comes from. */
  PostgisSource source() {
    return source;
  }

  private void begin(Connection connection, String statements, boolean patient)
      throws SQLException {
    if (patient) {
      connection.setNetworkTimeout(
          Runnable::run, (int) Math.min(config.socketTimeout().toMillis(), Integer.MAX_VALUE));
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute(statements);
    }
  }

  /**
   * Without compilation: PostgreSQL takes tables that it has no statistics of for large, as ours
   * are until they were analyzed, and compiles for 130 ms what runs for one.
   */
  private static String limits(Duration statementTimeout) {
    return "; SET LOCAL jit = off; SET LOCAL statement_timeout = " + statementTimeout.toMillis();
  }

  private static void rollBack(Connection connection, Throwable reason) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      reason.addSuppressed(e);
    }
  }

  @Override
  public void close() {
    pool.close();
  }
}
