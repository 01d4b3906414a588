package geosearch.rpc;

import geosearch.atlas.Snapshot;
import geosearch.v1.LocateOptions;
import java.util.List;

/** The areas of the layers that a call asks about, without their outlines, as it wants them. */
final class AreaParts {

  private final List<Snapshot> snapshots;
  private final LocateOptions options;
  private final KeptAreas.OfSnapshot[] kept;

  /**
   * @param snapshots the layers that are asked about
   * @param options say which attributes to send
   * @param areas those that are kept
   */
  AreaParts(List<Snapshot> snapshots, LocateOptions options, KeptAreas areas) {
    this.snapshots = snapshots;
    this.options = options;
    this.kept = new KeptAreas.OfSnapshot[snapshots.size()];
    for (int layer = 0; layer < kept.length; layer++) {
      kept[layer] = areas.of(snapshots.get(layer));
    }
  }

  /**
   * An area as a message of {@link geosearch.v1.Area}, not to be written to.
   *
   * @param layer which of the layers that are asked about
   */
  byte[] bytes(int layer, int ordinal) {
    return options.hasAttributes()
        ? AreaMessages.area(snapshots.get(layer), ordinal, false, options.getAttributes())
            .toByteArray()
        : kept[layer].bytes(ordinal);
  }

  /**
   * Reads the beginning of an area, for it to be near when it is wanted; what it answers says
   * nothing.
   */
  int fetch(int layer, int ordinal) {
    return options.hasAttributes() ? 0 : kept[layer].fetch(ordinal);
  }
}
