package geosearch.geo;

import java.util.List;

/**
 * What an index is made of, for whoever writes it down and makes it again from that: {@link
 * AreaIndex#parts}, {@link AreaIndex#of}. What the arrays hold is known to {@link CellGrid} and
 * {@link Outlines}; they are shared with the index and must not be changed.
 *
 * @param areas in the order of answers
 * @param xy the vertices
 * @param ringStart the first vertex of each ring, and one more
 * @param holes a bit for each ring
 * @param areaStart the first ring of each area
 * @param areaEnd the ring after the last one of each area
 * @param sizes the size of each area
 * @param tiles where the tiles are: shift, first column, first row, columns
 * @param reach least and greatest x, least and greatest y
 * @param cells the cells
 * @param lists the areas of cells that several areas hold
 * @param records the edges of cells
 * @param clearanceMetres {@link AreaIndex#clearanceMetres}
 */
@SuppressWarnings("ArrayRecordComponent") // they are large, and never compared
public record IndexParts(
    List<Area> areas,
    double[] xy,
    int[] ringStart,
    long[] holes,
    int[] areaStart,
    int[] areaEnd,
    double[] sizes,
    int[] tiles,
    double[] reach,
    int[] cells,
    int[] lists,
    int[] records,
    double clearanceMetres) {

  /**
   * Differs where the arrays mean something else, or are built in another way: parts of another
   * layout are left alone. A test tells when it has to be raised.
   */
  public static final int LAYOUT = 2;
}
