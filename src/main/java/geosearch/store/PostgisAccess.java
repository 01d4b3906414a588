package geosearch.store;

import geosearch.store.StoreException.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** Transactions that know what is in the database, and what may be done there. */
final class PostgisAccess {

  private final PostgisSchema schema;
  private final PostgisConnections connections;
  private final PostgisFailures failures;

  /** What is done within a transaction. */
  interface Work<T> {
    T run(PostgisSite site, Connection connection) throws SQLException;
  }

  PostgisAccess(PostgisSchema schema, PostgisConnections connections, PostgisFailures failures) {
    this.schema = schema;
    this.connections = connections;
    this.failures = failures;
  }

  /** What is there. */
  PostgisSite site() {
    return schema.site();
  }

  /** How long the server may be silent while much is read or written. */
  Duration patience() {
    return connections.patience();
  }

  PostgisFailures failures() {
    return failures;
  }

  /** What a call to the store does first and whatever it does in the end. */
  interface Call<T> {
    T run(PostgisSite site) throws SQLException;
  }

  /** Looks at the database anew the next time if this fails. */
  <T> T call(Call<T> call) {
    PostgisSite site = schema.site();
    try {
      return call.run(site);
    } catch (SQLException e) {
      schema.forget();
      throw failures.of(e);
    } catch (StoreException e) {
      if (e.getCause() != null || e.kind() == Kind.MISMATCH) {
        schema.forget();
      }
      throw e;
    }
  }

  /** Reads. */
  <T> T read(Work<T> work) {
    return call(site -> connections.read(connection -> work.run(site, connection)));
  }

  /** Reads for as long as rows keep coming. */
  <T> T stream(Work<T> work) {
    return call(site -> connections.stream(connection -> work.run(site, connection)));
  }

  /** READ_ONLY where nothing can be written. */
  void requireWritable() {
    call(site -> {
      checkWritable(site);
      return site;
    });
  }

  /** Writes; READ_ONLY where that is not possible. */
  <T> T write(Work<T> work) {
    return call(site -> {
      checkWritable(site);
      return connections.write(connection -> work.run(site, connection));
    });
  }

  /** Begins an import, whose connection goes to what the work makes of it. */
  <T> T beginImport(PostgisConnections.Work<T> work) {
    return call(site -> {
      checkWritable(site);
      Connection connection = connections.beginImport();
      try {
        return work.run(connection);
      } catch (SQLException | RuntimeException e) {
        try (connection) {
          connection.rollback();
        } catch (SQLException suppressed) {
          e.addSuppressed(suppressed);
        }
        throw e;
      }
    });
  }

  private static void checkWritable(PostgisSite site) {
    site.readOnlyReason()
        .ifPresent(reason -> {
          throw new StoreException(Kind.READ_ONLY, "PostGIS is only read: " + reason);
        });
  }
}
