package geosearch.geo;

/**
 * What one edge of an outline does to a position within a cell.
 *
 * <p>A position is inside a closed outline if a ray from it to the west crosses the outline an odd
 * number of times. A cell knows only the edges that touch it, so its rays end at its western side;
 * what lies beyond is the same for all of the cell as long as it is counted the same for all of it.
 * That is so for an edge that does not reach over the western side. One that does would be hit by
 * the rays of some latitudes beyond the side and not by others: it is thought of as prolonged from
 * its western end straight to the south if it rises from there, else to the north. A ray that
 * passes the edge's western end on that side then crosses the prolongation instead, and the count
 * changes only where a position crosses the edge itself.
 *
 * <p>So for any two positions of a closed cell, the edges that touch it and whose answers for the
 * two differ are exactly those that a way between them within the cell crosses, odd times. {@link
 * CellGridBuilder} and {@link CellGrid} both ask here and nowhere else, and the half-open rules are
 * one: positions are thought of as moved to the west by next to nothing, and to the north by next
 * to nothing of that.
 */
final class Crossing {

  /** The bit that says that the ray from the position crosses the edge. */
  static final int CROSSED = 1;

  /** The bit that says that the position lies on the edge, its ends included. */
  static final int ON = 2;

  private Crossing() {}

  /**
   * Asks an edge that is not wholly west of the cell's western side.
   *
   * @param west the longitude of the cell's western side; {@code px} is not west of it
   * @return {@link #CROSSED} and {@link #ON}, or 0
   */
  static int of(double ax, double ay, double bx, double by, double px, double py, double west) {
    boolean overA = ay <= py;
    boolean overB = by <= py;
    if (overA != overB) {
      if (px < ax && px < bx) {
        return 0;
      }
      if (px > ax && px > bx) {
        return CROSSED;
      }
      int side = Side.of(ax, ay, bx, by, px, py);
      if (side == 0) {
        return ON;
      }
      return (side < 0) == overA ? CROSSED : 0;
    }
    int on = (ay == py || by == py) && isOnEndOrLevel(ax, ay, bx, by, px, py) ? ON : 0;
    if (ax < west != bx < west) {
      boolean rises = ax < west ? ay <= by : by <= ay;
      return rises != overA ? on | CROSSED : on;
    }
    return on;
  }

  /** Of an edge that has one end or both on the position's latitude, and none on either side. */
  private static boolean isOnEndOrLevel(
      double ax, double ay, double bx, double by, double px, double py) {
    if (ay == by) {
      return Math.min(ax, bx) <= px && px <= Math.max(ax, bx);
    }
    return ay == py ? ax == px : bx == px;
  }
}
