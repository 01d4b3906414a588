package geosearch.load;

import static geosearch.load.Imports.REQUEST;
import static geosearch.load.Imports.SQUARE;
import static geosearch.load.Imports.collection;
import static geosearch.load.Imports.concat;
import static geosearch.load.Imports.gzip;
import static geosearch.load.Imports.stored;
import static geosearch.load.Imports.town;
import static geosearch.load.Imports.utf8;
import static geosearch.load.Imports.zip;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.MultiPolygon;
import org.locationtech.jts.geom.Polygon;

class ImportFormatsTest {

  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  private static final String FEATURES_FIRST =
      """
      {"features":[%s,%s],"name":"towns","crs":{"type":"name","properties":{"name":"EPSG:4326"}},
       "bbox":[0,0,1,1],"type":"FeatureCollection"}\
      """
          .formatted(town("a"), town("b"));

  private static final String MEMBERS_TURNED_ROUND =
      """
      {"type":"FeatureCollection","features":[
        {"geometry":{"coordinates":%s,"bbox":[0,0,1,1],"type":"Polygon"},
         "other":{"deep":[[1,{"x":"}"}]]},
         "properties":{"nom":"x","list":[1,[2]],"code":"a"},"type":"Feature","id":7},
        %s]}\
      """
          .formatted(SQUARE, town("b"));

  static Stream<Arguments> formats() {
    byte[] collection = utf8(collection(town("a"), town("b")));
    byte[] lines = utf8(town("a") + "\n" + town("b") + "\n");
    byte[] sequence = utf8("\u001e" + town("a") + "\n\u001e" + town("b") + "\n");
    byte[] junk = utf8("nothing");
    Map<String, byte[]> folder = new LinkedHashMap<>();
    folder.put("readme.txt", junk);
    folder.put("__MACOSX/._towns.geojson", junk);
    folder.put("towns/", new byte[0]);
    folder.put("towns/.hidden.json", junk);
    folder.put("towns/TOWNS.GeoJSON", collection);
    folder.put("towns/licence.pdf", junk);
    return Stream.of(
        Arguments.of("collection", collection),
        Arguments.of("lines", lines),
        Arguments.of("lines of Windows", utf8(town("a") + "\r\n" + town("b"))),
        Arguments.of("RFC 8142", sequence),
        Arguments.of("blanks before", concat(utf8("\n\t  \r\n"), collection)),
        Arguments.of("byte order mark", concat(BYTE_ORDER_MARK, collection)),
        Arguments.of("gzip", gzip(collection)),
        Arguments.of("gzip of lines", gzip(lines)),
        Arguments.of("gzip of RFC 8142", gzip(sequence)),
        Arguments.of("gzip with byte order mark", gzip(concat(BYTE_ORDER_MARK, collection))),
        Arguments.of("gzip in two members", concat(gzip(utf8(town("a"))), gzip(utf8(town("b"))))),
        Arguments.of("zip", zip(Map.of("towns.ndjson", lines))),
        Arguments.of("zip with other files", zip(folder)),
        Arguments.of("features first", utf8(FEATURES_FIRST)),
        Arguments.of("members turned round", utf8(MEMBERS_TURNED_ROUND)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("formats")
  void run_anyFormat_storesTheSame(String name, byte[] file) {
    assertEquals(List.of("a", "b"), stored(REQUEST, file).ids());
  }

  @Test
  void run_singleFeature_isStored() {
    assertEquals(List.of("a"), stored(REQUEST, town("a")).ids());
  }

  @Test
  void run_manyFeatures_keepsTheirOrder() {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 1000; i++) {
      lines.append(town("t" + i)).append('\n');
    }

    RecordingStore store = stored(REQUEST, lines.toString());

    assertEquals(1000, store.added.size());
    for (int i = 0; i < 1000; i++) {
      assertEquals("t" + i, store.added.get(i).area().id());
      assertEquals(i + 1, store.added.get(i).featureNumber());
    }
  }

  @Test
  void run_polygonWithHoleAndHeights_dropsTheHeights() {
    RecordingStore store =
        stored(
            REQUEST,
            town(
                "a",
                "[[[0,0,7],[4,0,7],[4,4,7],[0,4,7],[0,0,7]],"
                    + "[[1,1,7,8],[1,2,7,8],[2,2,7,8],[1,1,7,8]]]"));

    Geometry outline = store.added.getFirst().outline();
    assertEquals("POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0), (1 1, 1 2, 2 2, 1 1))", outline.toText());
    assertEquals(Polygon.class, outline.getClass());
  }

  @Test
  void run_multiPolygon_keepsItsPolygonsAndHoles() {
    String coordinates =
        "[[[[0,0],[4,0],[4,4],[0,4],[0,0]],[[1,1],[1,2],[2,2],[1,1]]],[[[5,5],[6,5],[6,6],[5,5]]]]";

    RecordingStore store =
        stored(
            REQUEST, Imports.feature(Imports.properties("a"), Imports.multiPolygon(coordinates)));

    Geometry outline = store.added.getFirst().outline();
    assertEquals(
        "MULTIPOLYGON (((0 0, 4 0, 4 4, 0 4, 0 0), (1 1, 1 2, 2 2, 1 1)), ((5 5, 6 5, 6 6, 5 5)))",
        outline.toText());
    assertEquals(MultiPolygon.class, outline.getClass());
  }

  @Test
  void run_coordinates_areReadToTheLastBit() {
    RecordingStore store =
        stored(
            REQUEST,
            town(
                "a",
                "[[[4.849999904632568,45.75],[5e0,45.75],[5,46.1],"
                    + "[4.849999904632568,45.75]]]"));

    assertEquals(4.849999904632568, store.added.getFirst().outline().getCoordinate().x);
  }

  @Test
  void run_endsOfTheWorldWithRoundingErrors_areCutOff() {
    RecordingStore store =
        stored(REQUEST, town("a", "[[[179,89],[180.0000000001,89],[180,90.0000000001],[179,89]]]"));

    assertEquals(
        "POLYGON ((179 89, 180 89, 180 90, 179 89))", store.added.getFirst().outline().toText());
  }
}
