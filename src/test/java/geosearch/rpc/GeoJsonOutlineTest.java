package geosearch.rpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.locationtech.jts.geom.Geometry;

class GeoJsonOutlineTest {

  private static final String SQUARE = "[[0,0],[1,0],[1,1],[0,1],[0,0]]";

  @Test
  void read_polygonWithAHole_isThatPolygon() throws Exception {
    Geometry read =
        read(
            "{'type':'Polygon','coordinates':[[[0,0],[9,0],[9,9],[0,9],[0,0]],"
                + "[[1,1],[1,2],[2,2],[2,1],[1,1]]]}");

    assertEquals("POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0), (1 1, 1 2, 2 2, 2 1, 1 1))", read.toText());
  }

  @Test
  void read_multipolygon_isThatMultipolygon() throws Exception {
    Geometry read =
        read(
            "{'type':'MultiPolygon','coordinates':[[[[0,0],[1,0],[1,1],[0,0]]],"
                + "[[[5,5],[6,5],[6,6],[5,5]]]]}");

    assertEquals("MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), ((5 5, 6 5, 6 6, 5 5)))", read.toText());
  }

  @Test
  void read_coordinatesBeforeTheType_makesNoDifference() throws Exception {
    assertEquals(
        read("{'type':'Polygon','coordinates':[" + SQUARE + "]}"),
        read("{'coordinates':[" + SQUARE + "],'bbox':[0,0,1,1],'x':{'y':[1]},'type':'Polygon'}"));
  }

  @Test
  void read_altitudes_areIgnored() throws Exception {
    assertEquals(
        "POLYGON ((0 0, 1 0, 1 1, 0 0))",
        read("{'type':'Polygon','coordinates':[[[0,0,7],[1,0,7.5],[1,1],[0,0,9]]]}").toText());
  }

  @Test
  void read_wholeEarth_isAllowed() throws Exception {
    assertTrue(
        read("{'type':'Polygon','coordinates':[[[-180,-90],[180,-90],[180,90],[-180,90],[-180,-90]]]}")
            .isValid());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "urn:ogc:def:crs:OGC:1.3:CRS84",
        "urn:ogc:def:crs:OGC::CRS84",
        "urn:ogc:def:crs:EPSG::4326",
        "EPSG:4326"
      })
  void read_declaredWgs84_isRead(String crs) throws Exception {
    read(
        "{'type':'Polygon','crs':{'type':'name','properties':{'name':'%s'}},'coordinates':[%s]}"
            .formatted(crs, SQUARE));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          ''                                                          | must be a GeoJSON geometry
          7                                                           | must be a GeoJSON geometry
          [[0,0]]                                                     | must be a GeoJSON geometry
          hello                                                       | is not JSON
          {                                                           | is not JSON
          {'type':'Polygon'}                                          | has no member `coordinates`
          {'coordinates':[[[0,0],[1,0],[1,1],[0,0]]]}                 | has no member `type`
          {'type':'Polygon','type':'Polygon'}                         | two members `type`
          {'type':'Point','coordinates':[0,0]}                        | must be of the type Polygon or MultiPolygon, not "Point"
          {'type':3}                                                  | must be of the type Polygon
          {'type':'Feature','geometry':{}}                            | send its member `geometry` alone
          {'type':'FeatureCollection'}                                | one Polygon or MultiPolygon at a time
          {'type':'GeometryCollection'}                               | one Polygon or MultiPolygon at a time
          {'type':'Polygon','coordinates':7}                          | not arrays
          {'type':'Polygon','coordinates':null}                       | not arrays
          {'type':'Polygon','coordinates':[]}                         | empty array
          {'type':'Polygon','coordinates':[[]]}                       | empty array
          {'type':'Polygon','coordinates':[[[]]]}                     | empty array
          {'type':'Polygon','coordinates':[[0,0]]}                    | where an array belongs
          {'type':'Polygon','coordinates':[[[0,0],3]]}                | where an array belongs
          {'type':'Polygon','coordinates':[[[0,0],[1,0],[1,1],[0,0]],[]]} | a ring of 0 positions
          {'type':'Polygon','coordinates':[[[0]]]}                    | not longitude, latitude
          {'type':'Polygon','coordinates':[[[0,[1]]]]}                | not longitude, latitude
          {'type':'Polygon','coordinates':[[[0,0,0,0]]]}              | not longitude, latitude
          {'type':'Polygon','coordinates':[[['0','0']]]}              | numbers alone
          {'type':'Polygon','coordinates':[[[null,0]]]}               | numbers alone
          {'type':'Polygon','coordinates':[[{'x':1}]]}                | numbers alone
          {'type':'Polygon','coordinates':[[[NaN,0]]]}                | is not JSON
          {'type':'Polygon','coordinates':[[[[0,0],[1,0],[1,1],[0,0]]]]}      | coordinates of a MultiPolygon and the type Polygon
          {'type':'MultiPolygon','coordinates':[[[0,0],[1,0],[1,1],[0,0]]]}   | coordinates of a Polygon and the type MultiPolygon
          {'type':'MultiPolygon','coordinates':[[[[[0,0]]]]]}         | deeper than those of a MultiPolygon
          {'type':'MultiPolygon','coordinates':[[[[0,0],[1,0],[1,1],[0,0]]],[]]} | a polygon without a ring
          {'type':'Polygon','coordinates':[[[0,0],[1,0],[0,0]]]}      | a ring of 3 positions
          {'type':'Polygon','coordinates':[[[0,0],[1,0],[1,1],[0,1]]]} | not closed
          {'type':'Polygon','coordinates':[[[0,0],[1,0],[1,1],[0,0]]]} x | is not JSON
          {'type':'Polygon','coordinates':[[[0,0],[1,0],[1,1],[0,0]]]} {} | goes on after its end
          {'type':'Polygon','coordinates':[[[0,0],[1,0],[1,1],[0,0     | is not JSON
          {'crs':{'properties':{'name':'EPSG:2154'}},'type':'Polygon','coordinates':[]} | must be in WGS 84
          {'crs':'EPSG:4326','type':'Polygon','coordinates':[]}       | `crs` that is not an object
          """)
  void read_notAPolygonOfGeoJson_saysWhy(String geojson, String why) {
    assertRefused(geojson, why);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          [[0,0],[1,1],[1,0],[0,1],[0,0]]                  | Self-intersection at longitude 0.5, latitude 0.5
          [[0,0],[1,1],[0,0],[1,1],[0,0]]                  | is not valid
          [[0,0],[0,0],[0,0],[0,0]]                        | is not valid: Too few distinct points
          [[0,0],[4,0],[4,4],[0,4],[0,0]],[[5,5],[5,6],[6,6],[5,5]] | is not valid: Hole lies outside shell
          [[0,0],[9,0],[9,9],[0,9],[0,0]],[[1,1],[1,8],[8,8],[8,1],[1,1]],[[2,2],[2,3],[3,3],[2,2]] | is not valid: Holes are nested
          [[0,0],[9,0],[9,9],[0,9],[0,0]],[[0,0],[9,0],[9,9],[0,9],[0,0]] | is not valid
          """)
  void read_invalidPolygon_saysWhatAndWhere(String rings, String why) {
    assertRefused("{'type':'Polygon','coordinates':[" + rings + "]}", why);
  }

  @Test
  void read_overlappingParts_isNotValid() {
    assertRefused(
        "{'type':'MultiPolygon','coordinates':[[%1$s],[%1$s]]}".formatted(SQUARE), "is not valid");
  }

  @ParameterizedTest
  @CsvSource({
    "180.1, 0, 'longitudes must be from -180 to 180 degrees, not 180.1', false",
    "1e999, 0, 'longitudes must be from -180 to 180 degrees, not Infinity', false",
    "0, -90.5, 'latitudes must be from -90 to 90 degrees, not -90.5', true",
    "4, 145, 'latitudes must be from -90 to 90 degrees, not 145.0', true",
    "145, 145, 'latitudes must be from -90 to 90 degrees, not 145.0', false"
  })
  void read_outOfRange_saysWhichAndWhetherItLooksSwapped(
      String longitude, String latitude, String why, boolean swapped) {
    String geojson =
        "{'type':'Polygon','coordinates':[[[%1$s,%2$s],[1,0],[1,1],[%1$s,%2$s]]]}"
            .formatted(longitude, latitude);

    String message = assertRefused(geojson, why);

    assertEquals(swapped, message.contains("look swapped"), message);
  }

  @Test
  void read_asManyVerticesAsMayBe_isRead() throws Exception {
    assertEquals(1000, read(circle(1000), 1000).getNumPoints());
  }

  @Test
  void read_oneVertexMore_isRefusedWithTheSetting() {
    String message =
        assertThrows(InvalidOutlineException.class, () -> read(circle(1001), 1000)).getMessage();

    assertEquals("has more than 1000 vertices (setting zones.max-vertices)", message);
  }

  @Test
  void read_aMillionVertices_isRefused() {
    assertRefused(circle(1_000_000), "has more than 10000 vertices");
  }

  @Test
  void read_arraysWithoutEnd_areRefused() {
    assertRefused(
        "{'type':'Polygon','coordinates':" + "[".repeat(500_000), "deeper than those of a Multi");
    assertRefused("{'x':" + "[".repeat(500_000), "is not JSON");
  }

  @Test
  void read_numberWithoutEnd_isRefused() {
    assertRefused("{'type':'Polygon','coordinates':[[[" + "1".repeat(500_000), "is not JSON");
  }

  @Test
  void read_damagedAnyhow_isRefusedOrReadButNeverBreaks() {
    Random random = new Random(3);
    String whole =
        "{'type':'MultiPolygon','coordinates':[[[[0,0],[9,0],[9,9],[0,9],[0,0]]]],'x':[1]}";
    String pieces = "[]{},:'0123456789.-eE nulltrue\\u0000";
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      StringBuilder damaged = new StringBuilder(whole);
      for (int j = random.nextInt(4); j >= 0; j--) {
        int at = random.nextInt(damaged.length());
        switch (random.nextInt(3)) {
          case 0 -> damaged.deleteCharAt(at);
          case 1 -> damaged.insert(at, pieces.charAt(random.nextInt(pieces.length())));
          default -> damaged.setCharAt(at, pieces.charAt(random.nextInt(pieces.length())));
        }
      }
      try {
        assertTrue(read(damaged.toString()).isValid());
      } catch (InvalidOutlineException e) {
        assertFalse(String.valueOf(e.getMessage()).isBlank());
        refused++;
      }
    }
    assertTrue(refused > 10_000);
  }

  private static String assertRefused(String geojson, String why) {
    String message =
        String.valueOf(
            assertThrows(InvalidOutlineException.class, () -> read(geojson)).getMessage());
    assertTrue(message.contains(why), message);
    return message;
  }

  private static Geometry read(String geojson) throws InvalidOutlineException {
    return read(geojson, 10_000);
  }

  private static Geometry read(String geojson, int maxVertices) throws InvalidOutlineException {
    return GeoJsonOutline.read(
        new ByteArrayInputStream(geojson.replace('\'', '"').getBytes(UTF_8)), maxVertices, 1000);
  }

  private static String circle(int vertices) {
    StringBuilder ring = new StringBuilder();
    String first = "";
    for (int i = 0; i < vertices - 1; i++) {
      double angle = 2 * Math.PI * i / (vertices - 1);
      String position = "[%s,%s]".formatted(Math.cos(angle), Math.sin(angle));
      first = i == 0 ? position : first;
      ring.append(position).append(',');
    }
    return "{'type':'Polygon','coordinates':[[" + ring + first + "]]}";
  }
}
