package geosearch.rpc;

import geosearch.atlas.Snapshot;
import geosearch.metrics.Metrics.LookupRecorder;
import geosearch.v1.LayerSnapshot;

/** A layer, and what answers about it take. */
final class AnsweredLayer {

  private final Snapshot snapshot;
  private final LookupRecorder recorder;
  private final KeptMessages.OfSnapshot areas;
  private final byte[] state;

  /**
   * @param recorder where look-ups are recorded
   * @param areas as messages of {@link geosearch.v1.Area}, with all of their attributes
   */
  AnsweredLayer(Snapshot snapshot, LookupRecorder recorder, KeptMessages.OfSnapshot areas) {
    this.snapshot = snapshot;
    this.recorder = recorder;
    this.areas = areas;
    LayerSnapshot.Builder message = AreaMessages.state(snapshot, snapshot.loadTime()).toBuilder();
    this.state = message.clearAge().build().toByteArray();
  }

  Snapshot snapshot() {
    return snapshot;
  }

  LookupRecorder recorder() {
    return recorder;
  }

  KeptMessages.OfSnapshot areas() {
    return areas;
  }

  /** A {@link LayerSnapshot} in bytes, but for its age; not to be written to. */
  byte[] state() {
    return state;
  }
}
