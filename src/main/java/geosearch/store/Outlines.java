package geosearch.store;

import geosearch.geo.Position;
import org.locationtech.jts.geom.CoordinateSequence;
import org.locationtech.jts.geom.CoordinateSequenceFilter;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.Polygonal;
import org.locationtech.jts.geom.impl.PackedCoordinateSequenceFactory;
import org.locationtech.jts.io.ParseException;
import org.locationtech.jts.io.WKBReader;

/** Makes outlines of well-known binary. For use by one thread. */
final class Outlines {

  /** A transformation may miss the end of the world by its last digits. */
  private static final double ROUNDING_DEGREES = 1e-9;

  private final WKBReader reader =
      new WKBReader(new GeometryFactory(PackedCoordinateSequenceFactory.DOUBLE_FACTORY));

  /** Why a geometry is no outline, for people. */
  static final class NoOutlineException extends Exception {
    private static final long serialVersionUID = 1L;

    NoOutlineException(String message) {
      super(message, null, false, false);
    }
  }

  /** A polygon or multipolygon that is not empty, all of it in range. */
  Geometry read(byte[] wkb) throws NoOutlineException {
    Geometry geometry;
    try {
      geometry = reader.read(wkb);
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
    Range range = new Range();
    geometry.apply(range);
    if (range.isDone()) {
      throw new NoOutlineException(
          "its outline has the vertex longitude %s, latitude %s, which is out of range"
              .formatted(range.badLongitude, range.badLatitude));
    }
    return geometry;
  }

  /** Looks for a vertex out of range, and mends those that rounding put there. */
  private static final class Range implements CoordinateSequenceFilter {
    private boolean done;
    private double badLongitude;
    private double badLatitude;

    @Override
    public void filter(CoordinateSequence vertices, int i) {
      double longitude = vertices.getX(i);
      double latitude = vertices.getY(i);
      if (Position.isLongitude(longitude) && Position.isLatitude(latitude)) {
        return;
      }
      double nearLongitude = near(longitude, 180);
      double nearLatitude = near(latitude, 90);
      if (Position.isLongitude(nearLongitude) && Position.isLatitude(nearLatitude)) {
        vertices.setOrdinate(i, CoordinateSequence.X, nearLongitude);
        vertices.setOrdinate(i, CoordinateSequence.Y, nearLatitude);
      } else {
        badLongitude = longitude;
        badLatitude = latitude;
        done = true;
      }
    }

    private static double near(double degrees, double end) {
      double beyond = Math.abs(degrees) - end;
      return beyond > 0 && beyond <= ROUNDING_DEGREES ? Math.copySign(end, degrees) : degrees;
    }

    @Override
    public boolean isDone() {
      return done;
    }

    @Override
    public boolean isGeometryChanged() {
      return false;
    }
  }
}
