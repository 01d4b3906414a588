package geosearch.load;

import geosearch.atlas.Snapshot;
import geosearch.config.FollowConfig;
import geosearch.geo.AreaIndex;
import geosearch.geo.Layer;
import geosearch.load.SnapshotLoader.Loaded;
import geosearch.metrics.Metrics.LoadRecorder;
import geosearch.store.LayerState;
import geosearch.store.StoreException;
import geosearch.store.ZoneChange;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * One layer as it is followed: what is served of it, what the store last said of it, and what
 * stands between the two. A reason is logged when it comes up and when it is over, not at each try.
 *
 * <p>Confined to the follower's thread, but for what says otherwise.
 */
final class FollowedLayer {

  private static final Logger log = LoggerFactory.getLogger(FollowedLayer.class);

  /** With so much less held than before there is more room; zones alone vary by some percent. */
  private static final double LESS = 0.95;

  private final String name;
  private final LoadRecorder recorder;
  private final Backoff backoff;

  private LayerState told;
  private Optional<Snapshot> snapshot = Optional.empty();
  private String servedFingerprint = "";
  private boolean loading;
  private String loadingFingerprint = "";

  /** The state that could not be loaded or was refused; empty if it is to be tried at once. */
  private String failedFingerprint = "";

  private Awaited awaited = Awaited.TIME;

  /** What was held of all layers when there was no room for it, in bytes. */
  private long heldWithoutRoom;

  private String trouble = "";
  private List<String> skippedRows = List.of();
  private volatile long skippedCount;

  /** Whether what was read can't be brought up to date. */
  private boolean stale;

  /** Whether that holds for what is being loaded too. */
  private boolean loadingStale;

  /** What has changed since its index began to be built anew; nothing while it is not. */
  private Optional<List<ZoneChange>> sinceCompaction = Optional.empty();

  /** What has to come before a state that failed is tried again, unless there is another state. */
  private enum Awaited {
    TIME,
    ACCEPTANCE,
    ROOM
  }

  FollowedLayer(LayerState told, LoadRecorder recorder, FollowConfig config) {
    this.name = told.layer().name();
    this.told = told;
    this.recorder = recorder;
    this.backoff = new Backoff(config);
  }

  String name() {
    return name;
  }

  /** What is served of it; nothing before the first load. */
  Optional<Snapshot> snapshot() {
    return snapshot;
  }

  /** What stands between what is served and what the store has; empty if nothing does. */
  String trouble() {
    return trouble;
  }

  /** How many rows of what is served can't be used. Safe to ask from any thread. */
  long skippedCount() {
    return skippedCount;
  }

  boolean isOf(Layer.Kind kind) {
    return told.layer().kind() == kind;
  }

  /** Whether what is served is what the store last said it has. */
  boolean isCurrent() {
    return snapshot.isPresent()
        && told.problem().isEmpty()
        && !stale
        && told.fingerprint().equals(servedFingerprint)
        && told.revision() <= snapshot.get().revision();
  }

  /** Whether the first publication waits for it: it can be read, and has not been. */
  boolean isAwaited() {
    return snapshot.isEmpty() && told.problem().isEmpty();
  }

  /**
   * Takes note of what the store says of it.
   *
   * @return whether there is a new snapshot: versions that are kept come and go
   */
  boolean tell(LayerState state) {
    told = state;
    if (state.problem().isPresent()) {
      if (trouble(state.problem().get())) {
        recorder.failed();
      }
    } else if (isCurrent()) {
      noTrouble();
      failedFingerprint = "";
      Snapshot before = snapshot.orElseThrow();
      if (!before.layer().equals(state.layer())) {
        snapshot =
            Optional.of(
                new Snapshot(
                    state.layer(),
                    before.index(),
                    before.generation(),
                    before.revision(),
                    before.loadTime()));
        return true;
      }
    }
    return false;
  }

  /** Takes note that the store does not list it any more although somebody else keeps it. */
  void tellVanished() {
    tell(
        new LayerState(
            told.layer(),
            told.fingerprint(),
            told.acceptedFingerprint(),
            Optional.of(
                "its table is not there any more, or may not be read; what it held is served on")));
  }

  /**
   * Whether it should be loaded now.
   *
   * @param held how much is held of all layers, in bytes
   */
  boolean isDue(long held) {
    if (loading || isCurrent() || told.problem().isPresent()) {
      return false;
    }
    if (isOf(Layer.Kind.ZONES)
        && snapshot.isPresent()
        && !stale
        && told.fingerprint().equals(servedFingerprint)) {
      // What changed since is put over it.
      return false;
    }
    if (!told.fingerprint().equals(failedFingerprint)) {
      return true;
    }
    return switch (awaited) {
      case TIME -> backoff.remaining().isZero();
      case ACCEPTANCE -> isAccepted(told);
      case ROOM -> held < LESS * heldWithoutRoom;
    };
  }

  /** Whether what the store last said is not tried again unless something else changes. */
  boolean isGivenUp() {
    return !loading && awaited != Awaited.TIME && told.fingerprint().equals(failedFingerprint);
  }

  /** How long until it should be tried again; nothing if it is not waiting for that. */
  Optional<Duration> retryDelay() {
    boolean waits = !loading && awaited == Awaited.TIME && !isCurrent() && told.problem().isEmpty();
    return waits ? Optional.of(backoff.remaining()) : Optional.empty();
  }

  /** A load has begun. */
  void begin() {
    loading = true;
    loadingStale = false;
    loadingFingerprint = told.fingerprint();
  }

  /**
   * A load has ended well.
   *
   * @return whether there is a new snapshot
   */
  boolean finish(Loaded loaded) {
    loading = false;
    LayerState state = loaded.content().state();
    if (shrinksTooMuch(loaded) && !isAccepted(state)) {
      refuse(loaded);
      return false;
    }
    Snapshot next =
        new Snapshot(
            state.layer(),
            loaded.index(),
            nextGeneration(),
            loaded.content().revision(),
            loaded.startTime());
    stale = loadingStale;
    sinceCompaction = Optional.empty();
    boolean isNews = snapshot.filter(before -> before.layer().equals(next.layer())).isEmpty();
    snapshot = Optional.of(next);
    servedFingerprint = state.fingerprint();
    failedFingerprint = "";
    awaited = Awaited.TIME;
    backoff.succeeded();
    noTrouble();
    log.atLevel(isNews ? Level.INFO : Level.DEBUG)
        .log(
            "Layer {}: {} areas with {} vertices, loaded in {} ms",
            describe(state.layer()),
            loaded.index().size(),
            loaded.index().vertices(),
            (System.nanoTime() - loaded.startNanos()) / 1_000_000);
    reportSkipped(loaded);
    return true;
  }

  /** Takes note that it must be read as a whole. */
  void readAnew() {
    stale = true;
    loadingStale = loading;
  }

  /** Whether changes can be put over what is served. */
  boolean canBeChanged() {
    return isOf(Layer.Kind.ZONES) && snapshot.isPresent() && !stale;
  }

  /**
   * Puts changes over what is served.
   *
   * @param changes of any collection, in their order
   * @param revision up to which it is up to date then
   */
  void apply(List<ZoneChange> changes, long revision) {
    Snapshot before = snapshot.orElseThrow();
    List<ZoneChange> news =
        changes.stream()
            .filter(change ->
                change.key().collection().equals(name) && change.revision() > before.revision())
            .toList();
    sinceCompaction =
        sinceCompaction.map(earlier -> Stream.concat(earlier.stream(), news.stream()).toList());
    snapshot =
        Optional.of(
            new Snapshot(
                before.layer(),
                news.isEmpty() ? before.index() : changed(before.index(), news),
                news.isEmpty() ? before.generation() : nextGeneration(),
                revision,
                Instant.now()));
  }

  private AreaIndex changed(AreaIndex index, List<ZoneChange> changes) {
    Map<String, ZoneChange> last = new LinkedHashMap<>();
    changes.forEach(change -> last.put(change.key().id(), change));
    AreaIndex.Builder put = AreaIndex.builder().clearanceMetres(index.clearanceMetres());
    Set<String> removed = new HashSet<>();
    last.forEach((id, change) -> {
      removed.add(id);
      change
          .zone()
          .ifPresent(zone ->
              zone.outline()
                  .ifPresentOrElse(
                      outline -> put.add(zone.area(), outline),
                      () ->
                          log.warn(
                              "Layer {}: the zone {} has no outline and is left out", name, id)));
    });
    return index.with(put, removed);
  }

  /** Whether its index is being built anew. */
  boolean isCompacting() {
    return sinceCompaction.isPresent();
  }

  /** Its index is being built anew from now on; {@link #endCompaction} has to follow. */
  void beginCompaction() {
    sinceCompaction = Optional.of(List.of());
  }

  /**
   * Its index has been built anew.
   *
   * @return whether there is a new snapshot; none if it was read as a whole meanwhile
   */
  boolean endCompaction(AreaIndex compacted) {
    if (sinceCompaction.isEmpty()) {
      return false;
    }
    List<ZoneChange> missed = sinceCompaction.get();
    sinceCompaction = Optional.empty();
    Snapshot before = snapshot.orElseThrow();
    snapshot =
        Optional.of(
            new Snapshot(
                before.layer(),
                missed.isEmpty() ? compacted : changed(compacted, missed),
                before.generation(),
                before.revision(),
                before.loadTime()));
    return true;
  }

  /** The snapshot of the last load can be asked now. */
  void published(long startNanos) {
    recorder.succeeded(System.nanoTime() - startNanos);
  }

  /** A load has failed. */
  void fail(Throwable failure) {
    loading = false;
    awaited = Awaited.TIME;
    if (failure instanceof NoRoomException e && waitsForRoom(e)) {
      awaited = Awaited.ROOM;
      heldWithoutRoom = e.held();
    }
    failedFingerprint = loadingFingerprint;
    backoff.failed();
    recorder.failed();
    boolean known = failure instanceof StoreException || failure instanceof NoRoomException;
    String reason = known ? String.valueOf(failure.getMessage()) : failure.toString();
    if (trouble(reason) && !known) {
      log.warn("Layer {}: this was not foreseen", name, failure);
    } else {
      log.debug("Layer {} could not be loaded", name, failure);
    }
  }

  /** Zones may be deleted, of which their fingerprint tells nothing. */
  private boolean waitsForRoom(NoRoomException failure) {
    return !failure.isPassing() && !isOf(Layer.Kind.ZONES);
  }

  private boolean shrinksTooMuch(Loaded loaded) {
    return loaded.content().state().layer().kind() == Layer.Kind.TABLE
        && snapshot
            .filter(before -> before.layer().kind() == Layer.Kind.TABLE)
            .map(before -> loaded.index().size() < before.index().size() - loaded.index().size())
            .orElse(false);
  }

  private static boolean isAccepted(LayerState state) {
    return state.acceptedFingerprint().filter(state.fingerprint()::equals).isPresent();
  }

  private void refuse(Loaded loaded) {
    awaited = Awaited.ACCEPTANCE;
    failedFingerprint = loaded.content().state().fingerprint();
    recorder.refused();
    trouble(
        "it has shrunk from "
            + snapshot.map(before -> before.index().size()).orElse(0)
            + " to "
            + loaded.index().size()
            + " areas, and what it held is served on. If that is right: geosearch datasets accept "
            + name);
  }

  private long nextGeneration() {
    long now = System.currentTimeMillis();
    return snapshot.map(before -> Math.max(before.generation() + 1, now)).orElse(now);
  }

  private void reportSkipped(Loaded loaded) {
    long count = loaded.content().skipped();
    if (count == skippedCount && loaded.skippedRows().equals(skippedRows)) {
      return;
    }
    skippedCount = count;
    skippedRows = loaded.skippedRows();
    if (count == 0) {
      log.info("Layer {}: all rows can be used now", name);
    } else {
      log.warn(
          "Layer {}: {} rows can't be used and are left out: {}{}",
          name,
          count,
          String.join("; ", skippedRows),
          count > skippedRows.size() ? "; and more" : "");
    }
  }

  /** Returns whether it is news. */
  private boolean trouble(String reason) {
    if (reason.equals(trouble)) {
      return false;
    }
    trouble = reason;
    log.warn("Layer {} is not up to date: {}", name, reason);
    return true;
  }

  private void noTrouble() {
    if (!trouble.isEmpty()) {
      trouble = "";
      log.info("Layer {} is up to date again", name);
    }
  }

  private static String describe(Layer layer) {
    return layer.version().isEmpty() ? layer.name() : layer.name() + " version " + layer.version();
  }
}
