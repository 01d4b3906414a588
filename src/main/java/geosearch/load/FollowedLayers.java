package geosearch.load;

import geosearch.atlas.Atlas;
import geosearch.atlas.Snapshot;
import geosearch.config.FollowConfig;
import geosearch.geo.Layer;
import geosearch.load.SnapshotLoader.Loaded;
import geosearch.metrics.Metrics;
import geosearch.metrics.Metrics.SnapshotFigures;
import geosearch.store.LayerState;
import geosearch.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * All layers as they are followed: looks at the store, has loaded what changed, and publishes.
 *
 * <p>Zones are small, change often, and somebody may wait for them: they are loaded at once, by the
 * follower's own thread. Other layers take seconds and are loaded beside it, one after another.
 *
 * <p>Confined to the follower's thread.
 */
final class FollowedLayers {

  /** From so many vertices on, what is left of a load is worth collecting. */
  private static final long MANY_VERTICES = 100_000;

  /**
   * That a layer is not as the store said last.
   *
   * @param reason if there is one, or empty
   * @param isGivenUp whether waiting alone does not help
   */
  record Behind(String reason, boolean isGivenUp) {}

  private final Store store;
  private final Atlas atlas;
  private final Metrics metrics;
  private final FollowConfig config;
  private final SnapshotLoader loader;
  private final HeapRoom room;
  private final FollowedZones zones;
  private final Executor beside;
  private final SpareHeap spareHeap;
  private final Runnable onLoadEnd;
  private final Map<String, FollowedLayer> layers = new HashMap<>();
  private final Queue<Runnable> ended = new ConcurrentLinkedQueue<>();
  private final List<Runnable> onPublication = new ArrayList<>();

  /** Layers whose turn to be loaded beside has not come. */
  private final Queue<FollowedLayer> waiting = new ArrayDeque<>();

  private boolean loadingBeside;
  private boolean known;
  private boolean changed;
  private boolean published;

  /** See {@link Store#acceptances}. */
  private long acceptances;

  /** How many vertices were read since memory was given back. */
  private long replacedVertices;

  /**
   * @param room what loads may take beside what is held
   * @param beside loads what takes long
   * @param spareHeap is given back after loads, which leave several times as much garbage as what
   *     they made
   * @param onLoadEnd is called when a load beside has ended, by the thread that loaded: it is time
   *     to look again
   */
  FollowedLayers(
      Store store,
      Atlas atlas,
      Metrics metrics,
      FollowConfig config,
      BooleanSupplier cancelled,
      HeapRoom room,
      Executor beside,
      SpareHeap spareHeap,
      Runnable onLoadEnd) {
    this.store = store;
    this.atlas = atlas;
    this.metrics = metrics;
    this.config = config;
    this.loader = new SnapshotLoader(cancelled, Long.MAX_VALUE);
    this.room = room;
    this.beside = beside;
    this.spareHeap = spareHeap;
    this.onLoadEnd = onLoadEnd;
    this.zones = new FollowedZones(store, room, beside, this::ended);
  }

  private void ended(Runnable end) {
    ended.add(() -> {
      end.run();
      changed = true;
    });
    onLoadEnd.run();
  }

  /**
   * Looks at the store and deals with what has changed.
   *
   * @param zonesAlone whether nothing but zones need be looked at
   * @throws geosearch.store.StoreException if the store can't be asked what there is
   * @throws CancellationException if loading was cancelled
   */
  void look(boolean zonesAlone) {
    takeEnded();
    publish();
    if (!zonesAlone || !published || store.acceptances() != acceptances) {
      tell(store.layers());
    }
    switch (zones.catchUp(layers)) {
      case SAME -> {}
      case CHANGED -> changed = true;
      case READ_ANEW -> {
        changed = true;
        tell(store.layers());
      }
    }
    long held = heldBytes();
    room.hold(held);
    List<FollowedLayer> due = layers.values().stream().filter(layer -> layer.isDue(held)).toList();
    for (FollowedLayer layer : due) {
      layer.begin();
      if (layer.isOf(Layer.Kind.ZONES)) {
        load(layer).run();
      } else {
        waiting.add(layer);
      }
    }
    loadNextBeside();
    publish();
  }

  /** One begins when the one before is counted among what is held, or has failed. */
  private void loadNextBeside() {
    while (!loadingBeside && !waiting.isEmpty()) {
      FollowedLayer layer = waiting.remove();
      if (layers.get(layer.name()) != layer) {
        continue; // it has gone
      }
      loadingBeside = true;
      beside.execute(() -> {
        Runnable end = load(layer);
        ended.add(() -> {
          loadingBeside = false;
          end.run();
        });
        onLoadEnd.run();
      });
    }
  }

  /** Of what is served, or will be with the first publication. */
  private long heldBytes() {
    return layers.values().stream()
        .flatMap(layer -> layer.snapshot().stream())
        .mapToLong(snapshot -> HeapRoom.sizeInBytes(snapshot.index()))
        .sum();
  }

  /** Whether all layers have been published once. */
  boolean isPublished() {
    return published;
  }

  /** The layers that are not as the store said last. */
  Map<String, Behind> behind() {
    return layers.values().stream()
        .filter(layer -> !layer.isCurrent())
        .collect(
            Collectors.toMap(
                FollowedLayer::name, layer -> new Behind(layer.trouble(), layer.isGivenUp())));
  }

  /** How long until something should be tried again. */
  Optional<Duration> retryDelay() {
    return layers.values().stream()
        .flatMap(layer -> layer.retryDelay().stream())
        .min(Duration::compareTo);
  }

  private void tell(List<LayerState> states) {
    known = true;
    boolean anotherStore = store.acceptances() != acceptances;
    if (anotherStore) {
      acceptances = store.acceptances();
      layers.values().forEach(FollowedLayer::readAnew);
    }
    Set<String> listed = new HashSet<>();
    for (LayerState state : states) {
      String name = state.layer().name();
      listed.add(name);
      changed |= layers.computeIfAbsent(name, _ -> newLayer(state)).tell(state);
    }
    for (Iterator<FollowedLayer> each = layers.values().iterator(); each.hasNext(); ) {
      FollowedLayer layer = each.next();
      if (!listed.contains(layer.name())) {
        if (anotherStore || layer.isOf(Layer.Kind.DATASET)) {
          each.remove();
          changed = true;
        } else {
          layer.tellVanished();
        }
      }
    }
  }

  private FollowedLayer newLayer(LayerState state) {
    String name = state.layer().name();
    FollowedLayer layer = new FollowedLayer(state, metrics.loads(name), config);
    metrics.snapshot(name, () -> served(name).map(FollowedLayers::figures));
    metrics.gauge(
        "snapshot." + Metrics.part(name) + ".skipped",
        () -> served(name).isPresent() ? layer.skippedCount() : Double.NaN);
    return layer;
  }

  private Optional<Snapshot> served(String layer) {
    return atlas.view().flatMap(view -> view.layer(layer));
  }

  private static SnapshotFigures figures(Snapshot snapshot) {
    return new SnapshotFigures(
        Duration.between(snapshot.loadTime(), Instant.now()).toMillis() / 1000.0,
        snapshot.index().size(),
        snapshot.index().vertices(),
        snapshot.generation());
  }

  /** Loads, and returns what is then to be done on the follower's thread. */
  private Runnable load(FollowedLayer layer) {
    HeapRoom.Load mine = room.load();
    try {
      Loaded loaded = loader.load(store, layer.name(), mine);
      return () -> {
        if (layer.finish(loaded)) {
          changed = true;
          onPublication.add(() -> {
            layer.published(loaded.startNanos());
            beside.execute(() -> SnapshotLoader.keep(store, loaded));
          });
          replacedVertices += loaded.index().vertices();
        }
        room.hold(heldBytes());
        mine.close();
      };
    } catch (CancellationException e) {
      mine.close();
      return () -> {
        throw e;
      };
    } catch (Throwable e) { // whatever it is, the follower goes on
      mine.close();
      return () -> layer.fail(e);
    }
  }

  private void takeEnded() {
    for (Runnable end = ended.poll(); end != null; end = ended.poll()) {
      end.run();
    }
  }

  private void publish() {
    boolean due =
        published ? changed : known && layers.values().stream().noneMatch(FollowedLayer::isAwaited);
    if (!due) {
      return;
    }
    List<Snapshot> snapshots =
        layers.values().stream().flatMap(layer -> layer.snapshot().stream()).toList();
    atlas.publish(snapshots);
    changed = false;
    published = true;
    onPublication.forEach(Runnable::run);
    onPublication.clear();
    if (replacedVertices >= MANY_VERTICES) {
      replacedVertices = 0;
      spareHeap.giveBack();
    }
  }
}
