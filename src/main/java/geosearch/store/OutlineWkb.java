package geosearch.store;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.LinearRing;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.geom.impl.PackedCoordinateSequence;
import org.locationtech.jts.geom.impl.PackedCoordinateSequenceFactory;
import org.locationtech.jts.io.ParseException;
import org.locationtech.jts.io.WKBReader;

/**
 * Reads outlines from well-known binary. For use by one thread.
 *
 * <p>Of polygons and multipolygons with two ordinates, which are nearly all, each ring's ordinates
 * are copied as one block. JTS's reader takes them one by one, each through several calls: in a
 * process that has just started and has nothing compiled yet, that is most of what it costs to read
 * a layer of some million vertices. Everything else is left to it, what is broken as well.
 *
 * @see <a href="https://www.ogc.org/standards/sfa/">OpenGIS Simple feature access, part 1</a>
 */
final class OutlineWkb {
  private static final int POLYGON = 3;
  private static final int MULTI_POLYGON = 6;

  /** PostGIS puts this into the type where an SRID follows it. */
  private static final int WITH_SRID = 0x20000000;

  private static final int BYTES_PER_VERTEX = 2 * Double.BYTES;

  private final GeometryFactory factory =
      new GeometryFactory(PackedCoordinateSequenceFactory.DOUBLE_FACTORY);
  private final WKBReader reader = new WKBReader(factory);

  /**
   * The geometry, of whatever type; its vertices are packed doubles.
   *
   * @throws ParseException if it is none
   */
  Geometry read(ByteBuffer wkb) throws ParseException {
    Geometry plain = readPlain(wkb.duplicate());
    if (plain != null) {
      return plain;
    }
    byte[] bytes = new byte[wkb.remaining()];
    wkb.get(bytes);
    return reader.read(bytes);
  }

  private @Nullable Geometry readPlain(ByteBuffer bytes) {
    try {
      return switch (type(bytes)) {
        case POLYGON -> polygon(bytes);
        case MULTI_POLYGON -> multiPolygon(bytes);
        default -> null;
      };
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      return null;
    }
  }

  private static int type(ByteBuffer bytes) {
    bytes.order(bytes.get() == 0 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    int type = bytes.getInt();
    if ((type & WITH_SRID) != 0) {
      bytes.getInt();
    }
    return type & ~WITH_SRID;
  }

  private @Nullable Geometry multiPolygon(ByteBuffer bytes) {
    Polygon[] polygons = new Polygon[count(bytes, Byte.BYTES + 2 * Integer.BYTES)];
    for (int i = 0; i < polygons.length; i++) {
      if (type(bytes) != POLYGON) {
        return null;
      }
      polygons[i] = polygon(bytes);
    }
    return factory.createMultiPolygon(polygons);
  }

  private Polygon polygon(ByteBuffer bytes) {
    int rings = count(bytes, Integer.BYTES);
    if (rings == 0) {
      return factory.createPolygon();
    }
    LinearRing shell = ring(bytes);
    LinearRing[] holes = new LinearRing[rings - 1];
    for (int i = 0; i < holes.length; i++) {
      holes[i] = ring(bytes);
    }
    return factory.createPolygon(shell, holes);
  }

  private LinearRing ring(ByteBuffer bytes) {
    double[] xy = new double[2 * count(bytes, BYTES_PER_VERTEX)];
    bytes.asDoubleBuffer().get(xy);
    bytes.position(bytes.position() + xy.length * Double.BYTES);
    return factory.createLinearRing(new PackedCoordinateSequence.Double(xy, 2, 0));
  }

  /** A number of things that the rest has room for, so that a broken number takes no memory. */
  private static int count(ByteBuffer bytes, int least) {
    int count = bytes.getInt();
    if (count < 0 || count > bytes.remaining() / least) {
      throw new BufferUnderflowException();
    }
    return count;
  }
}
