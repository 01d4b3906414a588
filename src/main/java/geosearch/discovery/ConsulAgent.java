package geosearch.discovery;

import geosearch.config.ConsulConfig;
import geosearch.discovery.Registration.Found;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.util.HashSet;
import java.util.Optional;
import java.util.concurrent.Callable;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.kiwiproject.consul.AgentClient;
import org.kiwiproject.consul.Consul;
import org.kiwiproject.consul.ConsulException;
import org.kiwiproject.consul.model.agent.ImmutableRegCheck;
import org.kiwiproject.consul.model.agent.ImmutableRegistration;
import org.kiwiproject.consul.model.health.HealthCheck;
import org.kiwiproject.consul.model.health.Service;
import org.kiwiproject.consul.option.ImmutableQueryOptions;
import org.kiwiproject.consul.option.ImmutableQueryParameterOptions;
import org.kiwiproject.consul.option.QueryOptions;

/**
 * The conversation with the agent, over its HTTP interface. Every request is bounded by the
 * settings' time. For one thread, but for {@link #close}.
 */
final class ConsulAgent implements AutoCloseable {

  private final ConsulConfig config;
  private volatile @Nullable Consul consul;

  ConsulAgent(ConsulConfig config) {
    this.config = config;
  }

  /** The service of that id, if the agent has it. */
  Optional<Found> find(String id) throws AgentException {
    String checkId = Registration.checkId(id);
    return ask(() -> {
      Service service = agent().getServices(filter("ID", id)).get(id);
      if (service == null) {
        return Optional.empty();
      }
      HealthCheck check = agent().getChecks(filter("CheckID", checkId)).get(checkId);
      return Optional.of(
          new Found(
              service.getAddress(),
              service.getPort(),
              new HashSet<>(service.getTags()),
              service.getMeta(),
              check == null ? "" : check.getNotes().orElse(""),
              check == null ? "" : check.getStatus(),
              check == null ? "" : check.getOutput().orElse("")));
    });
  }

  /**
   * Registers the service, or replaces what the agent has under its id. A check that the agent runs
   * already keeps its status; a new one begins as passing.
   */
  void register(Registration wanted) throws AgentException {
    Registration.Check check = wanted.check();
    ImmutableRegistration request =
        ImmutableRegistration.builder()
            .id(wanted.id())
            .name(wanted.service())
            .address(wanted.address())
            .port(wanted.port())
            .tags(wanted.tags())
            .meta(wanted.meta())
            .check(
                ImmutableRegCheck.builder()
                    .id(Registration.checkId(wanted.id()))
                    .name("readiness of " + wanted.id())
                    .notes(check.notes())
                    .grpc(check.target())
                    .interval(check.interval().toMillis() + "ms")
                    .timeout(check.timeout().toMillis() + "ms")
                    .deregisterCriticalServiceAfter(check.forgottenAfter().toMillis() + "ms")
                    .status("passing")
                    .build())
            .build();
    ask(() -> {
      agent()
          .register(
              request,
              ImmutableQueryOptions.builder().build(),
              ImmutableQueryParameterOptions.builder().replaceExistingChecks(true).build());
      return true;
    });
  }

  /** Takes the service out, if the agent has it. */
  void deregister(String id) throws AgentException {
    ask(() -> {
      agent().deregister(id);
      return true;
    });
  }

  /** The ACL token of now; empty where there is none. */
  String token() throws AgentException {
    if (config.tokenFile().isEmpty()) {
      return config.token().value();
    }
    try {
      return Files.readString(config.tokenFile().get()).strip();
    } catch (IOException e) {
      throw new AgentException(
          "consul.token-file " + config.tokenFile().get() + " can't be read: " + e, false, e);
    }
  }

  private static QueryOptions filter(String field, String value) {
    return ImmutableQueryOptions.builder()
        .filter("%s == \"%s\"".formatted(field, value.replace("\\", "\\\\").replace("\"", "\\\"")))
        .build();
  }

  private AgentClient agent() throws AgentException {
    Consul open = consul;
    if (open == null) {
      open = open();
      consul = open;
    }
    return open.agentClient();
  }

  private Consul open() throws AgentException {
    long timeout = config.requestTimeout().toMillis();
    Consul.Builder builder =
        Consul.builder()
            .withUrl(config.scheme() + "://" + host() + ":" + config.port())
            .withProxy(Proxy.NO_PROXY)
            .withConnectTimeoutMillis(timeout)
            .withReadTimeoutMillis(timeout)
            .withWriteTimeoutMillis(timeout);
    if (config.tokenFile().isPresent() || !config.token().isEmpty()) {
      builder.withTokenAuth(this::tokenOrNone);
    }
    if (config.scheme().equals("https")) {
      AgentTls.configure(builder, config);
    }
    return builder.build();
  }

  private String host() {
    return config.host().contains(":") ? "[" + config.host() + "]" : config.host();
  }

  /** Whoever asks has read the token just before, and knows if that fails. */
  private String tokenOrNone() {
    try {
      return token();
    } catch (AgentException e) {
      return "";
    }
  }

  private <T> T ask(Callable<T> question) throws AgentException {
    try {
      token();
      return question.call();
    } catch (ConsulException e) {
      throw explained(e);
    } catch (AgentException e) {
      throw e;
    } catch (Exception e) {
      throw new AgentException("the agent's answer makes no sense: " + e.getMessage(), true, e);
    }
  }

  private AgentException explained(ConsulException e) {
    if (e.hasCode()) {
      String hint =
          e.getCode() == 401 || e.getCode() == 403
              ? " (it takes a token with service:write for "
                  + config.serviceName()
                  + ": see consul.token-file)"
              : "";
      return new AgentException(e.getMessage() + hint, true, e);
    }
    String reason =
        switch (e.getCause()) {
          case SocketTimeoutException timeout ->
              "no answer within " + config.requestTimeout().toMillis() + " ms";
          case UnknownHostException unknown -> "the host is not known";
          case ConnectException refused -> "the connection is refused";
          case NoRouteToHostException unreachable -> "there is no way to the host";
          case SSLException tls -> "no trusted connection: " + tls.getMessage();
          case null -> e.getMessage() + "";
          default -> e.getCause().getMessage() + "";
        };
    return new AgentException(reason, false, e);
  }

  @Override
  public void close() {
    Consul open = consul;
    if (open != null) {
      open.destroy();
    }
  }
}
