package geosearch.geo;

import java.util.Random;

/** Positions to ask for, the same in each run: so many that caches don't remember them. */
final class Positions {

  /** As many as a benchmark asks for at once. */
  static final int CHUNK = 4_096;

  private static final int CHUNKS = 256;

  private static final double METRES_PER_DEGREE = 111_320;

  private final double[][] latitudes = new double[CHUNKS][CHUNK];
  private final double[][] longitudes = new double[CHUNKS][CHUNK];

  private Positions() {}

  /** Evenly spread over an index's areas in a rectangle. */
  static Positions inside(AreaIndex index, double west, double south, double east, double north) {
    Positions positions = new Positions();
    Random random = new Random(1);
    for (int i = 0; i < CHUNKS * CHUNK; ) {
      double latitude = random.nextDouble(south, north);
      double longitude = random.nextDouble(west, east);
      if (index.locate(new Position(latitude, longitude)).length > 0) {
        positions.set(i++, latitude, longitude);
      }
    }
    return positions;
  }

  /** Of a vehicle in the middle of France that reports every 10 metres. */
  static Positions track() {
    Positions positions = new Positions();
    Random random = new Random(2);
    double latitude = 47;
    double longitude = 2.5;
    double heading = 0;
    for (int i = 0; i < CHUNKS * CHUNK; i++) {
      heading += random.nextGaussian() * 0.03;
      if (latitude < 44.5 || latitude > 49 || longitude < 0 || longitude > 6) {
        heading = Math.atan2(47 - latitude, 2.5 - longitude);
      }
      latitude += 10 * Math.sin(heading) / METRES_PER_DEGREE;
      longitude +=
          10 * Math.cos(heading) / (METRES_PER_DEGREE * Math.cos(Math.toRadians(latitude)));
      positions.set(i, latitude, longitude);
    }
    return positions;
  }

  int chunks() {
    return CHUNKS;
  }

  /** Degrees, in chunks. */
  double[][] latitudes() {
    return latitudes;
  }

  /** Degrees, in chunks. */
  double[][] longitudes() {
    return longitudes;
  }

  private void set(int i, double latitude, double longitude) {
    latitudes[i / CHUNK][i % CHUNK] = latitude;
    longitudes[i / CHUNK][i % CHUNK] = longitude;
  }
}
