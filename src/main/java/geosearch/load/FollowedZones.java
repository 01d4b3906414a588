package geosearch.load;

import geosearch.atlas.Snapshot;
import geosearch.geo.AreaIndex;
import geosearch.store.Store;
import geosearch.store.StoreException;
import geosearch.store.ZoneChange;
import geosearch.store.ZoneChanges;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the collections of zones that have been read up to date by reading what has changed since,
 * which costs the same however many zones there are.
 *
 * <p>Each change makes the index of its collection a little slower, so that the whole is built anew
 * after some hundreds, beside the follower; changes that come meanwhile are put over both. Where
 * there is no room for that, it waits until there is.
 *
 * <p>Confined to the follower's thread.
 */
final class FollowedZones {

  private static final Logger log = LoggerFactory.getLogger(FollowedZones.class);

  /** How many changes are read at once. */
  private static final int PAGE = 1000;

  /** From how many areas over its base on an index is built anew at the earliest. */
  private static final int OVERLAID = 500;

  /**
   * The larger an index is, the more changes there are between one building and the next, so that
   * what a change costs does not grow with it.
   */
  private static final int OVERLAID_PART = 6;

  private final Store store;
  private final HeapRoom room;
  private final Executor beside;
  private final Consumer<Runnable> onEnd;

  /**
   * @param room for building an index anew
   * @param beside builds what takes long
   * @param onEnd is given what is then to be done on the follower's thread
   */
  FollowedZones(Store store, HeapRoom room, Executor beside, Consumer<Runnable> onEnd) {
    this.store = store;
    this.room = room;
    this.beside = beside;
    this.onEnd = onEnd;
  }

  /** What a look at the changes has come to. */
  enum Outcome {
    /** All is as it was. */
    SAME,
    /** There are new snapshots. */
    CHANGED,
    /** There are changes that can't be put over what was read. */
    READ_ANEW
  }

  /**
   * Reads the changes, and puts them over the snapshots.
   *
   * @throws StoreException if they can't be read
   */
  Outcome catchUp(Map<String, FollowedLayer> layers) {
    List<FollowedLayer> followed =
        layers.values().stream().filter(FollowedLayer::canBeChanged).toList();
    if (followed.isEmpty()) {
      return Outcome.SAME;
    }
    try {
      return catchUp(layers.keySet(), followed);
    } catch (StoreException e) {
      if (e.kind() != StoreException.Kind.OUT_OF_RANGE) {
        throw e;
      }
      followed.forEach(FollowedLayer::readAnew);
      return Outcome.READ_ANEW;
    }
  }

  private Outcome catchUp(Collection<String> names, List<FollowedLayer> followed) {
    long revision = followed.stream().mapToLong(FollowedZones::revision).min().orElseThrow();
    Outcome outcome = Outcome.SAME;
    ZoneChanges page;
    do {
      page = store.zones().changes(revision, PAGE, true);
      List<ZoneChange> changes = page.changes();
      for (FollowedLayer layer : followed) {
        if (page.revision() > revision(layer)) {
          layer.apply(changes, page.revision());
          outcome = outcome == Outcome.SAME ? Outcome.CHANGED : outcome;
        }
      }
      if (changes.stream().anyMatch(change -> !names.contains(change.key().collection()))) {
        outcome = Outcome.READ_ANEW;
      }
      revision = page.revision();
    } while (page.more());
    followed.forEach(this::compactIfDue);
    return outcome;
  }

  private static long revision(FollowedLayer layer) {
    return layer.snapshot().map(Snapshot::revision).orElse(0L);
  }

  private void compactIfDue(FollowedLayer layer) {
    AreaIndex index = layer.snapshot().orElseThrow().index();
    boolean due = index.overlaid() >= Math.max(OVERLAID, index.size() / OVERLAID_PART);
    if (!due || layer.isCompacting()) {
      return;
    }
    HeapRoom.Load mine = room.load();
    try {
      mine.add(index);
    } catch (NoRoomException e) {
      mine.close();
      log.debug("Layer {} is not built anew", layer.name(), e);
      return;
    }
    layer.beginCompaction();
    beside.execute(() -> {
      AreaIndex compacted = index.compacted();
      onEnd.accept(() -> {
        layer.endCompaction(compacted);
        mine.close();
      });
    });
  }
}
