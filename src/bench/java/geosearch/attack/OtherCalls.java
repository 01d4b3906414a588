package geosearch.attack;

import geosearch.v1.FindAreasRequest;
import geosearch.v1.GeoSearchGrpc;
import geosearch.v1.GetAreaRequest;
import geosearch.v1.ListZonesRequest;
import geosearch.v1.LocateBatchRequest;
import geosearch.v1.OutlineFormat;
import geosearch.v1.WatchZonesRequest;
import geosearch.v1.WatchZonesResponse;
import geosearch.v1.ZonesGrpc;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import java.net.InetSocketAddress;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** One call of each other kind every second, on a channel of their own. */
final class OtherCalls implements AutoCloseable {

  private static final int POSITIONS = 1_000;
  private static final long DEADLINE_SECONDS = 2;
  private static final long HEALTH_DEADLINE_SECONDS = 1;

  private final ManagedChannel channel;
  private final Map<String, Probe> probes = new LinkedHashMap<>();
  private final LocateBatchRequest batch = batch();

  private static final class Probe {
    private final AtomicInteger made = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();
    private Thread thread = Thread.currentThread();
  }

  private interface Call {
    void make(Channel channel);
  }

  /** Connects and makes each call once, which loads what a client needs for it. */
  OtherCalls(InetSocketAddress server) {
    channel = Serving.channel(server);
  }

  /** Begins. */
  void start() {
    probe("health", OtherCalls::health);
    probe("GetArea", OtherCalls::area);
    probe("FindAreas", OtherCalls::find);
    probe("LocateBatch", this::locate);
    probe("ListZones", OtherCalls::zones);
    probe("WatchZones", OtherCalls::watch);
  }

  private static void health(Channel channel) {
    HealthGrpc.newBlockingStub(channel)
        .withDeadlineAfter(HEALTH_DEADLINE_SECONDS, TimeUnit.SECONDS)
        .check(HealthCheckRequest.getDefaultInstance());
  }

  private static GeoSearchGrpc.GeoSearchBlockingStub search(Channel channel) {
    return GeoSearchGrpc.newBlockingStub(channel)
        .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  private static ZonesGrpc.ZonesBlockingStub zoneStub(Channel channel) {
    return ZonesGrpc.newBlockingStub(channel).withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  private static void area(Channel channel) {
    // Luxembourg.
    search(channel)
        .getArea(
            GetAreaRequest.newBuilder()
                .setLayer("country")
                .setId("442")
                .setFormat(OutlineFormat.OUTLINE_FORMAT_WKB)
                .build());
  }

  private static void find(Channel channel) {
    search(channel)
        .findAreas(FindAreasRequest.newBuilder().setName("Lyon").setPageSize(10).build());
  }

  private void locate(Channel channel) {
    search(channel).locateBatch(batch);
  }

  private static void zones(Channel channel) {
    zoneStub(channel).listZones(ListZonesRequest.newBuilder().setPageSize(1).build());
  }

  private static void watch(Channel channel) {
    Iterator<WatchZonesResponse> changes =
        zoneStub(channel).watchZones(WatchZonesRequest.newBuilder().setOmitOutlines(true).build());
    // The rest ends with the deadline.
    changes.next();
  }

  private static LocateBatchRequest batch() {
    Random random = new Random(23);
    LocateBatchRequest.Builder request = LocateBatchRequest.newBuilder();
    for (int i = 0; i < POSITIONS; i++) {
      request.addLatitudes(random.nextDouble(42.5, 51)).addLongitudes(random.nextDouble(-4.5, 8));
    }
    return request.build();
  }

  private void probe(String name, Call call) {
    Probe probe = new Probe();
    probes.put(name, probe);
    probe.thread =
        Thread.ofVirtual()
            .start(() -> {
              while (!Thread.currentThread().isInterrupted()) {
                once(probe, call);
              }
            });
  }

  private void once(Probe probe, Call call) {
    long next = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
    try {
      call.make(channel);
      probe.answered.incrementAndGet();
      probe.made.incrementAndGet();
    } catch (StatusRuntimeException e) {
      if (!Thread.currentThread().isInterrupted()) {
        probe.made.incrementAndGet();
      }
    }
    try {
      TimeUnit.NANOSECONDS.sleep(next - System.nanoTime());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Forgets what was so far. */
  void restart() {
    for (Probe probe : probes.values()) {
      probe.made.set(0);
      probe.answered.set(0);
    }
  }

  /** Returns the share of calls that were answered OK, of 100, for each kind; empty if none was. */
  Map<String, Double> percent() {
    Map<String, Double> percent = new LinkedHashMap<>();
    probes.forEach((name, probe) -> {
      int made = probe.made.get();
      percent.put(name, made == 0 ? 0 : 100.0 * probe.answered.get() / made);
    });
    return percent;
  }

  /** Returns the share of all calls that were answered OK, of 100. */
  double percentOfAll() {
    int made = probes.values().stream().mapToInt(probe -> probe.made.get()).sum();
    int answered = probes.values().stream().mapToInt(probe -> probe.answered.get()).sum();
    return made == 0 ? 0 : 100.0 * answered / made;
  }

  @Override
  public void close() {
    probes.values().forEach(probe -> probe.thread.interrupt());
    channel.shutdownNow();
  }
}
