package geosearch.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** Where metrics go. */
interface Outlet extends AutoCloseable {

  /** For parts that bring meters of their own. */
  MeterRegistry registry();

  /** Adds meters, now or soon. */
  void register(Consumer<MeterRegistry> meters);

  /** Takes the nanoseconds that something took, and tells them under each of the names. */
  LongConsumer timing(List<String> names);

  /** Sends what is left, and ends. */
  @Override
  void close();

  /**
   * Nowhere. It does not even load Micrometer's classes, which takes a good part of a quick start.
   */
  final class Nowhere implements Outlet {
    @Override
    public MeterRegistry registry() {
      return new CompositeMeterRegistry();
    }

    @Override
    public void register(Consumer<MeterRegistry> meters) {}

    @Override
    public LongConsumer timing(List<String> names) {
      return nanos -> {};
    }

    @Override
    public void close() {}
  }

  /**
   * A registry, at once.
   *
   * @param registry that is closed in the end
   */
  record Direct(MeterRegistry registry) implements Outlet {
    @Override
    public void register(Consumer<MeterRegistry> meters) {
      meters.accept(registry);
    }

    @Override
    public LongConsumer timing(List<String> names) {
      List<Timer> timers = names.stream().map(registry::timer).toList();
      return nanos ->
          timers.forEach(timer -> timer.record(Math.max(0, nanos), TimeUnit.NANOSECONDS));
    }

    @Override
    public void close() {
      registry.close();
    }
  }
}
