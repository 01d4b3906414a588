package geosearch.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.io.ByteOrderValues;
import org.locationtech.jts.io.ParseException;
import org.locationtech.jts.io.WKBReader;
import org.locationtech.jts.io.WKBWriter;
import org.locationtech.jts.io.WKTReader;

class OutlineWkbTest {
  private static final String WITH_HOLES =
      "MULTIPOLYGON (((0 0, 9 0, 9 9, 0 9, 0 0), (1 1, 1 2, 2 2, 1 1), (3 3, 3 4, 4 4, 3 3)),"
          + " ((20 20, 21 20, 21 21.123456789012345, 20 20)))";

  private final OutlineWkb wkb = new OutlineWkb();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POLYGON ((0 0, 1 0, 1 1, 0 0))",
        WITH_HOLES,
        "POLYGON EMPTY",
        "MULTIPOLYGON EMPTY",
        "POINT (1 2)",
        "LINESTRING (1 2, 3 4)",
        "GEOMETRYCOLLECTION (POLYGON ((0 0, 1 0, 1 1, 0 0)))",
      })
  void read_geometryOfAnyType_isWhatWasWritten(String wkt) throws ParseException {
    Geometry geometry = geometry(wkt);
    for (int order : new int[] {ByteOrderValues.BIG_ENDIAN, ByteOrderValues.LITTLE_ENDIAN}) {
      for (boolean withSrid : new boolean[] {false, true}) {
        Geometry read = wkb.read(buffer(new WKBWriter(2, order, withSrid).write(geometry)));

        assertTrue(geometry.equalsExact(read), () -> "read " + read);
        assertEquals(geometry.getGeometryType(), read.getGeometryType());
      }
    }
  }

  @Test
  void read_threeOrdinates_hasTheFirstTwo() throws ParseException {
    Geometry geometry = geometry("POLYGON Z ((0 0 7, 1 0 7, 1 1 7, 0 0 7))");

    Geometry read = wkb.read(buffer(new WKBWriter(3).write(geometry)));

    assertTrue(geometry.equalsExact(read));
  }

  @Test
  void read_cutOffAnywhere_throws() throws ParseException {
    byte[] whole = new WKBWriter().write(geometry(WITH_HOLES));
    for (int length = 0; length < whole.length; length++) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThrows(ParseException.class, () -> wkb.read(buffer(part)));
    }
  }

  @Test
  void read_anyByteAnother_isWhatJtsReads() throws ParseException {
    byte[] whole = new WKBWriter().write(geometry(WITH_HOLES));
    for (int at = 0; at < whole.length; at++) {
      byte[] changed = whole.clone();
      changed[at] ^= (byte) (1 << (at % 8));
      Geometry read;
      try {
        read = wkb.read(buffer(changed));
      } catch (ParseException | IllegalArgumentException e) {
        assertThrows(e.getClass(), () -> new WKBReader().read(changed));
        continue;
      }
      Geometry expected = new WKBReader().read(changed);
      assertEquals(0, expected.compareTo(read));
    }
  }

  private static Geometry geometry(String wkt) throws ParseException {
    return new WKTReader().read(wkt);
  }

  /** A part of a larger message, as outlines come from PostGIS. */
  private static ByteBuffer buffer(byte[] wkb) {
    byte[] message = new byte[wkb.length + 20];
    Arrays.fill(message, (byte) 7);
    System.arraycopy(wkb, 0, message, 9, wkb.length);
    return ByteBuffer.wrap(message).slice(9, wkb.length);
  }
}
