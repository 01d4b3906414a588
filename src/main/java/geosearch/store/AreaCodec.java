package geosearch.store;

import geosearch.geo.Area;
import geosearch.store.StoreException.Kind;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.io.ByteOrderValues;
import org.locationtech.jts.io.ParseException;
import org.locationtech.jts.io.WKBWriter;

/**
 * Areas and their outlines as the embedded store keeps them: texts in UTF-8 and outlines as
 * well-known binary, each after its length in bytes. Not safe for use by several threads.
 */
final class AreaCodec {

  private final WKBWriter toWkb = new WKBWriter(2, ByteOrderValues.LITTLE_ENDIAN);
  private final OutlineWkb fromWkb = new OutlineWkb();

  void write(DataOutputStream out, Area area, Geometry outline) throws IOException {
    writeArea(out, area);
    writeBytes(out, toWkb.write(outline));
  }

  /** Imported areas hold always: their validity is not written. */
  static void writeArea(DataOutputStream out, Area area) throws IOException {
    writeText(out, area.id());
    writeText(out, area.name());
    out.writeInt(area.priority());
    out.writeInt(area.attributes().size());
    for (Map.Entry<String, String> attribute : area.attributes().entrySet()) {
      writeText(out, attribute.getKey());
      writeText(out, attribute.getValue());
    }
  }

  static Area readArea(DataInputStream in) throws IOException {
    String id = readText(in);
    String name = readText(in);
    int priority = in.readInt();
    int count = in.readInt();
    Map<String, String> attributes = new HashMap<>();
    for (int i = 0; i < count; i++) {
      attributes.put(readText(in), readText(in));
    }
    return new Area(id, name, attributes, priority);
  }

  /** What follows the area. */
  Geometry readOutline(DataInputStream in) throws IOException {
    try {
      return fromWkb.read(ByteBuffer.wrap(readBytes(in)));
    } catch (ParseException e) {
      throw new StoreException(Kind.CORRUPT, "an outline in the store is no well-known binary", e);
    }
  }

  static void writeText(DataOutputStream out, String text) throws IOException {
    writeBytes(out, text.getBytes(StandardCharsets.UTF_8));
  }

  static String readText(DataInputStream in) throws IOException {
    return new String(readBytes(in), StandardCharsets.UTF_8);
  }

  static void writeTime(DataOutputStream out, Instant time) throws IOException {
    out.writeLong(time.getEpochSecond());
    out.writeInt(time.getNano());
  }

  static Instant readTime(DataInputStream in) throws IOException {
    return Instant.ofEpochSecond(in.readLong(), in.readInt());
  }

  private static void writeBytes(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static byte[] readBytes(DataInputStream in) throws IOException {
    int length = in.readInt();
    byte[] bytes = length < 0 ? new byte[0] : in.readNBytes(length);
    if (bytes.length != length) {
      throw new EOFException("a text or outline of " + length + " bytes is cut off");
    }
    return bytes;
  }
}
