package geosearch.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import geosearch.config.StatsdConfig;
import geosearch.metrics.Metrics.CallRecorder;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What leaves the process, as a socket in StatsD's place sees it. */
class StatsdTest {

  private DatagramSocket server;

  @BeforeEach
  void listen() throws IOException {
    server = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    server.setReceiveBufferSize(1 << 22);
    server.setSoTimeout(300);
  }

  @AfterEach
  void stopListening() {
    server.close();
  }

  private Metrics metrics(String prefix, Duration interval, int timings) {
    return Metrics.create(
        new StatsdConfig("127.0.0.1", server.getLocalPort(), prefix, interval, timings));
  }

  /** Everything that has been sent, a packet each. */
  private List<String> packets() throws IOException {
    List<String> packets = new ArrayList<>();
    try {
      while (true) {
        packets.add(nextPacket());
      }
    } catch (SocketTimeoutException e) {
      return packets;
    }
  }

  private String nextPacket() throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[65_536], 65_536);
    server.receive(packet);
    return new String(packet.getData(), 0, packet.getLength(), UTF_8);
  }

  private List<String> lines() throws IOException {
    return packets().stream().flatMap(String::lines).toList();
  }

  private static long sum(List<String> lines, String name) {
    return lines.stream()
        .filter(line -> line.startsWith(name + ":") && line.endsWith("|c"))
        .mapToLong(line -> Long.parseLong(line.substring(name.length() + 1, line.length() - 2)))
        .sum();
  }

  @Test
  void close_rightAfterStart_losesNothing() throws IOException {
    try (Metrics metrics = metrics("", Duration.ofMinutes(10), 100)) {
      for (int i = 0; i < 200; i++) {
        metrics.count("event." + i);
      }
      metrics.calls("Search", "search").record("OK", 2_000_000);
      metrics.gauge("consul.registered", () -> 1);
    }

    List<String> lines = lines();
    for (int i = 0; i < 200; i++) {
      assertTrue(lines.contains("event." + i + ":1|c"), "event." + i);
    }
    assertTrue(lines.contains("search:2.000000|ms"));
    assertTrue(lines.contains("rpc.Search.search:2.000000|ms"));
    assertTrue(lines.contains("search_count:1|c"));
    assertTrue(lines.contains("rpc.Search.search.OK:1|c"));
    assertTrue(lines.contains("consul.registered:1|g"));
  }

  @Test
  void accept_manyLines_fillsPacketsThatFitIntoAFrame() throws IOException {
    try (Metrics metrics = metrics("", Duration.ofMinutes(10), 100)) {
      for (int i = 0; i < 500; i++) {
        metrics.count("event." + i);
      }
    }

    List<String> packets = packets();
    assertTrue(packets.stream().allMatch(packet -> packet.length() <= 1400));
    assertTrue(packets.size() < 10, "not a packet for each line: " + packets.size());
  }

  @Test
  void counters_underLoad_areExact() throws Exception {
    int threads = 4;
    long each = 250_000;
    try (Metrics metrics = metrics("", Duration.ofMillis(100), 10)) {
      CallRecorder calls = metrics.calls("Search", "search");
      CountDownLatch done = new CountDownLatch(threads);
      for (int i = 0; i < threads; i++) {
        Thread.ofPlatform()
            .start(() -> {
              for (int j = 0; j < each; j++) {
                calls.record("OK", 1000);
              }
              done.countDown();
            });
      }
      assertTrue(done.await(60, SECONDS));
    }

    List<String> lines = lines();
    assertEquals(threads * each, sum(lines, "search_count"));
    assertEquals(threads * each, sum(lines, "rpc.Search.search.OK"));
  }

  @Test
  void timings_moreThanTheSetting_areSampledWithTheirRate() throws IOException {
    try (Metrics metrics = metrics("", Duration.ofMinutes(10), 5)) {
      CallRecorder calls = metrics.calls("Search", "search");
      for (int i = 0; i < 50; i++) {
        calls.record("OK", 1_000_000);
      }
    }

    List<String> timings = lines().stream().filter(line -> line.startsWith("search:")).toList();
    double told =
        timings.stream()
            .mapToDouble(
                line -> line.contains("@") ? 1 / Double.parseDouble(line.split("@", 2)[1]) : 1)
            .sum();
    assertTrue(timings.size() <= 10, "two windows at most: " + timings);
    assertEquals(50, told, 0.01);
  }

  @Test
  void names_withPrefix_areExact() throws IOException {
    try (Metrics metrics = metrics("geo.prod", Duration.ofMinutes(10), 5)) {
      metrics.count("search.hint");
      metrics.calls("Search", "monitor").record("OK", 1_000_000);
    }

    List<String> lines = lines();
    assertTrue(lines.stream().allMatch(line -> line.startsWith("geo.prod.")), lines::toString);
    assertTrue(lines.contains("geo.prod.search.hint:1|c"));
    assertTrue(lines.contains("geo.prod.monitor:1.000000|ms"));
  }

  @Test
  void intervals_passing_sendCountersAndGaugesAgain() throws IOException {
    List<String> lines = new ArrayList<>();
    try (Metrics metrics = metrics("", Duration.ofMillis(100), 5)) {
      metrics.gauge("consul.registered", () -> 1);
      metrics.count("search.hint");
      server.setSoTimeout(10_000);
      while (lines.stream().filter("consul.registered:1|g"::equals).count() < 2) {
        lines.addAll(nextPacket().lines().toList());
      }
      metrics.count("late.comer");
      metrics.count("late.comer");
      metrics.count("search.hint");
    }
    server.setSoTimeout(300);
    lines.addAll(lines());

    assertEquals(2, sum(lines, "search.hint"));
    assertEquals(2, sum(lines, "late.comer"));
  }

  @Test
  void jvm_figures_areSent() throws IOException {
    metrics("", Duration.ofMinutes(10), 5).close();

    List<String> names =
        lines().stream().map(line -> line.substring(0, line.indexOf(':'))).toList();
    for (String name :
        List.of(
            "jvm.heap.used",
            "jvm.heap.max",
            "jvm.gc.memory.allocated",
            "jvm.gc.live.data.size",
            "jvm.gc.max.data.size",
            "jvm.threads",
            "uptime")) {
      assertTrue(names.contains(name), name);
    }
  }

  @Test
  void jvm_allocated_isCountedOnAfterACollection() throws IOException {
    server.setSoTimeout(10_000);
    try (Metrics _ = metrics("", Duration.ofMillis(100), 5)) {
      nextAllocated();
      System.gc();
      nextAllocated();
      byte[] megabyte = new byte[1 << 20];
      assertEquals(0, megabyte[megabyte.length - 1]);
      // One more may have been asked for before.
      assertTrue(nextAllocated() + nextAllocated() >= megabyte.length);
    }
  }

  private long nextAllocated() throws IOException {
    while (true) {
      Optional<Long> allocated =
          nextPacket()
              .lines()
              .filter(line -> line.startsWith("jvm.gc.memory.allocated:"))
              .map(line -> Long.valueOf(line.replaceAll(".*:|\\|c", "")))
              .findFirst();
      if (allocated.isPresent()) {
        return allocated.get();
      }
    }
  }

  @Test
  void close_twice_isHarmless() {
    Metrics metrics = metrics("", Duration.ofMinutes(10), 5);
    metrics.close();
    metrics.close();
  }
}
