package geosearch.rpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import geosearch.config.ZonesConfig;
import geosearch.geo.Area;
import geosearch.geo.Circle;
import geosearch.geo.Position;
import geosearch.geo.Validity;
import geosearch.store.Store;
import geosearch.store.ZoneDraft;
import geosearch.store.ZoneKey;
import geosearch.store.Zones;
import geosearch.v1.Zone;
import io.grpc.StatusRuntimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.locationtech.jts.geom.Geometry;

/** Reads zones that callers send, and refuses those that the store must not see. */
final class ZoneReader {

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final Pattern COLLECTION = Pattern.compile("[a-z][a-z0-9_-]{0,62}");
  private static final String COLLECTION_FORM =
      "must be 1 to 63 characters of a-z 0-9 _ -, beginning with a letter, not ";
  private static final String ID_FORM = "must be 1 to 64 characters of A-Z a-z 0-9 . _ -, not ";
  private static final int MAX_NAME = 200;
  private static final int MAX_PRIORITY = 1_000_000;
  private static final int MAX_KEY = 64;
  private static final int MAX_VALUE = 1024;

  private final ZonesConfig config;

  ZoneReader(ZonesConfig config) {
    this.config = config;
  }

  /** An outline, and the circle that it was given as. */
  record Shape(Geometry outline, Optional<Circle> circle) {}

  /**
   * Checks and converts; makes up an id where there is none.
   *
   * @throws StatusRuntimeException INVALID_ARGUMENT, with everything that is wrong but the outline
   *     first
   */
  ZoneDraft read(Zone zone) {
    Violations violations = new Violations();
    if (!zone.getId().isEmpty()) {
      checkId("zone.id", zone.getId(), violations);
    }
    checkCollection("zone.collection", zone.getCollection(), violations);
    check(zone, violations);
    Validity validity = validity(zone, violations);
    if (!violations.isEmpty()) {
      throw violations.refusal();
    }
    Shape shape = shape(zone);
    String id = zone.getId().isEmpty() ? UUID.randomUUID().toString() : zone.getId();
    return new ZoneDraft(
        collection(zone.getCollection()),
        new Area(id, zone.getName(), zone.getAttributesMap(), zone.getPriority(), validity),
        shape.outline(),
        shape.circle());
  }

  /** Which zone callers mean. */
  static ZoneKey key(String prefix, String collection, String id) {
    Violations violations = new Violations();
    checkCollection(prefix + "collection", collection, violations);
    if (!id.startsWith(Zones.ORIGINAL_ID_PREFIX)) {
      checkId(prefix + "id", id, violations);
    }
    if (!violations.isEmpty()) {
      throw violations.refusal();
    }
    return new ZoneKey(collection(collection), id);
  }

  /** The collection that a name stands for. */
  static String collection(String name) {
    return name.isEmpty() ? Store.ZONE_LAYER : name;
  }

  /** Empty is allowed. */
  static void checkCollection(String field, String name, Violations violations) {
    if (!name.isEmpty() && !COLLECTION.matcher(name).matches()) {
      violations.add(field, COLLECTION_FORM + Violations.quoted(name));
    }
  }

  static void checkId(String field, String id, Violations violations) {
    if (!ID.matcher(id).matches()) {
      violations.add(field, ID_FORM + Violations.quoted(id));
    }
  }

  /** Checks name, priority and attributes. */
  void check(Zone zone, Violations violations) {
    checkText("zone.name", zone.getName(), MAX_NAME, violations);
    if (Math.abs((long) zone.getPriority()) > MAX_PRIORITY) {
      violations.add(
          "zone.priority", "must be from -1000000 to 1000000, not " + zone.getPriority());
    }
    checkAttributes(zone.getAttributesMap(), violations);
  }

  private void checkAttributes(Map<String, String> attributes, Violations violations) {
    if (attributes.size() > config.maxAttributes()) {
      violations.add(
          "zone.attributes",
          "must be at most %d (setting zones.max-attributes), not %d"
              .formatted(config.maxAttributes(), attributes.size()));
      return;
    }
    attributes.forEach((key, value) -> {
      checkText("zone.attributes key", key, MAX_KEY, violations);
      int length = value.codePointCount(0, value.length());
      if (length > MAX_VALUE) {
        violations.add(
            "zone.attributes[" + Violations.quoted(key) + "]",
            "must have at most 1024 characters, not " + length);
      } else if (value.indexOf('\0') >= 0) {
        violations.add(
            "zone.attributes[" + Violations.quoted(key) + "]",
            "must not hold the character U+0000");
      }
    });
  }

  private static void checkText(String field, String text, int max, Violations violations) {
    int length = text.codePointCount(0, text.length());
    if (length < 1 || length > max) {
      violations.add(field, "must have 1 to %d characters, not %d".formatted(max, length));
    } else if (text.codePoints().anyMatch(Character::isISOControl)) {
      violations.add(field, "must not hold control characters");
    }
  }

  /** The validity of a zone that is sent; whatever it is where that is wrong. */
  static Validity validity(Zone zone, Violations violations) {
    Optional<Instant> start =
        zone.hasStartTime()
            ? time("zone.start_time", zone.getStartTime(), violations)
            : Optional.empty();
    Optional<Instant> end =
        zone.hasEndTime() ? time("zone.end_time", zone.getEndTime(), violations) : Optional.empty();
    if (start.isPresent() && end.isPresent() && !start.get().isBefore(end.get())) {
      violations.add(
          "zone.end_time",
          "must be after start_time, %s, not %s".formatted(start.get(), end.get()));
      return Validity.ALWAYS;
    }
    return new Validity(start, end);
  }

  /** A moment to the microsecond; nothing where it is wrong. */
  static Optional<Instant> time(String field, Timestamp time, Violations violations) {
    return Moments.read(time, field, violations)
        .map(moment -> moment.truncatedTo(ChronoUnit.MICROS));
  }

  /** The outline of a zone that is sent. */
  Shape shape(Zone zone) {
    if (zone.getOutlineCase() == Zone.OutlineCase.CIRCLE) {
      Circle circle = circle(zone.getCircle());
      return new Shape(circle.outline(), Optional.of(circle));
    }
    String field = zone.getOutlineCase() == Zone.OutlineCase.WKB ? "zone.wkb" : "zone.geojson";
    try {
      return new Shape(outline(zone), Optional.empty());
    } catch (InvalidOutlineException e) {
      throw Violations.of(field, String.valueOf(e.getMessage()));
    }
  }

  private static Circle circle(geosearch.v1.Circle sent) {
    Violations violations = new Violations();
    double latitude = sent.getCenter().getLatitude();
    double longitude = sent.getCenter().getLongitude();
    double radius = sent.getRadiusM();
    if (!sent.hasCenter()) {
      violations.add("zone.circle.center", "must be set");
    }
    if (!Position.isLatitude(latitude)) {
      violations.add(
          "zone.circle.center.latitude", "must be from -90 to 90 degrees, not " + latitude);
    }
    if (!Position.isLongitude(longitude)) {
      violations.add(
          "zone.circle.center.longitude", "must be from -180 to 180 degrees, not " + longitude);
    }
    if (!(radius >= Circle.LEAST_METRES && radius <= Circle.MOST_METRES)) {
      violations.add("zone.circle.radius_m", "must be from 0.1 to 1000000 metres, not " + radius);
    }
    if (!violations.isEmpty()) {
      throw violations.refusal();
    }
    return new Circle(latitude, longitude, radius);
  }

  private Geometry outline(Zone zone) throws InvalidOutlineException {
    return switch (zone.getOutlineCase()) {
      case GEOJSON ->
          GeoJsonOutline.read(
              bounded(zone.getGeojsonBytes()).newInput(), config.maxVertices(), config.maxRings());
      case WKB ->
          WkbOutline.read(
              bounded(zone.getWkb()).asReadOnlyByteBuffer(),
              config.maxVertices(),
              config.maxRings());
      case CIRCLE, OUTLINE_NOT_SET ->
          throw new InvalidOutlineException("must be set, or `wkb` or `circle` in its place");
    };
  }

  private ByteString bounded(ByteString outline) throws InvalidOutlineException {
    if (outline.size() > config.maxOutlineBytes()) {
      throw new InvalidOutlineException(
          "must have at most %d bytes (setting zones.max-outline-bytes), not %d"
              .formatted(config.maxOutlineBytes(), outline.size()));
    }
    return outline;
  }
}
