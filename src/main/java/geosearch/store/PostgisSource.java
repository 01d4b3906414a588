package geosearch.store;

import geosearch.config.PostgisConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.postgresql.ds.PGSimpleDataSource;

/** Opens connections as the settings say; reads the file with the password for each anew. */
final class PostgisSource extends PGSimpleDataSource {

  private static final long serialVersionUID = 1L;

  /** PostgreSQL's state for a file of settings that can't be used. */
  static final String PASSWORD_FILE_STATE = "F0000";

  private final transient PostgisConfig config;

  PostgisSource(PostgisConfig config) {
    this.config = config;
    setServerNames(
        new String[] {config.host().contains(":") ? "[" + config.host() + "]" : config.host()});
    setPortNumbers(new int[] {config.port()});
    setDatabaseName(config.database());
    setSslmode(config.sslMode());
    setApplicationName("geosearch");
    setConnectTimeout(seconds(config.connectTimeout()));
    setLoginTimeout(seconds(config.connectTimeout()));
    setCancelSignalTimeout(seconds(config.connectTimeout()));
    setSocketTimeout(seconds(socketTimeout(config)));
    setTcpKeepAlive(true);
    // Poolers such as PgBouncer hand a session's prepared statements to somebody else; and errors
    // with their details would carry rows into the log.
    setPrepareThreshold(0);
    setLogServerErrorDetail(false);
    // Sends the application's name with the first message.
    setAssumeMinServerVersion("9.6");
  }

  /** How long a server may be silent when no statement may take long. */
  private static Duration socketTimeout(PostgisConfig config) {
    Duration afterCancel = config.statementTimeout().plus(config.connectTimeout());
    return afterCancel.compareTo(config.socketTimeout()) < 0 ? afterCancel : config.socketTimeout();
  }

  private static int seconds(Duration duration) {
    return Math.clamp(duration.plusMillis(999).toSeconds(), 1, Integer.MAX_VALUE);
  }

  @Override
  public Connection getConnection() throws SQLException {
    return getConnection(config.user(), password());
  }

  private String password() throws SQLException {
    if (config.passwordFile().isEmpty()) {
      return config.password().value();
    }
    Path file = config.passwordFile().get();
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new SQLException(
          "the file with the password, " + file + ", can't be read", PASSWORD_FILE_STATE, e);
    }
  }
}
