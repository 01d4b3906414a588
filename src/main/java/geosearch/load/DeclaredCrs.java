package geosearch.load;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The coordinate reference system that a file of the time before RFC 7946 may declare. */
final class DeclaredCrs {

  private static final int MAX_NAMES = 5;

  private DeclaredCrs() {}

  /**
   * Reads the value of a member {@code crs}.
   *
   * @return how it calls a system that is not WGS 84 in longitude and latitude; nothing if it is
   *     that, or null
   */
  static Optional<String> readForeign(JsonParser parser) throws IOException {
    JsonToken first = parser.nextToken();
    if (first == JsonToken.VALUE_NULL) {
      return Optional.empty();
    }
    List<String> names = new ArrayList<>();
    if (first.isScalarValue()) {
      names.add(parser.getText());
    }
    int depth = first.isStructStart() ? 1 : 0;
    while (depth > 0) {
      JsonToken token = parser.nextToken();
      if (token.isStructStart()) {
        depth++;
      } else if (token.isStructEnd()) {
        depth--;
      } else if (token.isScalarValue() && names.size() < MAX_NAMES && names(parser)) {
        names.add(parser.getText());
      }
    }
    if (names.stream().anyMatch(DeclaredCrs::isWgs84)) {
      return Optional.empty();
    }
    return Optional.of(Quoted.of(String.join(" ", names)));
  }

  private static boolean names(JsonParser parser) throws IOException {
    String member = parser.currentName();
    return "name".equals(member) || "code".equals(member) || "href".equals(member);
  }

  /** Whether it is one of the many spellings of WGS 84; the third dimension does not matter. */
  static boolean isWgs84(String name) {
    String upper = name.strip().toUpperCase(Locale.ROOT);
    return switch (upper.replaceFirst(".*[:/#]", "")) {
      case "CRS84", "CRS84H", "WGS84", "WGS 84" -> true;
      case "4326", "4979" -> upper.length() == 4 || upper.contains("EPSG");
      default -> false;
    };
  }
}
