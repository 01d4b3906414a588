package geosearch.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * Sends lines to StatsD, several to a packet. What can't be sent is dropped and counted: it costs
 * neither memory nor a line in the log that nobody listens.
 *
 * <p>Micrometer's own client resolves the host once and loses what it still holds when it is
 * closed.
 */
final class UdpLines implements Consumer<String>, AutoCloseable {

  /** Fits into an Ethernet frame, tunnels included. */
  private static final int MAX_PACKET = 1400;

  private final HostAddress address;
  private final DatagramSocket socket;
  private final ByteArrayOutputStream packet = new ByteArrayOutputStream(MAX_PACKET);
  private int lines;
  private final LongAdder dropped = new LongAdder();

  UdpLines(HostAddress address) {
    this.address = address;
    try {
      this.socket = new DatagramSocket();
    } catch (SocketException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds a line to the packet that goes out when it is full, or at {@link #flush}. */
  @Override
  public synchronized void accept(String line) {
    byte[] bytes = line.getBytes(UTF_8);
    if (packet.size() > 0 && packet.size() + 1 + bytes.length > MAX_PACKET) {
      flush();
    }
    if (packet.size() > 0) {
      packet.write('\n');
    }
    packet.writeBytes(bytes);
    lines++;
  }

  /** Sends what there is. */
  synchronized void flush() {
    if (packet.size() == 0) {
      return;
    }
    InetSocketAddress target = address.current();
    if (target == null || !sent(new DatagramPacket(packet.toByteArray(), packet.size(), target))) {
      dropped.add(lines);
    }
    packet.reset();
    lines = 0;
  }

  private boolean sent(DatagramPacket datagram) {
    try {
      socket.send(datagram);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** How many lines could not even be sent. */
  long dropped() {
    return dropped.sum();
  }

  @Override
  public void close() {
    flush();
    socket.close();
  }
}
