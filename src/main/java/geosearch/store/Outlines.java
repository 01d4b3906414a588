package geosearch.store;

import geosearch.geo.Position;
import java.nio.ByteBuffer;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.LinearRing;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.geom.Polygonal;
import org.locationtech.jts.geom.impl.PackedCoordinateSequence;
import org.locationtech.jts.io.ParseException;

/** Makes outlines of well-known binary. For use by one thread. */
final class Outlines {

  /** A transformation may miss the end of the world by its last digits. */
  private static final double ROUNDING_DEGREES = 1e-9;

  private final OutlineWkb wkb = new OutlineWkb();

  /** Why a geometry is no outline, for people. */
  static final class NoOutlineException extends Exception {
    private static final long serialVersionUID = 1L;

    NoOutlineException(String message) {
      super(message, null, false, false);
    }
  }

  /** A polygon or multipolygon that is not empty, all of it in range. */
  Geometry read(ByteBuffer bytes) throws NoOutlineException {
    Geometry geometry;
    try {
      geometry = wkb.read(bytes);
    } catch (ParseException | IllegalArgumentException e) {
      throw new NoOutlineException("its outline can't be read: " + e.getMessage());
    }
    if (!(geometry instanceof Polygonal)) {
      throw new NoOutlineException(
          "its outline is a " + geometry.getGeometryType() + ", not a polygon or multipolygon");
    }
    if (geometry.isEmpty()) {
      throw new NoOutlineException("its outline is empty");
    }
    for (int i = 0; i < geometry.getNumGeometries(); i++) {
      Polygon polygon = (Polygon) geometry.getGeometryN(i);
      checkRange(polygon.getExteriorRing());
      for (int hole = 0; hole < polygon.getNumInteriorRing(); hole++) {
        checkRange(polygon.getInteriorRingN(hole));
      }
    }
    return geometry;
  }

  /** Looks for a vertex out of range, and mends those that rounding put there. */
  private static void checkRange(LinearRing ring) throws NoOutlineException {
    PackedCoordinateSequence.Double vertices =
        (PackedCoordinateSequence.Double) ring.getCoordinateSequence();
    double[] ordinates = vertices.getRawCoordinates();
    for (int i = 0; i < ordinates.length; i += vertices.getDimension()) {
      double longitude = ordinates[i];
      double latitude = ordinates[i + 1];
      if (!Position.isLongitude(longitude) || !Position.isLatitude(latitude)) {
        ordinates[i] = near(longitude, 180);
        ordinates[i + 1] = near(latitude, 90);
        if (!Position.isLongitude(ordinates[i]) || !Position.isLatitude(ordinates[i + 1])) {
          throw new NoOutlineException(
              "its outline has the vertex longitude %s, latitude %s, which is out of range"
                  .formatted(longitude, latitude));
        }
      }
    }
  }

  private static double near(double degrees, double end) {
    double beyond = Math.abs(degrees) - end;
    return beyond > 0 && beyond <= ROUNDING_DEGREES ? Math.copySign(end, degrees) : degrees;
  }
}
