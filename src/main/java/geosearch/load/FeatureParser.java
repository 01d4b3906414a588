package geosearch.load;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import geosearch.geo.Area;
import java.io.IOException;
import java.util.Optional;

/**
 * Puts features together from their members, in whatever order these come. Members that are not
 * known are skipped; of one that comes twice the last counts.
 */
final class FeatureParser {

  private static final int POLYGON_DEPTH = 3;
  private static final int MULTI_POLYGON_DEPTH = 4;

  private final PropertiesParser properties;
  private final CoordinatesParser coordinates;
  private String type = "";
  private String geometryType = "";
  private boolean geometrySeen;

  FeatureParser(ImportRequest request, ImportLimits limits, JsonFactory json) {
    this.properties = new PropertiesParser(request, limits.maxAttributeBytes(), json);
    this.coordinates = new CoordinatesParser(limits);
  }

  /** Begins a feature. */
  void begin() {
    properties.reset();
    coordinates.reset();
    type = "";
    geometryType = "";
    geometrySeen = false;
  }

  /** Whether any feature so far has had the property with the name. */
  boolean nameSeen() {
    return properties.nameSeen();
  }

  /** The type that has been read; empty if none has. */
  String type() {
    return type;
  }

  /** Reads a member, before whose value the parser stands. */
  void member(JsonParser parser, String member) throws IOException {
    switch (member) {
      case "type" -> {
        parser.nextToken();
        type = text(parser);
      }
      case "id" -> properties.readOwnId(parser);
      case "properties" -> properties.read(parser);
      case "area" -> properties.readOwnName(parser);
      case "geometry" -> geometry(parser);
      case "crs" -> crs(parser);
      default -> {
        parser.nextToken();
        parser.skipChildren();
      }
    }
  }

  /**
   * Reads a declaration of a coordinate reference system, before whose value the parser stands.
   *
   * @throws FileRefusedException if it is not WGS 84
   */
  static void crs(JsonParser parser) throws IOException {
    Optional<String> foreign = DeclaredCrs.readForeign(parser);
    if (foreign.isPresent()) {
      throw new FileRefusedException(
          "its coordinate reference system is %s, not WGS 84: transform it first"
                  .formatted(foreign.get())
              + " (ogr2ogr -t_srs EPSG:4326 new.geojson old.geojson)");
    }
  }

  private static String text(JsonParser parser) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      return parser.getText();
    }
    parser.skipChildren();
    return "";
  }

  private void geometry(JsonParser parser) throws IOException {
    geometryType = "";
    geometrySeen = parser.nextToken() == JsonToken.START_OBJECT;
    coordinates.reset();
    if (!geometrySeen) {
      parser.skipChildren();
      return;
    }
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      switch (parser.currentName()) {
        case "type" -> {
          parser.nextToken();
          geometryType = text(parser);
        }
        case "coordinates" -> coordinates.read(parser);
        case "crs" -> crs(parser);
        default -> {
          parser.nextToken();
          parser.skipChildren();
        }
      }
    }
  }

  /** The feature whose members have been read. */
  Feature end(String source, long number) {
    Optional<String> problem = problem();
    if (problem.isPresent()) {
      return new Feature.Unusable(source, number, problem.get());
    }
    Area area = new Area(properties.id(), properties.name(), properties.attributes());
    return new Feature.Candidate(source, number, area, coordinates.outline());
  }

  private Optional<String> problem() {
    if (!type.equals("Feature")) {
      return Optional.of(
          type.isEmpty()
              ? "it is no Feature: it has no type"
              : "it is no Feature, but a " + Quoted.of(type));
    }
    return properties.problem().or(this::geometryProblem);
  }

  private Optional<String> geometryProblem() {
    if (!geometrySeen) {
      return Optional.of("it has no geometry");
    }
    int depth =
        switch (geometryType) {
          case "Polygon" -> POLYGON_DEPTH;
          case "MultiPolygon" -> MULTI_POLYGON_DEPTH;
          default -> 0;
        };
    if (depth == 0) {
      return Optional.of(
          geometryType.isEmpty()
              ? "its geometry has no type"
              : "its geometry is a %s, neither a Polygon nor a MultiPolygon"
                  .formatted(Quoted.of(geometryType)));
    }
    Optional<String> problem = coordinates.problem();
    if (problem.isPresent()) {
      return problem;
    }
    if (coordinates.positionDepth() == 0) {
      return Optional.of("its %s is empty".formatted(geometryType));
    }
    return coordinates.positionDepth() == depth
        ? Optional.empty()
        : Optional.of(
            "the positions of its %s do not lie %d arrays deep".formatted(geometryType, depth));
  }
}
