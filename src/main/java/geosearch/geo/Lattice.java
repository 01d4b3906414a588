package geosearch.geo;

/**
 * The steps in which cells are counted: 2^-22 degrees, some 2.6 cm.
 *
 * <p>A step is a power of two, so a coordinate falls into its step, and a step's beginning is a
 * coordinate, without any rounding.
 */
final class Lattice {

  /** Coordinates beyond this many degrees have no step. */
  static final double LIMIT = 511;

  private static final double STEPS_PER_DEGREE = 0x1p22;
  private static final double DEGREES_PER_STEP = 0x1p-22;

  private Lattice() {}

  /** The step that holds a coordinate of at most {@link #LIMIT} degrees. */
  static int step(double degrees) {
    return (int) Math.floor(degrees * STEPS_PER_DEGREE);
  }

  /** The coordinate at which a step begins. */
  static double degrees(int step) {
    return step * DEGREES_PER_STEP;
  }

  /** The extent in degrees of a cell of 2^shift steps. */
  static double cellDegrees(int shift) {
    return (1L << shift) * DEGREES_PER_STEP;
  }
}
