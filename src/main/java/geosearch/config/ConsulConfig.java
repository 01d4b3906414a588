package geosearch.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The registration in Consul. */
public record ConsulConfig(
    String host,
    int port,
    String scheme,
    Secret token,
    Optional<Path> tokenFile,
    Optional<Path> caFile,
    boolean verifyHost,
    String serviceName,
    String serviceId,
    String advertiseAddress,
    int advertisePort,
    List<String> tags,
    Map<String, String> meta,
    Duration checkInterval,
    Duration checkTimeout,
    Duration deregisterCriticalAfter,
    Duration reconcileInterval,
    Duration requestTimeout,
    Duration startupWait,
    boolean registerAfterProbe) {

  private static final Pattern DNS_LABEL =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?");

  /**
   * @throws ConfigException for values out of their bounds
   */
  public ConsulConfig {
    tags = List.copyOf(tags);
    meta = Map.copyOf(meta);
    new Check("consul")
        .port("port", port)
        .oneOf("scheme", scheme, List.of("http", "https"))
        .that(
            token.isEmpty() || tokenFile.isEmpty(),
            "token-file",
            "can't be named beside consul.token; keep one of them")
        .matches("service-name", serviceName, DNS_LABEL, "1 to 63 letters, digits and inner dashes")
        .range("advertise-port", advertisePort, 0, 65_535)
        .atLeast("check-interval", checkInterval, Duration.ofSeconds(1))
        .positive("check-timeout", checkTimeout)
        .atLeast("deregister-critical-after", deregisterCriticalAfter, Duration.ofMinutes(1))
        .positive("reconcile-interval", reconcileInterval)
        .positive("request-timeout", requestTimeout)
        .notNegative("startup-wait", startupWait)
        .end();
  }

  /** Whether an agent is named at all. */
  public boolean isOn() {
    return !host.isEmpty();
  }
}
