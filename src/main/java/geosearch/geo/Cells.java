package geosearch.geo;

/**
 * How the contents of a cell are packed into an int; {@link CellGrid} says what they mean.
 *
 * <p>Two bits say the kind. {@link #RECORD} and {@link #GRID} are the negative ones.
 */
final class Cells {

  /** No area holds any of the cell, and no border touches it. */
  static final int EMPTY = 0;

  /** One area or none holds all of the cell: its number plus one, or 0. */
  static final int ONE = 0;

  /** Several areas hold all of the cell: where they are listed. */
  static final int SEVERAL = 1;

  /** Borders touch the cell: where its record begins. */
  static final int RECORD = 2;

  /** The cell is divided: the bits by which, and where its parts are. */
  static final int GRID = 3;

  /** Of a cell that no border touches: one may come within the clearance. */
  static final int NEAR = 1 << 29;

  /** The most bits by which a grid divides a cell's sides. */
  static final int MOST_BITS = 15;

  /** Grids begin at multiples of 2^4 cells, so that 26 bits suffice to find them. */
  private static final int ALIGNMENT = 4;

  private static final int MOST_AREAS = NEAR - 1;
  private static final int PAYLOAD = (1 << 30) - 1;
  private static final int GRID_OFFSET = (1 << 26) - 1;

  private Cells() {}

  static int one(int area) {
    return area + 1;
  }

  static int several(int offset) {
    return SEVERAL << 30 | checked(offset, MOST_AREAS);
  }

  static int record(int offset) {
    return RECORD << 30 | checked(offset, PAYLOAD);
  }

  static int grid(int bits, int offset) {
    return GRID << 30 | bits << 26 | checked(offset >> ALIGNMENT, GRID_OFFSET);
  }

  /** So many cells that the next grid can begin behind them. */
  static int aligned(int count) {
    return (count + (1 << ALIGNMENT) - 1) >> ALIGNMENT << ALIGNMENT;
  }

  static int kind(int cell) {
    return cell >>> 30;
  }

  static boolean isGrid(int cell) {
    return cell >>> 30 == GRID;
  }

  static boolean isNear(int cell) {
    return cell < 0 || (cell & NEAR) != 0;
  }

  /** The number of the area that holds all of a cell, plus one. */
  static int areaPlusOne(int cell) {
    return cell & MOST_AREAS;
  }

  /** Where a cell's areas are listed. */
  static int listOffset(int cell) {
    return cell & MOST_AREAS;
  }

  static int recordOffset(int cell) {
    return cell & PAYLOAD;
  }

  static int gridBits(int cell) {
    return cell >> 26 & MOST_BITS;
  }

  static int gridOffset(int cell) {
    return (cell & GRID_OFFSET) << ALIGNMENT;
  }

  private static int checked(int value, int most) {
    if (value < 0 || value > most) {
      throw new IllegalStateException("the areas are too many for one index");
    }
    return value;
  }
}
