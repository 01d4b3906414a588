package geosearch.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * Every metric of the server under its documented name. Recording costs a request no packet:
 * counters are added up in memory and sent at intervals, timings are sampled.
 */
public final class Metrics implements AutoCloseable {

  private final MeterRegistry registry;

  public Metrics(MeterRegistry registry) {
    this.registry = registry;
  }

  /** For parts that bring metrics of their own, such as the pool. */
  public MeterRegistry registry() {
    return registry;
  }

  /** Records the calls of one method. Ask once and keep it. */
  public CallRecorder calls(String service, String method) {
    String name = "rpc." + service + "." + method;
    return (status, nanos) -> {
      registry.counter(name + "." + status).increment();
      registry.timer(name).record(Duration.ofNanos(nanos));
    };
  }

  /** Counts the look-ups of one layer. Ask once and keep it. */
  public LookupRecorder lookups(String layer) {
    Counter hits = registry.counter("lookup." + layer + ".hit");
    Counter misses = registry.counter("lookup." + layer + ".miss");
    return hit -> (hit ? hits : misses).increment();
  }

  /** Records the loads of one layer. */
  public LoadRecorder loads(String layer) {
    return new LoadRecorder() {
      @Override
      public void succeeded(long nanos) {
        registry.timer("load." + layer).record(Duration.ofNanos(nanos));
      }

      @Override
      public void failed() {
        count("load." + layer + ".failed");
      }

      @Override
      public void refused() {
        count("load." + layer + ".refused");
      }
    };
  }

  /** Counts an event that has a name and no more, such as {@code search.hint}. */
  public void count(String name) {
    registry.counter(name).increment();
  }

  /** Reports a value at each interval; replaces an earlier one of the same name. */
  public void gauge(String name, DoubleSupplier value) {
    Gauge.builder(name, value::getAsDouble).register(registry);
  }

  /** Sends what is left, and ends. */
  @Override
  public void close() {
    registry.close();
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
    void record(boolean hit);
  }

  /** The loads of one layer. */
  public interface LoadRecorder {
    void succeeded(long nanos);

    void failed();

    /** A load was complete but looked wrong, and the old snapshot stayed. */
    void refused();
  }
}
