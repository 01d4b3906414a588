package geosearch.geo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.locationtech.jts.densify.Densifier;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.impl.PackedCoordinateSequence;

class AreaIndexChangesTest {
  private static final GeometryFactory FACTORY = new GeometryFactory();

  @Test
  void with_areaAdded_findsItInItsPlace() {
    AreaIndex before = index(Map.of("small", 1, "large", 4));

    AreaIndex after = before.with(builder(Map.of("middle", 2)), Set.of());

    assertEquals(List.of("small", "middle", "large"), ids(after, 0.5, 0.5));
    assertEquals(List.of("small", "large"), ids(before, 0.5, 0.5));
    assertEquals(3, after.size());
    assertEquals(15, after.vertices());
    assertEquals(1, after.overlaid());
    assertEquals("middle", after.area(1).id());
    assertTrue(after.outline(1).equalsExact(square(2)));
    assertTrue(after.outline(2).equalsExact(square(4)));
  }

  @Test
  void with_areaChanged_findsTheNewOneOnly() {
    AreaIndex index = index(Map.of("a", 1, "b", 4)).with(builder(Map.of("b", 2)), Set.of());

    assertEquals(List.of("a", "b"), ids(index, 0.5, 0.5));
    assertEquals(List.of(), ids(index, 3, 3));
    assertEquals(new Envelope(0, 2, 0, 2), index.bounds());
    assertEquals(2, index.overlaid());
  }

  @Test
  void with_areaRemoved_findsItNoMore() {
    AreaIndex index = index(Map.of("a", 1, "b", 4));

    index = index.with(AreaIndex.builder(), Set.of("b", "never there"));
    assertEquals(List.of("a"), ids(index, 0.5, 0.5));

    index = index.with(builder(Map.of("b", 3)), Set.of());
    assertEquals(List.of("a", "b"), ids(index, 0.5, 0.5));

    index = index.with(AreaIndex.builder(), Set.of("a", "b"));
    assertEquals(List.of(), ids(index, 0.5, 0.5));
    assertEquals(0, index.size());
    assertTrue(index.bounds().isNull());
  }

  @Test
  void with_areaAtAPole_isFoundThere() {
    AreaIndex index = index(Map.of("a", 90)).with(builder(Map.of("b", 100, "c", 80)), Set.of());

    assertEquals(List.of("a", "b"), ids(index, 90, 77));
    assertEquals(List.of(), ids(index.with(AreaIndex.builder(), Set.of("a", "b")), 90, 77));
  }

  @Test
  void locate_clearance_mindsBordersOfBoth() {
    AreaIndex index = index(Map.of("a", 10)).with(builder(Map.of("b", 5)), Set.of());

    assertTrue(index.locate(2.2, 2.2, (ordinal, border) -> {}));
    assertFalse(index.locate(2.2, 5.00001, (ordinal, border) -> {}));
    assertFalse(index.locate(2.2, 10.00001, (ordinal, border) -> {}));
  }

  @Test
  void compacted_withoutChanges_isTheSame() {
    AreaIndex index = index(Map.of("a", 1));

    assertSame(index, index.compacted());
  }

  /**
   * @param atOnce how many areas change together; forty of them do not fit where one does
   * @param compacting after so many times the whole is built anew
   */
  @ParameterizedTest
  @CsvSource({"300, 4, 150, 40", "1000, 1, 500, 1000", "1000, 40, 70, 30"})
  void with_manyChanges_answersAsAnIndexBuiltOfThem(
      int areas, int atOnce, int times, int compacting) {
    Random random = new Random(42);
    Map<String, Geometry> truth = new TreeMap<>();
    for (int i = 0; i < areas; i++) {
      truth.put("z" + i, box(random));
    }
    AreaIndex index = built(truth);
    for (int change = 0; change < times; change++) {
      Map<String, Geometry> changed = new TreeMap<>();
      Set<String> removed = new HashSet<>();
      for (int i = random.nextInt(atOnce + 1); i > 0; i--) {
        changed.put("z" + random.nextInt(areas + 100), box(random));
      }
      for (int i = random.nextInt(atOnce + 1); i > 0; i--) {
        removed.add("z" + random.nextInt(areas + 100));
      }
      removed.removeAll(changed.keySet());
      truth.putAll(changed);
      truth.keySet().removeAll(removed);
      index = index.with(builderOf(changed), removed);
      if (change % compacting == compacting - 1) {
        index = index.compacted();
        assertEquals(0, index.overlaid());
      }
      checkEqual(built(truth), index, random);
    }
  }

  private static void checkEqual(AreaIndex expected, AreaIndex actual, Random random) {
    assertEquals(expected.size(), actual.size());
    assertEquals(expected.bounds(), actual.bounds());
    assertEquals(expected.vertices(), actual.vertices());
    for (int ordinal = 0; ordinal < expected.size(); ordinal++) {
      assertEquals(expected.area(ordinal).id(), actual.area(ordinal).id());
      int inBuilt = actual.numberInBuilt(ordinal);
      assertTrue(inBuilt < 0 || actual.numberOfBuilt(inBuilt) == ordinal);
    }
    double[] latitudes = random.doubles(100, 0, 10).toArray();
    double[] longitudes = random.doubles(100, 0, 10).toArray();
    Map<Integer, List<String>> batch = new TreeMap<>();
    actual.locateAll(
        latitudes,
        longitudes,
        (i, ordinal, border) ->
            batch.computeIfAbsent(i, x -> new ArrayList<>()).add(actual.area(ordinal).id()));
    for (int i = 0; i < latitudes.length; i++) {
      List<String> ids = ids(expected, latitudes[i], longitudes[i]);
      assertEquals(ids, ids(actual, latitudes[i], longitudes[i]));
      assertEquals(Set.copyOf(ids), Set.copyOf(batch.getOrDefault(i, List.of())));
    }
  }

  private static AreaIndex built(Map<String, Geometry> outlines) {
    return builderOf(outlines).build();
  }

  private static AreaIndex.Builder builderOf(Map<String, Geometry> outlines) {
    AreaIndex.Builder builder = AreaIndex.builder();
    outlines.forEach((id, outline) -> builder.add(new Area(id, "", Map.of()), outline));
    return builder;
  }

  private static AreaIndex index(Map<String, Integer> squares) {
    return builder(squares).build();
  }

  private static AreaIndex.Builder builder(Map<String, Integer> squares) {
    AreaIndex.Builder builder = AreaIndex.builder();
    squares.forEach((id, size) -> builder.add(new Area(id, "", Map.of()), square(size)));
    return builder;
  }

  private static Geometry square(int size) {
    return box(0, 0, size, size);
  }

  private static Geometry box(Random random) {
    double west = random.nextDouble(9);
    double south = random.nextDouble(9);
    Geometry box = box(west, south, west + random.nextDouble(2), south + random.nextDouble(2));
    return random.nextBoolean() ? box : Densifier.densify(box, 0.5);
  }

  private static Geometry box(double west, double south, double east, double north) {
    double[] xy = {west, south, east, south, east, north, west, north, west, south};
    return FACTORY.createPolygon(new PackedCoordinateSequence.Double(xy, 2, 0));
  }

  private static List<String> ids(AreaIndex index, double latitude, double longitude) {
    NavigableMap<Integer, Boolean> found = new TreeMap<>();
    index.locate(latitude, longitude, found::put);
    return found.keySet().stream().map(ordinal -> index.area(ordinal).id()).toList();
  }
}
