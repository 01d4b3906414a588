package geosearch.discovery;

import geosearch.config.ConsulConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What Consul should have of this server.
 *
 * @param id unique on the agent
 * @param service the name that clients ask for
 * @param address that clients are told; empty means the agent's own
 * @param port that clients are told
 * @param tags of the settings
 * @param meta of the settings and of the server
 * @param check how the agent asks for the readiness
 */
record Registration(
    String id,
    String service,
    String address,
    int port,
    Set<String> tags,
    Map<String, String> meta,
    Check check) {

  /** The health name that Consul asks for. */
  private static final String HEALTH_NAME = "readiness";

  /**
   * The check over gRPC.
   *
   * @param target {@code host:port/name}
   * @param interval between two checks
   * @param timeout of one check
   * @param forgottenAfter being critical for so long
   */
  record Check(String target, Duration interval, Duration timeout, Duration forgottenAfter) {

    /**
     * The definition as a text. The agent does not tell a check's definition, but its notes: so
     * they carry it, and show it to people.
     */
    String notes() {
      return "gRPC %s every %s ms, for %s ms at most; forgotten after %s s"
          .formatted(target, interval.toMillis(), timeout.toMillis(), forgottenAfter.toSeconds());
    }
  }

  /**
   * What the agent has.
   *
   * @param address that clients are told; empty means the agent's own
   * @param port that clients are told
   * @param tags it has
   * @param meta it has
   * @param checkNotes of our check; empty where the agent has no such check
   * @param status of our check: passing, warning or critical
   * @param output of our check's last run
   */
  record Found(
      String address,
      int port,
      Set<String> tags,
      Map<String, String> meta,
      String checkNotes,
      String status,
      String output) {

    boolean isPassing() {
      return status.equals("passing");
    }
  }

  Registration {
    tags = Set.copyOf(tags);
    meta = Map.copyOf(meta);
  }

  static Registration of(ConsulConfig config, Instance instance, AdvertisedAddress advertised) {
    int port = port(config, instance);
    Map<String, String> meta = new HashMap<>(config.meta());
    meta.putAll(instance.meta());
    return new Registration(
        id(config, instance),
        config.serviceName(),
        advertised.forClients(),
        port,
        new HashSet<>(config.tags()),
        meta,
        new Check(
            "%s:%d/%s".formatted(bracketed(advertised.forChecks()), port, HEALTH_NAME),
            config.checkInterval(),
            config.checkTimeout(),
            config.deregisterCriticalAfter()));
  }

  static String id(ConsulConfig config, Instance instance) {
    return config.serviceId().isEmpty()
        ? config.serviceName() + "-" + port(config, instance)
        : config.serviceId();
  }

  private static int port(ConsulConfig config, Instance instance) {
    return config.advertisePort() == 0 ? instance.port() : config.advertisePort();
  }

  private static String bracketed(String host) {
    return host.contains(":") ? "[" + host + "]" : host;
  }

  /** Consul's own name for a service's only check. */
  static String checkId(String serviceId) {
    return "service:" + serviceId;
  }

  /** Whether what the agent has under our id is this very server. */
  boolean isAt(Found found) {
    return found.port() == port && found.address().equals(address);
  }

  /** What is not as it should be, for people; empty where all is. */
  List<String> differences(Found found) {
    List<String> differences = new ArrayList<>();
    if (!isAt(found)) {
      differences.add(
          "the address is %s:%d instead of %s:%d"
              .formatted(found.address(), found.port(), address, port));
    }
    if (!found.tags().equals(tags)) {
      differences.add("the tags are " + found.tags() + " instead of " + tags);
    }
    if (!found.meta().equals(meta)) {
      differences.add("the meta data are " + found.meta() + " instead of " + meta);
    }
    if (!found.checkNotes().equals(check.notes())) {
      differences.add(
          found.checkNotes().isEmpty()
              ? "the check is missing"
              : "the check is \"%s\" instead of \"%s\""
                  .formatted(found.checkNotes(), check.notes()));
    }
    return differences;
  }
}
