package geosearch.store;

import geosearch.geo.AreaIndex;
import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;

/**
 * Where the truth lies: PostGIS, or the embedded store.
 *
 * <p>Every method may wait for a disk or a network, and throws {@link StoreException}. Safe for use
 * by several threads.
 */
public interface Store extends AutoCloseable {

  /**
   * The collection of zones, a layer as all collections are, to which the rows of the original's
   * table `thing` belong too.
   */
  String ZONE_LAYER = "thing";

  /** What and where it is, for people; without secrets. */
  String description();

  /** Why it can't be written to, or nothing where it can. */
  Optional<String> readOnlyReason();

  /**
   * The layers that there are, each with what differs after every committed change ({@link
   * LayerState#fingerprint}, {@link LayerState#revision}), and those of the settings whose table
   * can't be read just now ({@link LayerState#problem}). Cheap enough to ask twice a second.
   */
  List<LayerState> layers();

  /**
   * Reads one layer in one read-only transaction.
   *
   * @param sink is given every area, in no order
   * @return what was read: its fingerprint is that of the very state that the sink was given
   * @throws StoreException of kind NOT_FOUND if there is no such layer (any more)
   */
  LayerContent read(String layer, AreaSink sink);

  /**
   * The index of an imported layer's active version, if {@link #keepIndex} has written it down: it
   * is there in a small part of the time that reading and indexing takes.
   *
   * @param fits is asked before it is read whether there is room for so many bytes; without, there
   *     is no index
   */
  default Optional<KeptIndex> keptIndex(String layer, LongPredicate fits) {
    return Optional.empty();
  }

  /**
   * Writes the index of an imported layer down, if that is done here. Where it can't be, the log
   * says so.
   *
   * @param content what was read
   * @param index of nothing else
   */
  default void keepIndex(LayerContent content, AreaIndex index) {}

  /**
   * Returns how often another store, or an older state, was accepted in place of the one before.
   * When that changes, nothing that was read earlier says anything about what is there now.
   */
  default long acceptances() {
    return 0;
  }

  /**
   * Lets every process that uses this store take what is there now in place of what it has used.
   * Nothing else in the store changes. Until then their calls fail with kind MISMATCH if another
   * store, or an older state, lies where theirs was.
   */
  void accept();

  /** The imported versions of layers. */
  Datasets datasets();

  /** The zones. */
  Zones zones();

  /**
   * Calls back whenever something may have changed, by this process or another, as soon as that is
   * known. Notices may be lost or superfluous: {@link #layers} tells the truth.
   *
   * @param onChange must not block
   */
  default Listening listen(Runnable onChange) {
    return listen(onChange, onChange);
  }

  /**
   * As {@link #listen(Runnable)}, with a call of its own for what changes nothing but zones.
   *
   * @param onChange must not block
   * @param onZoneChange must not block
   */
  Listening listen(Runnable onChange, Runnable onZoneChange);

  @Override
  void close();

  /** Ends a listening. */
  interface Listening extends AutoCloseable {

    /** Whether no notice is ever lost: then there is no need to look for what none told of. */
    default boolean isComplete() {
      return false;
    }

    @Override
    void close();
  }
}
