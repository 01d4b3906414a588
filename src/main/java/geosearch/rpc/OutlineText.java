package geosearch.rpc;

import org.locationtech.jts.geom.CoordinateSequence;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.LineString;
import org.locationtech.jts.geom.MultiPolygon;
import org.locationtech.jts.geom.Polygon;

/** Writes outlines as GeoJSON geometries, coordinates in as many digits as their doubles take. */
final class OutlineText {

  private OutlineText() {}

  /** A polygon or multipolygon as a GeoJSON geometry. */
  static String geoJson(Geometry outline) {
    StringBuilder out = new StringBuilder(64 + 40 * outline.getNumPoints());
    boolean multi = outline instanceof MultiPolygon;
    out.append("{\"type\":\"").append(multi ? "MultiPolygon" : "Polygon");
    out.append("\",\"coordinates\":");
    if (multi) {
      out.append('[');
    }
    for (int i = 0; i < outline.getNumGeometries(); i++) {
      if (i > 0) {
        out.append(',');
      }
      polygon((Polygon) outline.getGeometryN(i), out);
    }
    if (multi) {
      out.append(']');
    }
    return out.append('}').toString();
  }

  private static void polygon(Polygon polygon, StringBuilder out) {
    out.append('[');
    ring(polygon.getExteriorRing(), out);
    for (int i = 0; i < polygon.getNumInteriorRing(); i++) {
      out.append(',');
      ring(polygon.getInteriorRingN(i), out);
    }
    out.append(']');
  }

  private static void ring(LineString ring, StringBuilder out) {
    CoordinateSequence sequence = ring.getCoordinateSequence();
    char before = '[';
    for (int i = 0; i < sequence.size(); i++) {
      out.append(before).append('[').append(sequence.getX(i));
      out.append(',').append(sequence.getY(i)).append(']');
      before = ',';
    }
    out.append(']');
  }
}
