package geosearch.metrics;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import geosearch.config.StatsdConfig;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.statsd.StatsdFlavor;
import io.micrometer.statsd.StatsdFunctionCounter;
import io.micrometer.statsd.StatsdGauge;
import io.micrometer.statsd.StatsdMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to StatsD: Micrometer's registry for counters, gauges and what other parts bring along,
 * and sampled timings beside it, all sent by one thread.
 *
 * <p>The registry's own polling is put off for good. It runs on a thread of its own and once more
 * at the end, and where the two meet, the same increase of a counter is sent twice.
 */
final class Statsd implements Outlet {

  private static final Logger log = LoggerFactory.getLogger(Statsd.class);

  private static final Duration NEVER = Duration.ofDays(36500);
  private static final Duration WINDOW = Duration.ofSeconds(1);
  private static final Duration LOOK_UP_AGAIN = Duration.ofSeconds(30);
  private static final Duration END_WAIT = Duration.ofSeconds(2);
  private static final Duration ADDRESS_WAIT = Duration.ofSeconds(1);

  private record SampledKind(SampledTiming timing, List<StatsdLines> lines) {}

  private final StatsdConfig config;
  private final Sums sums;
  private final HostAddress address;
  private final UdpLines out;
  private final CompletableFuture<StatsdMeterRegistry> registry;
  private final Queue<SampledKind> timings = new ConcurrentLinkedQueue<>();
  private final Pauses pauses;
  private final ScheduledThreadPoolExecutor sender =
      new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name("statsd").factory());

  /**
   * @param sums for what is counted here
   */
  Statsd(StatsdConfig config, Sums sums) {
    this.config = config;
    this.sums = sums;
    this.address = new HostAddress(config.host(), config.port());
    this.out = new UdpLines(address);
    sender.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
    this.registry = CompletableFuture.supplyAsync(this::open, sender);
    this.pauses = new Pauses(timing(List.of("jvm.gc.pause")));
  }

  /** Loads hundreds of classes, which a start had better not wait for. */
  private StatsdMeterRegistry open() {
    StatsdMeterRegistry opened =
        StatsdMeterRegistry.builder(new EtsyFlavour())
            .lineBuilder((id, distribution) -> StatsdLines.of(config.prefix(), id))
            .lineSink(out)
            .build();
    FunctionCounter.builder("statsd.dropped", out, UdpLines::dropped).register(opened);
    return opened;
  }

  @Override
  public MeterRegistry registry() {
    return registry.join();
  }

  @Override
  public void register(Consumer<MeterRegistry> meters) {
    sender.execute(() -> meters.accept(registry.join()));
  }

  /** A timing that is sent, as far as it is sampled, under each of the names. */
  @Override
  public LongConsumer timing(List<String> names) {
    SampledTiming timing = new SampledTiming(config.maxTimingsPerSecond(), sums.sum());
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
    pauses.record();
    timings.forEach(kind -> kind.timing().drain((nanos, all) -> send(kind, nanos, all)));
    out.flush();
  }

  private void send(SampledKind kind, long[] nanos, long all) {
    String rate = StatsdLines.rate(nanos.length, all);
    for (StatsdLines lines : kind.lines()) {
      for (long one : nanos) {
        out.accept(lines.timing(one, rate));
      }
    }
  }

  private void sendMeters() {
    List.copyOf(registry.join().getMeters()).forEach(Statsd::poll);
    out.flush();
  }

  private static void poll(Meter meter) {
    try {
      if (meter instanceof StatsdFunctionCounter<?> counter) {
        counter.poll();
      } else if (meter instanceof StatsdGauge<?> gauge) {
        gauge.poll();
      }
    } catch (RuntimeException e) {
      log.debug("No value for the metric {}", meter.getId().getName(), e);
    }
  }

  @Override
  public void close() {
    sender.shutdown();
    try {
      var _ = sender.awaitTermination(END_WAIT.toMillis(), MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    address.refresh();
    address.awaitFirst(ADDRESS_WAIT);
    MeterRegistry last = registry.join();
    sendTimings();
    last.close(); // which polls every meter once more
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
