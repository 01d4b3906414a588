package geosearch.geo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.GeometryFactory;

class IndexPartsTest {

  /** What {@link IndexParts#LAYOUT} stands for. */
  private static final long KNOWN = 1_180_806_786L;

  /**
   * If this fails, indexes are built in another way than those that servers have written down:
   * raise {@link IndexParts#LAYOUT}, and put the new sum here.
   */
  @Test
  void layout_ofAKnownIndex_isTheKnownOne() {
    Random random = new Random(1);
    GeometryFactory factory = new GeometryFactory();
    // Without a clearance nothing depends on how a machine computes a cosine.
    AreaIndex.Builder builder = AreaIndex.builder().clearanceMetres(0);
    for (int i = 0; i < 300; i++) {
      double x = random.nextInt(-20, 20);
      double y = random.nextInt(-20, 20);
      Coordinate[] corners = new Coordinate[4];
      for (int corner = 0; corner < 3; corner++) {
        corners[corner] = new Coordinate(x + random.nextDouble(), y + random.nextDouble());
      }
      corners[3] = corners[0];
      builder.add(new Area("a" + i, "", Map.of()), factory.createPolygon(corners));
    }
    IndexParts parts = builder.build().parts();

    CRC32C sum = new CRC32C();
    for (double[] doubles : new double[][] {parts.xy(), parts.sizes(), parts.reach()}) {
      ByteBuffer bytes = ByteBuffer.allocate(8 * doubles.length);
      bytes.asDoubleBuffer().put(doubles);
      sum.update(bytes);
    }
    for (int[] ints :
        new int[][] {
          parts.ringStart(),
          parts.areaStart(),
          parts.areaEnd(),
          parts.tiles(),
          parts.cells(),
          parts.lists(),
          parts.records()
        }) {
      ByteBuffer bytes = ByteBuffer.allocate(4 * ints.length);
      bytes.asIntBuffer().put(ints);
      sum.update(bytes);
    }
    ByteBuffer holes = ByteBuffer.allocate(8 * parts.holes().length);
    holes.asLongBuffer().put(parts.holes());
    sum.update(holes);
    assertEquals(KNOWN, sum.getValue(), "and LAYOUT is " + IndexParts.LAYOUT);
  }

  @Test
  void of_partsOfAChangedIndex_answersAsItDoes() {
    Random random = new Random(2);
    NastyAreas areas = new NastyAreas(random, -3, 40, 4);
    AreaIndex index = areas.index(100);
    AreaIndex changed = index.with(AreaIndex.builder(), Set.of(index.area(0).id()));

    AreaIndex again = AreaIndex.of(changed.parts());

    assertEquals(changed.size(), again.size());
    for (double[] position : areas.positions(changed, 2_000)) {
      StringBuilder expected = new StringBuilder();
      StringBuilder found = new StringBuilder();
      changed.locate(position[0], position[1], (i, border) -> expected.append(i).append(border));
      again.locate(position[0], position[1], (i, border) -> found.append(i).append(border));
      assertEquals(
          expected.chars().sorted().boxed().toList(), found.chars().sorted().boxed().toList());
    }
  }
}
