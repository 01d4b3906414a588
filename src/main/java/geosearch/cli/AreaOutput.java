package geosearch.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import geosearch.v1.Area;
import geosearch.v1.BoundingBox;
import geosearch.v1.LayerSnapshot;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Areas, and the state that they are of, as commands print them. */
final class AreaOutput {

  private AreaOutput() {}

  /** The attributes, in order, for a cell of a table. */
  static String attributes(Area area) {
    return new TreeMap<>(area.getAttributesMap())
        .entrySet().stream().map(Map.Entry::toString).collect(Collectors.joining(", "));
  }

  /** South, west, north and east, as the option {@code --bounds} takes them. */
  static String bounds(BoundingBox box) {
    return PositionText.degrees(box.getSouth())
        + ","
        + PositionText.degrees(box.getWest())
        + ","
        + PositionText.degrees(box.getNorth())
        + ","
        + PositionText.degrees(box.getEast());
  }

  /** Writes the fields that say which area it is. */
  static void writeName(Area area, JsonGenerator out) throws IOException {
    out.writeStringField("layer", area.getLayer());
    out.writeStringField("id", area.getId());
    out.writeStringField("name", area.getName());
  }

  /** Writes the fields that say what is known of it. */
  static void writeRest(Area area, JsonGenerator out) throws IOException {
    out.writeObjectFieldStart("attributes");
    writeAttributes(area, out);
    out.writeEndObject();
    if (area.hasValidFrom()) {
      out.writeStringField("valid_from", ZoneFeature.time(area.getValidFrom()).toString());
    }
    if (area.hasValidUntil()) {
      out.writeStringField("valid_until", ZoneFeature.time(area.getValidUntil()).toString());
    }
  }

  static void writeAttributes(Area area, JsonGenerator out) throws IOException {
    for (Map.Entry<String, String> each : new TreeMap<>(area.getAttributesMap()).entrySet()) {
      out.writeStringField(each.getKey(), each.getValue());
    }
  }

  /** Writes west, south, east and north, in the order of GeoJSON. */
  static void writeBounds(BoundingBox box, JsonGenerator out) throws IOException {
    out.writeArrayFieldStart("bbox");
    out.writeNumber(box.getWest());
    out.writeNumber(box.getSouth());
    out.writeNumber(box.getEast());
    out.writeNumber(box.getNorth());
    out.writeEndArray();
  }

  static void writeSnapshot(LayerSnapshot layer, JsonGenerator out) throws IOException {
    out.writeStringField("layer", layer.getLayer());
    out.writeNumberField("generation", layer.getGeneration());
    out.writeStringField("dataset_version", layer.getDatasetVersion());
    out.writeNumberField("age_seconds", ageSeconds(layer));
  }

  static double ageSeconds(LayerSnapshot layer) {
    return layer.getAge().getSeconds() + layer.getAge().getNanos() / 1e9;
  }
}
