package geosearch.server;

import com.google.type.LatLng;
import geosearch.bench.Report;
import geosearch.v1.GeoSearchGrpc;
import geosearch.v1.GeoSearchGrpc.GeoSearchStub;
import geosearch.v1.LocateBatchRequest;
import geosearch.v1.LocateRequest;
import geosearch.v1.LocateStreamRequest;
import geosearch.v1.LocateStreamResponse;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
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
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.DoubleStream;

/**
 * Measures how many positions a second one core of the server answers over the communes of France:
 * one by one, in batches and in a stream. What the server spends is its process's own processor
 * time, so that the client, which is grpc-java and costs more, does not count. Prints a table and
 * writes {@code positions.json} and {@code positions.svg} into a folder: {@code bench/positions
 * FOLDER}.
 */
public final class PositionsReport {

  private static final int POSITIONS = 100_000;
  private static final double WARM_UP_SECONDS = 8;
  private static final double SECONDS = 3;
  private static final int ROUNDS = 3;
  private static final int TABLE_ROWS = 1_000_000;

  private final Random random = new Random(5);
  private final double[] latitudes = random.doubles(POSITIONS, 42.5, 51).toArray();
  private final double[] longitudes = random.doubles(POSITIONS, -4.5, 8).toArray();
  private final AtomicLong answered = new AtomicLong();

  private PositionsReport() {}

  public static void main(String[] args) throws Exception {
    try (WorkFolder folder = WorkFolder.create()) {
      Report report = new Report("positions", "A position, beside one that is asked for alone");
      new PositionsReport().measure(folder.path(), report);
      report.publish(args, 0);
    }
  }

  /** Asks until a moment has come. */
  private interface Way {
    void ask(GeoSearchStub stub, long until) throws Exception;
  }

  private void measure(Path folder, Report report) throws Exception {
    ServerReport.importCommunes(folder);
    try (Subject server = new Subject(folder, "geosearch", "ready:", "geosearch.Main", "serve")) {
      ManagedChannel channel =
          NettyChannelBuilder.forAddress(
                  new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()))
              .usePlaintext()
              .directExecutor()
              .build();
      GeoSearchStub stub = GeoSearchGrpc.newStub(channel);
      double alone = nanos(server, stub, this::oneByOne);
      report.add("Locate", "ns", alone, "Locate", alone, perSecond(alone));
      for (int size : new int[] {100, 1_000, 10_000}) {
        double batch = nanos(server, stub, (s, until) -> batches(s, until, size));
        report.add("LocateBatch of " + size, "ns", batch, "Locate", alone, perSecond(batch));
      }
      double stream = nanos(server, stub, this::stream);
      report.add("LocateStream", "ns", stream, "Locate", alone, perSecond(stream));
      channel.shutdownNow();
    }
    report.add("a CSV of a million, by ./geosearch locate", "s", tagging(folder), "10 s");
  }

  /** Seconds for a table of a million rows, of the whole command, on the server's two cores. */
  private double tagging(Path folder) throws IOException, InterruptedException {
    Path table = folder.resolve("positions.csv");
    try (BufferedWriter out = Files.newBufferedWriter(table)) {
      out.write("id,lat,lon\n");
      for (int i = 0; i < TABLE_ROWS; i++) {
        out.write(
            String.format(
                Locale.ROOT,
                "%d,%.6f,%.6f%n",
                i,
                random.nextDouble(42.5, 51),
                random.nextDouble(-4.5, 8)));
      }
    }
    Map<String, String> settings =
        Map.of("GEOSEARCH_STORE_FOLDER", folder.resolve("store").toString());
    double[] rounds = new double[ROUNDS];
    try (Subject server = Subject.served(settings)) {
      for (int round = 0; round < ROUNDS; round++) {
        long start = System.nanoTime();
        ProcessBuilder command =
            Subject.command(
                Map.of(),
                "locate",
                "--csv",
                table.toString(),
                "--output",
                folder.resolve("located-" + round + ".csv").toString(),
                "--server",
                "127.0.0.1:" + server.port());
        if (command.inheritIO().start().waitFor() != 0) {
          throw new IOException("the table can't be tagged");
        }
        rounds[round] = (System.nanoTime() - start) / 1e9;
      }
    }
    return Report.median(DoubleStream.of(rounds));
  }

  private static String perSecond(double nanos) {
    return "%,.0f positions a second and core".formatted(1e9 / nanos);
  }

  /** Nanoseconds of the server's processor for a position; the median of some rounds. */
  private double nanos(Subject server, GeoSearchStub stub, Way way) throws Exception {
    way.ask(stub, System.nanoTime() + (long) (WARM_UP_SECONDS * 1e9));
    double[] rounds = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      long cpu = server.processorNanos();
      long before = answered.get();
      way.ask(stub, System.nanoTime() + (long) (SECONDS * 1e9));
      rounds[round] = (double) (server.processorNanos() - cpu) / (answered.get() - before);
    }
    return Report.median(DoubleStream.of(rounds));
  }

  private void oneByOne(GeoSearchStub stub, long until) throws Exception {
    List<LocateRequest> requests = new ArrayList<>();
    for (int i = 0; i < POSITIONS; i++) {
      requests.add(LocateRequest.newBuilder().setPosition(position(i)).build());
    }
    Semaphore room = new Semaphore(256);
    for (int i = 0; System.nanoTime() < until; i = (i + 1) % POSITIONS) {
      room.acquire();
      stub.locate(requests.get(i), new Counter<>(room, 1));
    }
    room.acquire(256);
  }

  private void batches(GeoSearchStub stub, long until, int size) throws Exception {
    List<LocateBatchRequest> requests = new ArrayList<>();
    for (int from = 0; from < POSITIONS; from += size) {
      LocateBatchRequest.Builder request = LocateBatchRequest.newBuilder();
      for (int i = from; i < from + size; i++) {
        request.addLatitudes(latitudes[i]).addLongitudes(longitudes[i]);
      }
      requests.add(request.build());
    }
    int most = Math.clamp(20_000 / size, 2, 32);
    Semaphore room = new Semaphore(most);
    for (int i = 0; System.nanoTime() < until; i = (i + 1) % requests.size()) {
      room.acquire();
      stub.locateBatch(requests.get(i), new Counter<>(room, size));
    }
    room.acquire(most);
  }

  private void stream(GeoSearchStub stub, long until) throws Exception {
    Semaphore over = new Semaphore(0);
    stub.locateStream(
        new ClientResponseObserver<LocateStreamRequest, LocateStreamResponse>() {
          private int next;
          private boolean ended;

          @Override
          public void beforeStart(ClientCallStreamObserver<LocateStreamRequest> requests) {
            requests.setOnReadyHandler(() -> {
              while (requests.isReady() && !ended) {
                if (System.nanoTime() >= until) {
                  ended = true;
                  requests.onCompleted();
                } else {
                  requests.onNext(
                      LocateStreamRequest.newBuilder()
                          .setCorrelation(next)
                          .setPosition(position(next))
                          .build());
                  next = (next + 1) % POSITIONS;
                }
              }
            });
          }

          @Override
          public void onNext(LocateStreamResponse response) {
            answered.incrementAndGet();
          }

          @Override
          public void onError(Throwable failure) {
            failure.printStackTrace();
            over.release();
          }

          @Override
          public void onCompleted() {
            over.release();
          }
        });
    over.acquire();
  }

  private LatLng position(int i) {
    return LatLng.newBuilder().setLatitude(latitudes[i]).setLongitude(longitudes[i]).build();
  }

  /** Counts the positions of a call when it has ended. */
  private final class Counter<ResponseT> implements StreamObserver<ResponseT> {
    private final Semaphore room;
    private final int positions;

    Counter(Semaphore room, int positions) {
      this.room = room;
      this.positions = positions;
    }

    @Override
    public void onNext(ResponseT response) {
      answered.addAndGet(positions);
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
  }
}
