package geosearch.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import geosearch.v1.Area;
import geosearch.v1.BoundingBox;
import geosearch.v1.FindAreasRequest;
import geosearch.v1.FindAreasResponse;
import geosearch.v1.FoundArea;
import geosearch.v1.GetAreaRequest;
import geosearch.v1.GetAreaResponse;
import geosearch.v1.NameMatch;
import geosearch.v1.OutlineFormat;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Asks a server about its areas, and prints what it says. */
final class AreaClient {

  private static final int PAGE = 1000;

  private final ServerConnection connection;
  private final Console console;
  private final boolean json;

  AreaClient(ServerConnection connection, Console console, boolean json) {
    this.connection = connection;
    this.console = console;
    this.json = json;
  }

  /** Prints itself. */
  interface Got {
    void print(PrintStream out);
  }

  /**
   * Prints the areas that fit.
   *
   * @param name empty for any
   * @param ids none for any
   * @param bounds south, west, north and east
   * @param limit how many at most; 0 for all
   * @return one of {@link ExitCode}
   */
  int find(
      String name,
      List<String> ids,
      Optional<double[]> bounds,
      int limit,
      QuestionOptions question) {
    FindAreasRequest.Builder request =
        FindAreasRequest.newBuilder()
            .setName(name)
            .addAllIds(ids)
            .addAllLayers(question.layers())
            .addAllFilters(QuestionMessages.filters(question))
            .putAllDatasetVersions(question.datasets())
            .setMinGeneration(question.minGeneration());
    bounds.ifPresent(box -> request.setBounds(box(box)));
    question
        .attributes()
        .ifPresent(keys -> request.setAttributes(QuestionMessages.selection(keys)));
    question.asOf().ifPresent(time -> request.setAsOf(ZoneFeature.timestamp(time)));
    List<FoundArea> found = new ArrayList<>();
    do {
      int wanted = limit == 0 ? PAGE : Math.min(PAGE, limit - found.size());
      FindAreasResponse page =
          connection.call(
              () -> connection.geoSearchWaiting().findAreas(request.setPageSize(wanted).build()));
      found.addAll(page.getAreasList());
      request.setPageToken(page.getNextPageToken());
    } while (!request.getPageToken().isEmpty() && (limit == 0 || found.size() < limit));
    print(found);
    if (found.isEmpty()) {
      console.err().println("geosearch: there is no such area");
    } else if (!request.getPageToken().isEmpty()) {
      console.err().println("geosearch: there are more; --limit 0 prints them all");
    }
    return found.isEmpty() ? ExitCode.NOT_FOUND : ExitCode.OK;
  }

  private void print(List<FoundArea> found) {
    if (json) {
      Json.printArray(
          console.out(),
          found.stream().<Json.Value>map(area -> out -> writeJson(area, out)).toList());
      return;
    }
    if (found.isEmpty()) {
      return;
    }
    Table table = new Table("LAYER", "ID", "NAME", "MATCH", "BOUNDS", "ATTRIBUTES");
    for (FoundArea each : found) {
      table.add(
          each.getArea().getLayer(),
          each.getArea().getId(),
          each.getArea().getName(),
          match(each.getNameMatch()),
          AreaOutput.bounds(each.getBounds()),
          AreaOutput.attributes(each.getArea()));
    }
    table.print(console.out());
  }

  private static void writeJson(FoundArea found, JsonGenerator out) throws IOException {
    out.writeStartObject();
    AreaOutput.writeName(found.getArea(), out);
    if (found.getNameMatch() != NameMatch.NAME_MATCH_UNSPECIFIED) {
      out.writeStringField("name_match", match(found.getNameMatch()));
    }
    AreaOutput.writeBounds(found.getBounds(), out);
    AreaOutput.writeRest(found.getArea(), out);
    out.writeEndObject();
  }

  private static String match(NameMatch match) {
    return match == NameMatch.NAME_MATCH_UNSPECIFIED
        ? ""
        : match.name().substring("NAME_MATCH_".length()).toLowerCase(Locale.ROOT);
  }

  private static BoundingBox box(double[] bounds) {
    return BoundingBox.newBuilder()
        .setSouth(bounds[0])
        .setWest(bounds[1])
        .setNorth(bounds[2])
        .setEast(bounds[3])
        .build();
  }

  /**
   * Asks for one area.
   *
   * @param tolerance metres
   * @param dataset empty for the active version
   */
  Got get(
      String layer,
      String id,
      AreasCommand.Format format,
      double tolerance,
      Optional<Instant> asOf,
      String dataset,
      long minGeneration) {
    GetAreaRequest.Builder request =
        GetAreaRequest.newBuilder()
            .setLayer(layer)
            .setId(id)
            .setFormat(
                switch (format) {
                  case GEOJSON -> OutlineFormat.OUTLINE_FORMAT_GEOJSON;
                  case WKB -> OutlineFormat.OUTLINE_FORMAT_WKB;
                  case NONE -> OutlineFormat.OUTLINE_FORMAT_UNSPECIFIED;
                })
            .setToleranceM(tolerance)
            .setDatasetVersion(dataset)
            .setMinGeneration(minGeneration);
    asOf.ifPresent(time -> request.setAsOf(ZoneFeature.timestamp(time)));
    GetAreaResponse area =
        connection.call(() -> connection.geoSearchWaiting().getArea(request.build()));
    return switch (format) {
      case GEOJSON -> out -> Json.print(out, to -> writeFeature(area, to));
      case WKB -> out -> out.println(HexFormat.of().formatHex(area.getWkb().toByteArray()));
      case NONE ->
          json ? out -> Json.print(out, to -> writeJson(area, to)) : out -> print(area, out);
    };
  }

  private static void print(GetAreaResponse got, PrintStream out) {
    Area area = got.getArea();
    new Table("LAYER", "ID", "NAME", "VERTICES", "BOUNDS", "ATTRIBUTES")
        .add(
            area.getLayer(),
            area.getId(),
            area.getName(),
            got.getVertices(),
            AreaOutput.bounds(got.getBounds()),
            AreaOutput.attributes(area))
        .print(out);
  }

  private static void writeJson(GetAreaResponse got, JsonGenerator out) throws IOException {
    out.writeStartObject();
    AreaOutput.writeName(got.getArea(), out);
    out.writeNumberField("vertices", got.getVertices());
    AreaOutput.writeBounds(got.getBounds(), out);
    AreaOutput.writeRest(got.getArea(), out);
    out.writeObjectFieldStart("snapshot");
    AreaOutput.writeSnapshot(got.getLayer(), out);
    out.writeEndObject();
    out.writeEndObject();
  }

  /** As the command {@code export} writes it. */
  private static void writeFeature(GetAreaResponse got, JsonGenerator out) throws IOException {
    Area area = got.getArea();
    out.writeStartObject();
    out.writeStringField("type", "Feature");
    out.writeStringField("id", area.getId());
    AreaOutput.writeBounds(got.getBounds(), out);
    AreaFeature.writeProperties(area.getName(), area.getAttributesMap(), out);
    out.writeFieldName("geometry");
    out.writeRawValue(got.getGeojson());
    out.writeEndObject();
  }
}
