package geosearch.metrics;

import geosearch.config.StatsdConfig;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every metric of the server under its name in {@code METRICS.md}. Recording costs a request no
 * packet: counters are added up in memory and sent at intervals, timings are sampled.
 *
 * <p>Safe for use by several threads. Recorders take no lock and cost some tens of nanoseconds.
 */
public final class Metrics implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Metrics.class);

  /** The service of the original system, whose names people have in their dashboards. */
  private static final String ORIGINAL_SERVICE = "Search";

  private static final Map<String, String> ORIGINAL_COUNTERS =
      Map.of(
          "search", "search_count",
          "search_thing", "search_count",
          "monitor", "monitor_count");

  private static final Pattern NOT_IN_A_NAME = Pattern.compile("[^A-Za-z0-9_-]");

  private final Outlet outlet;
  private final Sums sums;
  private final boolean on;
  private final Map<String, Sums.Sum> counters = new ConcurrentHashMap<>();
  private final Map<List<String>, LongConsumer> timings = new ConcurrentHashMap<>();
  private final Map<String, AtomicReference<DoubleSupplier>> gauges = new ConcurrentHashMap<>();

  /** Metrics that go to StatsD; where it is off, metrics that go nowhere and cost nothing. */
  public static Metrics create(StatsdConfig config) {
    if (!config.isOn()) {
      return new Metrics(new Outlet.Nowhere(), new Sums(), false);
    }
    Sums sums = new Sums();
    Statsd statsd = new Statsd(config, sums);
    Metrics metrics = new Metrics(statsd, sums, true);
    JvmFigures.report(metrics);
    statsd.start();
    return metrics;
  }

  /**
   * Metrics in a registry, such as one that a test reads: each timing is recorded there at once.
   */
  public Metrics(MeterRegistry registry) {
    this(new Outlet.Direct(registry), new Sums(), true);
  }

  private Metrics(Outlet outlet, Sums sums, boolean on) {
    this.outlet = outlet;
    this.sums = sums;
    this.on = on;
  }

  /**
   * For parts that bring metrics of their own, such as the pool: their names are kept and their
   * tags left out, and each of their timings is a line of its own.
   */
  public MeterRegistry registry() {
    return outlet.registry();
  }

  /**
   * Records the calls of one method. Ask once and keep it.
   *
   * @param service with its package, such as {@code geosearch.v1.Zones}
   * @param method as in the proto, such as {@code CreateZone}
   */
  public CallRecorder calls(String service, String method) {
    if (!on) {
      return (status, nanos) -> {};
    }
    String name = "rpc." + part(service) + "." + part(method);
    boolean isOriginal = service.equals(ORIGINAL_SERVICE);
    LongConsumer timing = timing(isOriginal ? List.of(name, method) : List.of(name));
    Map<String, Sums.Sum> byStatus = new ConcurrentHashMap<>();
    Function<String, Sums.Sum> newStatus = status -> counter(name + "." + part(status));
    Optional<Sums.Sum> original =
        Optional.ofNullable(isOriginal ? ORIGINAL_COUNTERS.get(method) : null).map(this::counter);
    return (status, nanos) -> {
      byStatus.computeIfAbsent(status, newStatus).increment();
      original.ifPresent(Sums.Sum::increment);
      timing.accept(nanos);
    };
  }

  /** Counts the look-ups of one layer. Ask once and keep it. */
  public LookupRecorder lookups(String layer) {
    if (!on) {
      return (hits, misses) -> {};
    }
    Sums.Sum hit = counter("lookup." + part(layer) + ".hit");
    Sums.Sum miss = counter("lookup." + part(layer) + ".miss");
    return (hits, misses) -> {
      if (hits != 0) {
        hit.add(hits);
      }
      if (misses != 0) {
        miss.add(misses);
      }
    };
  }

  /** Records the loads of one layer. */
  public LoadRecorder loads(String layer) {
    String name = "load." + part(layer);
    LongConsumer time = timing(List.of(name));
    Sums.Sum failed = counter(name + ".failed");
    Sums.Sum refused = counter(name + ".refused");
    return new LoadRecorder() {
      @Override
      public void succeeded(long nanos) {
        time.accept(nanos);
      }

      @Override
      public void failed() {
        failed.increment();
      }

      @Override
      public void refused() {
        refused.increment();
      }
    };
  }

  /**
   * Reports what is being served of one layer; replaces an earlier report on it.
   *
   * @param figures of now; nothing is sent where there are none, as when the layer is gone. It is
   *     asked once per figure and must not block.
   */
  public void snapshot(String layer, Supplier<Optional<SnapshotFigures>> figures) {
    String name = "snapshot." + part(layer);
    figure(name + ".age", figures, SnapshotFigures::ageSeconds);
    figure(name + ".areas", figures, SnapshotFigures::areas);
    figure(name + ".vertices", figures, SnapshotFigures::vertices);
    figure(name + ".generation", figures, SnapshotFigures::generation);
  }

  private void figure(
      String name,
      Supplier<Optional<SnapshotFigures>> figures,
      ToDoubleFunction<SnapshotFigures> figure) {
    gauge(name, () -> figures.get().map(figure::applyAsDouble).orElse(Double.NaN));
  }

  /**
   * Counts an event that has a name and no more, such as {@code search.hint}.
   *
   * @param name with dots between its parts; see {@link #part}
   */
  public void count(String name) {
    counter(name).increment();
  }

  /**
   * Reports a value at each interval; replaces an earlier one of the same name.
   *
   * @param name with dots between its parts; see {@link #part}
   * @param value must not block; NaN where there is none
   */
  public void gauge(String name, DoubleSupplier value) {
    gauges
        .computeIfAbsent(
            name,
            added -> {
              AtomicReference<DoubleSupplier> holder = new AtomicReference<>(value);
              outlet.register(registry ->
                  Gauge.builder(added, holder, current -> valueOf(added, current.get()))
                      .strongReference(true)
                      .register(registry));
              return holder;
            })
        .set(value);
  }

  /**
   * Reports a total that only grows.
   *
   * @param name with dots between its parts; see {@link #part}
   */
  public void counter(String name, LongSupplier total) {
    // A registry forgets what it asks, but not how.
    outlet.register(registry ->
        FunctionCounter.builder(name, this, metrics -> total.getAsLong()).register(registry));
  }

  private static double valueOf(String name, DoubleSupplier value) {
    try {
      return value.getAsDouble();
    } catch (RuntimeException e) {
      log.debug("No value for the metric {}", name, e);
      return Double.NaN;
    }
  }

  /**
   * A text, such as a layer's name, as one part of a metric's name: what Graphite would read as
   * structure or refuse becomes an underscore.
   */
  public static String part(String text) {
    return text.isEmpty() ? "_" : NOT_IN_A_NAME.matcher(text).replaceAll("_");
  }

  /** Sends what is left, and ends; takes three seconds at most. */
  @Override
  public void close() {
    outlet.close();
  }

  private Sums.Sum counter(String name) {
    return counters.computeIfAbsent(
        name,
        added -> {
          Sums.Sum sum = sums.sum();
          counter(added, sum::value);
          return sum;
        });
  }

  private LongConsumer timing(List<String> names) {
    return timings.computeIfAbsent(names, outlet::timing);
  }

  /** The calls of one method. */
  public interface CallRecorder {
    /**
     * @param status the gRPC status code's name, such as {@code OK}
     * @param nanos how long the call took
     */
    void record(String status, long nanos);
  }

  /** The look-ups of one layer. */
  public interface LookupRecorder {
    /** A position was looked up. */
    default void record(boolean hit) {
      record(hit ? 1 : 0, hit ? 0 : 1);
    }

    /** Several positions were looked up. */
    void record(long hits, long misses);
  }

  /** The loads of one layer. */
  public interface LoadRecorder {
    /**
     * @param nanos how long it took from the first row to the published snapshot
     */
    void succeeded(long nanos);

    void failed();

    /** A load was complete but looked wrong, and the old snapshot stayed. */
    void refused();
  }

  /**
   * What is being served of a layer.
   *
   * @param ageSeconds since the store was read
   * @param areas how many there are
   * @param vertices of all their outlines
   * @param generation of the snapshot
   */
  public record SnapshotFigures(double ageSeconds, long areas, long vertices, long generation) {}
}
