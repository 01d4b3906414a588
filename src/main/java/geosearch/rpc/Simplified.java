package geosearch.rpc;

import org.locationtech.jts.geom.CoordinateSequence;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.util.GeometryTransformer;
import org.locationtech.jts.simplify.TopologyPreservingSimplifier;

/**
 * Outlines with fewer vertices, which are among those they had. Degrees of longitude are narrowed
 * meanwhile, so that a distance is the same in all directions; each vertex carries its own
 * longitude along, as what would be its height.
 */
final class Simplified {

  /** No degree is longer, in metres. */
  private static final double LONGEST_DEGREE = 111_800;

  private Simplified() {}

  /**
   * Leaves vertices out.
   *
   * @param outline valid
   * @param metres how far the border may move
   */
  static Geometry of(Geometry outline, double metres) {
    Envelope envelope = outline.getEnvelopeInternal();
    double south = envelope.getMinY();
    double north = envelope.getMaxY();
    double nearestEquator = south > 0 ? south : north < 0 ? north : 0;
    double narrowing = Math.max(Math.cos(Math.toRadians(nearestEquator)), 1e-6);
    Geometry narrow =
        transformed(
            outline,
            (from, i, to) -> {
              to.setOrdinate(i, 0, from.getX(i) * narrowing);
              to.setOrdinate(i, 1, from.getY(i));
              to.setOrdinate(i, 2, from.getX(i));
            },
            3);
    Geometry fewer = TopologyPreservingSimplifier.simplify(narrow, metres / LONGEST_DEGREE);
    return transformed(
        fewer,
        (from, i, to) -> {
          to.setOrdinate(i, 0, from.getOrdinate(i, 2));
          to.setOrdinate(i, 1, from.getY(i));
        },
        2);
  }

  /** Says what a vertex becomes. */
  private interface Move {
    void move(CoordinateSequence from, int i, CoordinateSequence to);
  }

  private static Geometry transformed(Geometry outline, Move move, int dimension) {
    return new GeometryTransformer() {
      @Override
      protected CoordinateSequence transformCoordinates(
          CoordinateSequence sequence, Geometry parent) {
        CoordinateSequence moved =
            factory.getCoordinateSequenceFactory().create(sequence.size(), dimension, 0);
        for (int i = 0; i < sequence.size(); i++) {
          move.move(sequence, i, moved);
        }
        return moved;
      }
    }.transform(outline);
  }
}
