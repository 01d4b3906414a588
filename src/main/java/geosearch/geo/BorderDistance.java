package geosearch.geo;

import net.sf.geographiclib.Geodesic;
import net.sf.geographiclib.GeodesicMask;

/**
 * How far it is from one position to the nearest of some edges, which are straight in longitude and
 * latitude, along the geodesic of WGS 84.
 *
 * <p>The nearest point is looked for by the straight line through the earth, which is cheap and
 * grows with the geodesic: the two order points differently only where the earth's curvature
 * differs by direction, which is some micrometres at 10 km and millimetres at 100 km. The geodesic
 * itself is measured once, to the point that was found.
 *
 * <p>Edges that can't be nearer than the nearest so far are left out by their longitudes and
 * latitudes, so most cost a few comparisons. Long ones are halved until a piece is nearly straight
 * in space. For use by one thread.
 */
final class BorderDistance {

  /** No degree of latitude is shorter than this, in metres. */
  private static final double SHORTEST_DEGREE_NORTH = 110_500;

  /** No degree of longitude is shorter than this at the equator, in metres. */
  private static final double SHORTEST_DEGREE_EAST = 111_000;

  /** No degree of either is longer than this, in metres. */
  private static final double LONGEST_DEGREE = 111_800;

  /** Pieces up to this length and width are nearly straight in space. */
  private static final double PIECE_METRES = 2_000;

  private static final double PIECE_DEGREES = 1;

  /** Each brings the nearest point of a piece some hundred times nearer to where it is. */
  private static final int REFINEMENTS = 3;

  private static final double EQUATORIAL_RADIUS = 6_378_137;
  private static final double FLATTENING = 1 / 298.257223563;
  private static final double ECCENTRICITY_SQUARED = FLATTENING * (2 - FLATTENING);

  private final double latitude;
  private final double longitude;
  private final double x;
  private final double y;
  private final double z;

  /** The straight line to the nearest point so far, in metres. */
  private double nearest;

  /** What lies farther off in degrees is farther off than the nearest point. */
  private double north;

  private double east;

  private double nearestLatitude = Double.NaN;
  private double nearestLongitude = Double.NaN;

  /**
   * @param most what is farther than so many metres doesn't matter
   */
  BorderDistance(double latitude, double longitude, double most) {
    this.latitude = latitude;
    this.longitude = longitude;
    double parallel = parallelRadius(latitude);
    double radians = Math.toRadians(longitude);
    x = parallel * Math.cos(radians);
    y = parallel * Math.sin(radians);
    z = height(latitude);
    narrow(most);
  }

  /** Measures to the edges of a ring or of a part of it, of consecutive vertices. */
  void edges(double[] xy, int firstVertex, int edges) {
    int at = 2 * firstVertex;
    for (int i = 0; i < edges; i++, at += 2) {
      edge(xy[at], onEarth(xy[at + 1]), xy[at + 2], onEarth(xy[at + 3]));
    }
  }

  /** Whether something is near enough to matter. */
  boolean isFound() {
    return !Double.isNaN(nearestLatitude);
  }

  /** The straight line to the nearest point, by which distances can be compared, in metres. */
  double straight() {
    return nearest;
  }

  /** The geodesic to the nearest point, in metres. */
  double metres() {
    return Geodesic.WGS84.Inverse(
            latitude, longitude, nearestLatitude, nearestLongitude, GeodesicMask.DISTANCE)
        .s12;
  }

  /** Outlines may reach beyond the poles, where there is nothing to measure to. */
  private static double onEarth(double degreesNorth) {
    return Math.min(Math.max(degreesNorth, -90), 90);
  }

  private void edge(double ax, double ay, double bx, double by) {
    if (Math.min(ay, by) > latitude + north || Math.max(ay, by) < latitude - north) {
      return;
    }
    if (east < 180) {
      double from = Math.min(ax, bx) - longitude;
      double to = Math.max(ax, bx) - longitude;
      // A place has a name more beyond the meridian of 180 degrees.
      if (misses(from, to) && misses(from - 360, to - 360) && misses(from + 360, to + 360)) {
        return;
      }
    }
    piece(ax, ay, bx, by);
  }

  private boolean misses(double from, double to) {
    return from > east || to < -east;
  }

  private void piece(double ax, double ay, double bx, double by) {
    double middleX = (ax + bx) / 2;
    double middleY = (ay + by) / 2;
    double toNorth = Math.abs(by - ay);
    double toEast = Math.abs(bx - ax);
    double flattest = ay < 0 != by < 0 ? 0 : Math.min(Math.abs(ay), Math.abs(by));
    double length =
        LONGEST_DEGREE * (toNorth + toEast * Math.cos(Math.toRadians(Math.min(flattest, 90))));
    double toMiddle = straightTo(middleX, middleY);
    if (toMiddle - length / 2 >= nearest) {
      return;
    }
    if (length <= PIECE_METRES && toEast <= PIECE_DEGREES) {
      straightPiece(ax, ay, bx, by);
    } else if (straightTo(ax, ay) < straightTo(bx, by)) {
      piece(ax, ay, middleX, middleY);
      piece(middleX, middleY, bx, by);
    } else {
      piece(middleX, middleY, bx, by);
      piece(ax, ay, middleX, middleY);
    }
  }

  private void straightPiece(double ax, double ay, double bx, double by) {
    double parallelA = parallelRadius(ay);
    double parallelB = parallelRadius(by);
    double radiansA = Math.toRadians(ax);
    double radiansB = Math.toRadians(bx);
    double startX = parallelA * Math.cos(radiansA);
    double startY = parallelA * Math.sin(radiansA);
    double dx = parallelB * Math.cos(radiansB) - startX;
    double dy = parallelB * Math.sin(radiansB) - startY;
    double startZ = height(ay);
    double dz = height(by) - startZ;
    double square = dx * dx + dy * dy + dz * dz;
    double atX = startX;
    double atY = startY;
    double atZ = startZ;
    double part = 0;
    for (int i = 0; i < REFINEMENTS && square > 0; i++) {
      double along = ((x - atX) * dx + (y - atY) * dy + (z - atZ) * dz) / square;
      part = Math.min(Math.max(part + along, 0), 1);
      double pointY = ay + part * (by - ay);
      double radians = Math.toRadians(ax + part * (bx - ax));
      double parallel = parallelRadius(pointY);
      atX = parallel * Math.cos(radians);
      atY = parallel * Math.sin(radians);
      atZ = height(pointY);
    }
    double straight = Math.sqrt(square(x - atX) + square(y - atY) + square(z - atZ));
    if (straight < nearest) {
      nearestLongitude = ax + part * (bx - ax);
      nearestLatitude = ay + part * (by - ay);
      narrow(straight);
    }
  }

  /** Nothing farther matters any more. */
  private void narrow(double metres) {
    nearest = metres;
    // The arc over a chord of a third of the earth's radius is less than a hundredth longer.
    double arc = metres < EQUATORIAL_RADIUS / 3 ? metres * 1.01 : 2 * EQUATORIAL_RADIUS * Math.PI;
    north = arc / SHORTEST_DEGREE_NORTH;
    double highest = Math.abs(latitude) + north;
    east =
        highest >= Clearance.HIGHEST_LATITUDE
            ? 360
            : arc / (SHORTEST_DEGREE_EAST * Math.cos(Math.toRadians(highest)));
  }

  private double straightTo(double degreesEast, double degreesNorth) {
    double parallel = parallelRadius(degreesNorth);
    double radians = Math.toRadians(degreesEast);
    return Math.sqrt(
        square(x - parallel * Math.cos(radians))
            + square(y - parallel * Math.sin(radians))
            + square(z - height(degreesNorth)));
  }

  /** How far the surface at a latitude is from the earth's axis. */
  private static double parallelRadius(double degrees) {
    return normal(degrees) * Math.cos(Math.toRadians(degrees));
  }

  /** How far the surface at a latitude is from the equator's plane, to the north. */
  private static double height(double degrees) {
    return normal(degrees) * (1 - ECCENTRICITY_SQUARED) * Math.sin(Math.toRadians(degrees));
  }

  private static double normal(double degrees) {
    double sine = Math.sin(Math.toRadians(degrees));
    return EQUATORIAL_RADIUS / Math.sqrt(1 - ECCENTRICITY_SQUARED * sine * sine);
  }

  private static double square(double value) {
    return value * value;
  }
}
