package geosearch.store;

/**
 * What {@link Store#read} has read.
 *
 * @param state the layer's state at the moment of the reading
 * @param revision up to which change of zones; 0 where the layer has no zones
 * @param skipped how many rows could not be used; the sink was told of each
 */
public record LayerContent(LayerState state, long revision, long skipped) {}
