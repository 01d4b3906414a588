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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a server answered for a position.
 *
 * @param number of the line of the input, from 1; 0 where there was no line
 * @param hint what the server says where nothing was found and something else may have been meant
 */
record LocateAnswer(int number, Position position, LocateResponse response, Optional<String> hint) {

  boolean isEmpty() {
    return response.getAreasCount() + response.getPossibleAreasCount() == 0;
  }

  void printTable(PrintStream out) {
    List<LocatedArea> found =
        Stream.concat(response.getAreasList().stream(), response.getPossibleAreasList().stream())
            .toList();
    boolean distances = found.stream().anyMatch(LocatedArea::hasDistanceM);
    boolean certainties = response.getCertaintiesCount() > 0;
    List<String> headings = new ArrayList<>(List.of("LAYER", "ID", "NAME", "MATCH"));
    headings.addAll(distances ? List.of("DISTANCE") : List.of());
    headings.addAll(certainties ? List.of("CERTAINTY") : List.of());
    headings.add("ATTRIBUTES");
    Table table = new Table(headings.toArray(String[]::new));
    for (LocatedArea each : found) {
      Area area = each.getArea();
      List<Object> row = new ArrayList<>();
      row.addAll(List.of(area.getLayer(), area.getId(), area.getName(), match(each.getMatch())));
      if (distances) {
        row.add(
            each.hasDistanceM() ? String.format(Locale.ROOT, "%.1f m", each.getDistanceM()) : "");
      }
      if (certainties) {
        row.add(certainty(area.getLayer()));
      }
      row.add(AreaOutput.attributes(area));
      table.add(row.toArray());
    }
    table.print(out);
  }

  private String certainty(String layer) {
    for (int i = 0; i < response.getCertaintiesCount(); i++) {
      if (response.getLayers(i).getLayer().equals(layer)) {
        return CsvAnswers.certainty(response.getCertainties(i));
      }
    }
    return "";
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
    writeAreas(out, "areas", response.getAreasList());
    if (response.getCertaintiesCount() > 0) {
      writeAreas(out, "possible_areas", response.getPossibleAreasList());
    }
    out.writeArrayFieldStart("layers");
    for (LayerSnapshot layer : response.getLayersList()) {
      out.writeStartObject();
      AreaOutput.writeSnapshot(layer, out);
      if (response.getCertaintiesCount() > 0) {
        out.writeStringField("certainty", certainty(layer.getLayer()));
      }
      out.writeEndObject();
    }
    out.writeEndArray();
    if (hint.isPresent()) {
      out.writeStringField("hint", hint.get());
    }
    out.writeEndObject();
  }

  private static void writeAreas(JsonGenerator out, String field, List<LocatedArea> areas)
      throws IOException {
    out.writeArrayFieldStart(field);
    for (LocatedArea found : areas) {
      out.writeStartObject();
      AreaOutput.writeName(found.getArea(), out);
      out.writeStringField("match", match(found.getMatch()));
      if (found.hasDistanceM()) {
        out.writeNumberField("distance_m", found.getDistanceM());
      }
      AreaOutput.writeRest(found.getArea(), out);
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  /** How a position lies to an area, in a word. */
  static String match(Match match) {
    return switch (match) {
      case MATCH_BORDER -> "border";
      case MATCH_NEAREST -> "nearest";
      case MATCH_WITHIN_ACCURACY -> "possible";
      default -> "inside";
    };
  }
}
