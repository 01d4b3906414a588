package geosearch.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.Arrays;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** A DNS server that answers as Consul's does for one service on this machine. */
final class FakeDns implements AutoCloseable {

  private final DatagramSocket socket;
  private final Name service;
  private final int[] ports;

  private FakeDns(Name service, int... ports) throws IOException {
    this.socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    this.service = service;
    this.ports = ports;
    Thread.ofVirtual().start(this::serve);
  }

  /**
   * @param service its whole name, such as {@code search-service.service.consul.}
   * @param ports of its instances
   */
  static FakeDns answering(String service, int... ports) throws IOException {
    return new FakeDns(Name.fromString(service), ports);
  }

  /** As the option {@code --consul-dns} takes it. */
  String address() {
    return "127.0.0.1:" + socket.getLocalPort();
  }

  private void serve() {
    byte[] buffer = new byte[4096];
    while (!socket.isClosed()) {
      DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
      try {
        socket.receive(packet);
        byte[] answer = answer(new Message(Arrays.copyOf(buffer, packet.getLength()))).toWire();
        socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
      } catch (IOException e) {
        if (!socket.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private Message answer(Message question) throws IOException {
    Message answer = new Message(question.getHeader().getID());
    answer.getHeader().setFlag(Flags.QR);
    answer.addRecord(question.getQuestion(), Section.QUESTION);
    if (!question.getQuestion().getName().equals(service)) {
      answer.getHeader().setRcode(Rcode.NXDOMAIN);
    } else if (question.getQuestion().getType() == Type.SRV) {
      Name host = Name.fromString("7f000001.addr.dc1.consul.");
      for (int port : ports) {
        answer.addRecord(new SRVRecord(service, DClass.IN, 0, 1, 1, port, host), Section.ANSWER);
      }
      answer.addRecord(
          new ARecord(host, DClass.IN, 0, InetAddress.getLoopbackAddress()), Section.ADDITIONAL);
    }
    return answer;
  }

  @Override
  public void close() {
    socket.close();
  }
}
