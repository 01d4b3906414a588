package geosearch.cli;

import geosearch.config.ImportConfig;
import geosearch.load.ImportRefusedException;
import geosearch.load.ImportReport;
import geosearch.load.ImportRequest;
import geosearch.load.ImportSource;
import geosearch.load.Importer;
import geosearch.store.AreaSink;
import geosearch.store.Dataset;
import geosearch.store.Store;
import java.util.List;

/** Administers a store that this process has opened, and closes it. */
final class LocalAdministration implements Administration {

  private final Store store;
  private final Importer importer;

  LocalAdministration(Store store, ImportConfig config) {
    this.store = store;
    this.importer = new Importer(config);
  }

  @Override
  public String description() {
    return store.description();
  }

  @Override
  public ImportReport importFiles(
      ImportRequest request, List<ImportSource> sources, Importer.Progress progress)
      throws ImportRefusedException {
    return importer.run(request, sources, store, progress);
  }

  @Override
  public void export(String layer, AreaSink sink) {
    store.read(layer, sink);
  }

  @Override
  public List<Dataset> list() {
    return store.datasets().list();
  }

  @Override
  public Dataset activate(String layer, long version) {
    return store.datasets().activate(layer, version);
  }

  @Override
  public void delete(String layer, long version) {
    store.datasets().delete(layer, version);
  }

  @Override
  public void deleteLayer(String layer) {
    store.datasets().deleteLayer(layer);
  }

  @Override
  public Dataset keep(String layer, long version, boolean keep) {
    return store.datasets().keep(layer, version, keep);
  }

  @Override
  public void accept(String layer) {
    store.datasets().accept(layer);
  }

  @Override
  public void acceptStore() {
    store.accept();
  }

  @Override
  public void close() {
    store.close();
  }
}
