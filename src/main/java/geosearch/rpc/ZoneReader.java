package geosearch.rpc;

import com.google.protobuf.ByteString;
import geosearch.config.ZonesConfig;
import geosearch.geo.Area;
import geosearch.v1.Zone;
import io.grpc.StatusRuntimeException;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.locationtech.jts.geom.Geometry;

/** Reads zones that callers send, and refuses those that the store must not see. */
final class ZoneReader {

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final int MAX_NAME = 200;
  private static final int MAX_PRIORITY = 1_000_000;
  private static final int MAX_ATTRIBUTES = 32;
  private static final int MAX_KEY = 64;
  private static final int MAX_VALUE = 1024;

  private final ZonesConfig config;

  ZoneReader(ZonesConfig config) {
    this.config = config;
  }

  /** A zone that was checked. */
  record NewZone(Area area, Geometry outline) {}

  /**
   * Checks and converts; makes up an id where there is none.
   *
   * @throws StatusRuntimeException INVALID_ARGUMENT, with everything that is wrong but the outline
   *     first
   */
  NewZone read(Zone zone) {
    Violations violations = new Violations();
    if (!zone.getId().isEmpty() && !isId(zone.getId())) {
      violations.add(
          "zone.id",
          "must be 1 to 64 characters of A-Z a-z 0-9 . _ -, not "
              + Violations.quoted(zone.getId()));
    }
    checkText("zone.name", zone.getName(), MAX_NAME, violations);
    if (Math.abs((long) zone.getPriority()) > MAX_PRIORITY) {
      violations.add(
          "zone.priority", "must be from -1000000 to 1000000, not " + zone.getPriority());
    }
    checkAttributes(zone.getAttributesMap(), violations);
    if (!violations.isEmpty()) {
      throw violations.refusal();
    }
    Geometry outline = readOutline(zone);
    String id = zone.getId().isEmpty() ? UUID.randomUUID().toString() : zone.getId();
    return new NewZone(
        new Area(id, zone.getName(), zone.getAttributesMap(), zone.getPriority()), outline);
  }

  /** Whether callers may give a zone this id. */
  static boolean isId(String id) {
    return ID.matcher(id).matches();
  }

  private static void checkAttributes(Map<String, String> attributes, Violations violations) {
    if (attributes.size() > MAX_ATTRIBUTES) {
      violations.add("zone.attributes", "must be at most 32, not " + attributes.size());
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

  private Geometry readOutline(Zone zone) {
    String field = zone.getOutlineCase() == Zone.OutlineCase.WKB ? "zone.wkb" : "zone.geojson";
    try {
      return switch (zone.getOutlineCase()) {
        case GEOJSON ->
            GeoJsonOutline.read(bounded(zone.getGeojsonBytes()).newInput(), config.maxVertices());
        case WKB ->
            WkbOutline.read(bounded(zone.getWkb()).asReadOnlyByteBuffer(), config.maxVertices());
        case CIRCLE -> throw new InvalidOutlineException("is a circle, which is not built yet");
        case OUTLINE_NOT_SET ->
            throw new InvalidOutlineException("must be set, or `wkb` in its place");
      };
    } catch (InvalidOutlineException e) {
      throw Violations.of(field, String.valueOf(e.getMessage()));
    }
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
