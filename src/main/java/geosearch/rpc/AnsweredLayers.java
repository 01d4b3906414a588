package geosearch.rpc;

import geosearch.atlas.Snapshot;
import geosearch.metrics.Metrics;
import geosearch.v1.AttributeSelection;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What answers about layers take, made once for each state of a layer and not for each call. It
 * does not keep what is no longer served in memory, even if nobody asks any more. Safe for use by
 * several threads.
 */
final class AnsweredLayers {

  private record Several(List<Snapshot> snapshots, List<AnsweredLayer> layers) {}

  private final Metrics metrics;
  private final KeptMessages areas =
      new KeptMessages((snapshot, ordinal) ->
          AreaMessages.area(snapshot, ordinal, true, AttributeSelection.getDefaultInstance()));
  private final Map<String, WeakReference<AnsweredLayer>> byName = new ConcurrentHashMap<>();

  /** Those that were asked about last: mostly all of a view, again and again. */
  private volatile WeakReference<Several> last = new WeakReference<>(null);

  AnsweredLayers(Metrics metrics) {
    this.metrics = metrics;
  }

  /** One for each snapshot. */
  @SuppressWarnings("ReferenceEquality") // to look through the snapshots would cost what is saved
  List<AnsweredLayer> of(List<Snapshot> snapshots) {
    Several known = last.get();
    if (known == null || known.snapshots != snapshots) {
      known = new Several(snapshots, snapshots.stream().map(this::of).toList());
      last = new WeakReference<>(known);
    }
    return known.layers;
  }

  @SuppressWarnings("ReferenceEquality") // likewise
  private AnsweredLayer of(Snapshot snapshot) {
    WeakReference<AnsweredLayer> kept = byName.get(snapshot.layer().name());
    AnsweredLayer known = kept == null ? null : kept.get();
    if (known == null || known.snapshot() != snapshot) {
      known =
          new AnsweredLayer(snapshot, metrics.lookups(snapshot.layer().name()), areas.of(snapshot));
      if (snapshot.generation() != 0) {
        byName.put(snapshot.layer().name(), new WeakReference<>(known));
      }
    }
    return known;
  }
}
