package geosearch.geo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.io.ParseException;
import org.locationtech.jts.io.WKTReader;

class AreaIndexTest {
  private static final String UNIT = "POLYGON((0 0,1 0,1 1,0 1,0 0))";

  @Test
  void locate_empty_findsNothing() {
    AreaIndex index = AreaIndex.empty();

    assertEquals(List.of(), ids(index, 0, 0));
    assertEquals(List.of(), ids(index, 90, 0));
    assertEquals(List.of(), ids(index, 0, 180));
    assertEquals(0, index.size());
    assertTrue(index.bounds().isNull());
  }

  @Test
  void locate_insideOutsideAndOnTheBorder_tellsThemApart() {
    AreaIndex index = index(UNIT);

    assertEquals(Map.of(0, false), found(index, 0.5, 0.5));
    assertEquals(Map.of(), found(index, -1, 0));
    assertEquals(Map.of(0, true), found(index, 0, 0));
    assertEquals(Map.of(0, true), found(index, 1, 1));
    assertEquals(Map.of(0, true), found(index, 1, 0.3));
    assertEquals(Map.of(0, true), found(index, 0.3, 1));
    assertEquals(Map.of(), found(index, Math.nextUp(1), 0.3));
    assertEquals(Map.of(0, false), found(index, Math.nextDown(1), 0.3));
  }

  @Test
  void locate_onASharedBorder_findsBothAreas() {
    AreaIndex index = index(UNIT, "POLYGON((1 0,2 0,2 1,1 1,1 0.4,1 0))");

    assertEquals(Map.of(0, true, 1, true), found(index, 0.7, 1));
  }

  @Test
  void locate_hole_isOutsideAndItsRimIsBorder() {
    AreaIndex index = index("POLYGON((0 0,9 0,9 9,0 9,0 0),(3 3,6 3,6 6,3 6,3 3))");

    assertEquals(Map.of(), found(index, 4, 4));
    assertEquals(Map.of(0, true), found(index, 3, 4));
    assertEquals(Map.of(0, false), found(index, 2, 4));
  }

  @Test
  void locate_moreAreasThanARecordsBlock_findsAll() {
    String[] outlines = new String[100];
    for (int i = 0; i < outlines.length; i++) {
      outlines[i] = "POLYGON((0 0,%1$s 0,%1$s %1$s,0 %1$s,0 0))".formatted(1 + i);
    }
    AreaIndex index = index(outlines);

    for (int i = 0; i < outlines.length; i++) {
      NavigableMap<Integer, Boolean> found = found(index, i + 0.5, i + 0.5);
      assertEquals(outlines.length - i, found.size());
      assertEquals(i, found.firstKey());
      assertEquals(outlines.length, found(index, 0, 0).size());
    }
  }

  @Test
  void locate_position_listsByPriorityThenSizeThenId() throws ParseException {
    String large = "POLYGON((-9 -9,9 -9,9 9,-9 9,-9 -9))";
    AreaIndex index =
        AreaIndex.builder()
            .add(new Area("large", "", Map.of(), 1), outline(large))
            .add(new Area("b", "", Map.of()), outline(UNIT))
            .add(new Area("a", "", Map.of()), outline(UNIT))
            .add(new Area("larger", "", Map.of()), outline(large))
            .add(new Area("last", "", Map.of(), Integer.MIN_VALUE), outline(UNIT))
            .build();

    assertEquals(List.of("large", "a", "b", "larger", "last"), ids(index, 0.5, 0.5));
    assertArrayEquals(new int[] {0, 1, 2, 3, 4}, index.locate(new Position(0.5, 0.5)));
  }

  @Test
  void locate_meridianOf180_isOneFromBothSides() {
    AreaIndex index =
        index(
            "POLYGON((170 0,180 0,180 10,170 10,170 0))",
            "MULTIPOLYGON(((-180 5,-170 5,-170 15,-180 15,-180 5)),((-90 0,-80 0,-80 1,-90 0)))");

    assertEquals(List.of("0", "1"), ids(index, 7, 180));
    assertEquals(List.of("0", "1"), ids(index, 7, -180));
    assertEquals(List.of("0"), ids(index, 2, -180));
    assertEquals(List.of("1"), ids(index, 12, 180));
    assertEquals(List.of(), ids(index, -2, 180));
    assertFalse(index.locate(-2, 180, (ordinal, border) -> {}));
  }

  @Test
  void locate_outlineBeyondTheMeridianOf180_isInsideOnIt() {
    AreaIndex index = index("POLYGON((170 0,190 0,190 10,170 10,170 0))");

    assertEquals(Map.of(0, false), found(index, 5, 180));
    assertEquals(Map.of(0, false), found(index, 5, -180));
    assertEquals(Map.of(0, true), found(index, 10, -180));
  }

  @ParameterizedTest
  @ValueSource(doubles = {-180, -17.5, 0, 44, 180})
  void locate_pole_isOnePointAtEveryLongitude(double longitude) {
    AreaIndex index =
        index(
            "POLYGON((10 80,20 80,20 90,10 90,10 80))",
            "POLYGON((10 80,20 80,15 90,10 80))",
            "POLYGON((10 -80,20 -80,15 -89.99,10 -80))",
            "POLYGON((-180 -60,-180 -90,180 -90,180 -60,-180 -60))");

    assertEquals(List.of("1", "0"), ids(index, 90, longitude));
    assertEquals(List.of("3"), ids(index, -90, longitude));
  }

  @ParameterizedTest
  @CsvSource({"NaN, 0", "0, NaN", "NaN, NaN", "91, 0", "0, 181", "Infinity, 0", "0, -Infinity"})
  void locate_noPosition_findsNothing(double latitude, double longitude) {
    assertEquals(
        List.of(), ids(index("POLYGON((-9 -9,9 -9,9 9,-9 9,-9 -9))"), latitude, longitude));
  }

  @Test
  void locateAll_manyPositions_answersAsForEachOfThem() {
    AreaIndex index = new NastyAreas(new java.util.Random(5), -1, -1, 2).index(60);
    double[][] positions =
        new NastyAreas(new java.util.Random(6), -1, -1, 2).positions(index, 3_000);
    double[] latitudes = Arrays.stream(positions).mapToDouble(p -> p[0]).toArray();
    double[] longitudes = Arrays.stream(positions).mapToDouble(p -> p[1]).toArray();
    latitudes[17] = 90;
    longitudes[19] = -180;
    latitudes[23] = Double.NaN;
    NavigableMap<Integer, NavigableMap<Integer, Boolean>> found = new TreeMap<>();

    index.locateAll(
        latitudes,
        longitudes,
        (position, ordinal, border) ->
            found.computeIfAbsent(position, p -> new TreeMap<>()).put(ordinal, border));

    for (int i = 0; i < latitudes.length; i++) {
      assertEquals(
          found(index, latitudes[i], longitudes[i]), found.getOrDefault(i, new TreeMap<>()));
    }
  }

  @Test
  void locateAll_unequalLengths_throws() {
    assertThrows(
        IllegalArgumentException.class,
        () -> index(UNIT).locateAll(new double[1], new double[2], (p, ordinal, border) -> {}));
  }

  @Test
  void locate_clearance_isKnownFarFromBordersOnly() {
    AreaIndex index = index(UNIT);

    assertEquals(AreaIndex.CLEARANCE_METRES, index.clearanceMetres());
    assertTrue(index.locate(0.5, 0.5, (ordinal, border) -> {}));
    assertTrue(index.locate(50, 50, (ordinal, border) -> {}));
    assertFalse(index.locate(0.5, 0.99995, (ordinal, border) -> {}));
    assertFalse(index.locate(0.5, 1.00005, (ordinal, border) -> {}));
    assertFalse(index.locate(1.00005, 0.5, (ordinal, border) -> {}));
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1, 1001, Double.NaN})
  void clearanceMetres_impossible_throws(double metres) {
    AreaIndex.Builder builder = AreaIndex.builder();

    assertThrows(IllegalArgumentException.class, () -> builder.clearanceMetres(metres));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        UNIT,
        "POLYGON((0 0,9 0,9 9,0 9,0 0),(3 3,6 3,6 6,3 6,3 3),(7 7,8 7,8 8,7 7))",
        "MULTIPOLYGON(((0 0,1 0,0.1 0.30000000000000004,0 0),(0.1 0.1,0.2 0.1,0.1 0.2,0.1 0.1)),"
            + "((5 5,6 5,5 6,5 5)))"
      })
  void outline_givenBack_equalsTheOneAdded(String wkt) throws ParseException {
    AreaIndex index = index("POLYGON((50 50,51 50,50 50.001,50 50))", wkt);

    assertTrue(index.outline(1).equalsExact(outline(wkt)), () -> index.outline(1).toText());
  }

  @Test
  void boundsAndVertices_ofAll_areTheirs() {
    AreaIndex index = index(UNIT, "POLYGON((5 5,6 5,5 7,5 5))");

    assertEquals(new Envelope(0, 6, 0, 7), index.bounds());
    assertEquals(9, index.vertices());
    assertTrue(index.sizeInBytes() > 9 * 16);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POINT(1 2)",
        "LINESTRING(0 0,1 1)",
        "POLYGON EMPTY",
        "MULTIPOLYGON EMPTY",
        "POLYGON((0 0,1 0,600 1,0 0))",
        "POLYGON((0 0,1 0,1 NaN,0 0))",
        "MULTIPOLYGON(((0 0,1 0,1 1,0 0)),((0 0,1 0,1 1e300,0 0)))"
      })
  void add_noOutline_throwsAndAddsNothing(String wkt) throws ParseException {
    AreaIndex.Builder builder = AreaIndex.builder();
    Geometry geometry = outline(wkt);

    assertThrows(
        IllegalArgumentException.class, () -> builder.add(new Area("a", "", Map.of()), geometry));

    assertEquals(0, builder.size());
    assertEquals(0, builder.build().vertices());
  }

  @Test
  void build_again_hasNothingOfTheFirst() throws ParseException {
    AreaIndex.Builder builder = AreaIndex.builder();
    builder.add(new Area("a", "", Map.of()), outline("POLYGON((0 0,1 0,1 1,0 0))"));
    AreaIndex first = builder.build();
    int left = builder.size();
    builder.add(new Area("b", "", Map.of()), outline("POLYGON((4 4,5 4,5 5,4 4))"));
    AreaIndex second = builder.build();

    assertEquals(0, left);
    assertEquals("a", first.area(0).id());
    assertEquals(1, second.size());
    assertEquals("b", second.area(0).id());
    assertEquals(new Envelope(4, 5, 4, 5), second.bounds());
    assertArrayEquals(new int[] {0}, second.locate(new Position(4.2, 4.6)));
  }

  private static AreaIndex index(String... outlines) {
    AreaIndex.Builder builder = AreaIndex.builder();
    for (int i = 0; i < outlines.length; i++) {
      try {
        builder.add(new Area(Integer.toString(i), "", Map.of()), outline(outlines[i]));
      } catch (ParseException e) {
        throw new IllegalArgumentException(e);
      }
    }
    return builder.build();
  }

  private static Geometry outline(String wkt) throws ParseException {
    return new WKTReader().read(wkt);
  }

  private static NavigableMap<Integer, Boolean> found(
      AreaIndex index, double latitude, double longitude) {
    NavigableMap<Integer, Boolean> found = new TreeMap<>();
    index.locate(latitude, longitude, found::put);
    return found;
  }

  private static List<String> ids(AreaIndex index, double latitude, double longitude) {
    return found(index, latitude, longitude).keySet().stream()
        .map(ordinal -> index.area(ordinal).id())
        .toList();
  }
}
