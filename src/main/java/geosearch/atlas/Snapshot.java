package geosearch.atlas;

import geosearch.geo.AreaIndex;
import geosearch.geo.Layer;
import java.time.Instant;
import java.util.Optional;

/**
 * A layer's areas as they were at one moment. Immutable.
 *
 * @param layer what is known of the layer
 * @param index its areas
 * @param generation grows with every snapshot that this server publishes of the layer, and over
 *     restarts as well, as far as the clock does: it starts from the time in milliseconds; 0 of a
 *     state that was asked for and is not what is served
 * @param revision up to which change of zones the store had been read, in the order of the commits;
 *     0 where the layer has no zones
 * @param loadTime when the store was read
 * @param past what is known beside the present state; nothing if that alone is
 */
public record Snapshot(
    Layer layer,
    AreaIndex index,
    long generation,
    long revision,
    Instant loadTime,
    Optional<Past> past) {

  /**
   * That the index has every state that areas were in, not the present one alone.
   *
   * @param begin from when on
   * @param lastChange of an area that is known; at every moment before it nothing can change any
   *     more
   */
  public record Past(Instant begin, Instant lastChange) {}

  /** The present state alone. */
  public Snapshot(Layer layer, AreaIndex index, long generation, long revision, Instant loadTime) {
    this(layer, index, generation, revision, loadTime, Optional.empty());
  }

  /**
   * Whether it knows the states of zones that it takes to answer as of a moment.
   *
   * @param served the present state
   */
  public boolean knows(Instant moment, Snapshot served) {
    return past.filter(known -> revision >= served.revision || moment.isBefore(known.lastChange))
        .isPresent();
  }
}
