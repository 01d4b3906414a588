package geosearch.rpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import com.google.type.LatLng;
import geosearch.geo.Area;
import geosearch.geo.Circle;
import geosearch.v1.Zone;
import java.time.Instant;
import java.util.OptionalLong;
import org.locationtech.jts.io.WKBWriter;

/** Converts zones to their messages. */
final class ZoneMessages {

  private static final int HEX = 16;

  private ZoneMessages() {}

  static Zone of(geosearch.store.Zone zone) {
    Area area = zone.area();
    Zone.Builder message =
        Zone.newBuilder()
            .setId(area.id())
            .setCollection(zone.collection())
            .setName(area.name())
            .setPriority(area.priority())
            .putAllAttributes(area.attributes())
            .setRevision(zone.revision())
            .setGeneration(zone.revision())
            .setReadOnly(zone.readOnly());
    if (!zone.readOnly()) {
      message.setEtag(etag(zone.revision()));
    }
    if (zone.outline().isPresent() && zone.circle().isPresent()) {
      message.setCircle(circle(zone.circle().get()));
    } else {
      zone.outline()
          .ifPresent(
              outline -> message.setWkb(ByteString.copyFrom(new WKBWriter(2).write(outline))));
    }
    area.validity().start().ifPresent(time -> message.setStartTime(timestamp(time)));
    area.validity().end().ifPresent(time -> message.setEndTime(timestamp(time)));
    zone.createTime().ifPresent(time -> message.setCreateTime(timestamp(time)));
    zone.updateTime().ifPresent(time -> message.setUpdateTime(timestamp(time)));
    return message.build();
  }

  private static geosearch.v1.Circle circle(Circle circle) {
    return geosearch.v1.Circle.newBuilder()
        .setCenter(
            LatLng.newBuilder().setLatitude(circle.latitude()).setLongitude(circle.longitude()))
        .setRadiusM(circle.radiusMetres())
        .build();
  }

  /** What stands for the state that a change has made. */
  static String etag(long revision) {
    return Long.toString(revision, HEX);
  }

  /**
   * The change that made the state; nothing where any state will do.
   *
   * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT for a text that never was an etag
   */
  static OptionalLong revision(String field, String etag) {
    if (etag.isEmpty()) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Long.parseLong(etag, HEX));
    } catch (NumberFormatException e) {
      throw Violations.of(
          field, "must be the etag of an earlier answer, or empty, not " + Violations.quoted(etag));
    }
  }

  static Timestamp timestamp(Instant time) {
    return Timestamp.newBuilder()
        .setSeconds(time.getEpochSecond())
        .setNanos(time.getNano())
        .build();
  }
}
