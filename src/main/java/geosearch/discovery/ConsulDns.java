package geosearch.discovery;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/**
 * Finds the instances of a service by Consul's DNS, as the original's client did: the port in the
 * SRV record, the address in the A record. Each look-up asks anew; nothing is cached.
 */
public final class ConsulDns {

  /** Room for some forty instances, where Consul leaves out what does not fit. */
  private static final int UDP_PAYLOAD = 4096;

  private static final String DOMAIN = ".service.consul";

  private final InetSocketAddress server;
  private final Duration timeout;
  private final RandomGenerator random = RandomGenerator.getDefault();

  /**
   * @param server of the DNS, such as Consul's agent on its port 8600
   * @param timeout of each question; over UDP first, and once more over TCP
   * @throws DiscoveryException if the server's host is not known
   */
  public ConsulDns(InetSocketAddress server, Duration timeout) {
    if (server.isUnresolved()) {
      throw new DiscoveryException(
          "the host of the DNS server, " + server.getHostString() + ", is not known");
    }
    this.server = server;
    this.timeout = timeout;
  }

  /**
   * The instances whose check passes, those with more weight sooner, otherwise in random order.
   *
   * @param service its name in Consul, such as {@code search-service}; or, with dots, its name in
   *     the DNS, such as {@code search-service.service.dc2.consul}
   * @return one instance at least
   * @throws DiscoveryException if there is none, or the server did not say
   */
  public List<InetSocketAddress> lookUp(String service) {
    Name name = name(service.contains(".") ? service : service + DOMAIN);
    Message answer = ask(name, Type.SRV);
    List<InetSocketAddress> instances = new ArrayList<>();
    for (SRVRecord found : ordered(answer.getSection(Section.ANSWER))) {
      address(answer, found.getTarget())
          .or(() -> addressAskedFor(found.getTarget()))
          .ifPresent(
              address -> instances.add(new InetSocketAddress(nameless(address), found.getPort())));
    }
    if (instances.isEmpty()) {
      throw new DiscoveryException(
          "the DNS server %s knows no instance of %s whose check passes".formatted(server, name));
    }
    return instances;
  }

  /** By priority; within one, drawn by weight, which a draw of exponentials does. */
  private List<SRVRecord> ordered(List<Record> answer) {
    record Drawn(SRVRecord found, double key) {}
    return answer.stream()
        .filter(SRVRecord.class::isInstance)
        .map(SRVRecord.class::cast)
        .map(
            found -> new Drawn(found, random.nextExponential() / Math.max(0.01, found.getWeight())))
        .sorted(
            Comparator.comparingInt((Drawn drawn) -> drawn.found().getPriority())
                .thenComparingDouble(Drawn::key))
        .map(Drawn::found)
        .toList();
  }

  /** The address that came with the answer. */
  private static Optional<InetAddress> address(Message answer, Name host) {
    return answer.getSection(Section.ADDITIONAL).stream()
        .filter(extra -> extra.getName().equals(host))
        .flatMap(extra -> addressOf(extra).stream())
        .findFirst();
  }

  /** A host that Consul does not know may be one that the system knows. */
  private Optional<InetAddress> addressAskedFor(Name host) {
    for (int type : new int[] {Type.A, Type.AAAA}) {
      Optional<InetAddress> found =
          query(host, type).getSection(Section.ANSWER).stream()
              .flatMap(record -> addressOf(record).stream())
              .findFirst();
      if (found.isPresent()) {
        return found;
      }
    }
    try {
      return Optional.of(InetAddress.getByName(host.toString(true)));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  /** Without Consul's own name for it, which the system's resolver does not know. */
  private static InetAddress nameless(InetAddress address) {
    try {
      return InetAddress.getByAddress(address.getAddress());
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e); // its bytes come from an address
    }
  }

  private static Optional<InetAddress> addressOf(Record record) {
    return switch (record) {
      case ARecord a -> Optional.of(a.getAddress());
      case AAAARecord aaaa -> Optional.of(aaaa.getAddress());
      default -> Optional.empty();
    };
  }

  private Message ask(Name name, int type) {
    Message answer = query(name, type);
    int code = answer.getRcode();
    if (code != Rcode.NOERROR && code != Rcode.NXDOMAIN) {
      throw new DiscoveryException(
          "the DNS server %s answered %s to the question for %s; is it Consul's?"
              .formatted(server, Rcode.string(code), name));
    }
    return answer;
  }

  private Message query(Name name, int type) {
    Message question = Message.newQuery(Record.newRecord(name, type, DClass.IN));
    try {
      Message answer = resolver(false).send(question);
      if (!answer.getHeader().getFlag(Flags.TC)) {
        return answer;
      }
    } catch (IOException e) {
      // Some networks, and some ways to publish a container's port, let TCP through alone.
    }
    try {
      return resolver(true).send(question);
    } catch (IOException e) {
      throw new DiscoveryException(
          "no answer from the DNS server %s, neither over UDP nor over TCP, within %d ms each: %s"
              .formatted(server, timeout.toMillis(), e.getMessage()),
          e);
    }
  }

  private SimpleResolver resolver(boolean tcp) {
    SimpleResolver resolver = new SimpleResolver(server);
    resolver.setTimeout(timeout);
    resolver.setTCP(tcp);
    resolver.setEDNS(0, UDP_PAYLOAD, 0);
    return resolver;
  }

  private static Name name(String text) {
    try {
      return Name.fromString(text, Name.root);
    } catch (TextParseException e) {
      throw new DiscoveryException("\"" + text + "\" is no name for the DNS", e);
    }
  }
}
