package geosearch.load;

import geosearch.geo.Area;
import geosearch.store.AreaSink;
import geosearch.store.Dataset;
import geosearch.store.DatasetWriter;
import geosearch.store.Datasets;
import geosearch.store.LayerContent;
import geosearch.store.LayerState;
import geosearch.store.Store;
import geosearch.store.StoreException;
import geosearch.store.Zones;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.locationtech.jts.geom.Geometry;

/** A store that takes one import and remembers what it was given. */
final class RecordingStore implements Store {

  /** What was given to the writer, in order. */
  final List<Added> added = new ArrayList<>();

  Optional<String> readOnlyReason = Optional.empty();
  Optional<StoreException> failAtCommit = Optional.empty();
  Runnable onAdd = () -> {};
  boolean begun;
  boolean committed;
  boolean closed;
  boolean forced;
  boolean writerInterrupted;

  record Added(long featureNumber, Area area, Geometry outline) {}

  /** Whether nothing of an import can be seen: it was never begun, or it was given up. */
  boolean isUnchanged() {
    return !committed && begun == closed;
  }

  List<String> ids() {
    return added.stream().map(a -> a.area().id()).toList();
  }

  @Override
  public Optional<String> readOnlyReason() {
    return readOnlyReason;
  }

  @Override
  public Datasets datasets() {
    return new RecordingDatasets();
  }

  @Override
  public String description() {
    return "recording";
  }

  @Override
  public void accept() {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<LayerState> layers() {
    return List.of();
  }

  @Override
  public LayerContent read(String layer, AreaSink sink) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Zones zones() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Listening listen(Runnable onChange, Runnable onZoneChange) {
    return () -> {};
  }

  @Override
  public void close() {}

  private final class RecordingDatasets implements Datasets {
    @Override
    public DatasetWriter begin(String layer) {
      begun = true;
      return new Writer(layer);
    }

    @Override
    public List<Dataset> list() {
      return List.of();
    }

    @Override
    public LayerContent read(String layer, long version, AreaSink sink) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Dataset activate(String layer, long version) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void delete(String layer, long version) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void deleteLayer(String layer) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Dataset keep(String layer, long version, boolean keep) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void accept(String layer) {
      throw new UnsupportedOperationException();
    }
  }

  private final class Writer implements DatasetWriter {
    private final String layer;
    private final Thread thread = Thread.currentThread();

    Writer(String layer) {
      this.layer = layer;
    }

    @Override
    public void add(long featureNumber, Area area, Geometry outline) {
      checkThread();
      onAdd.run();
      writerInterrupted |= Thread.currentThread().isInterrupted();
      added.add(new Added(featureNumber, area, outline));
    }

    @Override
    public Dataset commit(Provenance p, boolean force) {
      checkThread();
      if (failAtCommit.isPresent()) {
        throw failAtCommit.get();
      }
      committed = true;
      forced = force;
      long vertices = added.stream().mapToLong(a -> a.outline().getNumPoints()).sum();
      return new Dataset(
          layer,
          1,
          p.source(),
          Instant.EPOCH,
          added.size(),
          vertices,
          p.repaired(),
          p.skipped(),
          p.checksum(),
          p.attribution(),
          p.accuracyMetres(),
          true,
          false);
    }

    @Override
    public void close() {
      checkThread();
      closed = true;
    }

    private void checkThread() {
      if (Thread.currentThread() != thread) {
        throw new IllegalStateException("used by two threads");
      }
    }
  }
}
