package geosearch.load;

import static geosearch.load.Imports.REQUEST;
import static geosearch.load.Imports.assertContains;
import static geosearch.load.Imports.collection;
import static geosearch.load.Imports.concat;
import static geosearch.load.Imports.gzip;
import static geosearch.load.Imports.refusal;
import static geosearch.load.Imports.town;
import static geosearch.load.Imports.utf8;
import static geosearch.load.Imports.zip;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are refused as a whole. */
class ImportRefusalsTest {

  static Stream<Arguments> notGeoJson() {
    return Stream.of(
        Arguments.of("", "file1: it is empty"),
        Arguments.of("  \n ", "it is empty"),
        Arguments.of("<html><body>Not found</body></html>", "begins with '<html><body>Not foun'"),
        Arguments.of("code;nom\n1;a", "it is not GeoJSON: it begins with 'code;nom"),
        Arguments.of("[1,2]", "it begins with '[1,2]', not with '{'"),
        Arguments.of("{}", "it is JSON, but not GeoJSON: it has no type"),
        Arguments.of("{\"features\":[]}", "it is JSON, but not GeoJSON: it has no type"),
        Arguments.of("{\"type\":\"Topology\",\"objects\":{}}", "it is TopoJSON"),
        Arguments.of(
            "{\"type\":\"FeatureCollection\"}", "FeatureCollection has no member 'features'"),
        Arguments.of("{\"type\":\"FeatureCollection\",\"features\":{}}", "'features' is no array"),
        Arguments.of(
            "{\"type\":\"FeatureCollection\",\"features\":[],\"features\":[]}",
            "more than one member 'features'"),
        Arguments.of(
            "{\"type\":\"Polygon\",\"coordinates\":[]}",
            "it is neither a FeatureCollection nor Features, but a 'Polygon'"),
        Arguments.of(
            "{\"type\":\"Catalog\",\"features\":[]}",
            "it is neither a FeatureCollection nor Features, but a 'Catalog'"),
        Arguments.of("{type:1}", "it is not JSON at feature 1 (byte 2 of the text)"),
        Arguments.of(town("a") + "\n[1]", "it is not GeoJSON at feature 2"));
  }

  @ParameterizedTest
  @MethodSource("notGeoJson")
  void run_notGeoJson_saysWhatItIs(String text, String expected) {
    assertContains(expected, refusal(text).getMessage());
  }

  static Stream<Arguments> otherFiles() {
    return Stream.of(
        Arguments.of("425a6839", "packed by bzip2"),
        Arguments.of("fd377a585a00", "packed by xz"),
        Arguments.of("28b52ffd00", "packed by zstd"),
        Arguments.of("377abcaf271c", "packed by 7-Zip"),
        Arguments.of("53514c69746520666f726d617420330", "GeoPackage"),
        Arguments.of("0000270a00000000", "a shapefile"),
        Arguments.of("6667620366676200", "FlatGeobuf"),
        Arguments.of("5041523115041500", "Parquet"),
        Arguments.of("89504e470d0a1a0a", "begins with the bytes 89 50 4e 47"));
  }

  @ParameterizedTest
  @MethodSource("otherFiles")
  void run_fileOfAnotherFormat_saysWhichAndWhatToDo(String hex, String expected) {
    byte[] file = HexFormat.of().parseHex(hex.length() % 2 == 0 ? hex : hex + "0");

    assertContains(expected, refusal(REQUEST, file).getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32BE", "UTF-32LE"})
  void run_wideEncoding_saysToSaveAsUtf8(String encoding) {
    byte[] file = collection(town("a")).getBytes(Charset.forName(encoding));

    assertContains("it is UTF-16 or UTF-32; save it as UTF-8", refusal(REQUEST, file).getMessage());
  }

  @Test
  void run_latin1_saysWhereAndWhatToDo() {
    byte[] file = collection(town("a"), town("Orl\u00e9ans")).getBytes(StandardCharsets.ISO_8859_1);

    String message = refusal(REQUEST, file).getMessage();

    assertContains("it is not UTF-8 at feature 2 (byte 227 ", message);
    assertContains("iconv -f ISO-8859-1", message);
  }

  @Test
  void run_cutOffAnywhere_isRefused() {
    byte[] whole = utf8(collection(town("a"), town("b")));
    for (int length = 1; length < whole.length; length++) {
      assertContains(
          "it is cut off: it ends in the middle of",
          refusal(REQUEST, Arrays.copyOf(whole, length)).getMessage());
    }
  }

  @Test
  void run_cutOff_saysWhere() {
    String message =
        refusal(collection(town("a"), town("b")).replaceFirst("\\]]]}}]}$", "")).getMessage();

    assertContains("file1: it is cut off: it ends in the middle of feature 2 (byte 317 ", message);
  }

  @Test
  void run_cutOffGzip_isRefused() {
    byte[] whole = gzip(utf8(collection(town("a"), town("b"))));
    for (int length : new int[] {3, 12, whole.length / 2, whole.length - 1}) {
      assertContains("it is cut off", refusal(REQUEST, Arrays.copyOf(whole, length)).getMessage());
    }
  }

  @Test
  void run_cutOffZip_isRefused() {
    byte[] whole = zip(Map.of("a.json", utf8(collection(town("a"), town("b")))));

    assertContains("it is cut off", refusal(REQUEST, Arrays.copyOf(whole, 100)).getMessage());
  }

  @Test
  void run_damagedGzip_isRefused() {
    byte[] file = gzip(utf8(collection(town("a"), town("b"))));
    file[file.length - 8] ^= 1; // of the checksum

    assertContains("what is packed in it is damaged", refusal(REQUEST, file).getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "{}", "]", "}", "{\"type\":\"FeatureCollection\",\"features\":[]}"})
  void run_garbageAfterTheEnd_isRefused(String garbage) {
    refusal(collection(town("a")) + garbage);
  }

  @Test
  void run_garbageBetweenLines_saysWhere() {
    assertContains(
        "it is not JSON at feature 2", refusal(town("a") + "\n+\n" + town("b")).getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"NaN", "Infinity", "-Infinity", "+1", "01", "0x1", "1.", ".5"})
  void run_numberThatJsonDoesNotKnow_isRefused(String number) {
    assertContains(
        "it is not JSON at feature 1",
        refusal(collection(town("a", "[[[" + number + ",0],[1,0],[1,1],[0,0]]]"))).getMessage());
  }

  @Test
  void run_severalFilesInZip_namesThem() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("readme.txt", utf8("x"));
    files.put("north.geojson", utf8(town("a")));
    files.put("south.json", utf8(town("b")));

    assertContains(
        "it holds 2 files of GeoJSON ('north.geojson', 'south.json')",
        refusal(REQUEST, zip(files)).getMessage());
  }

  @Test
  void run_zipWithoutGeoJson_namesWhatIsThere() {
    assertContains(
        "there is no GeoJSON in the zip file, but: 'towns.shp'",
        refusal(REQUEST, zip(Map.of("towns.shp", utf8("x")))).getMessage());
  }

  @Test
  void run_emptyZip_isRefused() {
    assertContains("it is an empty zip file", refusal(REQUEST, zip(Map.of())).getMessage());
  }

  @Test
  void run_noFeatures_isRefused() {
    assertEquals("there is no feature in file1", refusal(collection()).getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{'type':'name','properties':{'name':'EPSG:2154'}}; 'EPSG:2154'",
        "{'type':'name','properties':{'name':'urn:ogc:def:crs:EPSG::4258'}}; '...EPSG::4258'",
        "{'type':'EPSG','properties':{'code':27572}}; '27572'",
        "{'type':'name','properties':{'name':'urn:x:14326'}}; 'urn:x:14326'",
        "{'type':'link','properties':{'href':'http://x/crs'}}; 'http://x/crs'",
        "{}; ''",
        "'EPSG:3857'; 'EPSG:3857'"
      })
  void run_otherCrs_isRefused(String crs, String expected) {
    String json = crs.replace('\'', '"');
    String last = expected.replace("'", "").replace("...", "urn:ogc:def:crs:");
    for (String file :
        List.of(
            "{\"type\":\"FeatureCollection\",\"crs\":%s,\"features\":[%s]}",
            "{\"type\":\"FeatureCollection\",\"features\":[%2$s],\"crs\":%1$s}")) {
      String message = refusal(file.formatted(quoted(json), town("a"))).getMessage();

      assertContains(
          "file1: its coordinate reference system is '%s', not WGS 84".formatted(last), message);
      assertContains("ogr2ogr -t_srs EPSG:4326", message);
    }
  }

  private static String quoted(String json) {
    return json.startsWith("{") || json.startsWith("\"") ? json : "\"" + json + "\"";
  }

  @Test
  void run_otherCrsOfOneGeometry_isRefused() {
    String geometry =
        Imports.polygon(Imports.SQUARE)
            .replaceFirst("\\{", "{\"crs\":{\"properties\":{\"name\":\"EPSG:3857\"}},");

    assertContains(
        "'EPSG:3857'",
        refusal(collection(Imports.feature(Imports.properties("a"), geometry))).getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "{'type':'name','properties':{'name':'urn:ogc:def:crs:OGC:1.3:CRS84'}}",
        "{'type':'name','properties':{'name':'urn:ogc:def:crs:OGC::CRS84'}}",
        "{'type':'name','properties':{'name':'urn:ogc:def:crs:EPSG::4326'}}",
        "{'type':'name','properties':{'name':'http://www.opengis.net/def/crs/OGC/1.3/CRS84'}}",
        "{'type':'name','properties':{'name':'http://www.opengis.net/def/crs/EPSG/0/4326'}}",
        "{'type':'name','properties':{'name':'http://www.opengis.net/gml/srs/epsg.xml#4326'}}",
        "{'type':'name','properties':{'name':'epsg:4326'}}",
        "{'type':'name','properties':{'name':'EPSG:4979'}}",
        "{'type':'name','properties':{'name':'OGC:CRS84h'}}",
        "{'type':'name','properties':{'name':'WGS 84'}}",
        "{'type':'EPSG','properties':{'code':4326}}"
      })
  void run_wgs84ByAnyName_isAccepted(String crs) {
    Imports.stored(
        REQUEST,
        "{\"type\":\"FeatureCollection\",\"crs\":%s,\"features\":[%s]}"
            .formatted(crs.replace('\'', '"'), town("a")));
  }

  @Test
  void run_deepNesting_isRefused() {
    assertContains(
        "nested more than 100 deep",
        refusal(
                "{\"type\":\"FeatureCollection\",\"x\":"
                    + "[".repeat(200_000)
                    + "]".repeat(200_000)
                    + ",\"features\":[]}")
            .getMessage());
  }

  @Test
  void run_hugeId_isRefused() {
    assertContains("too long", refusal(collection(town("a".repeat(3 << 20)))).getMessage());
  }

  @Test
  void run_hugeMemberThatIsNotWanted_isSkipped() {
    String huge = "{\"code\":\"a\",\"nom\":\"n\",\"x\":\"" + "x".repeat(3 << 20) + "\"}";

    Imports.stored(REQUEST, collection(Imports.feature(huge, Imports.polygon(Imports.SQUARE))));
  }

  @Test
  void run_nameThatNoFeatureHas_isRefused() {
    ImportRequest request =
        new ImportRequest("town", "code", "name", List.of(), "", 0, true, false, false);

    assertEquals(
        "no feature has the property 'name', which was to be the name",
        refusal(request, utf8(collection(town("a"), town("b")))).getMessage());
  }

  @Test
  void run_secondFileUnusable_namesIt() {
    assertContains("file2: it is empty", refusal(REQUEST, utf8(town("a")), utf8("")).getMessage());
  }

  @Test
  void run_noFile_isRefused() {
    assertEquals("no file was named", refusal(REQUEST).getMessage());
  }

  @Test
  void run_onlyBadFeatures_isRefusedWithSkipBadToo() {
    String file = collection(Imports.feature(Imports.properties("a"), "null"));

    assertEquals(
        "there is no polygon that can be used among 1 features of file1;"
            + " feature 1 of file1: it has no geometry",
        refusal(Imports.skipBad(), utf8(file)).getMessage());
  }

  @Test
  void run_garbageAfterGzip_isHarmless() {
    Imports.stored(REQUEST, concat(gzip(utf8(town("a"))), new byte[100]));
  }
}
