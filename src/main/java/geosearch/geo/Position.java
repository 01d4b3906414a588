package geosearch.geo;

/**
 * A point on the earth in WGS 84 (EPSG:4326).
 *
 * @param latitude degrees north, -90 to 90
 * @param longitude degrees east, -180 to 180; the two ends are one meridian
 */
public record Position(double latitude, double longitude) {

  /**
   * @throws IllegalArgumentException for a coordinate that is NaN or out of range; the message
   *     names it, its range and its value
   */
  public Position {
    if (!isLatitude(latitude)) {
      throw new IllegalArgumentException(
          "latitude must be from -90 to 90 degrees, not " + latitude);
    }
    if (!isLongitude(longitude)) {
      throw new IllegalArgumentException(
          "longitude must be from -180 to 180 degrees, not " + longitude);
    }
  }

  /** Whether the number can be a latitude: from -90 to 90, not NaN. */
  public static boolean isLatitude(double degrees) {
    return degrees >= -90 && degrees <= 90;
  }

  /** Whether the number can be a longitude: from -180 to 180, not NaN. */
  public static boolean isLongitude(double degrees) {
    return degrees >= -180 && degrees <= 180;
  }
}
