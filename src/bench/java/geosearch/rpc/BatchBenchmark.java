package geosearch.rpc;

import com.google.protobuf.InvalidProtocolBufferException;
import geosearch.atlas.Atlas;
import geosearch.atlas.Snapshot;
import geosearch.atlas.View;
import geosearch.config.StatsdConfig;
import geosearch.geo.AreaIndex;
import geosearch.geo.Layer;
import geosearch.metrics.Metrics;
import geosearch.testing.Communes;
import geosearch.v1.LocateBatchRequest;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a position of a {@code LocateBatch} costs without the transport, in nanoseconds, over the
 * communes of France: from the request's bytes to the answer's, and what of it is the index.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 6, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xms3g", "-Xmx3g", "-XX:+UseSerialGC"})
public class BatchBenchmark {

  private static final int POSITIONS = 10_000;
  private static final int BATCHES = 16;

  private final byte[][] requests = new byte[BATCHES][];
  private final double[][] latitudes = new double[BATCHES][];
  private final double[][] longitudes = new double[BATCHES][];
  private int next;
  private View view;
  private AreaIndex index;
  private DatagramSocket statsd;
  private Metrics metrics;
  private AnsweredLayers answered;

  @Setup
  public void build() throws SocketException {
    AreaIndex.Builder builder = AreaIndex.builder();
    Communes.forEach(builder::add);
    index = builder.build();
    Atlas atlas = new Atlas(List.of());
    atlas.publish(
        List.of(
            new Snapshot(
                new Layer("commune", Layer.Kind.DATASET, false, "2018", "", "", 0),
                index,
                1,
                0,
                Instant.now())));
    view = atlas.view().orElseThrow();
    statsd = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    metrics =
        Metrics.create(
            new StatsdConfig("127.0.0.1", statsd.getLocalPort(), "", Duration.ofSeconds(10), 100));
    answered = new AnsweredLayers(metrics);
    Random random = new Random(5);
    for (int i = 0; i < BATCHES; i++) {
      latitudes[i] = random.doubles(POSITIONS, 42.5, 51).toArray();
      longitudes[i] = random.doubles(POSITIONS, -4.5, 8).toArray();
      LocateBatchRequest.Builder request = LocateBatchRequest.newBuilder();
      for (int j = 0; j < POSITIONS; j++) {
        request.addLatitudes(latitudes[i][j]).addLongitudes(longitudes[i][j]);
      }
      requests[i] = request.build().toByteArray();
    }
  }

  @TearDown
  public void close() {
    metrics.close();
    statsd.close();
  }

  @Benchmark
  @OperationsPerInvocation(POSITIONS)
  public byte[] answer() throws InvalidProtocolBufferException {
    next = (next + 1) % BATCHES;
    LocateBatchRequest request = LocateBatchRequest.parseFrom(requests[next]);
    return new BatchLocator(request, view, answered, Instant.now()).answer().toBytes();
  }

  @Benchmark
  @OperationsPerInvocation(POSITIONS)
  public long index() {
    next = (next + 1) % BATCHES;
    long[] sum = {0};
    index.locateAll(
        latitudes[next], longitudes[next], (position, ordinal, border) -> sum[0] += ordinal);
    return sum[0];
  }
}
