package geosearch.server;

import geosearch.original.SearchGrpc;
import geosearch.original.SearchRequest;
import geosearch.original.SearchResponse;
import geosearch.original.SearchResponses;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.jdbc.PreferQueryMode;

/**
 * {@code Search/search} as it is without an index in memory: the same transport as {@link
 * FloorServer}'s, and a query of PostGIS for each call, over connections that are kept.
 */
final class DatabaseServer {

  private static final int CONNECTIONS = 4;

  /** How the database is asked. */
  enum Query {
    /** By a prepared statement, and with those on whose border the position is. */
    PREPARED("ST_Covers"),
    /** As the original did: each call is a text of its own, and borders belong to nobody. */
    ORIGINAL("ST_Contains");

    private final String sql;

    Query(String predicate) {
      sql =
          "SELECT insee, nom, wikipedia FROM ogrgeojson WHERE "
              + predicate
              + "(wkb_geometry, ST_SetSRID(ST_MakePoint(?, ?), 4326))";
    }
  }

  private final BlockingQueue<PreparedStatement> idle = new LinkedBlockingQueue<>();

  private DatabaseServer(String host, Query query) throws SQLException {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setServerNames(new String[] {host});
    source.setDatabaseName(PostgisContainer.DATABASE);
    source.setUser(PostgisContainer.USER);
    source.setPassword(PostgisContainer.PASSWORD);
    if (query == Query.ORIGINAL) {
      source.setPreferQueryMode(PreferQueryMode.SIMPLE);
    }
    for (int i = 0; i < CONNECTIONS; i++) {
      Connection connection = source.getConnection();
      idle.add(connection.prepareStatement(query.sql));
    }
  }

  private SearchResponses ask(SearchRequest request) throws SQLException, InterruptedException {
    PreparedStatement statement = idle.take();
    try {
      statement.setDouble(1, request.getLng());
      statement.setDouble(2, request.getLat());
      SearchResponses.Builder found = SearchResponses.newBuilder();
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          found.addResponses(
              SearchResponse.newBuilder().setResponse(row.getString(1) + " - " + row.getString(2)));
        }
      }
      return found.build();
    } finally {
      idle.add(statement);
    }
  }

  private void answer(SearchRequest request, StreamObserver<SearchResponses> observer) {
    try {
      observer.onNext(ask(request));
      observer.onCompleted();
    } catch (SQLException | InterruptedException e) {
      observer.onError(Status.INTERNAL.withCause(e).asRuntimeException());
    }
  }

  /**
   * Says the port that it listens on, and serves until it is killed.
   *
   * @param args the database's host, and a {@link Query}
   */
  public static void main(String[] args) throws Exception {
    DatabaseServer database = new DatabaseServer(args[0], Query.valueOf(args[1]));
    ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);
    FloorServer.serve(
        false,
        new SearchGrpc.SearchImplBase() {
          @Override
          public void search(SearchRequest request, StreamObserver<SearchResponses> observer) {
            threads.execute(() -> database.answer(request, observer));
          }
        });
  }
}
