package geosearch.load;

import static geosearch.load.Imports.REQUEST;
import static geosearch.load.Imports.SQUARE;
import static geosearch.load.Imports.assertContains;
import static geosearch.load.Imports.attributes;
import static geosearch.load.Imports.collection;
import static geosearch.load.Imports.feature;
import static geosearch.load.Imports.ids;
import static geosearch.load.Imports.multiPolygon;
import static geosearch.load.Imports.polygon;
import static geosearch.load.Imports.properties;
import static geosearch.load.Imports.refusal;
import static geosearch.load.Imports.skipBad;
import static geosearch.load.Imports.stored;
import static geosearch.load.Imports.town;
import static geosearch.load.Imports.utf8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import geosearch.geo.Area;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Features that can't be used, and what is read of those that can. */
class BadFeaturesTest {

  private static final String LONG = "x".repeat(251);

  /** The reason why the second of three features can't be used. */
  private static String reason(ImportRequest request, String bad) {
    ImportRefusedException refusal = refusal(request, utf8(collection(town("a"), bad, town("b"))));
    ImportReport report = refusal.report();
    assertEquals(1, report.badFeatureCount(), refusal.getMessage());
    ImportReport.BadFeature found = report.badFeatures().getFirst();
    assertEquals("file1", found.source());
    assertEquals(2, found.featureNumber());
    assertContains(
        "1 of 3 features can't be used, and nothing was imported (--skip-bad leaves them out);"
            + " feature 2 of file1: ",
        refusal.getMessage());
    return found.reason();
  }

  private static String badProperties(String properties) {
    return feature(properties, polygon(SQUARE));
  }

  private static String badGeometry(String geometry) {
    return feature(properties("x"), geometry);
  }

  static Stream<Arguments> badFeatures() {
    return Stream.of(
        Arguments.of("null", "it is no Feature: it has no type"),
        Arguments.of("[[1]]", "it is no Feature: it has no type"),
        Arguments.of("{\"type\":3}", "it is no Feature: it has no type"),
        Arguments.of("{\"type\":\"Polygon\"}", "it is no Feature, but a 'Polygon'"),
        Arguments.of(
            badProperties("{\"nom\":\"x\",\"Code\":1}"),
            "no id: there is no property 'code' (it has: nom, Code)"),
        Arguments.of(badProperties("null"), "no id: there is no property 'code' (it has: none)"),
        Arguments.of(badProperties("{\"code\":null}"), "no id: the property 'code' is null"),
        Arguments.of(badProperties("{\"code\":true}"), "no id: the property 'code' is a boolean"),
        Arguments.of(
            badProperties("{\"code\":{\"a\":1}}"), "no id: the property 'code' is an object"),
        Arguments.of(badProperties("{\"code\":[1]}"), "no id: the property 'code' is an array"),
        Arguments.of(badProperties("{\"code\":\" \"}"), "no id: the property 'code' is empty"),
        Arguments.of(
            badProperties(properties(LONG)),
            "its id has more than 250 characters: '" + "x".repeat(60) + "…'"),
        Arguments.of(badProperties("{\"code\":\"a\\u0000\"}"), "its id has a character U+0000"),
        Arguments.of(
            badProperties("{\"code\":\"a\\ud800b\"}"),
            "its id has half a character (a lone surrogate)"),
        Arguments.of(badProperties("{\"code\":1,\"nom\":{}}"), "its name is an object, not text"),
        Arguments.of(
            badProperties("{\"code\":1,\"nom\":\"" + "n".repeat(1001) + "\"}"),
            "its name has more than 1000 characters"),
        Arguments.of(
            badProperties("{\"code\":1,\"nom\":\"\\u0000\"}"), "its name has a character U+0000"),
        Arguments.of(badGeometry("null"), "it has no geometry"),
        Arguments.of("{\"type\":\"Feature\",\"properties\":{\"code\":1}}", "it has no geometry"),
        Arguments.of(badGeometry("{\"coordinates\":" + SQUARE + "}"), "its geometry has no type"),
        Arguments.of(
            badGeometry("{\"type\":\"Point\",\"coordinates\":[1,2]}"),
            "its geometry is a 'Point', neither a Polygon nor a MultiPolygon"),
        Arguments.of(
            badGeometry(
                "{\"type\":\"GeometryCollection\",\"geometries\":[" + polygon(SQUARE) + "]}"),
            "its geometry is a 'GeometryCollection', neither a Polygon nor a MultiPolygon"),
        Arguments.of(badGeometry("{\"type\":\"Polygon\"}"), "its Polygon is empty"),
        Arguments.of(badGeometry(polygon("[]")), "its Polygon is empty"),
        Arguments.of(badGeometry(polygon("[[]]")), "its Polygon is empty"),
        Arguments.of(badGeometry(multiPolygon("[]")), "its MultiPolygon is empty"),
        Arguments.of(badGeometry(polygon("{\"a\":1}")), "its coordinates are no array"),
        Arguments.of(badGeometry(polygon("\"a\"")), "its coordinates are no array"),
        Arguments.of(
            badGeometry(polygon("[[[0,0],[1,0],null]]")),
            "its coordinates hold something that is no number"),
        Arguments.of(
            badGeometry(polygon("[[[0,0],{\"x\":[1]}]]")),
            "its coordinates hold something that is no number"),
        Arguments.of(
            badGeometry(polygon("[[[0,0],[1,\"0\"],[1,1]]]")),
            "a position holds something that is no number"),
        Arguments.of(
            badGeometry(polygon("[[[0,0],[1,0,[2]],[1,1]]]")),
            "a position holds something that is no number"),
        Arguments.of(
            badGeometry(polygon("[[[0,0],[1],[1,1]]]")), "a position has fewer than two numbers"),
        Arguments.of(badGeometry(polygon("[[[0,0],[],[1,1]]]")), "a position is empty"),
        Arguments.of(
            badGeometry(polygon("[[[0,0],[1,0],[[1,1]]]]")),
            "its positions do not lie at one depth"),
        Arguments.of(
            badGeometry(polygon("[[],[[0,0],[1,0],[1,1],[0,0]]]")),
            "its coordinates begin with an empty array"),
        Arguments.of(
            badGeometry(multiPolygon(SQUARE)),
            "the positions of its MultiPolygon do not lie 4 arrays deep"),
        Arguments.of(
            badGeometry(polygon("[" + SQUARE + "]")),
            "the positions of its Polygon do not lie 3 arrays deep"),
        Arguments.of(
            badGeometry(polygon("[[0,0],[1,1]]")),
            "the positions of its Polygon do not lie 3 arrays deep"),
        Arguments.of(
            badGeometry(polygon("[[[45,105],[46,105],[46,106],[45,105]]]")),
            "latitude out of range: y is 106.0, not from -90 to 90; latitude and longitude look"
                + " swapped: x must be the longitude"),
        Arguments.of(
            badGeometry(polygon("[[[652345.25,6861234.5],[652346,6861234],[652345,6861235]]]")),
            "latitude out of range: y is 6861235.0, not from -90 to 90; these are no degrees:"
                + " transform the file to WGS 84 (ogr2ogr -t_srs EPSG:4326 new.geojson"
                + " old.geojson)"),
        Arguments.of(
            badGeometry(polygon("[[[170,0],[190,0],[190,10],[170,0]]]")),
            "longitude out of range: x is 190.0, not from -180 to 180; cut outlines at the 180th"
                + " meridian (ogr2ogr -wrapdateline new.geojson old.geojson)"),
        Arguments.of(
            badGeometry(polygon("[[[170,0],[170,-95.5],[160,10],[170,0]]]")),
            "latitude out of range: y is -95.5, not from -90 to 90"),
        Arguments.of(
            badGeometry(polygon("[[[1e999,0],[0,1],[1,1],[1e999,0]]]")),
            "longitude out of range: x is Infinity, not from -180 to 180; these are no degrees:"
                + " transform the file to WGS 84 (ogr2ogr -t_srs EPSG:4326 new.geojson"
                + " old.geojson)"),
        Arguments.of(
            badGeometry(polygon(circle(1005))),
            "it has 1,005 vertices, limit is 1,000 (import.max-vertices)"),
        Arguments.of(
            badGeometry(
                polygon("[[[0,0],[1,0]" + ",[]".repeat(5) + "]" + ",[]".repeat(2000) + "]")),
            "a position is empty"),
        Arguments.of(
            badGeometry(polygon("[[[0,0],[1,0],[1,1],[0,0]]" + ",[]".repeat(2000) + "]")),
            "it has more rings than it may have vertices, limit is 1,000 (import.max-vertices)"));
  }

  private static String circle(int vertices) {
    return IntStream.range(0, vertices)
        .mapToObj(i -> 2 * Math.PI * (i % (vertices - 1)) / (vertices - 1))
        .map(a -> "[" + Math.cos(a) + "," + Math.sin(a) + "]")
        .collect(Collectors.joining(",", "[[", "]]"));
  }

  @ParameterizedTest
  @MethodSource("badFeatures")
  void run_badFeature_isListedWithItsReason(String bad, String expected) {
    assertEquals(expected, reason(REQUEST, bad));
  }

  @ParameterizedTest
  @MethodSource("badFeatures")
  void run_badFeatureWithSkipBad_isLeftOut(String bad, String expected) throws Exception {
    RecordingStore store = new RecordingStore();

    ImportReport report = Imports.run(skipBad(), store, collection(town("a"), bad, town("b")));

    assertEquals(List.of("a", "b"), store.ids());
    assertEquals(List.of(1L, 3L), store.added.stream().map(a -> a.featureNumber()).toList());
    assertEquals(1, report.dataset().orElseThrow().skipped());
    assertEquals(List.of(new ImportReport.BadFeature("file1", 2, expected)), report.badFeatures());
  }

  @Test
  void run_asManyVerticesAsAllowed_isStored() {
    assertEquals(
        1000, stored(REQUEST, town("a", circle(1000))).added.getFirst().outline().getNumPoints());
  }

  @Test
  void run_noIdProperty_takesTheFeaturesOwn() {
    String text = town("x").replaceFirst("\\{", "{\"id\":\" a \",");
    String number = town("x").replaceFirst("}$", ",\"id\":12.0}");

    assertEquals(List.of("a", "12.0"), stored(ids(""), collection(text, number)).ids());
  }

  @Test
  void run_noIdPropertyAndNoIds_saysWhatThereIs() {
    assertContains(
        "no id: the feature has no member 'id' (--id names a property; it has: code, nom)",
        refusal(ids(""), utf8(collection(town("a")))).getMessage());
  }

  @Test
  void run_ownIdIsNoId_saysSo() {
    String file = collection(town("x").replaceFirst("\\{", "{\"id\":null,"));

    assertContains("no id: the member 'id' is null", refusal(ids(""), utf8(file)).getMessage());
  }

  @Test
  void run_idsThatAreNumbers_areKeptAsWritten() {
    List<String> ids =
        stored(
                ids("code"),
                collection(
                    badProperties("{\"code\":1}"),
                    badProperties("{\"code\":1.0}"),
                    badProperties("{\"code\":1e2}"),
                    badProperties("{\"code\":12345678901234567890123}"),
                    badProperties("{\"code\":\"01\"}")))
            .ids();

    assertEquals(List.of("1", "1.0", "1e2", "12345678901234567890123", "01"), ids);
  }

  @Test
  void run_names_mayBeAbsentOrNumbers() {
    List<String> names =
        stored(
                REQUEST,
                collection(
                    badProperties("{\"code\":1}"),
                    badProperties("{\"code\":2,\"nom\":null}"),
                    badProperties("{\"code\":3,\"nom\":\"\"}"),
                    badProperties("{\"code\":4,\"nom\":12}"),
                    badProperties("{\"code\":5,\"nom\":\" Saint-Étienne \\ud83d\\ude00\"}")))
            .added
            .stream()
            .map(a -> a.area().name())
            .toList();

    assertEquals(List.of("", "", "", "12", "Saint-Étienne \ud83d\ude00"), names);
  }

  @Test
  void run_attributes_areKeptAsText() {
    String file =
        collection(
            badProperties(
                """
                {"code":"a","nom":"n","t":" text ","n":1.50,"b":true,"z":null,
                 "o":{ "x" : [ 1.0, null, "\\u00e9\\n" ] },"other":"no"}\
                """));

    RecordingStore store = stored(attributes("t", "n", "b", "z", "o", "absent", "code"), file);

    assertEquals(
        Map.of(
            "t", " text ",
            "n", "1.50",
            "b", "true",
            "o", "{\"x\":[1.0,null,\"é\\n\"]}",
            "code", "a"),
        store.added.getFirst().area().attributes());
  }

  @Test
  void run_allAttributes_areKeptButForIdAndName() {
    RecordingStore store =
        stored(
            attributes("*"),
            feature("{\"code\":\"a\",\"nom\":\"A\",\"x\":1,\"y\":null}", polygon(SQUARE)));

    assertEquals(new Area("a", "A", Map.of("x", "1")), store.added.getFirst().area());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'type':'Feature','id':'a','area':{'name':'own','x':[1]},'properties':{'name':5},'geometry':G}",
        "{'type':'Feature','id':'a','properties':{'name':5},'area':{'x':{},'name':'own'},'geometry':G}"
      })
  void run_nameOfItsOwn_goesBeforeThePropertyWhichIsAnAttribute(String feature) {
    ImportRequest request =
        new ImportRequest("town", "", "name", List.of("*"), "", 0, true, false, false);

    RecordingStore store =
        stored(request, feature.replace('\'', '"').replace("G", polygon(SQUARE)));

    assertEquals(new Area("a", "own", Map.of("name", "5")), store.added.getFirst().area());
  }

  @ParameterizedTest
  @ValueSource(strings = {"5", "'own'", "null", "['own']", "{'name':5}", "{'names':'own'}"})
  void run_anotherMemberArea_meansNothing(String area) {
    ImportRequest request =
        new ImportRequest("town", "", "name", List.of("*"), "", 0, true, false, false);
    String feature =
        "{'type':'Feature','id':'a','properties':{'name':'A'},'area':X,'geometry':G}"
            .replace("X", area)
            .replace('\'', '"')
            .replace("G", polygon(SQUARE));

    assertEquals(new Area("a", "A", Map.of()), stored(request, feature).added.getFirst().area());
  }

  @Test
  void run_attributesTooLarge_isBad() {
    String expected =
        "its attributes have more than 500 bytes (setting import.max-attribute-bytes)";
    String text = "{\"code\":1,\"t\":\"" + "é".repeat(250) + "\"}";
    String list = "{\"code\":1,\"t\":[" + "1,".repeat(300) + "1]}";

    assertEquals(expected, reason(attributes("t"), badProperties(text)));
    assertEquals(expected, reason(attributes("t"), badProperties(list)));
  }

  @Test
  void run_attributesOfTheLargestSize_areStored() {
    String value = "x".repeat(499);

    RecordingStore store =
        stored(
            attributes("t"),
            collection(badProperties("{\"code\":1,\"nom\":1,\"t\":\"" + value + "\"}")));

    assertEquals(Map.of("t", value), store.added.getFirst().area().attributes());
  }

  @Test
  void run_manyBadFeatures_listsAHundredAndStops() {
    StringBuilder lines = new StringBuilder(town("a"));
    for (int i = 0; i < 5000; i++) {
      lines.append('\n').append(badGeometry("null"));
    }
    lines.append("\nthis is not reached");

    ImportRefusedException refusal = refusal(REQUEST, utf8(lines.toString()));

    assertEquals(100, refusal.report().badFeatures().size());
    assertEquals(100, refusal.report().badFeatureCount());
    assertContains("the first 100 features that can't be used are listed", refusal.getMessage());
    assertContains("feature 2 of file1: it has no geometry", refusal.getMessage());
  }

  @Test
  void run_manyBadFeaturesWithSkipBad_countsAll() throws Exception {
    StringBuilder lines = new StringBuilder(town("a"));
    for (int i = 0; i < 500; i++) {
      lines.append('\n').append(badGeometry("null"));
    }

    ImportReport report = Imports.run(skipBad(), new RecordingStore(), lines.toString());

    assertEquals(100, report.badFeatures().size());
    assertEquals(500, report.badFeatureCount());
    assertEquals(500, report.dataset().orElseThrow().skipped());
  }

  @Test
  void run_badFeatureInTheSecondFile_isListedWithItsFile() {
    ImportRefusedException refusal =
        refusal(REQUEST, utf8(town("a")), utf8(town("b") + badGeometry("null")));

    assertEquals(
        List.of(new ImportReport.BadFeature("file2", 2, "it has no geometry")),
        refusal.report().badFeatures());
    assertTrue(refusal.getMessage().startsWith("1 of 3 features can't be used"));
  }
}
