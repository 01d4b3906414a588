package geosearch.rpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.io.WKBWriter;

/** Outlines that are made to do harm, or are easily misread: an error or a right answer. */
final class HostileOutlinesTest {

  private static final int MAX_VERTICES = 10_000;
  private static final int MAX_RINGS = 100;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[[[0,0],[2,2],[2,0],[0,2],[0,0]]] | Self-intersection",
        "[[[0,0],[9,0],[9,9],[0,9],[0,0]],[[1,1],[8,1],[8,8],[1,8],[1,1]],[[2,2],[3,2],[3,3],[2,2]]] | Holes are nested",
        "[[[0,0],[1,0],[1,1],[0,1],[0,0]],[[5,5],[6,5],[6,6],[5,5]]] | Hole lies outside shell",
        "[[[0,0],[1e999,0],[1,1],[0,0]]] | must be from -180 to 180",
        "[[[0,0],[1,0],[1,91],[0,0]]] | must be from -90 to 90",
        "[[[0,0],[NaN,0],[1,1],[0,0]]] | is not JSON",
        "[[[170,0],[190,0],[190,1],[170,0]]] | must be from -180 to 180",
        "[[[179,0],[-179,0],[-179,1],[179,1],[179,0]]] | more than 180 degrees: cut",
        "[[[-170,60],[170,60],[170,90],[-170,90],[-170,60]]] | more than 180 degrees: cut"
      })
  void read_outlineThatIsNone_saysWhy(String coordinates, String reason) {
    assertRefused("{\"type\":\"Polygon\",\"coordinates\":%s}".formatted(coordinates), reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Polygon | [[[-180,60],[180,60],[180,90],[-180,90],[-180,60]]]",
        "Polygon | [[[-180,-90],[180,-90],[180,90],[-180,90],[-180,-90]]]",
        "Polygon | [[[-170,0],[0,0],[170,0],[170,1],[0,1],[-170,1],[-170,0]]]",
        "MultiPolygon | [[[[179,0],[180,0],[180,1],[179,1],[179,0]]],[[[-180,0],[-179,0],[-179,1],[-180,1],[-180,0]]]]"
      })
  void read_aroundAPoleOrAcrossTheMeridianOf180_isTaken(String type, String coordinates)
      throws InvalidOutlineException {
    assertTrue(read("{\"type\":\"%s\",\"coordinates\":%s}".formatted(type, coordinates)).isValid());
  }

  @Test
  void read_millionVertices_isRefusedBeforeItIsBuilt() {
    String ring =
        IntStream.rangeClosed(0, 1_000_000)
            .mapToObj(i -> Math.TAU * (i % 1_000_000) / 1_000_000)
            .map(a -> String.format(Locale.ROOT, "[%.6f,%.6f]", 80 * Math.cos(a), 80 * Math.sin(a)))
            .collect(Collectors.joining(","));

    assertTimeoutPreemptively(
        PATIENCE,
        () ->
            assertRefused(
                "{\"type\":\"Polygon\",\"coordinates\":[[%s]]}".formatted(ring),
                "more than 10000 vertices (setting zones.max-vertices)"));
  }

  @Test
  void read_moreRingsThanMayBe_isRefused() {
    String holes =
        IntStream.range(0, MAX_RINGS)
            .mapToObj(i -> "[[%1$d.1,0.1],[%1$d.2,0.1],[%1$d.2,0.2],[%1$d.1,0.1]]".formatted(i))
            .collect(Collectors.joining(","));

    assertRefused(
        "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[150,0],[150,1],[0,1],[0,0]],%s]}"
            .formatted(holes),
        "more than 100 rings (setting zones.max-rings)");
  }

  @Test
  void read_nestedBeyondAllMeasure_isRefused() {
    assertRefused("{\"type\":\"Polygon\",\"coordinates\":" + "[".repeat(1_000_000) + "}", "deeper");
  }

  @Test
  void read_wkbWithAnyBytesChanged_isAnOutlineOrAnError() {
    Geometry square =
        new GeometryFactory()
            .toGeometry(new Envelope(0, 10, 0, 10))
            .difference(new GeometryFactory().toGeometry(new Envelope(2, 3, 2, 3)));
    byte[] sound = new WKBWriter().write(square);
    Random random = new Random(11);
    for (int i = 0; i < 5_000; i++) {
      byte[] bytes = sound.clone();
      for (int change = random.nextInt(4); change >= 0; change--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      int length = random.nextInt(10) == 0 ? random.nextInt(bytes.length) : bytes.length;
      try {
        Geometry read = WkbOutline.read(ByteBuffer.wrap(bytes, 0, length), MAX_VERTICES, MAX_RINGS);
        assertTrue(read.isValid() && !read.isEmpty(), read.toText());
      } catch (InvalidOutlineException e) {
        assertTrue(!String.valueOf(e.getMessage()).isBlank());
      }
    }
  }

  @Test
  void read_geoJsonWithAnyCharactersChanged_isAnOutlineOrAnError() {
    String sound =
        "{\"type\":\"MultiPolygon\",\"coordinates\":[[[[0,0],[9,0],[9,9],[0,0]],[[2,1],[3,1],[3,2],[2,1]]],[[[20,0],[21,0],[21,1],[20,0]]]]}";
    String alphabet = "0123456789-+.eE,[]{}\":nulltruefalse ";
    Random random = new Random(12);
    int taken = 0;
    for (int i = 0; i < 5_000; i++) {
      StringBuilder text = new StringBuilder(sound);
      for (int change = random.nextInt(4); change >= 0; change--) {
        char character = alphabet.charAt(random.nextInt(alphabet.length()));
        int at = random.nextInt(text.length());
        switch (random.nextInt(3)) {
          case 0 -> text.setCharAt(at, character);
          case 1 -> text.insert(at, character);
          default -> text.deleteCharAt(at);
        }
      }
      try {
        assertTrue(read(text.toString()).isValid(), text.toString());
        taken++;
      } catch (InvalidOutlineException e) {
        assertTrue(!String.valueOf(e.getMessage()).isBlank(), text.toString());
      }
    }
    assertTrue(taken > 20, "only " + taken + " were outlines");
  }

  private static Geometry read(String geojson) throws InvalidOutlineException {
    return GeoJsonOutline.read(
        new ByteArrayInputStream(geojson.getBytes(UTF_8)), MAX_VERTICES, MAX_RINGS);
  }

  private static void assertRefused(String geojson, String reason) {
    InvalidOutlineException e = assertThrows(InvalidOutlineException.class, () -> read(geojson));
    assertEquals(true, String.valueOf(e.getMessage()).contains(reason), e.getMessage());
  }
}
