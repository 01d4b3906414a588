package geosearch.metrics;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import geosearch.config.StatsdConfig;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.statsd.StatsdFlavor;
import io.micrometer.statsd.StatsdFunctionCounter;
import io.micrometer.statsd.StatsdGauge;
import io.micrometer.statsd.StatsdMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The way to StatsD: Micrometer's registry for counters, gauges and what other parts bring along,
 * and sampled timings beside it, all sent by one thread.
 *
 * <p>The registry's own polling is put off for good. It runs on a thread of its own and once more
 * at the end, and where the two meet, the same increase of a counter is sent twice.
 */
final class Statsd implements AutoCloseable {

  private static final Duration NEVER = Duration.ofDays(36500);
  private static final Duration WINDOW = Duration.ofSeconds(1);
  private static final Duration LOOK_UP_AGAIN = Duration.ofSeconds(30);
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(1);

  private record SampledKind(SampledTiming timing, List<StatsdLines> lines) {}

  private final StatsdConfig config;
  private final HostAddress address;
  private final UdpLines out;
  private final StatsdMeterRegistry registry;
  private final Queue<SampledKind> timings = new ConcurrentLinkedQueue<>();
  private final JvmGcMetrics gc = new JvmGcMetrics();
  private final ScheduledThreadPoolExecutor sender =
      new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name("statsd").factory());

  Statsd(StatsdConfig config) {
    this.config = config;
    this.address = new HostAddress(config.host(), config.port());
    this.out = new UdpLines(address);
    this.registry =
        StatsdMeterRegistry.builder(new EtsyFlavour())
            .lineBuilder((id, distribution) -> StatsdLines.of(config.prefix(), id))
            .lineSink(out)
            .build();
    gc.bindTo(registry);
    FunctionCounter.builder("statsd.dropped", out, UdpLines::dropped).register(registry);
  }

  MeterRegistry registry() {
    return registry;
  }

  /** A timing that is sent, as far as it is sampled, under each of the names. */
  LongConsumer timing(List<String> names) {
    SampledTiming timing = new SampledTiming(config.maxTimingsPerSecond());
    timings.add(
        new SampledKind(
            timing, names.stream().map(name -> new StatsdLines(config.prefix(), name)).toList()));
    return timing;
  }

  /** Begins to send. */
  void start() {
    every(LOOK_UP_AGAIN, Duration.ZERO, address::refresh);
    every(WINDOW, WINDOW, this::sendTimings);
    every(config.interval(), config.interval(), this::sendMeters);
  }

  private void every(Duration period, Duration delay, Runnable task) {
    var _ = sender.scheduleAtFixedRate(task, delay.toMillis(), period.toMillis(), MILLISECONDS);
  }

  private void sendTimings() {
    for (SampledKind kind : timings) {
      kind.timing()
          .drain((nanos, kept, all) ->
              kind.lines().forEach(lines -> out.accept(lines.timing(nanos, kept, all))));
    }
    out.flush();
  }

  private void sendMeters() {
    for (Meter meter : new ArrayList<>(registry.getMeters())) {
      if (meter instanceof StatsdFunctionCounter<?> counter) {
        counter.poll();
      } else if (meter instanceof StatsdGauge<?> gauge) {
        gauge.poll();
      }
    }
    out.flush();
  }

  @Override
  public void close() {
    sender.shutdown();
    gc.close();
    try {
      var _ = sender.awaitTermination(CLOSE_WAIT.toMillis(), MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    address.refresh();
    address.awaitFirst(CLOSE_WAIT);
    sendTimings();
    registry.close(); // which polls every meter once more
    out.close();
  }

  private static final class EtsyFlavour implements io.micrometer.statsd.StatsdConfig {
    @Override
    public @Nullable String get(String key) {
      return null;
    }

    @Override
    public StatsdFlavor flavor() {
      return StatsdFlavor.ETSY;
    }

    @Override
    public Duration pollingFrequency() {
      return NEVER;
    }
  }
}
