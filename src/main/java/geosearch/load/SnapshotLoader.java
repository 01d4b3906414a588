package geosearch.load;

import geosearch.geo.Area;
import geosearch.geo.AreaIndex;
import geosearch.geo.Layer;
import geosearch.store.AreaSink;
import geosearch.store.KeptIndex;
import geosearch.store.LayerContent;
import geosearch.store.Store;
import geosearch.store.StoreException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.locationtech.jts.geom.Geometry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads one layer of the store into an index. Safe for use by several threads. */
final class SnapshotLoader {

  private static final Logger log = LoggerFactory.getLogger(SnapshotLoader.class);

  /** How many of the rows that can't be used are named. */
  static final int NAMED_ROWS = 5;

  /**
   * A layer that was read.
   *
   * @param content what the store said of it
   * @param index its areas
   * @param skippedRows the first rows that can't be used, with the reason of each
   * @param startTime when the reading began
   * @param startNanos the same on the clock of {@link System#nanoTime}
   */
  record Loaded(
      LayerContent content,
      AreaIndex index,
      List<String> skippedRows,
      Instant startTime,
      long startNanos) {}

  private final Store store;
  private final BooleanSupplier cancelled;

  /**
   * @param cancelled is asked at each row whether to give up
   */
  SnapshotLoader(Store store, BooleanSupplier cancelled) {
    this.store = store;
    this.cancelled = cancelled;
  }

  /**
   * Reads a layer.
   *
   * @throws geosearch.store.StoreException if the store fails
   * @throws CancellationException if it was cancelled
   */
  Loaded load(String layer) {
    Instant startTime = Instant.now();
    long startNanos = System.nanoTime();
    Optional<KeptIndex> kept = store.keptIndex(layer);
    if (kept.isPresent()) {
      return new Loaded(kept.get().content(), kept.get().index(), List.of(), startTime, startNanos);
    }
    AreaIndex.Builder builder = AreaIndex.builder();
    List<String> skippedRows = new ArrayList<>();
    LayerContent content =
        store.read(
            layer,
            new AreaSink() {
              @Override
              public void accept(Area area, Geometry outline) {
                if (cancelled.getAsBoolean()) {
                  throw new CancellationException();
                }
                builder.add(area, outline);
              }

              @Override
              public void skip(String id, String reason) {
                if (skippedRows.size() < NAMED_ROWS) {
                  skippedRows.add((id.isEmpty() ? "a row without id" : id) + ": " + reason);
                }
              }
            });
    return new Loaded(content, builder.build(), List.copyOf(skippedRows), startTime, startNanos);
  }

  /** Lets the store write the index of a layer down for the next start. */
  void keep(Loaded loaded) {
    if (loaded.content().state().layer().kind() == Layer.Kind.DATASET) {
      try {
        store.keepIndex(loaded.content(), loaded.index());
      } catch (StoreException e) {
        log.debug("The index of {} is not kept", loaded.content().state().layer().name(), e);
      }
    }
  }
}
