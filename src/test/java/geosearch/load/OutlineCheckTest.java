package geosearch.load;

import static geosearch.load.Imports.REQUEST;
import static geosearch.load.Imports.assertContains;
import static geosearch.load.Imports.collection;
import static geosearch.load.Imports.feature;
import static geosearch.load.Imports.multiPolygon;
import static geosearch.load.Imports.noRepair;
import static geosearch.load.Imports.properties;
import static geosearch.load.Imports.refusal;
import static geosearch.load.Imports.town;
import static geosearch.load.Imports.utf8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.io.WKTReader;

class OutlineCheckTest {

  /** The area of a square degree at the equator, in square kilometres. */
  private static final double SQUARE_DEGREE = 12_363.7;

  private static final String BOW_TIE = town("a", "[[[0,0],[2,2],[2,0],[0,2],[0,0]]]");

  static Stream<Arguments> broken() {
    return Stream.of(
        Arguments.of(
            "bow tie",
            BOW_TIE,
            "self-intersection near longitude 1.000000, latitude 1.000000",
            "MULTIPOLYGON (((0 0, 0 2, 1 1, 0 0)), ((1 1, 2 2, 2 0, 1 1)))",
            0.0),
        Arguments.of(
            "ring that touches itself",
            town("a", "[[[0,0],[4,0],[4,4],[2,0],[0,4],[0,0]]]"),
            "self-intersection near longitude 2.000000, latitude 0.000000",
            "MULTIPOLYGON (((0 0, 0 4, 2 0, 0 0)), ((2 0, 4 4, 4 0, 2 0)))",
            0.0),
        Arguments.of(
            "ring that is not closed",
            town("a", "[[[0,0],[2,0],[2,2],[0,2]]]"),
            "a ring that is not closed",
            "POLYGON ((0 0, 0 2, 2 2, 2 0, 0 0))",
            0.0),
        Arguments.of(
            "hole without an extent",
            town("a", "[[[0,0],[2,0],[2,2],[0,2],[0,0]],[[1,1],[1,1.5],[1,1]]]"),
            "a ring of fewer than 4 points",
            "POLYGON ((0 0, 0 2, 2 2, 2 0, 0 0))",
            0.0),
        Arguments.of(
            "empty hole",
            town("a", "[[[0,0],[2,0],[2,2],[0,2],[0,0]],[]]"),
            "a ring of fewer than 4 points",
            "POLYGON ((0 0, 0 2, 2 2, 2 0, 0 0))",
            0.0),
        Arguments.of(
            "polygon without an extent among others",
            feature(
                properties("a"),
                multiPolygon("[[[[0,0],[2,0],[2,2],[0,2],[0,0]]],[[[5,5],[6,6]]],[]]")),
            "a ring of fewer than 4 points, a polygon without an extent",
            "POLYGON ((0 0, 0 2, 2 2, 2 0, 0 0))",
            0.0),
        Arguments.of(
            "spike",
            town("a", "[[[0,0],[1,0],[1,1],[3,1],[1,1],[0,1],[0,0]]]"),
            "self-intersection near longitude 1.000000, latitude 1.000000",
            "POLYGON ((0 0, 0 1, 1 1, 1 0, 0 0))",
            0.0),
        Arguments.of(
            "hole outside",
            town("a", "[[[0,0],[1,0],[1,1],[0,1],[0,0]],[[2,0],[3,0],[3,1],[2,1],[2,0]]]"),
            "hole lies outside shell near longitude 2.000000, latitude 0.000000",
            "MULTIPOLYGON (((0 0, 0 1, 1 1, 1 0, 0 0)), ((2 0, 2 1, 3 1, 3 0, 2 0)))",
            0.0),
        Arguments.of(
            "hole that fills all",
            town("a", "[[[0,0],[1,0],[1,1],[0,1],[0,0]],[[0,0],[1,0],[1,0.5],[0,0.5],[0,0]]]"),
            "self-intersection",
            "POLYGON ((0 0.5, 0 1, 1 1, 1 0.5, 0 0.5))",
            0.0),
        Arguments.of(
            "hole in a hole",
            town(
                "a",
                "[[[0,0],[4,0],[4,1],[0,1],[0,0]],[[1,0.2],[3,0.2],[3,0.8],[1,0.8],[1,0.2]],"
                    + "[[1.5,0.3],[2.5,0.3],[2.5,0.7],[1.5,0.7],[1.5,0.3]]]"),
            "holes are nested",
            "POLYGON ((0 0, 0 1, 4 1, 4 0, 0 0), (1 0.2, 3 0.2, 3 0.8, 1 0.8, 1 0.2))",
            0.4 * SQUARE_DEGREE),
        Arguments.of(
            "two rounds",
            town("a", "[[[0,0],[2,0],[2,1],[0,1],[0,0],[1,0],[1,1],[0,1],[0,0]]]"),
            "self-intersection",
            "POLYGON ((0 0, 0 1, 1 1, 2 1, 2 0, 1 0, 0 0))",
            SQUARE_DEGREE),
        Arguments.of(
            "polygons that overlap",
            feature(
                properties("a"),
                multiPolygon(
                    "[[[[0,0],[2,0],[2,1],[0,1],[0,0]]],[[[1,0],[3,0],[3,1],[1,1],[1,0]]]]")),
            "self-intersection",
            "POLYGON ((0 0, 0 1, 1 1, 2 1, 3 1, 3 0, 2 0, 1 0, 0 0))",
            0.0),
        Arguments.of(
            "polygons that share an edge",
            feature(
                properties("a"),
                multiPolygon(
                    "[[[[0,0],[1,0],[1,1],[0,1],[0,0]]],[[[1,0],[2,0],[2,1],[1,1],[1,0]]]]")),
            "self-intersection",
            "POLYGON ((0 0, 0 1, 1 1, 2 1, 2 0, 1 0, 0 0))",
            0.0));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("broken")
  void run_brokenOutline_isRepairedAndListed(
      String name, String feature, String reason, String expected, double changedKm2)
      throws Exception {
    RecordingStore store = new RecordingStore();

    ImportReport report = Imports.run(REQUEST, store, collection(town("x"), feature));

    Geometry outline = store.added.getLast().outline();
    assertTrue(outline.isValid());
    assertEquals(new WKTReader().read(expected).norm().toText(), outline.norm().toText());
    assertEquals(1, report.repairCount());
    assertEquals(1, report.dataset().orElseThrow().repaired());
    ImportReport.Repair repair = report.repairs().getFirst();
    assertEquals("file1", repair.source());
    assertEquals(2, repair.featureNumber());
    assertEquals("a", repair.id());
    assertContains(reason, repair.reason());
    assertEquals(changedKm2, repair.changedKm2(), SQUARE_DEGREE / 1000);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("broken")
  void run_brokenOutlineWithoutRepair_isBad(
      String name, String feature, String reason, String expected, double changedKm2) {
    ImportReport report = refusal(noRepair(), utf8(collection(town("x"), feature))).report();

    assertEquals(1, report.badFeatureCount());
    assertEquals(0, report.repairCount());
    assertContains(reason, report.badFeatures().getFirst().reason());
    assertContains("is not to be repaired", report.badFeatures().getFirst().reason());
  }

  static Stream<Arguments> hopeless() {
    return Stream.of(
        Arguments.of("[[[0,0],[1,1]]]", "a ring of fewer than 4 points, a polygon without an"),
        Arguments.of("[[[0,0],[1,1],[2,2],[0,0]]]", "self-intersection"),
        Arguments.of("[[[0,0],[1,1],[0,0],[0,0]]]", "too few distinct points"),
        Arguments.of("[[[1,1],[1,1],[1,1],[1,1]]]", "too few distinct points"));
  }

  @ParameterizedTest
  @MethodSource("hopeless")
  void run_outlineOfWhichNothingIsLeft_isBad(String coordinates, String fault) {
    String reason =
        refusal(REQUEST, utf8(collection(town("x"), town("a", coordinates))))
            .report()
            .badFeatures()
            .getFirst()
            .reason();

    assertContains("its outline is broken (" + fault, reason);
    assertContains("and leaves nothing when it is repaired", reason);
  }

  @Test
  void run_manyRepairs_listsAHundredAndCountsAll() throws Exception {
    String[] features = new String[150];
    for (int i = 0; i < features.length; i++) {
      features[i] = BOW_TIE.replace("\"a\"", "\"a" + i + "\"");
    }

    ImportReport report = Imports.run(REQUEST, new RecordingStore(), collection(features));

    assertEquals(100, report.repairs().size());
    assertEquals(150, report.repairCount());
    assertEquals(150, report.dataset().orElseThrow().repaired());
  }
}
