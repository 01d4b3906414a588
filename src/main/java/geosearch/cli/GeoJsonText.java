package geosearch.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.locationtech.jts.geom.CoordinateSequence;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.LinearRing;
import org.locationtech.jts.geom.MultiPolygon;
import org.locationtech.jts.geom.Polygon;

/** Outlines as GeoJSON, each coordinate in the shortest form that is read back as the same. */
final class GeoJsonText {

  private GeoJsonText() {}

  /** Writes a polygon or multipolygon. */
  static void write(Geometry outline, JsonGenerator out) throws IOException {
    boolean multi = outline instanceof MultiPolygon;
    out.writeStartObject();
    out.writeStringField("type", multi ? "MultiPolygon" : "Polygon");
    out.writeFieldName("coordinates");
    if (multi) {
      out.writeStartArray();
      for (int i = 0; i < outline.getNumGeometries(); i++) {
        write((Polygon) outline.getGeometryN(i), out);
      }
      out.writeEndArray();
    } else {
      write((Polygon) outline, out);
    }
    out.writeEndObject();
  }

  private static void write(Polygon polygon, JsonGenerator out) throws IOException {
    out.writeStartArray();
    write(polygon.getExteriorRing(), out);
    for (int i = 0; i < polygon.getNumInteriorRing(); i++) {
      write(polygon.getInteriorRingN(i), out);
    }
    out.writeEndArray();
  }

  private static void write(LinearRing ring, JsonGenerator out) throws IOException {
    CoordinateSequence positions = ring.getCoordinateSequence();
    out.writeStartArray();
    for (int i = 0; i < positions.size(); i++) {
      out.writeStartArray();
      out.writeNumber(positions.getX(i));
      out.writeNumber(positions.getY(i));
      out.writeEndArray();
    }
    out.writeEndArray();
  }

  /** Whether a geometry of a file is this outline, vertex by vertex. */
  static boolean isSame(JsonNode geometry, Geometry outline) {
    JsonNode coordinates = geometry.path("coordinates");
    if (outline instanceof Polygon polygon) {
      return geometry.path("type").asText().equals("Polygon") && isSame(coordinates, polygon);
    }
    if (!geometry.path("type").asText().equals("MultiPolygon")
        || coordinates.size() != outline.getNumGeometries()) {
      return false;
    }
    for (int i = 0; i < coordinates.size(); i++) {
      if (!isSame(coordinates.get(i), (Polygon) outline.getGeometryN(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isSame(JsonNode rings, Polygon polygon) {
    if (rings.size() != 1 + polygon.getNumInteriorRing()
        || !isSame(rings.get(0), polygon.getExteriorRing())) {
      return false;
    }
    for (int i = 1; i < rings.size(); i++) {
      if (!isSame(rings.get(i), polygon.getInteriorRingN(i - 1))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isSame(JsonNode positions, LinearRing ring) {
    CoordinateSequence vertices = ring.getCoordinateSequence();
    if (positions.size() != vertices.size()) {
      return false;
    }
    for (int i = 0; i < positions.size(); i++) {
      if (positions.get(i).path(0).asDouble() != vertices.getX(i)
          || positions.get(i).path(1).asDouble() != vertices.getY(i)) {
        return false;
      }
    }
    return true;
  }
}
