package geosearch.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Look-ups at a DNS server that answers what a test wants. */
class ConsulDnsTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(2);
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  /** Fills in the answer to a question; over TCP or not. */
  private interface Answers extends BiConsumer<Message, Boolean> {}

  /** A DNS server on one port, over UDP and over TCP. */
  private static final class Server implements AutoCloseable {
    private final ServerSocket tcp;
    private final DatagramSocket udp;
    private final Answers answers;

    Server(boolean withUdp, Answers answers) throws IOException {
      this.answers = answers;
      this.tcp = new ServerSocket(0, 50, LOOPBACK);
      this.udp = withUdp ? new DatagramSocket(tcp.getLocalPort(), LOOPBACK) : new DatagramSocket();
      Thread.ofVirtual().start(this::serveTcp);
      Thread.ofVirtual().start(this::serveUdp);
    }

    InetSocketAddress address() {
      return new InetSocketAddress(LOOPBACK, tcp.getLocalPort());
    }

    private byte[] answer(byte[] asked, boolean overTcp) throws IOException {
      Message question = new Message(asked);
      Message answer = new Message(question.getHeader().getID());
      answer.getHeader().setFlag(Flags.QR);
      answer.addRecord(question.getQuestion(), Section.QUESTION);
      answers.accept(answer, overTcp);
      return answer.toWire();
    }

    private void serveUdp() {
      byte[] buffer = new byte[65_536];
      try {
        while (true) {
          DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
          udp.receive(packet);
          byte[] answer = answer(Arrays.copyOf(buffer, packet.getLength()), false);
          udp.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
        }
      } catch (IOException e) {
        // closed
      }
    }

    private void serveTcp() {
      while (!tcp.isClosed()) {
        try (Socket socket = tcp.accept()) {
          DataInputStream in = new DataInputStream(socket.getInputStream());
          DataOutputStream out = new DataOutputStream(socket.getOutputStream());
          while (true) {
            byte[] answer = answer(in.readNBytes(in.readUnsignedShort()), true);
            out.writeShort(answer.length);
            out.write(answer);
            out.flush();
          }
        } catch (IOException e) {
          // the client has gone
        }
      }
    }

    @Override
    public void close() throws IOException {
      tcp.close();
      udp.close();
    }
  }

  private static SRVRecord srv(int priority, int weight, int port, String target) {
    return new SRVRecord(
        Name.fromConstantString("search-service.service.consul."),
        DClass.IN,
        0,
        priority,
        weight,
        port,
        Name.fromConstantString(target));
  }

  private static ARecord a(String name, String address) {
    try {
      return new ARecord(
          Name.fromConstantString(name), DClass.IN, 0, InetAddress.getByName(address));
    } catch (IOException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static InetSocketAddress at(String address, int port) {
    return new InetSocketAddress(address, port);
  }

  private static List<InetSocketAddress> lookUp(Server server) {
    return new ConsulDns(server.address(), TIMEOUT).lookUp("search-service");
  }

  @Test
  void lookUp_addressInTheAdditionalSection_isTaken() throws IOException {
    try (Server server =
        new Server(
            true,
            (answer, tcp) -> {
              assertEquals(
                  "search-service.service.consul.", answer.getQuestion().getName().toString());
              answer.addRecord(srv(1, 1, 50051, "0a000001.addr.dc1.consul."), Section.ANSWER);
              answer.addRecord(a("0a000001.addr.dc1.consul.", "10.0.0.1"), Section.ADDITIONAL);
            })) {
      assertEquals(List.of(at("10.0.0.1", 50051)), lookUp(server));
    }
  }

  @Test
  void lookUp_noAddressInTheAdditionalSection_asksForIt() throws IOException {
    try (Server server =
        new Server(
            true,
            (answer, tcp) -> {
              if (answer.getQuestion().getType() == Type.SRV) {
                answer.addRecord(srv(1, 1, 50051, "node.dc1.consul."), Section.ANSWER);
              } else if (answer.getQuestion().getType() == Type.A) {
                answer.addRecord(a("node.dc1.consul.", "10.0.0.2"), Section.ANSWER);
              }
            })) {
      assertEquals(List.of(at("10.0.0.2", 50051)), lookUp(server));
    }
  }

  @Test
  void lookUp_truncatedOverUdp_asksOverTcp() throws IOException {
    try (Server server =
        new Server(
            true,
            (answer, tcp) -> {
              if (tcp) {
                answer.addRecord(srv(1, 1, 50051, "a.consul."), Section.ANSWER);
                answer.addRecord(a("a.consul.", "10.0.0.3"), Section.ADDITIONAL);
              } else {
                answer.getHeader().setFlag(Flags.TC);
              }
            })) {
      assertEquals(List.of(at("10.0.0.3", 50051)), lookUp(server));
    }
  }

  @Test
  void lookUp_serverWithoutUdp_asksOverTcp() throws IOException {
    try (Server server =
        new Server(
            false,
            (answer, tcp) -> {
              answer.addRecord(srv(1, 1, 50051, "a.consul."), Section.ANSWER);
              answer.addRecord(a("a.consul.", "10.0.0.4"), Section.ADDITIONAL);
            })) {
      assertEquals(List.of(at("10.0.0.4", 50051)), lookUp(server));
    }
  }

  @Test
  void lookUp_severalInstances_areInTurnByPriorityAndByWeight() throws IOException {
    try (Server server =
        new Server(
            true,
            (answer, tcp) -> {
              answer.addRecord(srv(2, 100, 3, "a.consul."), Section.ANSWER);
              answer.addRecord(srv(1, 90, 1, "a.consul."), Section.ANSWER);
              answer.addRecord(srv(1, 10, 2, "a.consul."), Section.ANSWER);
              answer.addRecord(a("a.consul.", "10.0.0.5"), Section.ADDITIONAL);
            })) {
      int heavyFirst = 0;
      Set<Integer> last = new HashSet<>();
      for (int i = 0; i < 200; i++) {
        List<InetSocketAddress> found = lookUp(server);
        heavyFirst += found.getFirst().getPort() == 1 ? 1 : 0;
        last.add(found.getLast().getPort());
      }

      assertEquals(Set.of(3), last);
      assertEquals(180, heavyFirst, 19);
    }
  }

  @Test
  void lookUp_nameWithDots_isAskedForAsItIs() throws IOException {
    try (Server server =
        new Server(
            true,
            (answer, tcp) -> {
              assertEquals("search.service.dc2.consul.", answer.getQuestion().getName().toString());
              answer.addRecord(srv(1, 1, 50051, "a.consul."), Section.ANSWER);
              answer.addRecord(a("a.consul.", "10.0.0.6"), Section.ADDITIONAL);
            })) {
      ConsulDns dns = new ConsulDns(server.address(), TIMEOUT);

      assertEquals(List.of(at("10.0.0.6", 50051)), dns.lookUp("search.service.dc2.consul"));
    }
  }

  @Test
  void lookUp_noSuchService_saysThatThereIsNone() throws IOException {
    try (Server server =
        new Server(true, (answer, tcp) -> answer.getHeader().setRcode(Rcode.NXDOMAIN))) {
      DiscoveryException none = assertThrows(DiscoveryException.class, () -> lookUp(server));

      assertTrue(
          none.getMessage().contains("no instance of search-service.service.consul"),
          none.getMessage());
    }
  }

  @Test
  void lookUp_serverThatRefuses_saysSo() throws IOException {
    try (Server server =
        new Server(true, (answer, tcp) -> answer.getHeader().setRcode(Rcode.REFUSED))) {
      DiscoveryException refused = assertThrows(DiscoveryException.class, () -> lookUp(server));

      assertTrue(refused.getMessage().contains("REFUSED"), refused.getMessage());
    }
  }

  @Test
  void lookUp_serverThatNeverAnswers_givesUpAfterTwoTimeouts() throws IOException {
    try (ServerSocket tcp = new ServerSocket(0, 50, LOOPBACK);
        DatagramSocket udp = new DatagramSocket(tcp.getLocalPort(), LOOPBACK)) {
      ConsulDns dns =
          new ConsulDns(
              new InetSocketAddress(LOOPBACK, udp.getLocalPort()), Duration.ofMillis(300));
      Instant start = Instant.now();

      DiscoveryException silent =
          assertThrows(DiscoveryException.class, () -> dns.lookUp("search-service"));

      assertTrue(silent.getMessage().contains("no answer from the DNS server"));
      assertTrue(Duration.between(start, Instant.now()).toMillis() < 3000);
    }
  }

  @Test
  void lookUp_nobodyThere_saysSo() throws IOException {
    int port;
    try (ServerSocket closed = new ServerSocket(0, 1, LOOPBACK)) {
      port = closed.getLocalPort();
    }
    ConsulDns dns = new ConsulDns(new InetSocketAddress(LOOPBACK, port), TIMEOUT);

    DiscoveryException absent =
        assertThrows(DiscoveryException.class, () -> dns.lookUp("search-service"));

    assertTrue(absent.getMessage().contains("no answer"), absent.getMessage());
  }

  @Test
  void lookUp_impossibleName_isRefused() {
    ConsulDns dns = new ConsulDns(new InetSocketAddress(LOOPBACK, 8600), TIMEOUT);

    assertThrows(DiscoveryException.class, () -> dns.lookUp("a".repeat(64)));
  }

  @Test
  void constructor_hostThatIsNotKnown_isRefused() {
    InetSocketAddress unknown = InetSocketAddress.createUnresolved("dns.invalid", 8600);

    assertThrows(DiscoveryException.class, () -> new ConsulDns(unknown, TIMEOUT));
  }
}
