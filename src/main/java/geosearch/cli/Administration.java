package geosearch.cli;

import geosearch.load.ImportRefusedException;
import geosearch.load.ImportReport;
import geosearch.load.ImportRequest;
import geosearch.load.ImportSource;
import geosearch.load.Importer;
import geosearch.store.AreaSink;
import geosearch.store.Dataset;
import java.io.IOException;
import java.util.List;

/**
 * The administration of a store, through the server that owns it or by opening it. Methods throw
 * {@link geosearch.store.StoreException} or {@link CommandException} for what can't be done.
 */
interface Administration extends AutoCloseable {

  /** What is administered, for people. */
  String description();

  /**
   * Imports files as one new version of a layer.
   *
   * @throws ImportRefusedException if they can't be used; nothing has changed
   * @throws IOException if they can't be read; nothing has changed
   */
  ImportReport importFiles(
      ImportRequest request, List<ImportSource> sources, Importer.Progress progress)
      throws ImportRefusedException, IOException, InterruptedException;

  /**
   * Reads a layer as it is at one moment.
   *
   * @param sink is given every area, in no order
   */
  void export(String layer, AreaSink sink);

  /** Every version of every layer, by layer and from new to old. */
  List<Dataset> list();

  /** Makes a version the one that is served. */
  Dataset activate(String layer, long version);

  /** Deletes a version that is not served. */
  void delete(String layer, long version);

  /** Deletes a layer that was imported, with all its versions; it is served no more. */
  void deleteLayer(String layer);

  /** Marks a version to be kept, or takes the mark off. */
  Dataset keep(String layer, long version, boolean keep);

  /** Lets a user's own table be served although it has shrunk by more than half. */
  void accept(String layer);

  /** Lets the store that is there now be used in place of the one that was used before. */
  void acceptStore();

  @Override
  void close();
}
