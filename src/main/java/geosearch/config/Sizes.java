package geosearch.config;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers of bytes as text: 100, 64KiB, 4MiB, 1GiB. */
final class Sizes {

  static final String FORM = "a size such as 100, 64KiB or 4MiB";
  static final int KIB = 1 << 10;
  static final int MIB = 1 << 20;

  private static final Pattern PATTERN = Pattern.compile("(\\d{1,10})(|B|KiB|MiB|GiB)");

  private Sizes() {}

  static Optional<Integer> parse(String text) {
    Matcher matcher = PATTERN.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long unit =
        switch (matcher.group(2)) {
          case "KiB" -> KIB;
          case "MiB" -> MIB;
          case "GiB" -> 1 << 30;
          default -> 1;
        };
    long bytes = Long.parseLong(matcher.group(1)) * unit;
    return bytes <= Integer.MAX_VALUE ? Optional.of((int) bytes) : Optional.empty();
  }

  static String format(int bytes) {
    if (bytes != 0 && bytes % MIB == 0) {
      return bytes / MIB + "MiB";
    }
    return bytes != 0 && bytes % KIB == 0 ? bytes / KIB + "KiB" : bytes + " bytes";
  }
}
