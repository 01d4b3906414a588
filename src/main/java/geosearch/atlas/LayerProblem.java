package geosearch.atlas;

/** Why a layer does not follow the store. */
public enum LayerProblem {
  /** The store is another one than the layer was read from, or an earlier state of it. */
  STORE_MISMATCH
}
