package geosearch.load;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** What a file begins with when it is not what can be read. */
final class FirstBytes {

  private static final int SHOWN = 20;
  private static final String CONVERT = "convert it (ogr2ogr -t_srs EPSG:4326 new.geojson old)";

  private static final String UTF_16 =
      "it is UTF-16 or UTF-32; save it as UTF-8 (iconv -f UTF-16 -t UTF-8)";

  /** Files that people are likely to try, and how they begin, in hexadecimal. */
  private static final List<Known> KNOWN =
      List.of(
          new Known("fffe", UTF_16),
          new Known("feff", UTF_16),
          new Known("7b00", UTF_16),
          new Known("007b", UTF_16),
          new Known("0000007b", UTF_16),
          new Known("0000feff", UTF_16),
          new Known("425a68", "it is packed by bzip2; unpack it first"),
          new Known("fd377a585a", "it is packed by xz; unpack it first"),
          new Known("28b52ffd", "it is packed by zstd; unpack it first"),
          new Known("377abcaf", "it is packed by 7-Zip; unpack it first"),
          new Known("53514c697465", "it is not GeoJSON, but a GeoPackage or SQLite; " + CONVERT),
          new Known("0000270a", "it is not GeoJSON, but a shapefile; " + CONVERT),
          new Known("666762", "it is not GeoJSON, but FlatGeobuf; " + CONVERT),
          new Known("50415231", "it is not GeoJSON, but Parquet; " + CONVERT));

  private FirstBytes() {}

  /** Whether a file's first bytes are these. */
  static boolean are(byte[] head, byte... start) {
    return head.length >= start.length
        && Arrays.equals(head, 0, start.length, start, 0, start.length);
  }

  /**
   * Why a file is not GeoJSON, and what to do.
   *
   * @param first which of the bytes is the first that is not blank
   */
  static String whyNotGeoJson(byte[] head, int first) {
    for (Known known : KNOWN) {
      if (known.begins(head)) {
        return known.what();
      }
    }
    String start =
        new String(head, first, Math.min(SHOWN, head.length - first), StandardCharsets.ISO_8859_1);
    boolean text = start.chars().allMatch(c -> (c >= ' ' && c < 0x7f) || Character.isWhitespace(c));
    return "it is not GeoJSON: it begins with %s, not with '{'"
        .formatted(text ? Quoted.of(start) : "the bytes " + hex(head));
  }

  private static String hex(byte[] head) {
    return HexFormat.ofDelimiter(" ").formatHex(head, 0, Math.min(4, head.length));
  }

  private record Known(String start, String what) {
    boolean begins(byte[] head) {
      return are(head, HexFormat.of().parseHex(start));
    }
  }
}
