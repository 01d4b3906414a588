package geosearch.testing;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * The real servers that integration tests talk to. Those that tests can share are started once and
 * stopped with the JVM; a test that stops or restarts a server starts one of its own.
 */
public final class Servers {

  private static final DockerImageName POSTGIS =
      DockerImageName.parse("postgis/postgis:17-3.5").asCompatibleSubstituteFor("postgres");
  private static final AtomicInteger DATABASES = new AtomicInteger();

  private Servers() {}

  /** A PostGIS of one's own, not started. */
  @SuppressWarnings("resource") // the caller closes it
  public static PostgreSQLContainer newPostgis() {
    return new PostgreSQLContainer(POSTGIS)
        .withDatabaseName("test")
        .withUsername("docker")
        .withPassword("docker");
  }

  /** A Consul agent of one's own in development mode, not started; HTTP on 8500, DNS on 8600. */
  @SuppressWarnings("resource") // the caller closes it
  public static GenericContainer<?> newConsul() {
    return new GenericContainer<>(DockerImageName.parse("hashicorp/consul:1.8"))
        .withCommand("agent", "-dev", "-client", "0.0.0.0")
        .withExposedPorts(8500, 8600)
        .waitingFor(
            Wait.forHttp("/v1/status/leader")
                .forPort(8500)
                .forResponsePredicate(leader -> leader.length() > 4));
  }

  /** A new, empty database with PostGIS in it, on the shared server. */
  public static Database newDatabase() {
    String name = "test_" + DATABASES.incrementAndGet();
    PostgreSQLContainer server = SharedPostgis.SERVER;
    Database admin = new Database(server.getHost(), server.getMappedPort(5432), "postgres");
    admin.execute("CREATE DATABASE " + name);
    Database database = new Database(admin.host(), admin.port(), name);
    database.execute("CREATE EXTENSION postgis");
    return database;
  }

  /**
   * A database on a PostGIS server.
   *
   * @param host of the server
   * @param port of the server
   * @param name of the database
   */
  public record Database(String host, int port, String name) {
    public static final String USER = "docker";
    public static final String PASSWORD = "docker";

    /** Opens a connection as the owner. */
    public Connection connect() throws SQLException {
      return DriverManager.getConnection(
          "jdbc:postgresql://" + host + ":" + port + "/" + name, USER, PASSWORD);
    }

    /** Runs statements, as the owner. */
    public void execute(String sql) {
      try (Connection connection = connect();
          Statement statement = connection.createStatement()) {
        statement.execute(sql);
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** Started when it is first asked for. */
  private static final class SharedPostgis {
    static final PostgreSQLContainer SERVER = started(newPostgis());
  }

  private static <C extends GenericContainer<?>> C started(C container) {
    Runtime.getRuntime().addShutdownHook(new Thread(container::stop));
    container.start();
    return container;
  }
}
