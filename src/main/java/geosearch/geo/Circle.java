package geosearch.geo;

import org.locationtech.jts.geom.Geometry;

/**
 * All that lies within a distance of a point, on the ellipsoid WGS 84.
 *
 * @param latitude of its centre in degrees, -90 to 90
 * @param longitude of its centre in degrees, -180 to 180
 * @param radiusMetres {@link #LEAST_METRES} to {@link #MOST_METRES}
 */
public record Circle(double latitude, double longitude, double radiusMetres) {

  public static final double LEAST_METRES = 0.1;
  public static final double MOST_METRES = 1_000_000;

  /**
   * @throws IllegalArgumentException for a centre that is no position, and for another radius
   */
  public Circle {
    if (!Position.isLatitude(latitude) || !Position.isLongitude(longitude)) {
      throw new IllegalArgumentException(
          "a circle's centre must be a position, not latitude %s, longitude %s"
              .formatted(latitude, longitude));
    }
    if (!(radiusMetres >= LEAST_METRES && radiusMetres <= MOST_METRES)) {
      throw new IllegalArgumentException(
          "a circle's radius must be from %s to %s metres, not %s"
              .formatted(LEAST_METRES, MOST_METRES, radiusMetres));
    }
  }

  /**
   * A polygon or multipolygon for it, whose border is off by at most a thousandth of the radius,
   * edges straight in longitude and latitude.
   */
  public Geometry outline() {
    return CirclePolygon.of(this);
  }
}
