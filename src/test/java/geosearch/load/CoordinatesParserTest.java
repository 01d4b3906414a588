package geosearch.load;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import geosearch.config.ImportConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CoordinatesParserTest {

  private static final int LIMIT = 5_000_000;
  private static final long LARGE_HEAP = 8L << 30;
  private static final String TRIANGLE = "[[1,2],[2,2],[2,3],[1,2]]";

  private final CoordinatesParser coordinates =
      new CoordinatesParser(
          ImportLimits.of(new ImportConfig(LIMIT, 100, Duration.ofSeconds(1)), LARGE_HEAP));

  private void read(String json) throws IOException {
    try (JsonParser parser = new JsonFactory().createParser(json)) {
      coordinates.read(parser);
    }
  }

  private static String ring(int vertices) {
    return "[" + "[1,2],".repeat(vertices - 1) + "[1,2]]";
  }

  // Around these numbers the array that holds the vertices is full.
  @ParameterizedTest
  @ValueSource(ints = {2048, 236_196 / 2, 265_716, 265_720, 265_721, 300_000, LIMIT - 4})
  void read_holeAfterAShellOfManyVertices_keepsBoth(int shell) throws IOException {
    read("[" + ring(shell) + "," + TRIANGLE + "]");

    assertEquals(Optional.empty(), coordinates.problem());
    RawOutline outline = coordinates.outline();
    assertEquals(shell + 4, outline.vertices());
    assertArrayEquals(new int[] {shell, shell + 4}, outline.ringEnds());
    assertArrayEquals(new int[] {2}, outline.polygonEnds());
    for (int i = 0; i <= shell; i++) {
      assertEquals(1, outline.coordinates()[2 * i]);
      assertEquals(2, outline.coordinates()[2 * i + 1]);
    }
    assertEquals(3, outline.coordinates()[2 * shell + 5]);
  }

  @Test
  void read_asManyVerticesAsMayBe_areKept() throws IOException {
    read("[" + ring(LIMIT) + "]");

    assertEquals(Optional.empty(), coordinates.problem());
    assertEquals(LIMIT, coordinates.outline().vertices());
  }

  @Test
  void read_oneVertexMore_isRefusedWithTheCount() throws IOException {
    read("[" + ring(LIMIT - 3) + "," + TRIANGLE + "]");

    assertEquals(
        Optional.of("it has 5,000,001 vertices, limit is 5,000,000 (import.max-vertices)"),
        coordinates.problem());
  }

  @Test
  void read_moreThanTheHeapHasRoomFor_namesTheHeap() throws IOException {
    CoordinatesParser small =
        new CoordinatesParser(
            ImportLimits.of(new ImportConfig(LIMIT, 100, Duration.ofSeconds(1)), 64 << 20));
    try (JsonParser parser = new JsonFactory().createParser("[" + ring(200_000) + "]")) {
      small.read(parser);
    }

    assertEquals(
        Optional.of(
            "it has 200,000 vertices, limit is 125,829"
                + " (what a heap of 64 MiB has room for; raise -Xmx)"),
        small.problem());
  }
}
