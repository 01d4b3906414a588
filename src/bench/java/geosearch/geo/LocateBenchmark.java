package geosearch.geo;

import geosearch.testing.Communes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.locationtech.jts.geom.Geometry;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * A lookup over the communes of France, in nanoseconds, on one thread: ours, JTS's, and what one
 * read costs whose address the read before it gave, in 128 MB.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 6, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xms3g", "-Xmx3g", "-XX:+UseSerialGC"})
public class LocateBenchmark {

  /** The positions. */
  @State(Scope.Benchmark)
  public static class Where {
    Positions land;
    Positions track;
    private int chunk;

    void spread(AreaIndex index) {
      land = Positions.inside(index, -5.2, 42, 9.7, 51.2);
      track = Positions.track();
    }

    int next() {
      chunk = (chunk + 1) % land.chunks();
      return chunk;
    }
  }

  /** Ours. */
  @State(Scope.Benchmark)
  public static class Ours {
    AreaIndex index;

    @Setup
    public void build(Where where) {
      AreaIndex.Builder builder = AreaIndex.builder();
      Communes.forEach(builder::add);
      index = builder.build();
      where.spread(index);
    }
  }

  /** JTS's. */
  @State(Scope.Benchmark)
  public static class Theirs {
    JtsIndex index;

    @Setup
    public void build(Where where) {
      AreaIndex.Builder builder = AreaIndex.builder();
      List<Geometry> outlines = new ArrayList<>();
      Communes.forEach((area, outline) -> {
        builder.add(area, outline);
        outlines.add(outline);
      });
      index = new JtsIndex(outlines);
      where.spread(builder.build());
    }
  }

  /** An array in which every element says where the next one is, at random. */
  @State(Scope.Benchmark)
  public static class Memory {
    int[] next;
    int at;

    @Setup
    public void shuffle() {
      next = new int[128 << 18];
      Arrays.setAll(next, i -> i);
      Random random = new Random(3);
      for (int i = next.length - 1; i > 0; i--) {
        int other = random.nextInt(i);
        int swapped = next[i];
        next[i] = next[other];
        next[other] = swapped;
      }
    }
  }

  private static final class Sum implements AreaIndex.MatchConsumer, AreaIndex.BatchConsumer {
    private long sum;

    @Override
    public void accept(int ordinal, boolean border) {
      sum += ordinal;
    }

    @Override
    public void accept(int index, int ordinal, boolean border) {
      sum += ordinal;
    }
  }

  @Benchmark
  @OperationsPerInvocation(Positions.CHUNK)
  public long random(Ours ours, Where where) {
    return locate(ours.index, where.land, where.next());
  }

  @Benchmark
  @OperationsPerInvocation(Positions.CHUNK)
  public long track(Ours ours, Where where) {
    return locate(ours.index, where.track, where.next());
  }

  @Benchmark
  @OperationsPerInvocation(Positions.CHUNK)
  public long batch(Ours ours, Where where) {
    Sum sum = new Sum();
    int chunk = where.next();
    ours.index.locateAll(where.land.latitudes()[chunk], where.land.longitudes()[chunk], sum);
    return sum.sum;
  }

  @Benchmark
  @OperationsPerInvocation(Positions.CHUNK)
  public long randomByJts(Theirs theirs, Where where) {
    return locate(theirs.index, where.land, where.next());
  }

  @Benchmark
  @OperationsPerInvocation(Positions.CHUNK)
  public long trackByJts(Theirs theirs, Where where) {
    return locate(theirs.index, where.track, where.next());
  }

  @Benchmark
  @OperationsPerInvocation(Positions.CHUNK)
  public int memoryRead(Memory memory) {
    int at = memory.at;
    for (int i = 0; i < Positions.CHUNK; i++) {
      at = memory.next[at];
    }
    memory.at = at;
    return at;
  }

  private static long locate(AreaIndex index, Positions positions, int chunk) {
    Sum sum = new Sum();
    double[] latitudes = positions.latitudes()[chunk];
    double[] longitudes = positions.longitudes()[chunk];
    for (int i = 0; i < Positions.CHUNK; i++) {
      index.locate(latitudes[i], longitudes[i], sum);
    }
    return sum.sum;
  }

  private static long locate(JtsIndex index, Positions positions, int chunk) {
    Sum sum = new Sum();
    double[] latitudes = positions.latitudes()[chunk];
    double[] longitudes = positions.longitudes()[chunk];
    for (int i = 0; i < Positions.CHUNK; i++) {
      index.locate(latitudes[i], longitudes[i], sum);
    }
    return sum.sum;
  }
}
