package geosearch.load;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import geosearch.config.ImportConfig;
import geosearch.geo.Area;
import geosearch.geo.AreaIndex;
import geosearch.geo.Position;
import geosearch.store.AreaSink;
import geosearch.store.EmbeddedStore;
import geosearch.store.Store;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.CoordinateXY;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.LinearRing;

/** Imports an outline that is larger than any array an import begins with. */
class LargeOutlineTest {

  private static final ImportConfig CONFIG =
      new ImportConfig(5_000_000, 65_536, Duration.ofSeconds(30));
  private static final Coordinate[] SHELL = circle(250_000, 1);
  private static final Coordinate[] HOLE = circle(50_000, 0.5);

  @TempDir Path folder;

  private static Coordinate[] circle(int vertices, double radius) {
    Coordinate[] ring = new Coordinate[vertices];
    for (int i = 0; i < vertices; i++) {
      double angle = 2 * Math.PI * (i % (vertices - 1)) / (vertices - 1);
      ring[i] = new CoordinateXY(10 + radius * Math.cos(angle), 50 + radius * Math.sin(angle));
    }
    return ring;
  }

  private static String json(Coordinate[] ring) {
    return Arrays.stream(ring)
        .map(vertex -> "[" + vertex.x + "," + vertex.y + "]")
        .collect(Collectors.joining(",", "[", "]"));
  }

  private static Geometry outline() {
    GeometryFactory factory = new GeometryFactory();
    return factory.createPolygon(
        factory.createLinearRing(SHELL), new LinearRing[] {factory.createLinearRing(HOLE)});
  }

  private static List<Geometry> imported(Store store, AreaIndex.Builder index, String file)
      throws ImportRefusedException {
    new Importer(CONFIG)
        .run(
            Imports.REQUEST,
            List.of(Imports.source("large", Imports.utf8(file))),
            store,
            (bytes, features) -> {});
    List<Geometry> outlines = new ArrayList<>();
    store.read(
        "town",
        new AreaSink() {
          @Override
          public void accept(Area area, Geometry outline) {
            outlines.add(outline);
            index.add(area, outline);
          }

          @Override
          public void skip(String id, String reason) {
            throw new AssertionError(reason);
          }
        });
    return outlines;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void run_outlineOf300000Vertices_isKeptAndFound(boolean lines) throws Exception {
    String large = Imports.town("large", "[" + json(SHELL) + "," + json(HOLE) + "]");
    String file =
        lines
            ? large + "\n" + Imports.town("small")
            : Imports.collection(large, Imports.town("small"));
    AreaIndex.Builder builder = AreaIndex.builder();
    List<Geometry> outlines;
    try (Store store = EmbeddedStore.open(folder, 10)) {
      outlines = imported(store, builder, file);
    }

    assertEquals(2, outlines.size());
    assertEquals(300_000, outlines.getFirst().getNumPoints());
    assertTrue(outlines.getFirst().equalsExact(outline()));
    AreaIndex index = builder.build();
    int area = index.area(0).id().equals("large") ? 0 : 1;
    assertTrue(index.outline(area).equalsExact(outlines.getFirst()));
    assertArrayEquals(new int[] {area}, index.locate(new Position(50, 10.99)));
    assertArrayEquals(new int[] {}, index.locate(new Position(50, 11.01)));
    assertArrayEquals(new int[] {area}, index.locate(new Position(50, 10.51)));
    assertArrayEquals(new int[] {}, index.locate(new Position(50, 10.49)));
  }
}
