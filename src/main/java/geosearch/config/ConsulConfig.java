package geosearch.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
    Duration startupWait) {

  /** Whether an agent is named at all. */
  public boolean isOn() {
    return !host.isEmpty();
  }
}
