package geosearch.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import geosearch.geo.Position;
import geosearch.v1.Area;
import geosearch.v1.LayerSnapshot;
import geosearch.v1.LocateResponse;
import geosearch.v1.LocatedArea;
import geosearch.v1.Match;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a server answered for a position.
 *
 * @param number of the line of the input, from 1; 0 where there was no line
 * @param hint what the server says where nothing was found and something else may have been meant
 */
record LocateAnswer(int number, Position position, LocateResponse response, Optional<String> hint) {

  boolean isEmpty() {
    return response.getAreasCount() == 0;
  }

  void printTable(PrintStream out) {
    Table table = new Table("LAYER", "ID", "NAME", "MATCH", "ATTRIBUTES");
    for (LocatedArea found : response.getAreasList()) {
      Area area = found.getArea();
      table.add(
          area.getLayer(),
          area.getId(),
          area.getName(),
          match(found),
          attributes(area).entrySet().stream()
              .map(Map.Entry::toString)
              .collect(Collectors.joining(", ")));
    }
    table.print(out);
  }

  /** One line: the position and the areas with tabs between, or a JSON object. */
  void printLine(boolean json, PrintStream out) {
    if (json) {
      Json.print(out, this::writeJson);
      return;
    }
    StringBuilder line =
        new StringBuilder(PositionText.degrees(position.latitude()))
            .append('\t')
            .append(PositionText.degrees(position.longitude()));
    for (LocatedArea found : response.getAreasList()) {
      Area area = found.getArea();
      String text = area.getLayer() + " " + area.getId() + " " + area.getName();
      line.append('\t').append(Text.printable(text.strip()));
    }
    out.println(line);
  }

  void writeJson(JsonGenerator out) throws IOException {
    out.writeStartObject();
    if (number > 0) {
      out.writeNumberField("line", number);
    }
    out.writeNumberField("latitude", position.latitude());
    out.writeNumberField("longitude", position.longitude());
    out.writeArrayFieldStart("areas");
    for (LocatedArea found : response.getAreasList()) {
      writeArea(out, found);
    }
    out.writeEndArray();
    out.writeArrayFieldStart("layers");
    for (LayerSnapshot layer : response.getLayersList()) {
      writeLayer(out, layer);
    }
    out.writeEndArray();
    if (hint.isPresent()) {
      out.writeStringField("hint", hint.get());
    }
    out.writeEndObject();
  }

  private static void writeArea(JsonGenerator out, LocatedArea found) throws IOException {
    Area area = found.getArea();
    out.writeStartObject();
    out.writeStringField("layer", area.getLayer());
    out.writeStringField("id", area.getId());
    out.writeStringField("name", area.getName());
    out.writeStringField("match", match(found));
    out.writeObjectFieldStart("attributes");
    for (Map.Entry<String, String> attribute : attributes(area).entrySet()) {
      out.writeStringField(attribute.getKey(), attribute.getValue());
    }
    out.writeEndObject();
    out.writeEndObject();
  }

  private static void writeLayer(JsonGenerator out, LayerSnapshot layer) throws IOException {
    out.writeStartObject();
    out.writeStringField("layer", layer.getLayer());
    out.writeNumberField("generation", layer.getGeneration());
    out.writeStringField("dataset_version", layer.getDatasetVersion());
    out.writeNumberField(
        "age_seconds", layer.getAge().getSeconds() + layer.getAge().getNanos() / 1e9);
    out.writeEndObject();
  }

  private static Map<String, String> attributes(Area area) {
    return new TreeMap<>(area.getAttributesMap());
  }

  private static String match(LocatedArea found) {
    return found.getMatch() == Match.MATCH_BORDER ? "border" : "inside";
  }
}
