package geosearch.server;

import com.google.protobuf.FieldMask;
import com.google.type.LatLng;
import geosearch.bench.Report;
import geosearch.v1.LocateRequest;
import geosearch.v1.UpdateZoneRequest;
import geosearch.v1.Zone;
import geosearch.v1.ZonesGrpc;
import geosearch.v1.ZonesGrpc.ZonesStub;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SynchronizedHistogram;

/**
 * Measures what changes of zones cost: {@code Locate} among 100,000 zones while a hundred of them
 * change each second, beside the same while none does; and how long a change takes until it is in
 * the answers. One core is the server's, the other the clients'. Prints a table and writes {@code
 * zones.json} and {@code zones.svg} into a folder: {@code bench/zones FOLDER}.
 */
public final class ZonesReport {

  private static final int ZONES = 100_000;
  private static final int PER_SECOND = 100;
  private static final int POSITIONS = 100_000;
  private static final int CORNERS = 16;
  private static final double WARM_UP_SECONDS = 12;

  /** A change runs through much code, and a hundred in a second are few to have it compiled. */
  private static final double WARM_UP_CHANGING_SECONDS = 75;

  private static final double SECONDS = 10;
  private static final int ROUNDS = 3;
  private static final int MOST_UNDER_WAY = 50;

  private final Random random = new Random(7);

  private ZonesReport() {}

  public static void main(String[] args) throws Exception {
    try (WorkFolder folder = WorkFolder.create()) {
      Report report = new Report("zones", "Among 100,000 zones, 100 of which change each second");
      new ZonesReport().measure(folder.path(), report);
      report.publish(args, 0);
    }
  }

  private void measure(Path folder, Report report) throws IOException, InterruptedException {
    try (Subject server = new Subject(folder, "geosearch", "ready:", "geosearch.Main", "serve")) {
      double applying = apply(folder, server);
      List<byte[]> messages = messages();
      Histogram changes = new SynchronizedHistogram(60_000_000_000L, 3);
      List<Load.Seen> still = new ArrayList<>();
      List<Load.Seen> changing = new ArrayList<>();
      List<Load.Seen> stillPaced = new ArrayList<>();
      List<Load.Seen> changingPaced = new ArrayList<>();
      try (Load load = new Load(server.port(), "geosearch.v1.GeoSearch/Locate", messages)) {
        load.most(WARM_UP_SECONDS);
        try (Changes beside = new Changes(server.port(), new SynchronizedHistogram(3))) {
          beside.begin();
          load.most(WARM_UP_CHANGING_SECONDS);
        }
        for (int round = 0; round < ROUNDS; round++) {
          still.add(load.most(SECONDS));
          try (Changes beside = new Changes(server.port(), new SynchronizedHistogram(3))) {
            beside.begin();
            changing.add(load.most(SECONDS));
          }
        }
        double half = Load.median(changing, Load.Seen::perSecond) / 2;
        for (int round = 0; round < ROUNDS; round++) {
          stillPaced.add(load.paced(SECONDS, half));
          try (Changes beside = new Changes(server.port(), changes)) {
            beside.begin();
            changingPaced.add(load.paced(SECONDS, half));
          }
        }
        String peer = "none changes";
        report.add(
            "Locate, a call of one core",
            "us",
            1e6 / Load.median(changing, Load.Seen::perSecond),
            peer,
            1e6 / Load.median(still, Load.Seen::perSecond),
            "at least 0.8 x");
        report.add(
            "Locate, median at half load",
            "us",
            Load.median(changingPaced, Load.Seen::p50),
            peer,
            Load.median(stillPaced, Load.Seen::p50),
            "%,.0f/s; at least 0.8 x".formatted(half));
        report.add(
            "Locate, p99 at half load",
            "us",
            Load.median(changingPaced, Load.Seen::p99),
            peer,
            Load.median(stillPaced, Load.Seen::p99),
            "");
      }
      report.add(
          "a change, until it is in answers, median",
          "ms",
          changes.getValueAtPercentile(50) / 1e6,
          "50 ms, %,d changes".formatted(changes.getTotalCount()));
      report.add("the same, p99", "ms", changes.getValueAtPercentile(99) / 1e6, "50 ms");
      report.add("the same, longest", "ms", changes.getMaxValue() / 1e6, "");
      report.add("zones apply of all of them", "s", applying, "");
    }
  }

  /** Creates the zones as their users do; answers in how many seconds. */
  private double apply(Path folder, Subject server) throws IOException, InterruptedException {
    Path file = folder.resolve("zones.geojson");
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      out.write("{\"type\":\"FeatureCollection\",\"features\":[\n");
      for (int i = 0; i < ZONES; i++) {
        out.write(
            "%s{\"type\":\"Feature\",\"id\":\"z%d\",\"properties\":{\"name\":\"Zone %d\"},\"geometry\":%s}\n"
                .formatted(i == 0 ? "" : ",", i, i, outline()));
      }
      out.write("]}");
    }
    long start = System.nanoTime();
    ProcessBuilder builder =
        new ProcessBuilder(
            Subject.java(
                "geosearch.Main",
                "zones",
                "apply",
                file.toString(),
                "--collection",
                "delivery",
                "--server",
                "127.0.0.1:" + server.port()));
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    if (builder.start().waitFor() != 0) {
      throw new IOException("the zones can't be applied");
    }
    return (System.nanoTime() - start) / 1e9;
  }

  /** Positions where the zones are, in no order. */
  private List<byte[]> messages() {
    List<byte[]> messages = new ArrayList<>();
    for (int i = 0; i < POSITIONS; i++) {
      LatLng position =
          LatLng.newBuilder()
              .setLatitude(random.nextDouble(43, 49))
              .setLongitude(random.nextDouble(-5, 5))
              .build();
      messages.add(
          LocateRequest.newBuilder()
              .setPosition(position)
              .setOptions(geosearch.v1.LocateOptions.newBuilder().addLayers("delivery"))
              .build()
              .toByteArray());
    }
    return messages;
  }

  /** A zone of half a kilometre or so, about France, so that some overlap. */
  private String outline() {
    double x = random.nextDouble(-5, 5);
    double y = random.nextDouble(43, 49);
    double radius = 0.002 + random.nextDouble() * 0.005;
    StringBuilder ring = new StringBuilder("{\"type\":\"Polygon\",\"coordinates\":[[");
    for (int i = 0; i <= CORNERS; i++) {
      double angle = 2 * Math.PI * (i % CORNERS) / CORNERS;
      ring.append(
          String.format(
              Locale.ROOT,
              "%s[%.6f,%.6f]",
              i == 0 ? "" : ",",
              x + radius * Math.cos(angle),
              y + radius * Math.sin(angle)));
    }
    return ring.append("]]}").toString();
  }

  /** Changes zones, each when it is due, whether those before it have ended or not. */
  private final class Changes implements AutoCloseable {
    private final ManagedChannel channel;
    private final Thread thread;
    private final Semaphore room = new Semaphore(MOST_UNDER_WAY);
    private final Histogram times;
    private volatile boolean ended;

    Changes(int port, Histogram times) {
      this.times = times;
      channel =
          NettyChannelBuilder.forAddress(
                  new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
              .usePlaintext()
              .build();
      thread = Thread.ofPlatform().unstarted(this::run);
    }

    void begin() {
      thread.start();
    }

    private void run() {
      ZonesStub zones = ZonesGrpc.newStub(channel);
      for (long due = System.nanoTime(); !ended; due += 1_000_000_000L / PER_SECOND) {
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
          LockSupport.parkNanos(left);
        }
        room.acquireUninterruptibly();
        change(zones, due);
      }
    }

    private void change(ZonesStub zones, long due) {
      Zone zone =
          Zone.newBuilder()
              .setCollection("delivery")
              .setId("z" + random.nextInt(ZONES))
              .setGeojson(outline())
              .build();
      zones.updateZone(
          UpdateZoneRequest.newBuilder()
              .setZone(zone)
              .setUpdateMask(FieldMask.newBuilder().addPaths("geojson"))
              .build(),
          new StreamObserver<>() {
            @Override
            public void onNext(Zone changed) {
              times.recordValue(System.nanoTime() - due);
            }

            @Override
            public void onError(Throwable failure) {
              failure.printStackTrace();
              room.release();
            }

            @Override
            public void onCompleted() {
              room.release();
            }
          });
    }

    @Override
    public void close() throws IOException {
      ended = true;
      try {
        thread.join();
        room.acquire(MOST_UNDER_WAY);
        channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        throw new IOException("interrupted", e);
      }
    }
  }
}
