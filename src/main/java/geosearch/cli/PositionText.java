package geosearch.cli;

import geosearch.geo.Position;
import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Positions as people write them: latitude and longitude in degrees. */
final class PositionText {

  private static final String NUMBER = "[-+]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][-+]?\\d+)?";
  private static final Pattern PAIR =
      Pattern.compile("\\s*(" + NUMBER + ")(?:\\s*,\\s*|\\s+)(" + NUMBER + ")\\s*");

  private PositionText() {}

  /** The position in the form that {@link #parse} reads, exactly. */
  static String format(Position position) {
    return degrees(position.latitude()) + " " + degrees(position.longitude());
  }

  /** Degrees without an exponent, exactly. */
  static String degrees(double degrees) {
    return BigDecimal.valueOf(degrees).toPlainString();
  }

  /**
   * Reads {@code LAT LNG} or {@code LAT,LNG}.
   *
   * @throws IllegalArgumentException if it is none; the message says why
   */
  static Position parse(String text) {
    Matcher pair = PAIR.matcher(text);
    if (!pair.matches()) {
      throw new IllegalArgumentException(
          "not a position, which is written like 48.8566 2.3522 or 48.8566,2.3522: "
              + Text.shortened(text));
    }
    return new Position(Double.parseDouble(pair.group(1)), Double.parseDouble(pair.group(2)));
  }
}
