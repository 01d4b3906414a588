package geosearch.rpc;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import geosearch.atlas.Snapshot;
import geosearch.v1.Area;
import geosearch.v1.AttributeSelection;
import geosearch.v1.BoundingBox;
import geosearch.v1.LayerSnapshot;
import java.time.Instant;
import org.locationtech.jts.geom.Envelope;

/** Areas and layers as messages. */
final class AreaMessages {

  private AreaMessages() {}

  /**
   * An area, without its outline.
   *
   * @param all whether to send all of its attributes, else those of the selection
   */
  static Area area(Snapshot snapshot, int ordinal, boolean all, AttributeSelection selection) {
    geosearch.geo.Area area = snapshot.index().area(ordinal);
    Area.Builder message =
        Area.newBuilder().setLayer(snapshot.layer().name()).setId(area.id()).setName(area.name());
    if (all) {
      message.putAllAttributes(area.attributes());
    } else {
      for (String key : selection.getKeysList()) {
        String value = area.attributes().get(key);
        if (value != null) {
          message.putAttributes(key, value);
        }
      }
    }
    area.validity().start().ifPresent(start -> message.setValidFrom(time(start)));
    area.validity().end().ifPresent(end -> message.setValidUntil(time(end)));
    return message.build();
  }

  /** The state of a layer. */
  static LayerSnapshot state(Snapshot snapshot, Instant now) {
    java.time.Duration age = age(snapshot, now);
    return LayerSnapshot.newBuilder()
        .setLayer(snapshot.layer().name())
        .setGeneration(snapshot.generation())
        .setDatasetVersion(snapshot.layer().version())
        .setRevision(snapshot.revision())
        .setAge(Duration.newBuilder().setSeconds(age.getSeconds()).setNanos(age.getNano()))
        .build();
  }

  /** How old what is known of a layer is; 0 where the clock has been set back meanwhile. */
  static java.time.Duration age(Snapshot snapshot, Instant now) {
    java.time.Duration age = java.time.Duration.between(snapshot.loadTime(), now);
    return age.isNegative() ? java.time.Duration.ZERO : age;
  }

  static BoundingBox box(Envelope envelope) {
    return BoundingBox.newBuilder()
        .setSouth(envelope.getMinY())
        .setWest(envelope.getMinX())
        .setNorth(envelope.getMaxY())
        .setEast(envelope.getMaxX())
        .build();
  }

  private static Timestamp time(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }
}
