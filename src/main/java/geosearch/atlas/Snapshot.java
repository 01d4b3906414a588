package geosearch.atlas;

import geosearch.geo.AreaIndex;
import geosearch.geo.Layer;
import java.time.Instant;

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
 */
public record Snapshot(
    Layer layer, AreaIndex index, long generation, long revision, Instant loadTime) {}
