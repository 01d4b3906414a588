package geosearch.rpc;

import geosearch.atlas.Snapshot;
import geosearch.metrics.Metrics;
import geosearch.v1.AttributeSelection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What answers about layers take, made once for each state of a layer and not for each call. Safe
 * for use by several threads.
 */
final class AnsweredLayers {

  private record Several(List<Snapshot> snapshots, List<AnsweredLayer> layers) {}

  private final Metrics metrics;
  private final KeptMessages areas =
      new KeptMessages((snapshot, ordinal) ->
          AreaMessages.area(snapshot, ordinal, true, AttributeSelection.getDefaultInstance()));
  private final Map<String, AnsweredLayer> byName = new ConcurrentHashMap<>();

  /** Those that were asked about last: mostly all of a view, again and again. */
  private volatile Several last = new Several(List.of(), List.of());

  AnsweredLayers(Metrics metrics) {
    this.metrics = metrics;
  }

  /** One for each snapshot. */
  @SuppressWarnings("ReferenceEquality") // to look through the snapshots would cost what is saved
  List<AnsweredLayer> of(List<Snapshot> snapshots) {
    Several known = last;
    if (known.snapshots != snapshots) {
      known = new Several(snapshots, snapshots.stream().map(this::of).toList());
      last = known;
    }
    return known.layers;
  }

  @SuppressWarnings("ReferenceEquality") // likewise
  private AnsweredLayer of(Snapshot snapshot) {
    AnsweredLayer known = byName.get(snapshot.layer().name());
    if (known == null || known.snapshot() != snapshot) {
      known =
          new AnsweredLayer(snapshot, metrics.lookups(snapshot.layer().name()), areas.of(snapshot));
      if (snapshot.generation() != 0) {
        byName.put(snapshot.layer().name(), known);
      }
    }
    return known;
  }
}
