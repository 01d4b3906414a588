package geosearch.load;

import geosearch.atlas.Snapshot;
import geosearch.geo.Layer;
import geosearch.store.Dataset;
import geosearch.store.Store;
import geosearch.store.StoreException;
import geosearch.store.StoreException.Kind;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/**
 * States of layers that are not served but kept in the store, for questions about them: read when
 * somebody asks, and kept in memory while there is room. However many ask for one at once, it is
 * read once; one that could not be read is tried again when it is asked for again. What calls that
 * are under way answer from stays in memory until they have ended, whether there is room or not.
 *
 * <p>Safe for use by several threads. No method blocks.
 */
public final class EarlierStates implements AutoCloseable {

  /** The setting that bounds them. */
  private static final String SETTING = "follow.max-earlier-vertices";

  /** How often a state of zones is read for one question. */
  private static final int TRIES = 5;

  private final Store store;
  private final long mostVertices;
  private final HeapRoom room;
  private final KeptStates<Key> kept;
  private final Map<Key, CompletableFuture<Snapshot>> underWay = new ConcurrentHashMap<>();
  private final ZonePasts zonePasts;
  private final ExecutorService versions = thread("earlier-version");
  private final ExecutorService pasts = thread("earlier-zones");
  private volatile boolean closed;

  /**
   * A state's name.
   *
   * @param version empty for all states of zones
   * @param acceptances see {@link Store#acceptances}
   */
  private record Key(String layer, String version, long acceptances) {}

  /** States of what a store keeps, where memory is no matter. */
  public EarlierStates(Store store, long mostVertices) {
    this(store, mostVertices, HeapRoom.unlimited());
  }

  /**
   * States of what a store keeps.
   *
   * @param mostVertices how many vertices they may have together; one that has more is refused
   * @param room where they have to fit in; they leave when something else needs it
   */
  public EarlierStates(Store store, long mostVertices, HeapRoom room) {
    this.store = store;
    this.mostVertices = mostVertices;
    this.room = room;
    this.kept = new KeptStates<>(mostVertices);
    room.add(kept);
    this.zonePasts =
        new ZonePasts(store, new SnapshotLoader(() -> closed, mostVertices), mostVertices);
  }

  /**
   * A version of a layer's dataset, of the generation 0. It fails with {@link StoreException}:
   * NOT_FOUND if there is no such version, REFUSED if it has too many vertices or does not fit into
   * the memory.
   */
  public CompletableFuture<Snapshot> version(String layer, String version) {
    Key key = key(layer, version);
    return kept.get(key)
        .map(CompletableFuture::completedFuture)
        .orElseGet(() -> once(key, versions, () -> readVersion(key)));
  }

  /**
   * A collection of zones with every state that is kept of them, of the generation 0. What is read
   * once is kept up with by reading what has changed. It fails with {@link StoreException}: REFUSED
   * if the states have too many vertices or do not fit into the memory.
   *
   * @param served the present state
   * @param latest up to which moment it has to know what there was
   */
  public CompletableFuture<Snapshot> past(Snapshot served, Instant latest) {
    return past(served, latest, TRIES);
  }

  private Key key(String layer, String version) {
    return new Key(layer, version, store.acceptances());
  }

  private CompletableFuture<Snapshot> past(Snapshot served, Instant latest, int tries) {
    Key key = key(served.layer().name(), "");
    Optional<Snapshot> known = kept.get(key).filter(state -> state.knows(latest, served));
    if (known.isPresent()) {
      return withOriginals(known.get(), served);
    }
    if (tries == 0) {
      return CompletableFuture.failedFuture(
          new StoreException(Kind.UNAVAILABLE, "the store is behind what was read from it"));
    }
    // One that was being read already may be too old.
    return once(key, pasts, () -> readPast(key, served.layer()))
        .thenCompose(state -> past(served, latest, tries - 1));
  }

  private CompletableFuture<Snapshot> withOriginals(Snapshot state, Snapshot served) {
    if (!served.layer().original()) {
      return CompletableFuture.completedFuture(state);
    }
    return zonePasts
        .knownWithOriginals(state, served)
        .map(CompletableFuture::completedFuture)
        .orElseGet(() ->
            once(
                key(served.layer().name(), "originals"),
                pasts,
                () -> zonePasts.withOriginals(state, served)));
  }

  private Snapshot readPast(Key key, Layer layer) {
    Optional<Snapshot> before = kept.get(key);
    Snapshot state;
    try (HeapRoom.Load mine = room.load()) {
      state = before.isPresent() ? zonePasts.goOn(before.get(), mine) : zonePasts.read(layer, mine);
      kept.put(key, state);
    } catch (NoRoomException e) {
      throw noRoom("the states that zones of %s were in".formatted(key.layer), e);
    } catch (StoreException e) {
      if (e.kind() != Kind.REFUSED) {
        throw e;
      }
      kept.remove(key);
      throw tooLarge(
          "the states that zones of %s were in have more than %d vertices"
              .formatted(key.layer, mostVertices));
    }
    return state;
  }

  /**
   * REFUSED if states can't be in memory together.
   *
   * @param states that one call asks for
   */
  public void checkRoom(List<Snapshot> states) {
    long vertices = states.stream().mapToLong(state -> state.index().vertices()).sum();
    if (vertices > mostVertices) {
      throw tooLarge("what is asked for has %d vertices in all".formatted(vertices));
    }
  }

  /** How many vertices are kept now, of those that are not served. */
  public long vertices() {
    return kept.vertices();
  }

  /** Gives up what is being read; its future stays open. */
  @Override
  public void close() {
    closed = true;
    versions.shutdownNow();
    pasts.shutdownNow();
  }

  /** Has something read unless it is being read already. */
  private CompletableFuture<Snapshot> once(
      Key key, ExecutorService thread, Supplier<Snapshot> reading) {
    CompletableFuture<Snapshot> mine = new CompletableFuture<>();
    CompletableFuture<Snapshot> other = underWay.putIfAbsent(key, mine);
    if (other != null) {
      return other;
    }
    try {
      thread.execute(() -> {
        try {
          Snapshot state = reading.get();
          underWay.remove(key);
          mine.complete(state);
        } catch (Throwable e) { // whoever waits must learn of it
          underWay.remove(key);
          mine.completeExceptionally(e);
        }
      });
    } catch (RejectedExecutionException e) {
      underWay.remove(key);
      mine.completeExceptionally(new StoreException(Kind.UNAVAILABLE, "the server is stopping", e));
    }
    return mine;
  }

  private Snapshot readVersion(Key key) {
    Optional<Snapshot> known = kept.get(key);
    if (known.isPresent()) {
      return known.get();
    }
    long number = number(key);
    try (HeapRoom.Load mine = room.load()) {
      SnapshotLoader.Loaded loaded =
          new SnapshotLoader(() -> closed, Long.MAX_VALUE)
              .load(mine, sink -> store.datasets().read(key.layer, number, sink));
      Layer layer = loaded.content().state().layer();
      Snapshot state = new Snapshot(layer, loaded.index(), 0, 0, loaded.startTime());
      kept.put(key, state);
      return state;
    } catch (NoRoomException e) {
      throw noRoom("version %s of the layer %s".formatted(key.version, key.layer), e);
    }
  }

  /** Looks first at what is told of the version: to find out by reading it would cost much more. */
  private long number(Key key) {
    for (Dataset dataset : store.datasets().list()) {
      if (dataset.layer().equals(key.layer)
          && Long.toString(dataset.version()).equals(key.version)) {
        if (dataset.vertices() > mostVertices) {
          throw tooLarge(
              "version %s of the layer %s has %d vertices"
                  .formatted(key.version, key.layer, dataset.vertices()));
        }
        return dataset.version();
      }
    }
    throw StoreException.notFound(
        "dataset",
        key.layer + "/" + key.version,
        "the layer " + key.layer + " has no version " + key.version);
  }

  private static StoreException noRoom(String what, NoRoomException e) {
    Kind kind = e.isPassing() ? Kind.UNAVAILABLE : Kind.REFUSED;
    return new StoreException(kind, what + " can't be read: " + e.getMessage(), e);
  }

  private StoreException tooLarge(String what) {
    return new StoreException(
        Kind.REFUSED,
        "%s, and states that are not served may have %d together (setting %s)"
            .formatted(what, mostVertices, SETTING));
  }

  private static ExecutorService thread(String name) {
    return Executors.newSingleThreadExecutor(Thread.ofPlatform().name(name).daemon().factory());
  }
}
