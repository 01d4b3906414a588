package geosearch.load;

import java.util.ArrayList;
import java.util.List;
import org.locationtech.jts.algorithm.LineIntersector;
import org.locationtech.jts.algorithm.RobustLineIntersector;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.LinearRing;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.index.ItemVisitor;
import org.locationtech.jts.index.chain.MonotoneChain;
import org.locationtech.jts.index.chain.MonotoneChainBuilder;
import org.locationtech.jts.index.hprtree.HPRtree;
import org.locationtech.jts.noding.BasicSegmentString;
import org.locationtech.jts.noding.MCIndexNoder;
import org.locationtech.jts.noding.SegmentIntersector;
import org.locationtech.jts.noding.SegmentString;

/**
 * What the check and the repair of an outline will cost, before JTS, which can't be stopped, begins
 * with it. A well-meant outline costs JTS little more than its number of vertices; of a spiral, a
 * comb or a star of the same size it may compare every edge with every other one, for days.
 */
final class OutlineCost {

  /** Outlines of fewer vertices may be what they like: they take a fraction of a second. */
  private static final int HARMLESS = 4000;

  /**
   * Comparisons of edges, 50 to 500 ns each; real outlines have two or three for each vertex. Of
   * the largest that are let through the check takes under a minute.
   */
  private static final long COMPARISONS = 10_000_000;

  private static final long COMPARISONS_PER_VERTEX = 20;

  /** Edges that are looked at to tell which rings lie in which, 2 ns each. */
  private static final long RING_EDGES = 5_000_000_000L;

  /** Places where edges cross. Measured: JTS repairs as many in two seconds. */
  private static final int CROSSINGS = 20_000;

  private OutlineCost() {}

  /** Whether the check would take out of all proportion. */
  static boolean isTooDearToCheck(Geometry outline) {
    int vertices = outline.getNumPoints();
    return vertices > HARMLESS
        && (exceedsRingEdges(outline)
            || exceedsComparisons(outline, COMPARISONS + COMPARISONS_PER_VERTEX * vertices));
  }

  /** Whether the repair would, of an outline that the check has found broken. */
  static boolean isTooDearToRepair(Geometry outline) {
    List<SegmentString> strings = new ArrayList<>();
    for (LinearRing ring : rings(outline)) {
      strings.add(new BasicSegmentString(ring.getCoordinates(), null));
    }
    Crossings crossings = new Crossings();
    new MCIndexNoder(crossings).computeNodes(strings);
    return crossings.isDone();
  }

  private static boolean exceedsRingEdges(Geometry outline) {
    long edges = 0;
    for (int i = 0; i < outline.getNumGeometries(); i++) {
      Polygon polygon = (Polygon) outline.getGeometryN(i);
      int holes = polygon.getNumInteriorRing();
      edges += (long) holes * polygon.getExteriorRing().getNumPoints();
      HPRtree tree = new HPRtree();
      for (int hole = 0; hole < holes; hole++) {
        LinearRing ring = polygon.getInteriorRingN(hole);
        tree.insert(ring.getEnvelopeInternal(), ring);
      }
      Counter inside = new Counter();
      for (int hole = 0; hole < holes && edges + inside.sum <= RING_EDGES; hole++) {
        Envelope envelope = polygon.getInteriorRingN(hole).getEnvelopeInternal();
        inside.query(
            tree,
            envelope,
            item -> {
              LinearRing other = (LinearRing) item;
              return other.getEnvelopeInternal().covers(envelope) ? other.getNumPoints() : 0;
            });
      }
      edges += inside.sum;
    }
    return edges > RING_EDGES;
  }

  private static boolean exceedsComparisons(Geometry outline, long limit) {
    List<MonotoneChain> chains = new ArrayList<>();
    for (LinearRing ring : rings(outline)) {
      Coordinate[] points = ring.getCoordinates();
      for (Object chain : MonotoneChainBuilder.getChains(points, points)) {
        ((MonotoneChain) chain).setId(chains.size());
        chains.add((MonotoneChain) chain);
      }
    }
    HPRtree tree = new HPRtree();
    for (MonotoneChain chain : chains) {
      tree.insert(chain.getEnvelope(), chain);
    }
    Counter comparisons = new Counter();
    for (MonotoneChain chain : chains) {
      comparisons.query(
          tree,
          chain.getEnvelope(),
          item -> {
            MonotoneChain other = (MonotoneChain) item;
            return other.getId() > chain.getId() ? comparisons(chain, other) : 0;
          });
      if (comparisons.sum > limit) {
        return true;
      }
    }
    return false;
  }

  /** At most how many pairs of edges of two chains have boxes that overlap. */
  private static long comparisons(MonotoneChain one, MonotoneChain other) {
    Envelope common = one.getEnvelope().intersection(other.getEnvelope());
    return 1L + edgesWithin(one, common) + edgesWithin(other, common);
  }

  /** About how many edges of a chain, whose x is sorted, lie within the box's width. */
  private static int edgesWithin(MonotoneChain chain, Envelope box) {
    int edges = chain.getEndIndex() - chain.getStartIndex();
    if (edges <= 4) {
      return edges;
    }
    Coordinate[] points = (Coordinate[]) chain.getContext();
    boolean rising = points[chain.getStartIndex()].x <= points[chain.getEndIndex()].x;
    int from = firstBeyond(chain, points, rising ? box.getMinX() : -box.getMaxX(), rising);
    int to = firstBeyond(chain, points, rising ? box.getMaxX() : -box.getMinX(), rising);
    return Math.min(edges, to - from + 2);
  }

  private static int firstBeyond(
      MonotoneChain chain, Coordinate[] points, double x, boolean rising) {
    int low = chain.getStartIndex();
    int high = chain.getEndIndex();
    while (low < high) {
      int middle = (low + high) >>> 1;
      double there = rising ? points[middle].x : -points[middle].x;
      if (there < x) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static List<LinearRing> rings(Geometry outline) {
    List<LinearRing> rings = new ArrayList<>();
    for (int i = 0; i < outline.getNumGeometries(); i++) {
      Polygon polygon = (Polygon) outline.getGeometryN(i);
      rings.add(polygon.getExteriorRing());
      for (int hole = 0; hole < polygon.getNumInteriorRing(); hole++) {
        rings.add(polygon.getInteriorRingN(hole));
      }
    }
    return rings;
  }

  /** Sums up what a tree's items cost. */
  private static final class Counter {
    private long sum;

    void query(HPRtree tree, Envelope envelope, Cost cost) {
      tree.query(envelope, (ItemVisitor) item -> sum += cost.of(item));
    }
  }

  private interface Cost {
    long of(Object item);
  }

  /** Counts the places where edges cross, until there are too many. */
  private static final class Crossings implements SegmentIntersector {
    private final LineIntersector intersector = new RobustLineIntersector();
    private int count;

    @Override
    @SuppressWarnings("ReferenceEquality") // the very same edge, not one like it
    public void processIntersections(SegmentString a, int i, SegmentString b, int j) {
      if (a == b && i == j) {
        return;
      }
      intersector.computeIntersection(
          a.getCoordinate(i), a.getCoordinate(i + 1), b.getCoordinate(j), b.getCoordinate(j + 1));
      if (intersector.hasIntersection() && intersector.isInteriorIntersection()) {
        count++;
      }
    }

    @Override
    public boolean isDone() {
      return count > CROSSINGS;
    }
  }
}
