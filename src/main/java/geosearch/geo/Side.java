package geosearch.geo;

import java.math.BigDecimal;

/**
 * On which side of a line a point lies: exactly, for any finite coordinates.
 *
 * <p>The sign of the determinant {@code (b - a) x (p - a)} is taken from doubles where its size
 * exceeds what rounding can have done to it, which is nearly always. Else the six products of the
 * expanded determinant, each split into two doubles without loss, are summed as an expansion whose
 * parts do not overlap, so that the largest one's sign is the sum's. Coordinates so large or small
 * that a product would leave the range of doubles are left to {@link BigDecimal}.
 *
 * <p>After J. R. Shewchuk, "Adaptive Precision Floating-Point Arithmetic and Fast Robust Geometric
 * Predicates", Discrete and Computational Geometry 18 (1997): the bound of his first stage, his
 * Two-Sum and Grow-Expansion.
 */
final class Side {

  /** (3 + 16u) u with u = 2^-53: what four roundings can do, relative to the two products. */
  private static final double ERROR_BOUND = 3.3306690738754716e-16;

  /** What the products can lose below the normal range of doubles, with much to spare. */
  private static final double UNDERFLOW = Double.MIN_NORMAL;

  /** Products of numbers between these, and their rounding errors, are doubles. */
  private static final double SMALLEST = 0x1p-450;

  private static final double LARGEST = 0x1p450;

  private Side() {}

  /**
   * The side of the line from a to b on which p lies.
   *
   * @return positive to the left of the direction from a to b, negative to the right, 0 on the line
   *     or where a and b are the same point
   */
  static int of(double ax, double ay, double bx, double by, double px, double py) {
    double left = (bx - ax) * (py - ay);
    double right = (by - ay) * (px - ax);
    double difference = left - right;
    double bound = ERROR_BOUND * (Math.abs(left) + Math.abs(right)) + UNDERFLOW;
    if (difference > bound) {
      return 1;
    }
    if (difference < -bound) {
      return -1;
    }
    return exactly(ax, ay, bx, by, px, py);
  }

  private static int exactly(double ax, double ay, double bx, double by, double px, double py) {
    if (isModerate(ax)
        && isModerate(ay)
        && isModerate(bx)
        && isModerate(by)
        && isModerate(px)
        && isModerate(py)) {
      return byExpansion(ax, ay, bx, by, px, py);
    }
    return byBigDecimal(ax, ay, bx, by, px, py);
  }

  private static boolean isModerate(double value) {
    double size = Math.abs(value);
    return size == 0 || (size >= SMALLEST && size <= LARGEST);
  }

  private static int byExpansion(double ax, double ay, double bx, double by, double px, double py) {
    double[] sum = new double[12];
    addProduct(sum, 0, bx, py);
    addProduct(sum, 2, -bx, ay);
    addProduct(sum, 4, -ax, py);
    addProduct(sum, 6, -by, px);
    addProduct(sum, 8, by, ax);
    addProduct(sum, 10, ay, px);
    for (int i = sum.length - 1; i >= 0; i--) {
      if (sum[i] != 0) {
        return sum[i] > 0 ? 1 : -1;
      }
    }
    return 0;
  }

  private static void addProduct(double[] sum, int size, double factor, double other) {
    double product = factor * other;
    add(sum, size, Math.fma(factor, other, -product));
    add(sum, size + 1, product);
  }

  /** Adds a number to the first parts of an expansion, which becomes one part longer. */
  private static void add(double[] sum, int size, double number) {
    double carry = number;
    for (int i = 0; i < size; i++) {
      double part = sum[i];
      double total = carry + part;
      double partsShare = total - carry;
      sum[i] = (carry - (total - partsShare)) + (part - partsShare);
      carry = total;
    }
    sum[size] = carry;
  }

  private static int byBigDecimal(
      double ax, double ay, double bx, double by, double px, double py) {
    BigDecimal x = new BigDecimal(ax);
    BigDecimal y = new BigDecimal(ay);
    BigDecimal left = new BigDecimal(bx).subtract(x).multiply(new BigDecimal(py).subtract(y));
    BigDecimal right = new BigDecimal(by).subtract(y).multiply(new BigDecimal(px).subtract(x));
    return left.compareTo(right);
  }
}
