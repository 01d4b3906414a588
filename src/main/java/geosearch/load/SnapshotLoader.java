package geosearch.load;

import geosearch.geo.Area;
import geosearch.geo.AreaIndex;
import geosearch.geo.Layer;
import geosearch.store.AreaSink;
import geosearch.store.LayerContent;
import geosearch.store.Store;
import geosearch.store.StoreException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.locationtech.jts.geom.Geometry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads one state of a layer into an index. Safe for use by several threads. */
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

  private final BooleanSupplier cancelled;
  private final long mostVertices;

  /**
   * @param cancelled is asked at each row whether to give up
   * @param mostVertices what has more is refused as soon as that shows
   */
  SnapshotLoader(BooleanSupplier cancelled, long mostVertices) {
    this.cancelled = cancelled;
    this.mostVertices = mostVertices;
  }

  /**
   * Reads a layer.
   *
   * @param room what that may take
   * @param reading gives the areas to a sink
   * @throws StoreException if the store fails; REFUSED if there are too many vertices
   * @throws NoRoomException if it would take more
   * @throws CancellationException if it was cancelled
   */
  Loaded load(HeapRoom.Load room, Function<AreaSink, LayerContent> reading) {
    Instant startTime = Instant.now();
    long startNanos = System.nanoTime();
    Rows rows = new Rows(room);
    LayerContent content = reading.apply(rows);
    return new Loaded(
        content, rows.builder.build(), List.copyOf(rows.skipped), startTime, startNanos);
  }

  /**
   * Takes the index of a layer that the store has written down, or reads the layer.
   *
   * @param room what either may take
   * @throws StoreException if the store fails
   * @throws NoRoomException if reading it would take more
   * @throws CancellationException if it was cancelled
   */
  Loaded load(Store store, String layer, HeapRoom.Load room) {
    Instant startTime = Instant.now();
    long startNanos = System.nanoTime();
    return store
        .keptIndex(layer, room::take)
        .map(kept -> new Loaded(kept.content(), kept.index(), List.of(), startTime, startNanos))
        .orElseGet(() -> {
          room.close(); // a file that can't be used was counted
          return load(room, sink -> store.read(layer, sink));
        });
  }

  /** Lets the store write the index of a layer down for the next start. */
  static void keep(Store store, Loaded loaded) {
    if (loaded.content().state().layer().kind() == Layer.Kind.DATASET) {
      try {
        store.keepIndex(loaded.content(), loaded.index());
      } catch (StoreException e) {
        log.debug("The index of {} is not kept", loaded.content().state().layer().name(), e);
      }
    }
  }

  /** Gathers areas for an index, for readings that come to something else. */
  Rows rows(HeapRoom.Load room) {
    return new Rows(room);
  }

  /** What is read. */
  final class Rows implements AreaSink {
    final AreaIndex.Builder builder = AreaIndex.builder();
    private final List<String> skipped = new ArrayList<>();
    private final HeapRoom.Load room;
    private long vertices;

    private Rows(HeapRoom.Load room) {
      this.room = room;
    }

    @Override
    public void accept(Area area, Geometry outline) {
      if (cancelled.getAsBoolean()) {
        throw new CancellationException();
      }
      int points = outline.getNumPoints();
      vertices += points;
      if (vertices > mostVertices) {
        throw new StoreException(
            StoreException.Kind.REFUSED, "it has more than " + mostVertices + " vertices");
      }
      room.add(area, points);
      builder.add(area, outline);
    }

    @Override
    public void skip(String id, String reason) {
      if (skipped.size() < NAMED_ROWS) {
        skipped.add((id.isEmpty() ? "a row without id" : id) + ": " + reason);
      }
    }
  }
}
