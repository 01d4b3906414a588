package geosearch.store;

import geosearch.geo.AreaIndex;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongPredicate;

/**
 * A store in a file of its own, for a server without a database. The file has one owner: who else
 * wants to write asks the server that has it open.
 */
public final class EmbeddedStore implements Store {

  private final Path folder;
  private final EmbeddedFile file;
  private final EmbeddedDatasets datasets;
  private final EmbeddedZones zones;
  private final Map<Listening, Listener> listeners = new ConcurrentHashMap<>();

  private record Listener(Runnable onChange, Runnable onZoneChange) {}

  private EmbeddedStore(Path folder, EmbeddedFile file, ZoneLimits limits, InstantSource clock) {
    this.folder = folder;
    this.file = file;
    this.datasets = new EmbeddedDatasets(file, folder, this::changed);
    this.zones = new EmbeddedZones(file, limits, clock, this::zonesChanged);
  }

  /**
   * Opens the store in a folder. What is missing of the folder and the store is created, for its
   * owner alone.
   *
   * @param maxZones how many zones it may hold
   * @throws StoreException of kind REFUSED if another process has it open, or this one; CORRUPT if
   *     its file is damaged or of another version; UNAVAILABLE if it can't be read or written;
   *     MISMATCH if the folder shows that another store was there, or a later state
   */
  public static EmbeddedStore open(Path folder, int maxZones) {
    return open(folder, ZoneLimits.of(maxZones));
  }

  /**
   * As {@link #open(Path, int)}.
   *
   * @param limits how many zones and collections it may hold, and for how long their past is kept
   */
  public static EmbeddedStore open(Path folder, ZoneLimits limits) {
    return open(folder, "", limits);
  }

  /**
   * Opens the store as {@link #open(Path, ZoneLimits)} does.
   *
   * @param identity of the only store to use, or empty for any
   */
  public static EmbeddedStore open(Path folder, String identity, ZoneLimits limits) {
    return open(folder, identity, limits, InstantSource.system());
  }

  /** Opens the store with a clock of the caller's. */
  static EmbeddedStore open(Path folder, String identity, ZoneLimits limits, InstantSource clock) {
    Path absolute = folder.toAbsolutePath().normalize();
    EmbeddedFile file = EmbeddedFile.open(absolute, identity, false);
    try {
      return new EmbeddedStore(absolute, file, limits, clock);
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /**
   * Makes a new store that holds the same as another one, if there is none in the folder yet and
   * any may be used.
   *
   * @param identity of the only store to use, or empty for any
   * @param template the folder of the other one, which nobody has open
   * @throws StoreException of kind REFUSED if there is no store either; CORRUPT if that is damaged
   *     or of a newer version; UNAVAILABLE if it can't be copied
   */
  public static void begin(Path folder, String identity, Path template) {
    if (identity.isEmpty()) {
      EmbeddedFolder.copy(
          template.toAbsolutePath().normalize(), folder.toAbsolutePath().normalize());
    }
  }

  /**
   * Lets the next one that opens the store in a folder use what is there now, whatever was there
   * before. A store that is there keeps all that it holds; if there is none, one is created.
   *
   * @param identity of the only store to use, or empty for any
   * @throws StoreException as {@link #open} does
   */
  public static void accept(Path folder, String identity) {
    EmbeddedFile.open(folder, identity, true).close();
  }

  @Override
  public String description() {
    return "embedded store in " + folder;
  }

  @Override
  public Optional<String> readOnlyReason() {
    return Optional.empty();
  }

  @Override
  public List<LayerState> layers() {
    List<LayerState> layers = new ArrayList<>(datasets.states());
    layers.addAll(zones.states());
    return layers;
  }

  @Override
  public LayerContent read(String layer, AreaSink sink) {
    return zones.isCollection(layer) ? zones.read(layer, sink) : datasets.read(layer, sink);
  }

  @Override
  public Optional<KeptIndex> keptIndex(String layer, LongPredicate fits) {
    return datasets.keptIndex(layer, fits);
  }

  @Override
  public void keepIndex(LayerContent content, AreaIndex index) {
    datasets.keepIndex(content, index);
  }

  @Override
  public long acceptances() {
    return file.acceptances();
  }

  @Override
  public void accept() {
    file.accept();
    changed();
  }

  @Override
  public Datasets datasets() {
    return datasets;
  }

  @Override
  public Zones zones() {
    return zones;
  }

  @Override
  public Listening listen(Runnable onChange, Runnable onZoneChange) {
    Listening listening =
        new Listening() {
          @Override
          public boolean isComplete() {
            return true; // nobody else has the file open
          }

          @Override
          public void close() {
            listeners.remove(this);
          }
        };
    listeners.put(listening, new Listener(onChange, onZoneChange));
    return listening;
  }

  private void changed() {
    listeners.values().forEach(listener -> listener.onChange().run());
  }

  private void zonesChanged() {
    listeners.values().forEach(listener -> listener.onZoneChange().run());
  }

  @Override
  public void close() {
    file.close();
  }
}
