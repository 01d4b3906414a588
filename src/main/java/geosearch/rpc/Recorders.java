package geosearch.rpc;

import geosearch.atlas.Snapshot;
import geosearch.metrics.Metrics;
import geosearch.metrics.Metrics.LookupRecorder;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Where look-ups are recorded, by layer. Safe for use by several threads. */
final class Recorders {

  private final Metrics metrics;
  private final Map<String, LookupRecorder> byLayer = new ConcurrentHashMap<>();

  Recorders(Metrics metrics) {
    this.metrics = metrics;
  }

  /** One for each layer. */
  List<LookupRecorder> of(List<Snapshot> snapshots) {
    LookupRecorder[] recorders = new LookupRecorder[snapshots.size()];
    for (int i = 0; i < recorders.length; i++) {
      recorders[i] = byLayer.computeIfAbsent(snapshots.get(i).layer().name(), metrics::lookups);
    }
    return List.of(recorders);
  }
}
