package geosearch.rpc;

import geosearch.atlas.View;
import geosearch.geo.Layer;
import geosearch.store.Store;
import geosearch.v1.WatchZonesRequest;
import geosearch.v1.WatchZonesResponse;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The callers who watch zones. Each of them has a place among the changes and nothing else: what
 * comes next is read from the store when they are ready for it, so that a slow one costs no memory,
 * and a fast one no more than a page.
 *
 * <p>They are woken when the store gives notice, when a validity starts or ends, and each second
 * for what notices lost. Safe for use by several threads.
 */
final class ZoneWatches {

  private static final Duration TICK = Duration.ofSeconds(1);
  private static final int THREADS = 2;

  private final Store store;
  private final Supplier<Optional<View>> view;
  private final int most;
  private final Set<ZoneWatch> open = ConcurrentHashMap.newKeySet();
  private final Callers places;
  private final ScheduledThreadPoolExecutor threads;
  private Store.@Nullable Listening listening;
  private boolean stopped;

  /**
   * @param view what the server knows, for the validity of zones
   * @param most how many may watch at once; a connection with more watches than others makes room
   *     for them
   */
  ZoneWatches(Store store, Supplier<Optional<View>> view, int most) {
    this.store = store;
    this.view = view;
    this.most = most;
    this.places = new Callers(most);
    ThreadFactory daemons = Thread.ofPlatform().daemon().name("zone-watch-", 1).factory();
    this.threads = new ScheduledThreadPoolExecutor(THREADS, daemons);
    this.threads.setRemoveOnCancelPolicy(true);
    this.threads.setKeepAliveTime(1, TimeUnit.MINUTES);
    this.threads.allowCoreThreadTimeOut(true);
  }

  /** Begins a watch of a request that was checked. */
  void begin(WatchZonesRequest request, StreamObserver<WatchZonesResponse> observer) {
    ServerCallStreamObserver<WatchZonesResponse> caller =
        (ServerCallStreamObserver<WatchZonesResponse>) observer;
    Object connection = Callers.current();
    if (!places.take(connection) && !(makeRoom(connection) && places.take(connection))) {
      throw tooMany();
    }
    ZoneWatch watch = new ZoneWatch(request, store.zones(), view, caller, connection);
    Optional<Future<?>> age = endWithTheConnection(watch);
    Runnable atEnd =
        () -> {
          age.ifPresent(scheduled -> scheduled.cancel(false));
          end(watch);
        };
    caller.setOnCancelHandler(atEnd);
    caller.setOnCloseHandler(atEnd);
    caller.setOnReadyHandler(() -> wake(watch));
    open.add(watch);
    if (!listen()) {
      stop(watch);
    }
    wake(watch);
  }

  /** Ends a watch of the connection that has most of them, if it has more than this one. */
  private boolean makeRoom(Object connection) {
    Optional<ZoneWatch> ended =
        places
            .greedierThan(connection)
            .flatMap(
                greedy -> open.stream().filter(one -> one.connection().equals(greedy)).findAny());
    ended.ifPresent(watch -> {
      watch.fail(tooMany());
      end(watch);
    });
    return ended.isPresent();
  }

  private StatusRuntimeException tooMany() {
    return Details.tooBusy(
        "%d callers watch already, as many as may (setting zones.max-watches)".formatted(most));
  }

  /** A connection that is cut off for its age would say nothing that a program can read. */
  private Optional<Future<?>> endWithTheConnection(ZoneWatch watch) {
    try {
      return Optional.of(
          threads.schedule(
              () -> {
                watch.fail(Details.unavailable("this connection ends; go on over another one"));
                end(watch);
              },
              ConnectionAge.left().toNanos(),
              TimeUnit.NANOSECONDS));
    } catch (RejectedExecutionException e) {
      // The server stops, and says so to all.
      return Optional.empty();
    }
  }

  /** Begins to listen with the first watch; returns whether the server goes on. */
  private synchronized boolean listen() {
    if (!stopped && listening == null) {
      listening = store.listen(this::wakeAll);
      Future<?> _ =
          threads.scheduleWithFixedDelay(
              this::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
    }
    return !stopped;
  }

  private void end(ZoneWatch watch) {
    if (open.remove(watch)) {
      watch.end();
      places.giveBack(watch.connection());
    }
  }

  private void wakeAll() {
    open.forEach(this::wake);
  }

  /** Has it told what there is, unless that is going on already: then once more. */
  private void wake(ZoneWatch watch) {
    if (watch.askFor()) {
      try {
        threads.execute(() -> work(watch));
      } catch (RejectedExecutionException e) {
        stop(watch);
      }
    }
  }

  private void work(ZoneWatch watch) {
    try {
      if (watch.tell()) {
        // Others have their turn first.
        threads.execute(() -> work(watch));
      }
    } catch (RejectedExecutionException e) {
      stop(watch);
    } catch (Throwable e) {
      watch.fail(Failures.answer("WatchZones", e));
      end(watch);
    }
  }

  /** Wakes those who may have missed a notice, and all when a validity starts or ends. */
  private void tick() {
    if (open.isEmpty()) {
      return;
    }
    wakeAll();
    Instant now = Instant.now();
    nextChange(now)
        .map(next -> Duration.between(now, next))
        .filter(delay -> delay.compareTo(TICK) < 0)
        .ifPresent(this::wakeAllAfter);
  }

  private void wakeAllAfter(Duration delay) {
    Future<?> _ = threads.schedule(this::wakeAll, delay.toMillis() + 1, TimeUnit.MILLISECONDS);
  }

  private Optional<Instant> nextChange(Instant now) {
    return view.get().stream()
        .flatMap(known -> known.layers().stream())
        .filter(snapshot -> snapshot.layer().kind() == Layer.Kind.ZONES)
        .flatMap(snapshot -> snapshot.index().nextChange(now).stream())
        .min(Instant::compareTo);
  }

  private void stop(ZoneWatch watch) {
    watch.fail(Details.unavailable("the server is stopping"));
    end(watch);
  }

  /** Ends all watches, and those to come. */
  void stop() {
    synchronized (this) {
      stopped = true;
      if (listening != null) {
        listening.close();
      }
    }
    open.forEach(this::stop);
    threads.shutdownNow();
  }
}
