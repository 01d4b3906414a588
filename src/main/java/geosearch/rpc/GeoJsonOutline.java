package geosearch.rpc;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import org.locationtech.jts.geom.Geometry;

/**
 * Reads outlines from GeoJSON geometries (RFC 7946), token by token, so that nothing grows before
 * it has been counted.
 */
final class GeoJsonOutline {

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(32).maxNumberLength(100).build())
          // Names are a caller's, and must not fill a table that all share.
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .build();

  /** How deep positions lie in the arrays of a polygon; one deeper in those of a multipolygon. */
  private static final int POLYGON_DEPTH = 3;

  private static final int MULTIPOLYGON_DEPTH = 4;

  private final OutlineBuilder outline;
  private final JsonParser json;

  private GeoJsonOutline(JsonParser json, int maxVertices, int maxRings) {
    this.json = json;
    this.outline = new OutlineBuilder(maxVertices, maxRings);
  }

  /** Reads a polygon or multipolygon that is whole, small enough, in range and valid. */
  static Geometry read(InputStream geojson, int maxVertices, int maxRings)
      throws InvalidOutlineException {
    try (JsonParser json = JSON.createParser(geojson)) {
      return new GeoJsonOutline(json, maxVertices, maxRings).read();
    } catch (JsonProcessingException e) {
      JsonLocation location = e.getLocation();
      throw new InvalidOutlineException(
          "is not JSON that can be read: "
              + e.getOriginalMessage()
              + (location == null
                  ? ""
                  : " (line %d, column %d)"
                      .formatted(location.getLineNr(), location.getColumnNr())));
    } catch (IOException e) {
      // It is read from memory.
      throw new UncheckedIOException(e);
    }
  }

  private Geometry read() throws IOException, InvalidOutlineException {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw new InvalidOutlineException("must be a GeoJSON geometry: an object");
    }
    String type = null;
    int depth = 0;
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      json.nextToken();
      switch (name) {
        case "type" -> type = readType(type);
        case "coordinates" -> depth = readCoordinates(depth);
        case "crs" -> checkCrs();
        default -> json.skipChildren();
      }
    }
    if (json.nextToken() != null) {
      throw new InvalidOutlineException("goes on after its end");
    }
    if (type == null) {
      throw new InvalidOutlineException("has no member `type`");
    }
    if (depth == 0) {
      throw new InvalidOutlineException("has no member `coordinates`");
    }
    boolean multi = type.equals("MultiPolygon");
    if (depth != (multi ? MULTIPOLYGON_DEPTH : POLYGON_DEPTH)) {
      throw new InvalidOutlineException(
          "has coordinates of a %s and the type %s"
              .formatted(multi ? "Polygon" : "MultiPolygon", type));
    }
    return outline.build(multi);
  }

  private String readType(@Nullable String before) throws IOException, InvalidOutlineException {
    if (before != null) {
      throw new InvalidOutlineException("has two members `type`");
    }
    String type = json.currentToken() == JsonToken.VALUE_STRING ? json.getText() : "";
    return switch (type) {
      case "Polygon", "MultiPolygon" -> type;
      case "Feature" ->
          throw new InvalidOutlineException("is a Feature: send its member `geometry` alone");
      case "FeatureCollection", "GeometryCollection" ->
          throw new InvalidOutlineException(
              "is a %s: send one Polygon or MultiPolygon at a time".formatted(type));
      default ->
          throw new InvalidOutlineException(
              "must be of the type Polygon or MultiPolygon, not " + Violations.quoted(type));
    };
  }

  /** Returns how deep the positions lie. */
  private int readCoordinates(int before) throws IOException, InvalidOutlineException {
    if (before != 0) {
      throw new InvalidOutlineException("has two members `coordinates`");
    }
    if (json.currentToken() != JsonToken.START_ARRAY) {
      throw new InvalidOutlineException("has coordinates that are not arrays");
    }
    int positionDepth = 0;
    int depth = 1;
    while (depth > 0) {
      switch (json.nextToken()) {
        case START_ARRAY -> {
          depth++;
          if (depth > MULTIPOLYGON_DEPTH) {
            throw new InvalidOutlineException(
                "has coordinates that lie deeper than those of a MultiPolygon");
          }
        }
        case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
          if (depth < POLYGON_DEPTH || (positionDepth != 0 && depth != positionDepth)) {
            throw new InvalidOutlineException(
                "has a number among its coordinates where an array belongs");
          }
          positionDepth = depth;
          readPosition();
          depth--;
        }
        case END_ARRAY -> {
          if (positionDepth == 0 || depth == positionDepth) {
            throw new InvalidOutlineException("has an empty array among its coordinates");
          }
          if (depth == positionDepth - 1) {
            outline.endRing();
          } else if (depth == positionDepth - 2) {
            outline.endPolygon();
          }
          depth--;
        }
        default ->
            throw new InvalidOutlineException(
                "has %s among its coordinates, where there may be numbers alone"
                    .formatted(Violations.quoted(json.getText())));
      }
    }
    return positionDepth;
  }

  /** Reads from a position's first number to the end of its array. */
  private void readPosition() throws IOException, InvalidOutlineException {
    double longitude = json.getDoubleValue();
    if (!json.nextToken().isNumeric()) {
      throw badPosition();
    }
    double latitude = json.getDoubleValue();
    JsonToken end = json.nextToken();
    if (end.isNumeric()) {
      // An altitude, which RFC 7946 allows and areas don't have.
      end = json.nextToken();
    }
    if (end != JsonToken.END_ARRAY) {
      throw badPosition();
    }
    outline.addPosition(longitude, latitude);
  }

  private static InvalidOutlineException badPosition() {
    return new InvalidOutlineException(
        "has a position that is not longitude, latitude and perhaps an altitude");
  }

  /** RFC 7946 did away with this member; older programs write it. */
  private void checkCrs() throws IOException, InvalidOutlineException {
    if (json.currentToken() == JsonToken.VALUE_NULL) {
      return;
    }
    String name = "";
    int depth = 1;
    if (json.currentToken() != JsonToken.START_OBJECT) {
      throw new InvalidOutlineException("has a member `crs` that is not an object");
    }
    while (depth > 0) {
      JsonToken token = json.nextToken();
      switch (token) {
        case START_OBJECT, START_ARRAY -> depth++;
        case END_OBJECT, END_ARRAY -> depth--;
        case VALUE_STRING -> {
          if ("name".equals(json.currentName())) {
            name = json.getText();
          }
        }
        default -> {}
      }
    }
    switch (name) {
      case "urn:ogc:def:crs:OGC:1.3:CRS84",
          "urn:ogc:def:crs:OGC::CRS84",
          "urn:ogc:def:crs:EPSG::4326",
          "EPSG:4326" -> {}
      default ->
          throw new InvalidOutlineException(
              "must be in WGS 84 (longitude, latitude), not in the declared "
                  + Violations.quoted(name));
    }
  }
}
