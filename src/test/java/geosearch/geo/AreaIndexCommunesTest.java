package geosearch.geo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import geosearch.testing.Communes;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The communes of France, all answers compared with exact arithmetic: of a sample, or with {@code
 * -Dgeosearch.exhaustive=true} of every vertex, every edge midpoint and ten million positions.
 */
class AreaIndexCommunesTest {
  private static final boolean EXHAUSTIVE = Boolean.getBoolean("geosearch.exhaustive");
  private static final int EVERY = EXHAUSTIVE ? 1 : 97;
  private static final int POSITIONS = EXHAUSTIVE ? 10_000_000 : 50_000;

  private static AreaIndex index;
  private static ExactAreas truth;

  @BeforeAll
  static void build() {
    Communes.assumeThere();
    AreaIndex.Builder builder = AreaIndex.builder();
    Communes.forEach(builder::add);
    index = builder.build();
    truth = new ExactAreas(index);
  }

  @Test
  void locate_verticesAndMidpoints_equalsExactArithmetic() {
    int n = 0;
    for (int ordinal = 0; ordinal < index.size(); ordinal++) {
      for (double[] edge : ExactAreas.edges(index, ordinal)) {
        if (n++ % EVERY == 0) {
          check(edge[1], edge[0]);
          check((edge[1] + edge[3]) / 2, (edge[0] + edge[2]) / 2);
        }
      }
    }
    assertTrue(n > 2_000_000, () -> "there should be more edges");
  }

  @Test
  void locate_positionsOverLand_equalsExactArithmetic() {
    Random random = new Random(1);
    for (int i = 0; i < POSITIONS; i++) {
      check(random.nextDouble(42, 51.2), random.nextDouble(-5.2, 9.7));
    }
  }

  private static void check(double latitude, double longitude) {
    NavigableMap<Integer, Boolean> found = new TreeMap<>();
    index.locate(latitude, longitude, found::put);
    assertEquals(
        truth.locate(latitude, longitude), found, () -> "at " + latitude + " " + longitude);
  }
}
