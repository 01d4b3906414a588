package geosearch.rpc;

import com.google.protobuf.InvalidProtocolBufferException;
import geosearch.atlas.Atlas;
import geosearch.atlas.Snapshot;
import geosearch.atlas.View;
import geosearch.bench.Report;
import geosearch.config.StatsdConfig;
import geosearch.geo.AreaIndex;
import geosearch.geo.Layer;
import geosearch.geo.SmallZones;
import geosearch.metrics.Metrics;
import geosearch.v1.LocateBatchRequest;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.DoubleStream;
import org.locationtech.jts.geom.Envelope;

/**
 * Measures what a position of a large {@code LocateBatch} takes without the transport, from the
 * request's bytes to the answer's, among more and more areas, on one core and on two. Prints a
 * table and writes {@code scale.json} and {@code scale.svg} into a folder: {@code bench/scale
 * FOLDER}.
 */
public final class ScaleReport {

  private static final int[] AREAS = {1_000, 10_000, 100_000, 1_000_000};
  private static final int POSITIONS = 10_000;
  private static final int BATCHES = 16;
  private static final double WARM_UP_SECONDS = 4;
  private static final double SECONDS = 2;
  private static final int ROUNDS = 5;

  private final Report report =
      new Report("scale", "A position of a batch, without the transport, on two cores");
  private final AnsweredLayers answered;

  private ScaleReport(Metrics metrics) {
    answered = new AnsweredLayers(metrics);
  }

  public static void main(String[] args) throws Exception {
    try (DatagramSocket statsd = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        Metrics metrics =
            Metrics.create(
                new StatsdConfig(
                    "127.0.0.1", statsd.getLocalPort(), "", Duration.ofSeconds(10), 100))) {
      ScaleReport scale = new ScaleReport(metrics);
      for (int areas : AREAS) {
        scale.measure(areas);
      }
      scale.report.publish(args, 0);
    }
  }

  private void measure(int areas) throws IOException, InterruptedException, ExecutionException {
    AreaIndex index = new SmallZones(areas).builder().build();
    Atlas atlas = new Atlas(List.of());
    Layer layer = new Layer("zone", Layer.Kind.DATASET, false, "1", "", "", 0);
    atlas.publish(List.of(new Snapshot(layer, index, 1, 0, Instant.now())));
    View view = atlas.view().orElseThrow();
    List<byte[]> requests = requests(index.bounds());
    perSecond(1, WARM_UP_SECONDS, view, requests);
    double[] one = new double[ROUNDS];
    double[] two = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      one[round] = perSecond(1, SECONDS, view, requests);
      two[round] = perSecond(2, SECONDS, view, requests);
    }
    double least = Report.median(DoubleStream.of(one));
    double most = Report.median(DoubleStream.of(two));
    report.add(
        "a position among %,d areas".formatted(areas),
        "ns",
        1e9 / most,
        "one core",
        1e9 / least,
        "%,.0f/s beside %,.0f/s".formatted(most, least));
  }

  private static List<byte[]> requests(Envelope extent) {
    Random random = new Random(5);
    List<byte[]> requests = new ArrayList<>();
    for (int i = 0; i < BATCHES; i++) {
      LocateBatchRequest.Builder request = LocateBatchRequest.newBuilder();
      for (int j = 0; j < POSITIONS; j++) {
        request
            .addLatitudes(random.nextDouble(extent.getMinY(), extent.getMaxY()))
            .addLongitudes(random.nextDouble(extent.getMinX(), extent.getMaxX()));
      }
      requests.add(request.build().toByteArray());
    }
    return requests;
  }

  private double perSecond(int threads, double seconds, View view, List<byte[]> requests)
      throws InterruptedException, ExecutionException {
    long start = System.nanoTime();
    long end = start + (long) (seconds * 1e9);
    long batches = 0;
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      List<Future<Integer>> answered = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        int first = thread * BATCHES / threads;
        answered.add(executor.submit(() -> answer(first, end, view, requests)));
      }
      for (Future<Integer> one : answered) {
        batches += one.get();
      }
    }
    return batches * POSITIONS / ((System.nanoTime() - start) / 1e9);
  }

  private int answer(int first, long end, View view, List<byte[]> requests)
      throws InvalidProtocolBufferException {
    int batches = 0;
    for (; System.nanoTime() < end; batches++) {
      byte[] content = requests.get((first + batches) % BATCHES);
      LocateBatchRequest request = LocateBatchRequest.parseFrom(content);
      byte[] answer = new BatchLocator(request, view, answered, Instant.now()).answer().toBytes();
      if (answer.length < POSITIONS) {
        throw new IllegalStateException("an answer of " + answer.length + " bytes");
      }
    }
    return batches;
  }
}
