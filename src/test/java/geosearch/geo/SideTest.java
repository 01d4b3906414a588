package geosearch.geo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;

class SideTest {

  private final Random random = new Random(20260101);

  @Test
  void of_plainPoints_tellsLeftRightAndOn() {
    assertEquals(1, Side.of(0, 0, 1, 0, 0.5, 0.1));
    assertEquals(-1, Side.of(0, 0, 1, 0, 0.5, -0.1));
    assertEquals(0, Side.of(0, 0, 1, 0, 7, 0));
    assertEquals(0, Side.of(2, 3, 2, 3, 5, 9));
  }

  @Test
  void of_pointsNearTheLine_equalsExactArithmetic() {
    for (int i = 0; i < 100_000; i++) {
      double ax = coordinate();
      double ay = coordinate();
      double bx = coordinate();
      double by = coordinate();
      double t = random.nextDouble(-0.5, 1.5);
      double px = nudge(ax + t * (bx - ax));
      double py = nudge(ay + t * (by - ay));
      check(ax, ay, bx, by, px, py);
    }
  }

  @Test
  void of_coordinatesThatDifferInTheLastBits_equalsExactArithmetic() {
    DoubleSupplier near = () -> 12 + random.nextInt(64) * Math.ulp(12.0);
    for (int i = 0; i < 100_000; i++) {
      check(
          near.getAsDouble(),
          near.getAsDouble(),
          24 + near.getAsDouble(),
          24 + near.getAsDouble(),
          0.5 * near.getAsDouble(),
          0.5 * near.getAsDouble());
    }
  }

  @Test
  void of_coordinatesOfAnySize_equalsExactArithmetic() {
    DoubleSupplier any =
        () -> {
          double value = Double.longBitsToDouble(random.nextLong());
          return Double.isFinite(value) ? value : 0;
        };
    for (int i = 0; i < 5_000; i++) {
      double ax = any.getAsDouble();
      double ay = any.getAsDouble();
      check(
          ax,
          ay,
          any.getAsDouble(),
          any.getAsDouble(),
          random.nextBoolean() ? ax : any.getAsDouble(),
          any.getAsDouble());
    }
  }

  @Test
  void of_coordinatesWhoseProductsUnderflow_equalsExactArithmetic() {
    DoubleSupplier tiny = () -> random.nextInt(-4, 5) * Double.MIN_VALUE;
    for (int i = 0; i < 2_000; i++) {
      check(
          tiny.getAsDouble(),
          tiny.getAsDouble(),
          tiny.getAsDouble(),
          tiny.getAsDouble(),
          tiny.getAsDouble(),
          random.nextBoolean() ? tiny.getAsDouble() : coordinate());
    }
  }

  private double coordinate() {
    return switch (random.nextInt(4)) {
      case 0 -> random.nextDouble(-180, 180);
      case 1 -> Math.round(random.nextDouble(-180, 180) * 1e5) / 1e5;
      case 2 -> random.nextInt(-4, 5);
      default -> random.nextDouble(-1e-9, 1e-9);
    };
  }

  private double nudge(double value) {
    return value + random.nextInt(-2, 3) * Math.ulp(value);
  }

  private static void check(double ax, double ay, double bx, double by, double px, double py) {
    BigDecimal left =
        new BigDecimal(bx)
            .subtract(new BigDecimal(ax))
            .multiply(new BigDecimal(py).subtract(new BigDecimal(ay)));
    BigDecimal right =
        new BigDecimal(by)
            .subtract(new BigDecimal(ay))
            .multiply(new BigDecimal(px).subtract(new BigDecimal(ax)));
    assertEquals(
        left.compareTo(right),
        Side.of(ax, ay, bx, by, px, py),
        () -> "a " + ax + " " + ay + " b " + bx + " " + by + " p " + px + " " + py);
  }
}
