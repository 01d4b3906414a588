package geosearch.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import geosearch.testing.LogRecords;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;

class UdpLinesTest {

  private static final Duration LONG = Duration.ofSeconds(10);

  @Test
  void flush_hostThatIsNotKnown_isLoggedOnceAndSentToOnceItIs() throws IOException {
    try (LogRecords log = LogRecords.of(HostAddress.class);
        DatagramSocket server = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      AtomicInteger asked = new AtomicInteger();
      HostAddress address =
          new HostAddress(
              "graphite.test",
              server.getLocalPort(),
              host -> {
                if (asked.incrementAndGet() < 4) {
                  throw new UnknownHostException(host);
                }
                return InetAddress.getLoopbackAddress();
              });
      try (UdpLines lines = new UdpLines(address)) {
        lines.accept("early:1|c");
        lines.accept("too:1|c");
        lines.flush();
        assertEquals(2, lines.dropped());

        await()
            .atMost(LONG)
            .until(() -> {
              address.refresh();
              return address.current() != null;
            });
        lines.accept("late:1|c");
        lines.flush();

        DatagramPacket packet = new DatagramPacket(new byte[100], 100);
        server.receive(packet);
        assertEquals("late:1|c", new String(packet.getData(), 0, packet.getLength(), UTF_8));
        assertEquals(1, log.texts(Level.WARNING).size());
        assertTrue(log.texts(Level.WARNING).get(0).contains("graphite.test"));
        await().atMost(LONG).until(() -> log.texts(Level.INFO).size() == 1);
      }
    }
  }

  @Test
  void refresh_hostThatIsForgotten_staysWhereItWas() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    HostAddress address =
        new HostAddress(
            "graphite.test",
            8125,
            host -> {
              if (asked.incrementAndGet() > 1) {
                throw new UnknownHostException(host);
              }
              return InetAddress.getLoopbackAddress();
            });
    assertNull(address.current());
    address.refresh();
    address.awaitFirst(LONG);
    await()
        .atMost(LONG)
        .until(() -> {
          address.refresh();
          return asked.get() > 2;
        });

    assertEquals(InetAddress.getLoopbackAddress(), address.current().getAddress());
  }

  @Test
  void flush_nobodyListening_goesOnWithoutALogLine() throws IOException {
    int port;
    try (DatagramSocket closed = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      port = closed.getLocalPort();
    }
    HostAddress address = new HostAddress("127.0.0.1", port);
    address.refresh();
    address.awaitFirst(LONG);
    try (LogRecords log = LogRecords.of(UdpLines.class);
        UdpLines lines = new UdpLines(address)) {
      for (int i = 0; i < 1000; i++) {
        lines.accept("event:1|c");
        lines.flush();
      }
      assertEquals(0, log.texts().size());
    }
  }
}
