package geosearch.load;

import java.util.Locale;
import java.util.Optional;

/** The range of an outline's coordinates, and what is the matter where they are no degrees. */
final class CoordinateRange {

  /** Degrees; a millimetre or so of rounding beyond the ends of the world is cut off. */
  private static final double TOLERANCE = 1e-8;

  private static final double FAR_OUT = 1000;
  private static final double ONCE_MORE_AROUND = 540;

  private double minX = Double.POSITIVE_INFINITY;
  private double maxX = Double.NEGATIVE_INFINITY;
  private double minY = Double.POSITIVE_INFINITY;
  private double maxY = Double.NEGATIVE_INFINITY;

  void reset() {
    minX = Double.POSITIVE_INFINITY;
    maxX = Double.NEGATIVE_INFINITY;
    minY = Double.POSITIVE_INFINITY;
    maxY = Double.NEGATIVE_INFINITY;
  }

  /**
   * Takes note of a longitude.
   *
   * @return the same, or the end of the range that it exceeds by a rounding
   */
  double longitude(double x) {
    double kept = withinRounding(x, 180);
    minX = Math.min(minX, kept);
    maxX = Math.max(maxX, kept);
    return kept;
  }

  /** As {@link #longitude}, for a latitude. */
  double latitude(double y) {
    double kept = withinRounding(y, 90);
    minY = Math.min(minY, kept);
    maxY = Math.max(maxY, kept);
    return kept;
  }

  private static double withinRounding(double degrees, double end) {
    if (degrees > end && degrees <= end + TOLERANCE) {
      return end;
    }
    return degrees < -end && degrees >= -end - TOLERANCE ? -end : degrees;
  }

  /** Why these are no longitudes and latitudes, with what to do, or nothing if they are. */
  Optional<String> problem() {
    boolean longitudes = minX >= -180 && maxX <= 180;
    boolean latitudes = minY >= -90 && maxY <= 90;
    if (minX > maxX || (longitudes && latitudes)) {
      return Optional.empty();
    }
    String what =
        latitudes
            ? "longitude out of range: x is %s, not from -180 to 180".formatted(worst(minX, maxX))
            : "latitude out of range: y is %s, not from -90 to 90".formatted(worst(minY, maxY));
    return Optional.of(what + hint(latitudes));
  }

  private String hint(boolean latitudes) {
    double widest = Math.max(Math.max(-minX, maxX), Math.max(-minY, maxY));
    if (minX >= -90 && maxX <= 90 && minY >= -180 && maxY <= 180) {
      return "; latitude and longitude look swapped: x must be the longitude";
    }
    if (widest > FAR_OUT) {
      return "; these are no degrees: transform the file to WGS 84"
          + " (ogr2ogr -t_srs EPSG:4326 new.geojson old.geojson)";
    }
    if (latitudes && widest <= ONCE_MORE_AROUND) {
      return "; cut outlines at the 180th meridian (ogr2ogr -wrapdateline new.geojson old.geojson)";
    }
    return "";
  }

  private static String worst(double min, double max) {
    return String.format(Locale.ROOT, "%.10s", Double.toString(-min > max ? min : max));
  }
}
