package geosearch.load;

import geosearch.atlas.Atlas;
import geosearch.atlas.LayerProblem;
import geosearch.atlas.Snapshot;
import geosearch.atlas.View;
import geosearch.config.FollowConfig;
import geosearch.geo.Area;
import geosearch.geo.AreaIndex;
import geosearch.geo.Layer;
import geosearch.health.Readiness;
import geosearch.load.FollowedLayers.Behind;
import geosearch.metrics.Metrics;
import geosearch.store.Store;
import geosearch.store.StoreException;
import geosearch.store.StoreException.Kind;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the atlas as the store is: loads all layers once and publishes them together, and after
 * that whatever has changed. It looks when the store gives notice, when somebody waits for a change
 * of their own, and at intervals for what notices lost.
 *
 * <p>What can't be read keeps its last snapshot and is tried again; the store going away changes
 * nothing for readers. Changes that come while it loads are taken together at the next look, so a
 * burst of them costs no more than loading all the time.
 *
 * <p>Safe for use by several threads.
 */
public final class Follower implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Follower.class);

  /**
   * How often to look where every change is told of. Looks run through code that has left the
   * caches since the one before: twice a second they took 3 % of a core.
   */
  private static final Duration UNHURRIED = Duration.ofMinutes(1);

  /**
   * Times what it takes to index zones anew: changes that come meanwhile are put over both. With
   * 1.0 a heap of 200 MB ran out at 2,624 zones of 700 corners that came as fast as they could.
   */
  private static final double CHANGED_MEANWHILE = 1.5;

  /** How long {@link #close} waits for each of its two threads. */
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(1);

  private final Store store;
  private final Atlas atlas;
  private final Readiness.Condition layersLoaded;
  private final FollowConfig config;
  private final HeapRoom room;
  private final FollowedLayers layers;
  private final ExecutorService beside;
  private final SpareHeap spareHeap;
  private final Thread thread;
  private final Backoff backoff;
  private Optional<Store.Listening> listening = Optional.empty();
  private String storeTrouble = "";

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition somethingAsked = lock.newCondition();
  private final Condition somethingSeen = lock.newCondition();
  private long asked = 1;
  private long seen;

  /** The last asking that was about more than zones. */
  private long askedForAll = 1;

  private Map<String, Behind> behind = Map.of();
  private volatile boolean closed;

  /** The numbers of the last asking, and of the last that was about more than zones. */
  private record Asking(long last, long ofAll) {}

  /**
   * A follower that does nothing yet.
   *
   * @param store what to follow; the caller closes it, after the follower
   * @param atlas where to publish
   * @param layersLoaded is met once all layers that there were at the start have been published,
   *     and stays so
   */
  public Follower(
      Store store,
      Atlas atlas,
      Readiness.Condition layersLoaded,
      Metrics metrics,
      FollowConfig config) {
    this(store, atlas, layersLoaded, metrics, config, HeapRoom.ofThisProcess());
  }

  /**
   * A follower that does nothing yet.
   *
   * @param room where what it loads has to fit in
   */
  public Follower(
      Store store,
      Atlas atlas,
      Readiness.Condition layersLoaded,
      Metrics metrics,
      FollowConfig config,
      HeapRoom room) {
    this.store = store;
    this.atlas = atlas;
    this.room = room;
    this.layersLoaded = layersLoaded;
    this.config = config;
    this.backoff = new Backoff(config);
    this.beside =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("geosearch-load").daemon().factory());
    this.spareHeap = new SpareHeap(beside);
    this.layers =
        new FollowedLayers(
            store, atlas, metrics, config, () -> closed, room, beside, spareHeap, this::ask);
    metrics.gauge("store.mismatch", () -> atlas.problem().isPresent() ? 1 : 0);
    this.thread = Thread.ofPlatform().name("geosearch-follow").daemon().unstarted(this::run);
  }

  /** Begins. The first load goes on after this has returned. */
  public void start() {
    thread.start();
  }

  /**
   * Waits until answers hold a change of the zones.
   *
   * @param revision of the change, as {@link geosearch.store.Zones} gave it
   * @throws TimeoutException if they do not in time; the message says why, as far as that is known
   */
  public void awaitRevision(long revision, Duration timeout)
      throws InterruptedException, TimeoutException {
    askForZones();
    await(Store.ZONE_LAYER, timeout, () -> publishedRevision() >= revision, () -> false);
  }

  /**
   * Makes sure that there is memory for a state of a zone, beside the one that it may have. If it
   * is larger than that, every collection can still be indexed anew with it, which happens from
   * time to time, and every other layer be loaded beside the rest, as the next start has to.
   *
   * @param vertices how many its outline has
   * @throws StoreException FULL if there is not
   */
  public void checkRoom(Area area, int vertices, boolean larger) {
    long state = HeapRoom.loadBytes(1, vertices) + area.textBytes();
    long most = larger ? mostToLoadAnew() : 0;
    if (!room.wouldFit(state + most)) {
      throw new StoreException(
          Kind.FULL,
          "there is no memory for the zone %s: %,d MB are in use, to load anew what there is takes up to %,d MB, and %s"
              .formatted(area.id(), room.inUse() >> 20, most >> 20, room.limit()));
    }
  }

  /** In bytes, beside what is in use. */
  private long mostToLoadAnew() {
    double most = 0;
    for (Snapshot snapshot : atlas.view().map(View::layers).orElse(List.of())) {
      AreaIndex index = snapshot.index();
      long anew = HeapRoom.loadBytes(index.size(), index.vertices());
      boolean isHeldMeanwhile = snapshot.layer().kind() == Layer.Kind.ZONES;
      most =
          Math.max(most, isHeldMeanwhile ? anew * CHANGED_MEANWHILE : anew - index.sizeInBytes());
    }
    return (long) most;
  }

  /** Asks for a look at the zones, which it doesn't wait for. */
  public void askForZones() {
    lock.lock();
    try {
      asked++;
      somethingAsked.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until answers hold what had been committed of a layer before the call.
   *
   * @param layer that was imported, activated or accepted
   * @throws TimeoutException if they do not in time, or will not however long one waits; the
   *     message says why, as far as that is known
   */
  public void refresh(String layer, Duration timeout)
      throws InterruptedException, TimeoutException {
    long mine = ask();
    await(
        layer,
        timeout,
        () -> seen >= mine && behind(layer).isEmpty(),
        () -> seen >= mine && behind(layer).filter(Behind::isGivenUp).isPresent());
  }

  /**
   * Ends, within two seconds or so; what was published stays. Whoever waits gets a {@link
   * TimeoutException}.
   */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      somethingAsked.signalAll();
      somethingSeen.signalAll();
    } finally {
      lock.unlock();
    }
    beside.shutdownNow();
    thread.interrupt();
    try {
      boolean ended = !thread.isAlive() || thread.join(CLOSE_WAIT);
      if (!beside.awaitTermination(CLOSE_WAIT.toMillis(), TimeUnit.MILLISECONDS) || !ended) {
        log.warn("A load that hangs in the store is left behind");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private long publishedRevision() {
    return atlas
        .view()
        .flatMap(view -> view.layer(Store.ZONE_LAYER))
        .map(Snapshot::revision)
        .orElse(0L);
  }

  private void await(String layer, Duration timeout, BooleanSupplier done, BooleanSupplier givenUp)
      throws InterruptedException, TimeoutException {
    long left = timeout.toNanos();
    lock.lockInterruptibly();
    try {
      while (!done.getAsBoolean()) {
        if (closed) {
          throw new TimeoutException("the server is stopping");
        }
        if (givenUp.getAsBoolean()) {
          throw new TimeoutException(notAnswered(layer, ""));
        }
        if (left <= 0) {
          throw new TimeoutException(notAnswered(layer, " after " + timeout.toMillis() + " ms"));
        }
        left = somethingSeen.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  private Optional<Behind> behind(String layer) {
    return Optional.ofNullable(behind.get(layer));
  }

  private String notAnswered(String layer, String after) {
    String reason = behind(layer).map(Behind::reason).orElse("");
    return "the change of the layer "
        + layer
        + " is not in the answers"
        + after
        + (reason.isEmpty() ? "" : ": " + reason);
  }

  /** Asks for a look, and returns the number of the asking. */
  private long ask() {
    lock.lock();
    try {
      asked++;
      askedForAll = asked;
      somethingAsked.signalAll();
      return asked;
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    try {
      long answered = 0;
      boolean zonesMayDo = false;
      long lookedAtAll = System.nanoTime();
      while (!closed) {
        Asking asking = asking();
        boolean zonesAlone =
            zonesMayDo
                && asking.ofAll <= answered
                && System.nanoTime() - lookedAtAll < pause().toNanos();
        if (!zonesAlone) {
          lookedAtAll = System.nanoTime();
        }
        boolean looked = look(zonesAlone);
        answered = asking.last;
        answer(answered, looked);
        spareHeap.look();
        boolean asked = awaitAsking(answered, looked ? pause() : backoff.remaining());
        zonesMayDo = looked && asked;
      }
    } catch (InterruptedException | CancellationException e) {
      log.debug("The follower ends", e);
    } finally {
      listening.ifPresent(Store.Listening::close);
    }
  }

  private boolean look(boolean zonesAlone) {
    try {
      layers.look(zonesAlone);
      if (listening.isEmpty()) {
        // After the first look, which a start waits for. Not every store tells what happened
        // between.
        listening = Optional.of(store.listen(this::ask, this::askForZones));
        ask();
      }
      backoff.succeeded();
      atlas.report(Optional.empty());
      if (!storeTrouble.isEmpty()) {
        storeTrouble = "";
        log.info("The store can be read again ({})", store.description());
      }
      return true;
    } catch (CancellationException e) {
      throw e;
    } catch (Throwable e) { // whatever it is, following goes on
      backoff.failed();
      reportStore(e);
      return false;
    }
  }

  private void reportStore(Throwable e) {
    boolean known = e instanceof StoreException;
    boolean mismatch = e instanceof StoreException store && store.kind() == Kind.MISMATCH;
    if (mismatch) {
      atlas.report(Optional.of(LayerProblem.STORE_MISMATCH));
    }
    String reason = known ? String.valueOf(e.getMessage()) : e.toString();
    if (closed || reason.equals(storeTrouble)) {
      return;
    }
    storeTrouble = reason;
    log.warn(
        "{} ({}): {}. {}; trying again",
        mismatch ? "Store mismatch" : "The store can't be read",
        store.description(),
        reason,
        layers.isPublished() ? "Answers go on from what was read" : "Nothing is served yet");
    if (!known) {
      log.warn("This was not foreseen", e);
    }
  }

  private void answer(long answering, boolean looked) {
    boolean published = layers.isPublished();
    if (published) {
      layersLoaded.set(true);
    }
    lock.lock();
    try {
      if (looked && published) {
        seen = answering;
        behind = layers.behind();
      }
      somethingSeen.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private Duration pause() {
    Duration poll =
        listening.filter(Store.Listening::isComplete).isPresent()
            ? Collections.max(List.of(config.pollInterval(), UNHURRIED))
            : config.pollInterval();
    return layers.retryDelay().filter(delay -> delay.compareTo(poll) < 0).orElse(poll);
  }

  private Asking asking() {
    lock.lock();
    try {
      return new Asking(asked, askedForAll);
    } finally {
      lock.unlock();
    }
  }

  /** Returns whether somebody has asked. */
  private boolean awaitAsking(long answered, Duration atMost) throws InterruptedException {
    long left = atMost.toNanos();
    lock.lockInterruptibly();
    try {
      while (asked == answered && !closed && left > 0) {
        left = somethingAsked.awaitNanos(left);
      }
      return asked != answered;
    } finally {
      lock.unlock();
    }
  }
}
