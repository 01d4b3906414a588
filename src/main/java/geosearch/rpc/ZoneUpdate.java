package geosearch.rpc;

import geosearch.geo.Area;
import geosearch.geo.Validity;
import geosearch.store.ZoneDraft;
import geosearch.v1.UpdateZoneRequest;
import geosearch.v1.Zone;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a request changes of a zone. The request was checked, the zone that comes out of it not. */
final class ZoneUpdate {

  private static final String ATTRIBUTE = "attributes.";

  private static final List<String> ALL =
      List.of("name", "priority", "attributes", "outline", "start_time", "end_time");

  private final Zone sent;
  private final Set<String> paths;
  private final Optional<ZoneReader.Shape> shape;
  private final ZoneReader reader;

  private ZoneUpdate(
      Zone sent, Set<String> paths, Optional<ZoneReader.Shape> shape, ZoneReader reader) {
    this.sent = sent;
    this.paths = paths;
    this.shape = shape;
    this.reader = reader;
  }

  /**
   * Reads what is to change, the outline included.
   *
   * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT for a mask or an outline that is wrong
   */
  static ZoneUpdate of(UpdateZoneRequest request, ZoneReader reader) {
    Zone zone = request.getZone();
    Set<String> paths = new LinkedHashSet<>();
    if (!request.hasUpdateMask()) {
      addThoseSet(zone, paths);
    }
    Violations violations = new Violations();
    for (String path : request.getUpdateMask().getPathsList()) {
      switch (path) {
        case "*" -> paths.addAll(ALL);
        case "geojson", "wkb", "circle" -> paths.add("outline");
        default -> {
          if (ALL.contains(path)
              || (path.startsWith(ATTRIBUTE) && path.length() > ATTRIBUTE.length())) {
            paths.add(path);
          } else {
            violations.add(
                "update_mask",
                "must hold `*`, `%s` or `attributes.KEY`, not %s"
                    .formatted(String.join("`, `", ALL), Violations.quoted(path)));
          }
        }
      }
    }
    if (!violations.isEmpty()) {
      throw violations.refusal();
    }
    Optional<ZoneReader.Shape> shape =
        paths.contains("outline") ? Optional.of(reader.shape(zone)) : Optional.empty();
    return new ZoneUpdate(zone, paths, shape, reader);
  }

  private static void addThoseSet(Zone zone, Set<String> paths) {
    if (!zone.getName().isEmpty()) {
      paths.add("name");
    }
    if (zone.getPriority() != 0) {
      paths.add("priority");
    }
    if (zone.getAttributesCount() > 0) {
      paths.add("attributes");
    }
    if (zone.getOutlineCase() != Zone.OutlineCase.OUTLINE_NOT_SET) {
      paths.add("outline");
    }
    if (zone.hasStartTime()) {
      paths.add("start_time");
    }
    if (zone.hasEndTime()) {
      paths.add("end_time");
    }
  }

  /**
   * What a zone becomes.
   *
   * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT if that is no zone
   */
  ZoneDraft applyTo(geosearch.store.Zone zone) {
    Zone before = ZoneMessages.of(zone);
    Zone.Builder after = Zone.newBuilder().setName(before.getName());
    after.setPriority(before.getPriority()).putAllAttributes(attributes(before));
    if (paths.contains("name")) {
      after.setName(sent.getName());
    }
    if (paths.contains("priority")) {
      after.setPriority(sent.getPriority());
    }
    Zone start = paths.contains("start_time") ? sent : before;
    if (start.hasStartTime()) {
      after.setStartTime(start.getStartTime());
    }
    Zone end = paths.contains("end_time") ? sent : before;
    if (end.hasEndTime()) {
      after.setEndTime(end.getEndTime());
    }
    Violations violations = new Violations();
    Zone merged = after.build();
    reader.check(merged, violations);
    Validity validity = ZoneReader.validity(merged, violations);
    if (!violations.isEmpty()) {
      throw violations.refusal();
    }
    return new ZoneDraft(
        zone.collection(),
        new Area(
            zone.area().id(),
            merged.getName(),
            merged.getAttributesMap(),
            merged.getPriority(),
            validity),
        shape.map(ZoneReader.Shape::outline).orElseGet(() -> zone.outline().orElseThrow()),
        shape.isPresent() ? shape.get().circle() : zone.circle());
  }

  private Map<String, String> attributes(Zone before) {
    Map<String, String> attributes =
        new HashMap<>(
            paths.contains("attributes") ? sent.getAttributesMap() : before.getAttributesMap());
    for (String path : paths) {
      if (path.startsWith(ATTRIBUTE)) {
        String key = path.substring(ATTRIBUTE.length());
        if (sent.containsAttributes(key)) {
          attributes.put(key, sent.getAttributesOrThrow(key));
        } else {
          attributes.remove(key);
        }
      }
    }
    return attributes;
  }
}
