package geosearch.rpc;

import java.util.ArrayList;
import java.util.List;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.LinearRing;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.index.strtree.STRtree;
import org.locationtech.jts.noding.BasicSegmentString;
import org.locationtech.jts.noding.MCIndexNoder;
import org.locationtech.jts.noding.SegmentIntersector;
import org.locationtech.jts.noding.SegmentString;

/**
 * Foresees how much work the check of an outline's validity will be, and refuses what is made to be
 * much. JTS' check can't be interrupted; on real outlines its work grows little faster than their
 * vertices, but on outlines whose edges or rings all lie in each other's boxes it grows with their
 * square: 10,000 vertices keep it busy for seconds, a million for hours.
 *
 * <p>It walks the same indexes as {@link org.locationtech.jts.operation.valid.IsValidOp} does,
 * counts what that would compare, and stops where the budget ends. A unit is about 0.1 µs.
 */
final class CheckEffort {

  private static final long BUDGET = 1_000_000;

  /** Real outlines need fewer units than this for each vertex. */
  private static final long BUDGET_PER_VERTEX = 20;

  /** Whether a point lies in a ring is found by walking along it: a unit for so many vertices. */
  private static final int VERTICES_PER_UNIT = 25;

  /** Whether a part lies in another is asked of an index. */
  private static final long UNITS_PER_PART = 20;

  private long left;

  private CheckEffort(Geometry outline) {
    this.left = BUDGET + BUDGET_PER_VERTEX * outline.getNumPoints();
  }

  /**
   * Refuses an outline whose check would take too long.
   *
   * @throws InvalidOutlineException if so
   */
  static void check(Geometry outline) throws InvalidOutlineException {
    new CheckEffort(outline).spendOn(outline);
  }

  private void spendOn(Geometry outline) throws InvalidOutlineException {
    List<SegmentString> rings = new ArrayList<>();
    List<Geometry> parts = new ArrayList<>();
    for (int i = 0; i < outline.getNumGeometries(); i++) {
      Polygon polygon = (Polygon) outline.getGeometryN(i);
      parts.add(polygon);
      rings.add(segments(polygon.getExteriorRing()));
      for (int j = 0; j < polygon.getNumInteriorRing(); j++) {
        rings.add(segments(polygon.getInteriorRingN(j)));
      }
    }
    spendOnEdges(rings);
    for (Geometry part : parts) {
      spendOnHoles((Polygon) part);
    }
    spendOnPairs(parts, part -> UNITS_PER_PART);
  }

  /** Every two edges whose boxes overlap are intersected. */
  private void spendOnEdges(List<SegmentString> rings) throws InvalidOutlineException {
    new MCIndexNoder(
            new SegmentIntersector() {
              @Override
              public void processIntersections(
                  SegmentString ring1, int edge1, SegmentString ring2, int edge2) {
                left--;
              }

              // Asked after each two chains of edges whose boxes overlap.
              @Override
              public boolean isDone() {
                left--;
                return left < 0;
              }
            })
        .computeNodes(rings);
    spend(0);
  }

  /** Each hole must lie in the shell, and in no other hole. */
  private void spendOnHoles(Polygon polygon) throws InvalidOutlineException {
    int count = polygon.getNumInteriorRing();
    if (count == 0) {
      return;
    }
    spend(count * walk(polygon.getExteriorRing()));
    List<Geometry> holes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      holes.add(polygon.getInteriorRingN(i));
    }
    spendOnPairs(holes, CheckEffort::walk);
  }

  private interface Cost {
    long of(Geometry outer);
  }

  /** Every one in whose box another lies is asked whether it contains it. */
  private void spendOnPairs(List<Geometry> geometries, Cost cost) throws InvalidOutlineException {
    STRtree index = new STRtree();
    geometries.forEach(geometry -> index.insert(geometry.getEnvelopeInternal(), geometry));
    for (Geometry inner : geometries) {
      List<?> found = index.query(inner.getEnvelopeInternal());
      spend(found.size());
      for (Object outer : found) {
        if (((Geometry) outer).getEnvelopeInternal().covers(inner.getEnvelopeInternal())) {
          spend(cost.of((Geometry) outer));
        }
      }
    }
  }

  private void spend(long units) throws InvalidOutlineException {
    left -= units;
    if (left < 0) {
      throw new InvalidOutlineException(
          "is too entangled to be checked: too many of its edges or rings lie in each other's"
              + " bounding boxes; simplify it, or cut it into several zones");
    }
  }

  private static long walk(Geometry ring) {
    return ring.getNumPoints() / VERTICES_PER_UNIT + 1L;
  }

  private static SegmentString segments(LinearRing ring) {
    return new BasicSegmentString(ring.getCoordinates(), null);
  }
}
