package geosearch.rpc;

import geosearch.atlas.Snapshot;
import geosearch.v1.LocateOptions;
import geosearch.v1.LocatedArea;
import geosearch.v1.Match;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Makes messages of areas that were found. For use by one thread. */
final class LocatedAreas {

  /** A power of two. */
  private static final int KEPT = 64;

  private final List<Snapshot> snapshots;
  private final LocateOptions options;
  private final @Nullable LocatedArea[] kept;
  private final long[] keys;

  private LocatedAreas(List<Snapshot> snapshots, LocateOptions options, int kept) {
    this.snapshots = snapshots;
    this.options = options;
    this.kept = new @Nullable LocatedArea[kept];
    this.keys = new long[kept];
  }

  /**
   * For one position.
   *
   * @param snapshots the layers that are asked about
   * @param options say which attributes to send
   */
  static LocatedAreas ofOne(List<Snapshot> snapshots, LocateOptions options) {
    return new LocatedAreas(snapshots, options, 0);
  }

  /**
   * For one position after another, of which the next mostly lies in the same area: some messages
   * are kept.
   *
   * @param snapshots the layers that are asked about
   * @param options say which attributes to send
   */
  static LocatedAreas ofMany(List<Snapshot> snapshots, LocateOptions options) {
    return new LocatedAreas(snapshots, options, KEPT);
  }

  /** Gives the message of each area. */
  void forEach(FoundAreas found, Consumer<LocatedArea> consumer) {
    for (int i = 0; i < found.count(); i++) {
      consumer.accept(message(found, i));
    }
  }

  private LocatedArea message(FoundAreas found, int i) {
    if (!Double.isNaN(found.distance(i))) {
      return make(found, i).setDistanceM(found.distance(i)).build();
    }
    if (kept.length == 0) {
      return make(found, i).build();
    }
    boolean border = found.match(i) == Match.MATCH_BORDER;
    long key = (long) found.layer(i) << 33 | (long) found.ordinal(i) << 1 | (border ? 1 : 0);
    int slot = (int) (key ^ key >>> 33) & (KEPT - 1);
    LocatedArea message = kept[slot];
    if (message == null || keys[slot] != key) {
      message = make(found, i).build();
      kept[slot] = message;
      keys[slot] = key;
    }
    return message;
  }

  private LocatedArea.Builder make(FoundAreas found, int i) {
    return LocatedArea.newBuilder()
        .setArea(
            AreaMessages.area(
                snapshots.get(found.layer(i)),
                found.ordinal(i),
                !options.hasAttributes(),
                options.getAttributes()))
        .setMatch(found.match(i));
  }
}
