package geosearch.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.io.ByteOrderValues;
import org.locationtech.jts.io.WKBWriter;
import org.locationtech.jts.io.WKTReader;

class WkbOutlineTest {

  private static final String POLYGON =
      "POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0), (1 1, 1 2, 2 2, 2 1, 1 1))";
  private static final String MULTIPOLYGON =
      "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), ((5 5, 6 5, 6 6, 5 5)))";

  @ParameterizedTest
  @ValueSource(strings = {POLYGON, MULTIPOLYGON})
  void read_bothByteOrders_isThatGeometry(String wkt) throws Exception {
    for (int order : new int[] {ByteOrderValues.BIG_ENDIAN, ByteOrderValues.LITTLE_ENDIAN}) {
      byte[] wkb = new WKBWriter(2, order).write(geometry(wkt));

      assertEquals(wkt, read(wkb).toText());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 4326})
  void read_sridOfWgs84OrNone_isRead(int srid) throws Exception {
    Geometry geometry = geometry(MULTIPOLYGON);
    geometry.setSRID(srid);
    for (Geometry part : new Geometry[] {geometry.getGeometryN(0), geometry}) {
      part.setSRID(srid);

      assertEquals(part.toText(), read(new WKBWriter(2, true).write(part)).toText());
    }
  }

  @Test
  void read_otherSrid_isRefusedWithIt() throws Exception {
    Geometry geometry = geometry(POLYGON);
    geometry.setSRID(2154);

    assertRefused(new WKBWriter(2, true).write(geometry), "SRID 4326, not 2154");
  }

  @Test
  void read_thirdDimension_isRefused() throws Exception {
    Geometry geometry = new WKTReader().read("POLYGON Z ((0 0 1, 1 0 1, 1 1 1, 0 0 1))");
    byte[] extended = new WKBWriter(3).write(geometry);

    assertRefused(extended, "must have two dimensions");
  }

  @ParameterizedTest
  @ValueSource(ints = {1003, 2003, 3003, 1006, 0x80000003, 0x40000003, 0xC0000006})
  void read_typeWithZOrM_isRefused(int type) {
    assertRefused(header(type, 1), "must have two dimensions");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 4, 5, 7, 16, 17, 999})
  void read_otherType_isRefusedWithIt(int type) {
    assertRefused(header(type, 1), "not type " + type);
  }

  @Test
  void read_empty_isRefused() throws Exception {
    assertRefused(new byte[0], "is cut off");
    assertRefused(header(3, 0), "has a polygon without a ring");
    assertRefused(header(6, 0), "is empty");
    assertRefused(new WKBWriter(2).write(geometry("POLYGON EMPTY")), "polygon without a ring");
  }

  @Test
  void read_byteOrderThatIsNone_isRefused() {
    byte[] wkb = header(3, 1);
    wkb[0] = 7;

    assertRefused(wkb, "a byte order is 7");
  }

  @Test
  void read_partThatIsNoPolygon_isRefused() {
    ByteBuffer wkb = ByteBuffer.allocate(64);
    wkb.put(header(6, 1)).put(header(1, 0));

    assertRefused(wkb.array(), "a part of type 1 in a multipolygon");
  }

  @Test
  void read_cutOffAnywhere_isRefused() throws Exception {
    for (String wkt : new String[] {POLYGON, MULTIPOLYGON}) {
      byte[] whole = new WKBWriter(2).write(geometry(wkt));
      for (int length = 0; length < whole.length; length++) {
        assertRefused(Arrays.copyOf(whole, length), "is cut off");
      }
    }
  }

  @Test
  void read_goingOnAfterItsEnd_isRefused() throws Exception {
    byte[] whole = new WKBWriter(2).write(geometry(POLYGON));

    assertRefused(Arrays.copyOf(whole, whole.length + 1), "goes on for 1 bytes");
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MAX_VALUE, -1, Integer.MIN_VALUE, 100_000_000})
  void read_hugeCounts_areRefusedWithoutAllocating(int count) {
    String unsigned = Integer.toUnsignedString(count);
    assertRefused(header(3, count), "announces " + unsigned + " rings");
    assertRefused(header(6, count), "announces " + unsigned + " polygons");
    ByteBuffer ring = ByteBuffer.allocate(13).put(header(3, 1)).putInt(9, count);
    assertRefused(ring.array(), "announces " + unsigned + " positions");
  }

  @Test
  void read_notANumber_isRefused() {
    assertRefused(triangle(Double.NaN, 0), "not NaN");
    assertRefused(triangle(0, Double.NaN), "not NaN");
    assertRefused(triangle(Double.POSITIVE_INFINITY, 0), "not Infinity");
  }

  @Test
  void read_bowTie_isRefused() throws Exception {
    assertRefused(
        new WKBWriter(2).write(geometry("POLYGON ((0 0, 1 1, 1 0, 0 1, 0 0))")),
        "Self-intersection");
  }

  @Test
  void read_overTheCap_isRefusedWithTheSetting() throws Exception {
    Geometry circle = geometry("POINT (0 0)").buffer(1, 5000);

    assertRefused(new WKBWriter(2).write(circle), "more than 10000 vertices");
  }

  @Test
  void read_damagedAnyhow_isRefusedOrReadButNeverBreaks() throws Exception {
    Random random = new Random(5);
    byte[] whole = new WKBWriter(2).write(geometry(MULTIPOLYGON));
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] damaged = Arrays.copyOf(whole, whole.length - random.nextInt(3));
      for (int j = random.nextInt(3); j >= 0; j--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      try {
        assertTrue(read(damaged).isValid(), () -> HexFormat.of().formatHex(damaged));
      } catch (InvalidOutlineException e) {
        assertFalse(String.valueOf(e.getMessage()).isBlank());
        refused++;
      }
    }
    assertTrue(refused > 10_000);
  }

  private static void assertRefused(byte[] wkb, String why) {
    String message =
        String.valueOf(assertThrows(InvalidOutlineException.class, () -> read(wkb)).getMessage());
    assertTrue(message.contains(why), message);
  }

  private static Geometry read(byte[] wkb) throws InvalidOutlineException {
    return WkbOutline.read(ByteBuffer.wrap(wkb).asReadOnlyBuffer(), 10_000, 1000);
  }

  private static Geometry geometry(String wkt) throws Exception {
    return new WKTReader().read(wkt);
  }

  private static byte[] header(int type, int count) {
    return ByteBuffer.allocate(9).put((byte) 0).putInt(type).putInt(count).array();
  }

  private static byte[] triangle(double x, double y) {
    return ByteBuffer.allocate(9 + 4 + 4 * 16)
        .put(ByteBuffer.wrap(header(3, 1)))
        .putInt(4)
        .putDouble(x)
        .putDouble(y)
        .putDouble(1)
        .putDouble(0)
        .putDouble(1)
        .putDouble(1)
        .putDouble(x)
        .putDouble(y)
        .order(ByteOrder.BIG_ENDIAN)
        .array();
  }
}
