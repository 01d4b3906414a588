package geosearch.store;

import geosearch.geo.AreaIndex;

/**
 * A layer's index that was written down.
 *
 * @param content as if it had been read
 * @param index its areas
 */
public record KeptIndex(LayerContent content, AreaIndex index) {}
