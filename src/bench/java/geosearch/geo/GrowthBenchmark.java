package geosearch.geo;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A lookup among ever more small zones, in nanoseconds. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 6, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xms4g", "-Xmx4g", "-XX:+UseSerialGC"})
public class GrowthBenchmark {

  @Param({"1000", "10000", "100000", "1000000"})
  int zones;

  private AreaIndex index;
  private Positions positions;
  private int chunk;
  private long sum;

  @Setup
  public void build() {
    SmallZones small = new SmallZones(zones);
    index = small.builder().build();
    positions = small.positions(index);
  }

  @Benchmark
  @OperationsPerInvocation(Positions.CHUNK)
  public long random() {
    chunk = (chunk + 1) % positions.chunks();
    double[] latitudes = positions.latitudes()[chunk];
    double[] longitudes = positions.longitudes()[chunk];
    for (int i = 0; i < Positions.CHUNK; i++) {
      index.locate(latitudes[i], longitudes[i], (ordinal, border) -> sum += ordinal);
    }
    return sum;
  }

  @Benchmark
  @OperationsPerInvocation(Positions.CHUNK)
  public long batch() {
    chunk = (chunk + 1) % positions.chunks();
    index.locateAll(
        positions.latitudes()[chunk],
        positions.longitudes()[chunk],
        (i, ordinal, border) -> sum += ordinal);
    return sum;
  }
}
