package geosearch.rpc;

import com.google.type.LatLng;
import geosearch.geo.Position;

/** Positions as requests have them. */
final class Positions {

  private Positions() {}

  /**
   * Adds what is wrong with a position.
   *
   * @param field its path in the request
   */
  static void check(LatLng position, String field, Violations violations) {
    checkLatitude(position.getLatitude(), field + ".latitude", violations);
    checkLongitude(position.getLongitude(), field + ".longitude", violations);
  }

  static void checkLatitude(double degrees, String field, Violations violations) {
    if (!Position.isLatitude(degrees)) {
      violations.add(field, "must be from -90 to 90 degrees, not " + degrees);
    }
  }

  static void checkLongitude(double degrees, String field, Violations violations) {
    if (!Position.isLongitude(degrees)) {
      violations.add(field, "must be from -180 to 180 degrees, not " + degrees);
    }
  }
}
