package geosearch.geo;

import java.util.Map;
import java.util.Random;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.impl.PackedCoordinateSequence;

/**
 * Zones of eight corners and some 150 metres, as users draw them: strewn at random over a square of
 * which they would fill half, so that some overlap.
 */
public final class SmallZones {
  private static final double WEST = 2;
  private static final double SOUTH = 46;
  private static final int CORNERS = 8;
  private static final double RADIUS = 0.0008;

  private final int count;
  private final double extent;
  private final Random random = new Random(11);
  private final GeometryFactory factory = new GeometryFactory();

  public SmallZones(int count) {
    this.count = count;
    this.extent = Math.sqrt(count * Math.PI * RADIUS * RADIUS / 0.5);
  }

  public AreaIndex.Builder builder() {
    AreaIndex.Builder builder = AreaIndex.builder();
    for (int i = 0; i < count; i++) {
      builder.add(new Area("zone-" + i, "", Map.of()), outline());
    }
    return builder;
  }

  Positions positions(AreaIndex index) {
    return Positions.inside(index, WEST, SOUTH, WEST + extent, SOUTH + extent);
  }

  /** One more outline. */
  Geometry outline() {
    double x = WEST + random.nextDouble() * extent;
    double y = SOUTH + random.nextDouble() * extent;
    double[] xy = new double[2 * CORNERS + 2];
    for (int i = 0; i < CORNERS; i++) {
      double radius = RADIUS * (0.6 + 0.4 * random.nextDouble());
      xy[2 * i] = x + radius * Math.cos(2 * Math.PI * i / CORNERS);
      xy[2 * i + 1] = y + radius * Math.sin(2 * Math.PI * i / CORNERS);
    }
    xy[2 * CORNERS] = xy[0];
    xy[2 * CORNERS + 1] = xy[1];
    return factory.createPolygon(new PackedCoordinateSequence.Double(xy, 2, 0));
  }
}
