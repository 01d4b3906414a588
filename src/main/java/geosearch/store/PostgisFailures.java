package geosearch.store;

import geosearch.config.PostgisConfig;
import geosearch.store.StoreException.Kind;
import java.io.EOFException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** Says in words for people what a failure of PostgreSQL means. */
final class PostgisFailures {

  private final PostgisConfig config;

  PostgisFailures(PostgisConfig config) {
    this.config = config;
  }

  /** What the failure means to callers. */
  StoreException of(SQLException failure) {
    // The pool's own exception says only that it waited; what it waited for is within.
    if (failure instanceof SQLTransientConnectionException) {
      return failure.getCause() instanceof SQLException inner
          ? of(inner)
          : unavailable(
              "no connection came free in time; they are all in use (setting store.postgis.pool-size)",
              failure);
    }
    String state = failure.getSQLState() == null ? "" : failure.getSQLState();
    return switch (state) {
      case PostgisSource.PASSWORD_FILE_STATE -> unavailable(message(failure), failure);
      case "28P01" -> unavailable("it refused the password of the user " + config.user(), failure);
      case "28000" ->
          unavailable("it refused the user " + config.user() + ": " + message(failure), failure);
      case "3D000" -> unavailable("it has no database " + config.database(), failure);
      case "53300" -> unavailable("it has no connection left", failure);
      case "53100" -> unavailable("its disk is full", failure);
      case "57P03" -> unavailable("it is starting or stopping", failure);
      case "57014" ->
          unavailable("it took too long (setting store.postgis.statement-timeout)", failure);
      case "40001", "40P01", "55P03" ->
          unavailable("something else was under way with the same data", failure);
      case "25006" ->
          new StoreException(Kind.READ_ONLY, "PostGIS can only be read just now", failure);
      case "42501" ->
          corrupt("the user " + config.user() + " may not do that: " + message(failure), failure);
      default ->
          isConnection(state)
              ? unavailable(connectionFailure(failure), failure)
              : corrupt("PostGIS failed: " + message(failure), failure);
    };
  }

  /** The server can't be used, or does not answer. */
  StoreException unavailable(String reason, @Nullable Throwable cause) {
    String message = "PostGIS at " + address() + " can't be used: " + reason;
    return cause == null
        ? new StoreException(Kind.UNAVAILABLE, message)
        : new StoreException(Kind.UNAVAILABLE, message, cause);
  }

  /** As the settings name it. */
  String address() {
    return config.host() + ":" + config.port();
  }

  private static StoreException corrupt(String message, Throwable cause) {
    return new StoreException(Kind.CORRUPT, message, cause);
  }

  /**
   * Classes 08 (connection), 53 (resources), 57 (operator) and 58 (system). What the server did not
   * say comes from the driver or the pool and has no state.
   */
  private static boolean isConnection(String state) {
    return state.isEmpty()
        || state.startsWith("08")
        || state.startsWith("53")
        || state.startsWith("57")
        || state.startsWith("58")
        || state.equals("25P03");
  }

  private static String connectionFailure(SQLException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      switch (cause) {
        case UnknownHostException e -> {
          return "there is no host of that name";
        }
        case ConnectException e -> {
          return "the connection was refused";
        }
        case NoRouteToHostException e -> {
          return "there is no route to it";
        }
        case SocketTimeoutException e -> {
          return "it does not answer";
        }
        case SSLException e -> {
          return "TLS failed: " + e.getMessage();
        }
        case EOFException e -> {
          return "it closed the connection";
        }
        default -> {}
      }
    }
    return message(failure);
  }

  /** The server's first line alone: its details may quote rows, its context SQL. */
  private static String message(SQLException failure) {
    ServerErrorMessage server =
        failure instanceof PSQLException postgres ? postgres.getServerErrorMessage() : null;
    String message = server == null ? failure.getMessage() : server.getMessage();
    return message == null ? "no reason given" : message;
  }
}
