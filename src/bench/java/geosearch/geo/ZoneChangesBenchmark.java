package geosearch.geo;

import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Looking positions up among 100,000 zones while some of them change, each change put over the
 * index as the follower does it, and the index built anew after 4,000 of them.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 3, time = 5)
public class ZoneChangesBenchmark {

  private static final int ZONES = 100_000;
  private static final int OVERLAID = ZONES / 12;
  private static final GeometryFactory GEOMETRIES = new GeometryFactory();

  /** How many zones change in a second. */
  @Param({"0", "100"})
  public int changesPerSecond;

  private final AtomicReference<AreaIndex> current = new AtomicReference<>(AreaIndex.empty());
  private final Random positions = new Random(3);
  private @Nullable Thread changes;
  private volatile boolean ended;

  /** Builds the index, and begins to change it. */
  @Setup(Level.Trial)
  public void begin() {
    Random random = new Random(1);
    AreaIndex.Builder builder = AreaIndex.builder();
    for (int i = 0; i < ZONES; i++) {
      builder.add(new Area("z" + i, "zone", Map.of()), outline(random));
    }
    current.set(builder.build());
    if (changesPerSecond > 0) {
      changes = Thread.ofPlatform().daemon().start(() -> change(random));
    }
  }

  /** Ends the changes. */
  @TearDown(Level.Trial)
  public void end() throws InterruptedException {
    ended = true;
    if (changes != null) {
      changes.join();
    }
  }

  private void change(Random random) {
    long next = System.nanoTime();
    while (!ended) {
      AreaIndex changed =
          current
              .get()
              .with(
                  AreaIndex.builder()
                      .add(
                          new Area("z" + random.nextInt(ZONES), "zone", Map.of()), outline(random)),
                  Set.of());
      current.set(changed.overlaid() < OVERLAID ? changed : changed.compacted());
      next += TimeUnit.SECONDS.toNanos(1) / changesPerSecond;
      LockSupport.parkNanos(next - System.nanoTime());
    }
  }

  /** Looks one position up. */
  @Benchmark
  public int locate() {
    int[] found = new int[1];
    current
        .get()
        .locate(
            43 + positions.nextDouble() * 6,
            -5 + positions.nextDouble() * 10,
            (ordinal, border) -> found[0]++);
    return found[0];
  }

  private static Geometry outline(Random random) {
    double longitude = random.nextDouble() * 10 - 5;
    double latitude = 43 + random.nextDouble() * 6;
    double radius = 0.002 + random.nextDouble() * 0.005;
    Coordinate[] ring = new Coordinate[17];
    for (int i = 0; i < 16; i++) {
      double angle = Math.TAU * i / 16;
      ring[i] =
          new Coordinate(longitude + radius * Math.cos(angle), latitude + radius * Math.sin(angle));
    }
    ring[16] = ring[0];
    return GEOMETRIES.createPolygon(ring);
  }
}
