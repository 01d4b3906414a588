package geosearch.store;

import java.util.List;

/** The imported versions of layers. All methods throw {@link StoreException}. */
public interface Datasets {

  /**
   * How many versions of a layer stay, the active one included; those marked to be kept do not
   * count.
   */
  int KEPT_VERSIONS = 3;

  /** All of them, by layer and from new to old. */
  List<Dataset> list();

  /**
   * Reads one version of a layer, the active one or another, in one read-only transaction.
   *
   * @param sink is given every area, in no order
   * @return what was read, as {@link Store#read} does of the active one
   * @throws StoreException of kind NOT_FOUND if there is no such version (any more)
   */
  LayerContent read(String layer, long version, AreaSink sink);

  /**
   * Begins the import of a new version, in one transaction that readers see nothing of before its
   * commit. REFUSED for {@link Store#ZONE_LAYER}, and while another import of the layer is under
   * way.
   */
  DatasetWriter begin(String layer);

  /** Makes a version the one that is served. */
  Dataset activate(String layer, long version);

  /** Deletes a version; REFUSED for the active one. */
  void delete(String layer, long version);

  /**
   * Deletes all versions of a layer, the active one and those to be kept included, in one change
   * that readers see whole. Their numbers are not used again. An import of the layer that is under
   * way can't be committed any more. NOT_FOUND if there is none.
   */
  void deleteLayer(String layer);

  /** Marks a version to be kept, or takes the mark off. */
  Dataset keep(String layer, long version, boolean keep);

  /**
   * Lets the present state of a user's own table be served although it has shrunk by more than
   * half. NOT_FOUND if no such layer is read from a table.
   */
  void accept(String layer);
}
