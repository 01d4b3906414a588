package geosearch.cli;

import geosearch.config.Config;
import geosearch.config.ConsulConfig;
import geosearch.config.Durations;
import geosearch.config.ServerConfig;
import geosearch.discovery.ConsulDns;
import geosearch.discovery.DiscoveryException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.TypeConversionException;

/** Which server to ask. */
final class ServerOptions {

  private static final int CONSUL_PORT = 8500;
  private static final int CONSUL_DNS_PORT = 8600;
  private static final int CONNECT_TIMEOUT_MILLIS = 2000;

  @Option(
      scope = ScopeType.INHERIT,
      names = "--server",
      paramLabel = "HOST:PORT",
      description = "The server to ask; else the one on this machine, on the port of the settings.")
  private @Nullable String server;

  @Option(
      scope = ScopeType.INHERIT,
      names = "--consul",
      paramLabel = "HOST:PORT",
      description = "Ask Consul's agent for servers, such as localhost:8500, and follow it.")
  private @Nullable String consul;

  @Option(
      scope = ScopeType.INHERIT,
      names = "--consul-dns",
      paramLabel = "HOST:PORT",
      description = "Ask Consul's DNS for a server, such as localhost:8600.")
  private @Nullable String consulDns;

  @Option(
      scope = ScopeType.INHERIT,
      names = "--service",
      paramLabel = "NAME",
      description = "What to ask Consul for (setting consul.service-name).")
  private @Nullable String service;

  @Option(
      scope = ScopeType.INHERIT,
      names = "--timeout",
      paramLabel = "DURATION",
      defaultValue = "10s",
      converter = DurationText.class,
      description = "How long an answer may take; ${DEFAULT-VALUE} if not given.")
  private Duration timeout = Duration.ofSeconds(10);

  /** Whether a server was named, in one way or another. */
  boolean isNamed() {
    return server != null || consul != null || consulDns != null;
  }

  /** How long an answer may take. */
  Duration timeout() {
    return timeout;
  }

  /**
   * Finds the server; it need not answer yet.
   *
   * @throws CommandException if none can be found
   */
  ServerConnection connect(Config config) {
    if (Stream.of(server, consul, consulDns).filter(Objects::nonNull).count() > 1) {
      throw new CommandException(
          ExitCode.USAGE,
          "--server, --consul and --consul-dns each name a server; keep one of them");
    }
    String name = service == null ? config.consul().serviceName() : service;
    if (consul != null) {
      return ServerConnection.inConsul(
          HostAndPort.parse(consul, CONSUL_PORT), name, token(config.consul()), timeout);
    }
    if (consulDns != null) {
      return throughDns(HostAndPort.parse(consulDns, CONSUL_DNS_PORT), name);
    }
    return server == null
        ? ServerConnection.to(ownAddress(config.server()), timeout)
        : ServerConnection.to(HostAndPort.parse(server, config.server().port()), timeout);
  }

  /** Where a server with the same settings listens on this machine. */
  static HostAndPort ownAddress(ServerConfig config) {
    boolean everywhere = config.address().equals("0.0.0.0") || config.address().equals("::");
    String host = everywhere ? "127.0.0.1" : config.address();
    return new HostAndPort(host.contains(":") ? "[" + host + "]" : host, config.port());
  }

  /** Of the settings; where they have none, the variable that Consul's own tools know counts. */
  private static Optional<String> token(ConsulConfig config) {
    try {
      Optional<Path> file = config.tokenFile();
      if (file.isPresent()) {
        return Optional.of(Files.readString(file.get()).strip());
      }
      return Optional.of(config.token().value()).filter(token -> !token.isEmpty());
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.FAILED, "the token of the setting consul.token-file can't be read: " + e, e);
    }
  }

  private ServerConnection throughDns(HostAndPort dns, String name) {
    try {
      List<InetSocketAddress> instances = new ConsulDns(dns.resolve(), timeout).lookUp(name);
      return instances.stream()
          .filter(ServerOptions::accepts)
          .findFirst()
          .map(found -> ServerConnection.to(HostAndPort.of(found), timeout))
          .orElseThrow(() ->
              new CommandException(
                  ExitCode.UNAVAILABLE,
                  "Consul names " + instances + " for " + name + ", and none of them answers"));
    } catch (DiscoveryException e) {
      throw new CommandException(ExitCode.UNAVAILABLE, String.valueOf(e.getMessage()), e);
    }
  }

  /** Whether something listens there. */
  static boolean accepts(InetSocketAddress address) {
    try (Socket socket = new Socket()) {
      socket.connect(address, CONNECT_TIMEOUT_MILLIS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Durations as in the settings. */
  static final class DurationText implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      return Durations.parse(text)
          .filter(Duration::isPositive)
          .orElseThrow(
              () -> new TypeConversionException("must be " + Durations.FORM + ", not " + text));
    }
  }
}
