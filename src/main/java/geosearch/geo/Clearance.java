package geosearch.geo;

import java.util.BitSet;
import org.locationtech.jts.geom.Envelope;

/**
 * Marks the cells that no border touches but to which one comes near, so that a position in any
 * other such cell is known to be farther than a radius from every border.
 *
 * <p>A box about an edge, as wide as the radius at the edge's highest latitude, holds every
 * position that is as near to the edge, on the ellipsoid of WGS 84.
 */
final class Clearance {
  static final double MOST_METRES = 1_000;

  /** No degree of latitude is shorter than this. */
  static final double METRES_PER_DEGREE_NORTH = 110_500;

  /** No degree of longitude is shorter at the equator; elsewhere times the latitude's cosine. */
  static final double METRES_PER_DEGREE_EAST = 111_000;

  static final double HIGHEST_LATITUDE = 89;

  private static final double HIGHEST_LONGITUDE = 179;

  private final double metres;
  private final double north;
  private final Raster[] rasters = new Raster[Integer.SIZE];

  Clearance(double metres) {
    this.metres = metres;
    this.north = metres / METRES_PER_DEGREE_NORTH;
  }

  double metres() {
    return metres;
  }

  /**
   * Whether the marks speak of all borders about a position: beside the meridian of 180 degrees and
   * at the poles there may be one on the other side.
   */
  static boolean isKnown(double latitude, double longitude) {
    return Math.abs(latitude) < HIGHEST_LATITUDE && Math.abs(longitude) < HIGHEST_LONGITUDE;
  }

  /** What comes within the radius of an envelope, and has positions. */
  Envelope reach(Envelope bounds) {
    Envelope reach = new Envelope(bounds);
    if (!bounds.isNull()) {
      double east = east(bounds.getMinY(), bounds.getMaxY());
      reach.expandToInclude(
          Math.max(bounds.getMinX() - east, -180), Math.max(bounds.getMinY() - north, -90));
      reach.expandToInclude(
          Math.min(bounds.getMaxX() + east, 180), Math.min(bounds.getMaxY() + north, 90));
    }
    return reach;
  }

  /**
   * Marks the cells of a grid.
   *
   * @param twins edges that are left out, by the vertex: there is another one that is the same
   */
  void mark(Outlines outlines, BitSet twins, CellGrid.Root root, int[] cells) {
    if (metres == 0) {
      return;
    }
    Raster raster = new Raster();
    raster.place(root.x(0), root.y(0), root.shift(), root.columns(), root.rows());
    for (int depth = 0; depth < rasters.length; depth++) {
      rasters[depth] = new Raster();
    }
    double[] xy = outlines.xy;
    for (int area = 0; area < outlines.areas(); area++) {
      for (int ring = outlines.firstRing(area); ring < outlines.endRing(area); ring++) {
        int last = outlines.lastVertex(ring);
        for (int v = outlines.firstVertex(ring); v < last; v++) {
          if (!twins.get(v)) {
            markAbout(xy, v, root, raster, cells);
          }
        }
      }
    }
  }

  private void markAbout(double[] xy, int v, CellGrid.Root root, Raster raster, int[] cells) {
    double east = east(xy[2 * v + 1], xy[2 * v + 3]);
    raster.scan(xy[2 * v], xy[2 * v + 1], xy[2 * v + 2], xy[2 * v + 3], east, north);
    for (int row = raster.firstRow(); row < raster.endRow(); row++) {
      int end = raster.endColumn(row);
      for (int column = raster.firstColumn(row); column < end; column++) {
        int tile = row * root.columns() + column;
        if (Cells.isGrid(cells[tile])) {
          markParts(xy, v, east, cells, cells[tile], root.x(column), root.y(row), root.shift(), 0);
        } else if (cells[tile] >= 0) {
          cells[tile] |= Cells.NEAR;
        }
      }
    }
  }

  private void markParts(
      double[] xy, int v, double east, int[] cells, int grid, int x, int y, int shift, int depth) {
    int bits = Cells.gridBits(grid);
    int offset = Cells.gridOffset(grid);
    int partShift = shift - bits;
    Raster raster = rasters[depth];
    raster.place(x, y, partShift, 1 << bits, 1 << bits);
    raster.scan(xy[2 * v], xy[2 * v + 1], xy[2 * v + 2], xy[2 * v + 3], east, north);
    for (int row = raster.firstRow(); row < raster.endRow(); row++) {
      int end = raster.endColumn(row);
      for (int column = raster.firstColumn(row); column < end; column++) {
        int part = offset + (row << bits) + column;
        if (Cells.isGrid(cells[part])) {
          int partX = x + (column << partShift);
          int partY = y + (row << partShift);
          markParts(xy, v, east, cells, cells[part], partX, partY, partShift, depth + 1);
        } else if (cells[part] >= 0) {
          cells[part] |= Cells.NEAR;
        }
      }
    }
  }

  private double east(double latitude, double other) {
    double highest = Math.max(Math.abs(latitude), Math.abs(other)) + north;
    return highest >= HIGHEST_LATITUDE
        ? 360
        : metres / (METRES_PER_DEGREE_EAST * Math.cos(Math.toRadians(highest)));
  }
}
