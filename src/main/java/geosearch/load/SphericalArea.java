package geosearch.load;

import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.LineString;
import org.locationtech.jts.geom.Polygon;

/**
 * Areas of outlines whose edges are straight in longitude and latitude, on the sphere that has the
 * Earth's surface; on the ellipsoid they differ by less than 1 %.
 *
 * <p>The area between an edge and the equator is the integral of the latitude's sine over the
 * longitude, which such an edge has in closed form.
 */
final class SphericalArea {

  /** The authalic radius of WGS 84. */
  private static final double RADIUS_KM = 6371.0072;

  private SphericalArea() {}

  /** The area of a valid polygon or multipolygon in degrees, in square kilometres. */
  static double km2(Geometry outline) {
    double area = 0;
    for (int i = 0; i < outline.getNumGeometries(); i++) {
      area += evenOddKm2((Polygon) outline.getGeometryN(i));
    }
    return area;
  }

  private static double evenOddKm2(Polygon polygon) {
    double area = Math.abs(signedKm2(polygon.getExteriorRing()));
    for (int i = 0; i < polygon.getNumInteriorRing(); i++) {
      area -= Math.abs(signedKm2(polygon.getInteriorRingN(i)));
    }
    return area;
  }

  private static double signedKm2(LineString ring) {
    Coordinate[] points = ring.getCoordinates();
    if (points.length == 0) {
      return 0;
    }
    // Taken from the first point's parallel instead of the equator, small rings keep their digits.
    double origin = Math.sin(Math.toRadians(points[0].y));
    double sum = 0;
    for (int i = 1; i < points.length; i++) {
      double width = Math.toRadians(points[i].x - points[i - 1].x);
      sum += width * (meanSine(points[i - 1].y, points[i].y) - origin);
    }
    return sum * RADIUS_KM * RADIUS_KM;
  }

  /** The mean of the sine between two latitudes in degrees. */
  private static double meanSine(double from, double to) {
    double half = Math.toRadians(to - from) / 2;
    double shrink = Math.abs(half) < 1e-6 ? 1 : Math.sin(half) / half;
    return Math.sin(Math.toRadians((from + to) / 2)) * shrink;
  }
}
