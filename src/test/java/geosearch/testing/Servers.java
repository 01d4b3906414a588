package geosearch.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/**
 * The real servers that integration tests talk to. Those that tests can share are started once and
 * stopped with the JVM; a test that stops or restarts a server starts one of its own.
 */
public final class Servers {

  /** {@code -Dpostgis.image} names that of another version. */
  private static final DockerImageName POSTGIS =
      DockerImageName.parse(System.getProperty("postgis.image", "postgis/postgis:17-3.5"))
          .asCompatibleSubstituteFor("postgres");

  private static final String UDP = "/udp";
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

  /**
   * A Consul agent of one's own in development mode, not started; HTTP on 8500, DNS on 8600, over
   * UDP on the same port of this machine. When it is stopped and started again, it has the same
   * ports and has forgotten all else.
   */
  @SuppressWarnings("resource") // the caller closes it
  public static GenericContainer<?> newConsul() {
    GenericContainer<?> consul =
        new GenericContainer<>(DockerImageName.parse("hashicorp/consul:1.8"))
            .withCommand("agent", "-dev", "-client", "0.0.0.0")
            .withExposedPorts(8500, 8600)
            .waitingFor(
                Wait.forHttp("/v1/status/leader")
                    .forPort(8500)
                    .forResponsePredicate(leader -> leader.length() > 4));
    int dns = Ports.free();
    return keepingPorts(consul, Ports.free() + ":8500", dns + ":8600", dns + ":8600" + UDP);
  }

  /**
   * The instances of a service that Consul's DNS answers now, as {@code address:port}.
   *
   * @param consul of {@link #newConsul}
   */
  public static Set<String> instances(GenericContainer<?> consul, String service) {
    try {
      SimpleResolver dns =
          new SimpleResolver(new InetSocketAddress(consul.getHost(), consul.getMappedPort(8600)));
      dns.setTCP(true);
      Name name = Name.fromString(service + ".service.consul.");
      Message answer = dns.send(Message.newQuery(Record.newRecord(name, Type.SRV, DClass.IN)));
      Map<Name, String> addresses = new HashMap<>();
      for (Record extra : answer.getSection(Section.ADDITIONAL)) {
        if (extra instanceof ARecord a) {
          addresses.put(a.getName(), a.getAddress().getHostAddress());
        }
      }
      Set<String> instances = new TreeSet<>();
      for (Record found : answer.getSection(Section.ANSWER)) {
        if (found instanceof SRVRecord srv) {
          instances.add(addresses.get(srv.getTarget()) + ":" + srv.getPort());
        }
      }
      return instances;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A Graphite with StatsD of one's own, not started, that flushes every second; HTTP on 80, StatsD
   * on {@link #udpPort} 8125. When it is stopped and started again, it has the same ports and has
   * forgotten all else.
   */
  @SuppressWarnings("resource") // the caller closes it
  public static GenericContainer<?> newGraphite() {
    GenericContainer<?> graphite =
        new GenericContainer<>(DockerImageName.parse("graphiteapp/graphite-statsd:1.1.10-5"))
            .withEnv("STATSD_INTERVAL", "1")
            .withExposedPorts(80)
            .waitingFor(Wait.forHttp("/render?target=none&format=json").forPort(80));
    return keepingPorts(graphite, Ports.free() + ":80", Ports.free() + ":8125" + UDP);
  }

  /** The port of this machine behind which a container's UDP port lies. */
  public static int udpPort(GenericContainer<?> container, int port) {
    String end = ":" + port + UDP;
    return container.getPortBindings().stream()
        .filter(binding -> binding.endsWith(end))
        .map(binding -> binding.substring(0, binding.length() - end.length()))
        .mapToInt(Integer::parseInt)
        .findFirst()
        .orElseThrow();
  }

  /**
   * The address at which containers reach servers of this machine that listen on all addresses: the
   * gateway of the engine's own network.
   */
  public static String addressForContainers() {
    return DockerClientFactory.instance()
        .client()
        .inspectNetworkCmd()
        .withNetworkId("bridge")
        .exec()
        .getIpam()
        .getConfig()
        .getFirst()
        .getGateway();
  }

  private static GenericContainer<?> keepingPorts(
      GenericContainer<?> container, String... bindings) {
    container.setPortBindings(List.of(bindings));
    return container;
  }

  /** A new, empty database with PostGIS in it, on the shared server. */
  public static Database newDatabase() {
    String name = "test_" + DATABASES.incrementAndGet();
    SharedPostgis.ADMIN.execute("CREATE DATABASE " + name + " TEMPLATE " + SharedPostgis.TEMPLATE);
    return new Database(SharedPostgis.ADMIN.host(), SharedPostgis.ADMIN.port(), name);
  }

  /** A new database without PostGIS in it, on the shared server. */
  public static Database newBareDatabase() {
    String name = "test_" + DATABASES.incrementAndGet();
    SharedPostgis.ADMIN.execute("CREATE DATABASE " + name);
    return new Database(SharedPostgis.ADMIN.host(), SharedPostgis.ADMIN.port(), name);
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
    static final Database ADMIN =
        new Database(SERVER.getHost(), SERVER.getMappedPort(5432), "postgres");

    /** Creating the extension takes a second; copying a database that has it, a tenth. */
    static final String TEMPLATE = "with_postgis";

    static {
      ADMIN.execute("CREATE DATABASE " + TEMPLATE);
      new Database(ADMIN.host(), ADMIN.port(), TEMPLATE).execute("CREATE EXTENSION postgis");
    }
  }

  private static <C extends GenericContainer<?>> C started(C container) {
    Runtime.getRuntime().addShutdownHook(new Thread(container::stop));
    container.start();
    return container;
  }
}
