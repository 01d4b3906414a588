package geosearch.rpc;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.locationtech.jts.geom.Geometry;

/**
 * Reads outlines from well-known binary, OGC's or PostGIS's extended one. Every count is held
 * against the bytes that are left before it is believed.
 */
final class WkbOutline {

  private static final int POLYGON = 3;
  private static final int MULTIPOLYGON = 6;
  private static final int WGS84 = 4326;

  // Flags of the extended form.
  private static final int HAS_Z = 0x80000000;
  private static final int HAS_M = 0x40000000;
  private static final int HAS_SRID = 0x20000000;

  /** How the OGC's form numbers its types: thousands tell of Z and M. */
  private static final int DIMENSIONS = 1000;

  private static final int BYTES_OF_POLYGON = 9;
  private static final int BYTES_OF_RING = 4;
  private static final int BYTES_OF_POSITION = 16;

  private final ByteBuffer wkb;
  private final OutlineBuilder outline;

  private WkbOutline(ByteBuffer wkb, int maxVertices, int maxRings) {
    this.wkb = wkb;
    this.outline = new OutlineBuilder(maxVertices, maxRings);
  }

  /** Reads a polygon or multipolygon that is whole, small enough, in range and valid. */
  static Geometry read(ByteBuffer wkb, int maxVertices, int maxRings)
      throws InvalidOutlineException {
    return new WkbOutline(wkb.slice(), maxVertices, maxRings).read();
  }

  private Geometry read() throws InvalidOutlineException {
    int type = readType();
    switch (type) {
      case POLYGON -> readPolygon();
      case MULTIPOLYGON -> {
        int polygons = readCount(BYTES_OF_POLYGON, "polygons");
        for (int i = 0; i < polygons; i++) {
          int part = readType();
          if (part != POLYGON) {
            throw new InvalidOutlineException(
                "has a part of type %d in a multipolygon; only polygons (3) may be there"
                    .formatted(part));
          }
          readPolygon();
        }
      }
      default ->
          throw new InvalidOutlineException(
              "must be a polygon (type 3) or multipolygon (6), not type " + type);
    }
    if (wkb.hasRemaining()) {
      throw new InvalidOutlineException(
          "goes on for %d bytes after its end".formatted(wkb.remaining()));
    }
    return outline.build(type == MULTIPOLYGON);
  }

  private int readType() throws InvalidOutlineException {
    require(1 + Integer.BYTES);
    byte order = wkb.get();
    if (order != 0 && order != 1) {
      throw new InvalidOutlineException(
          "is not well-known binary: a byte order is %d and neither 0 nor 1".formatted(order));
    }
    wkb.order(order == 0 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    int flagged = wkb.getInt();
    int type = flagged & ~(HAS_Z | HAS_M | HAS_SRID);
    if ((flagged & (HAS_Z | HAS_M)) != 0 || type / DIMENSIONS != 0) {
      throw new InvalidOutlineException("must have two dimensions, without Z and M");
    }
    if ((flagged & HAS_SRID) != 0) {
      require(Integer.BYTES);
      int srid = wkb.getInt();
      if (srid != WGS84 && srid != 0) {
        throw new InvalidOutlineException("must be in WGS 84, SRID 4326, not " + srid);
      }
    }
    return type;
  }

  private void readPolygon() throws InvalidOutlineException {
    int rings = readCount(BYTES_OF_RING, "rings");
    for (int i = 0; i < rings; i++) {
      int positions = readCount(BYTES_OF_POSITION, "positions");
      for (int j = 0; j < positions; j++) {
        outline.addPosition(wkb.getDouble(), wkb.getDouble());
      }
      outline.endRing();
    }
    outline.endPolygon();
  }

  private int readCount(int bytesOfEach, String what) throws InvalidOutlineException {
    require(Integer.BYTES);
    int count = wkb.getInt();
    if (count < 0 || count > wkb.remaining() / bytesOfEach) {
      throw new InvalidOutlineException(
          "is cut off: it announces %s %s and has %d bytes left"
              .formatted(Integer.toUnsignedString(count), what, wkb.remaining()));
    }
    return count;
  }

  private void require(int bytes) throws InvalidOutlineException {
    if (wkb.remaining() < bytes) {
      throw new InvalidOutlineException("is cut off");
    }
  }
}
