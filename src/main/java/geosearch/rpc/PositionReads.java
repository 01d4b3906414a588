package geosearch.rpc;

import geosearch.geo.AreaIndex;
import geosearch.geo.Position;
import java.util.Arrays;

/**
 * Positions whose areas will be looked for: reads what that will read, for all of them at once, so
 * that the processor waits for the memory once and not for each of them. For use by one thread.
 */
final class PositionReads {

  private final double[] latitudes;
  private final double[] longitudes;
  private int count;

  /** Keeps the reads from being left out by the compiler. */
  @SuppressWarnings("UnusedVariable")
  private int read;

  /**
   * @param most how many positions there are at most
   */
  PositionReads(int most) {
    latitudes = new double[most];
    longitudes = new double[most];
  }

  /** Adds a position; what is none needs nothing to be read. */
  void add(double latitude, double longitude) {
    if (Position.isLatitude(latitude) && Position.isLongitude(longitude)) {
      latitudes[count] = latitude;
      longitudes[count++] = longitude;
    }
  }

  /** Reads what finding the areas of the positions needs, and the messages about these. */
  void read(AreaIndex index, KeptMessages.OfSnapshot messages) {
    index.locateAll(
        Arrays.copyOf(latitudes, count),
        Arrays.copyOf(longitudes, count),
        (position, ordinal, border) -> read += messages.fetch(ordinal));
  }
}
