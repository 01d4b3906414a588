package geosearch.load;

import geosearch.config.ImportConfig;
import geosearch.store.Store;
import geosearch.store.StoreException;
import java.util.Optional;

/** Imports files of GeoJSON as one new version of a layer. Safe for use by several threads. */
public final class Importer {

  /** Is told how far an import has come. */
  @FunctionalInterface
  public interface Progress {

    /**
     * Called a few times a second, and at the end of the files, by one thread; numbers only grow.
     * What it throws ends the import, with nothing changed.
     *
     * @param bytesRead of all files as they are sent, packed where they are packed
     * @param features how many have been dealt with
     */
    void update(long bytesRead, long features);
  }

  private final ImportConfig config;

  public Importer(ImportConfig config) {
    this.config = config;
  }

  /**
   * Imports files as one new version of a layer, in one transaction. An interrupt of the calling
   * thread ends it, with nothing changed and the thread's mark set again.
   *
   * @param sources the files, at least one; the next is asked for and opened when the one before
   *     has been read to its end
   * @throws ImportRefusedException if the files can't be used or read, or the store refuses what is
   *     in them; nothing has changed
   * @throws StoreException if the store fails; nothing has changed
   */
  public ImportReport run(
      ImportRequest request, Iterable<ImportSource> sources, Store store, Progress progress)
      throws ImportRefusedException {
    Optional<String> readOnly = store.readOnlyReason();
    if (readOnly.isPresent()) {
      throw new StoreException(
          StoreException.Kind.READ_ONLY, "nothing can be imported: " + readOnly.get());
    }
    ImportLimits limits = ImportLimits.of(config, Runtime.getRuntime().maxMemory());
    try (ImportRun run = new ImportRun(request, limits, store, progress)) {
      return run.run(sources);
    } catch (StoreException e) {
      if (e.kind() == StoreException.Kind.FULL) {
        throw new StoreException(
            e.kind(),
            "nothing was imported into the %s: %s".formatted(store.description(), e.getMessage()),
            e);
      }
      throw e;
    }
  }
}
