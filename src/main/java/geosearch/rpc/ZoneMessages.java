package geosearch.rpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import geosearch.geo.Area;
import geosearch.v1.Zone;
import java.time.Instant;
import org.locationtech.jts.io.WKBWriter;

/** Converts zones to their messages. */
final class ZoneMessages {

  private ZoneMessages() {}

  static Zone of(geosearch.store.Zone zone) {
    Area area = zone.area();
    Zone.Builder message =
        Zone.newBuilder()
            .setId(area.id())
            .setName(area.name())
            .setPriority(area.priority())
            .putAllAttributes(area.attributes())
            .setRevision(zone.revision())
            .setReadOnly(zone.readOnly());
    zone.outline()
        .ifPresent(outline -> message.setWkb(ByteString.copyFrom(new WKBWriter(2).write(outline))));
    zone.createTime().ifPresent(time -> message.setCreateTime(timestamp(time)));
    return message.build();
  }

  static Timestamp timestamp(Instant time) {
    return Timestamp.newBuilder()
        .setSeconds(time.getEpochSecond())
        .setNanos(time.getNano())
        .build();
  }
}
