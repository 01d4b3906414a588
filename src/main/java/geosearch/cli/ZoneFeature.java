package geosearch.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.Timestamp;
import com.google.type.LatLng;
import geosearch.v1.Circle;
import geosearch.v1.Zone;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.io.ParseException;
import org.locationtech.jts.io.WKBReader;

/**
 * A zone as a GeoJSON feature: `id`, `geometry`, in `properties` its `name` and its attributes, and
 * what GeoJSON knows nothing of in a member `zone`: `priority`, `start_time`, `end_time`, `circle`,
 * and the `name` where an attribute is called so.
 */
final class ZoneFeature {

  private static final String NAME = "name";
  private static final String ZONE = "zone";

  private ZoneFeature() {}

  /** Writes a zone with its outline. */
  static void write(Zone zone, Geometry outline, JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("type", "Feature");
    out.writeStringField("id", zone.getId());
    boolean hidden = zone.containsAttributes(NAME);
    out.writeObjectFieldStart("properties");
    if (!hidden) {
      out.writeStringField(NAME, zone.getName());
    }
    for (Map.Entry<String, String> attribute : new TreeMap<>(zone.getAttributesMap()).entrySet()) {
      out.writeStringField(attribute.getKey(), attribute.getValue());
    }
    out.writeEndObject();
    writeMember(zone, hidden, out);
    out.writeFieldName("geometry");
    GeoJsonText.write(outline, out);
    out.writeEndObject();
  }

  private static void writeMember(Zone zone, boolean withName, JsonGenerator out)
      throws IOException {
    out.writeObjectFieldStart(ZONE);
    if (withName) {
      out.writeStringField(NAME, zone.getName());
    }
    if (zone.getPriority() != 0) {
      out.writeNumberField("priority", zone.getPriority());
    }
    if (zone.hasStartTime()) {
      out.writeStringField("start_time", time(zone.getStartTime()).toString());
    }
    if (zone.hasEndTime()) {
      out.writeStringField("end_time", time(zone.getEndTime()).toString());
    }
    if (zone.hasCircle()) {
      out.writeObjectFieldStart("circle");
      out.writeNumberField("latitude", zone.getCircle().getCenter().getLatitude());
      out.writeNumberField("longitude", zone.getCircle().getCenter().getLongitude());
      out.writeNumberField("radius_m", zone.getCircle().getRadiusM());
      out.writeEndObject();
    }
    out.writeEndObject();
  }

  /**
   * Reads a zone.
   *
   * @param number the feature's place in the file, from 1
   * @throws CommandException if it is none
   */
  static Zone read(JsonNode feature, String collection, int number) {
    JsonNode id = feature.path("id");
    if (!feature.path("type").asText().equals("Feature")) {
      throw bad(number, "is no Feature");
    }
    if (!id.isTextual() && !id.isIntegralNumber()) {
      throw bad(number, "has no `id`: it takes one to know the zone again the next time");
    }
    JsonNode own = feature.path(ZONE);
    Zone.Builder zone = Zone.newBuilder().setCollection(collection).setId(id.asText());
    boolean hidden = own.has(NAME);
    zone.setName(hidden ? own.path(NAME).asText() : feature.path("properties").path(NAME).asText());
    for (Map.Entry<String, JsonNode> property : feature.path("properties").properties()) {
      if (!property.getValue().isNull() && (hidden || !property.getKey().equals(NAME))) {
        JsonNode value = property.getValue();
        zone.putAttributes(
            property.getKey(), value.isValueNode() ? value.asText() : value.toString());
      }
    }
    zone.setPriority(own.path("priority").asInt());
    time(own.path("start_time"), number).ifPresent(zone::setStartTime);
    time(own.path("end_time"), number).ifPresent(zone::setEndTime);
    JsonNode circle = own.path("circle");
    if (circle.isObject()) {
      return zone.setCircle(circle(circle)).build();
    }
    if (!feature.path("geometry").isObject()) {
      throw bad(number, "has no geometry");
    }
    return zone.setGeojson(feature.path("geometry").toString()).build();
  }

  private static Circle circle(JsonNode circle) {
    return Circle.newBuilder()
        .setCenter(
            LatLng.newBuilder()
                .setLatitude(circle.path("latitude").asDouble())
                .setLongitude(circle.path("longitude").asDouble()))
        .setRadiusM(circle.path("radius_m").asDouble())
        .build();
  }

  private static Optional<Timestamp> time(JsonNode text, int number) {
    if (text.isMissingNode() || text.isNull()) {
      return Optional.empty();
    }
    try {
      return Optional.of(timestamp(Instant.parse(text.asText())));
    } catch (DateTimeException e) {
      throw bad(number, "has a time that is not like 2026-03-01T12:00:00Z: " + text.asText());
    }
  }

  static Timestamp timestamp(Instant time) {
    return Timestamp.newBuilder()
        .setSeconds(time.getEpochSecond())
        .setNanos(time.getNano())
        .build();
  }

  static Instant time(Timestamp time) {
    return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
  }

  /** The outline that a server has sent; of a circle the polygon that stands for it. */
  static Geometry outline(Zone zone) {
    if (zone.hasCircle()) {
      return new geosearch.geo.Circle(
              zone.getCircle().getCenter().getLatitude(),
              zone.getCircle().getCenter().getLongitude(),
              zone.getCircle().getRadiusM())
          .outline();
    }
    try {
      return new WKBReader().read(zone.getWkb().toByteArray());
    } catch (ParseException e) {
      throw new CommandException(
          ExitCode.FAILED, "the server sent an outline that can't be read: zone " + zone.getId());
    }
  }

  private static CommandException bad(int number, String reason) {
    return new CommandException(ExitCode.FAILED, "feature " + number + " " + reason);
  }
}
