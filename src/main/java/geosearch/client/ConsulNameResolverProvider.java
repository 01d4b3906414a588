package geosearch.client;

import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import java.net.URI;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes grpc-java know targets such as {@code consul:///search-service}, and {@code
 * consul://agent:8500/search-service} where the agent is named. Without that the agent is the one
 * of the variable {@code CONSUL_HTTP_ADDR}, else the one on this machine. {@code CONSUL_HTTP_SSL}
 * makes it one that speaks TLS, and {@code CONSUL_HTTP_TOKEN} is its token.
 *
 * <p>grpc-java finds it by {@code META-INF/services}.
 */
public final class ConsulNameResolverProvider extends NameResolverProvider {

  /** A token for the agent, in place of the variable: for {@code setNameResolverArg}. */
  public static final NameResolver.Args.Key<String> TOKEN =
      NameResolver.Args.Key.create("geosearch-consul-token");

  private static final String SCHEME = "consul";
  private static final String LOCAL_AGENT = "127.0.0.1:8500";

  /** Below the DNS, so that a target without a scheme is never taken for one of Consul's. */
  private static final int PRIORITY = 4;

  private final Map<String, String> environment;

  /** As grpc-java makes it. */
  public ConsulNameResolverProvider() {
    this(System.getenv());
  }

  /**
   * @param environment variables by name
   */
  ConsulNameResolverProvider(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  protected boolean isAvailable() {
    return true;
  }

  @Override
  protected int priority() {
    return PRIORITY;
  }

  @Override
  public String getDefaultScheme() {
    return SCHEME;
  }

  /**
   * The resolver of a target.
   *
   * @throws IllegalArgumentException if the target names no service, or more than that
   */
  @Override
  public @Nullable NameResolver newNameResolver(URI target, NameResolver.Args args) {
    if (!SCHEME.equals(target.getScheme())) {
      return null;
    }
    String token = args.getArg(TOKEN);
    return new ConsulNameResolver(
        new ConsulService(
            agent(target),
            service(target),
            token == null ? environment.getOrDefault("CONSUL_HTTP_TOKEN", "") : token),
        args.getSynchronizationContext());
  }

  private static String service(URI target) {
    String path = Objects.requireNonNullElse(target.getPath(), "");
    String service = path.startsWith("/") ? path.substring(1) : "";
    if (service.isEmpty()
        || service.contains("/")
        || target.getQuery() != null
        || target.getFragment() != null) {
      throw new IllegalArgumentException(
          "a target in Consul is written like consul:///search-service or"
              + " consul://agent:8500/search-service, not "
              + target);
    }
    return service;
  }

  /** What Consul's own tools understand by these variables. */
  private URI agent(URI target) {
    String named = Objects.requireNonNullElse(target.getAuthority(), "");
    String agent =
        named.isEmpty() ? environment.getOrDefault("CONSUL_HTTP_ADDR", LOCAL_AGENT) : named;
    boolean tls = Boolean.parseBoolean(environment.getOrDefault("CONSUL_HTTP_SSL", "false"));
    return URI.create(agent.contains("://") ? agent : (tls ? "https://" : "http://") + agent);
  }
}
