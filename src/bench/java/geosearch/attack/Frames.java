package geosearch.attack;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** Frame types and flags of HTTP/2 (RFC 9113), and header blocks of literals (RFC 7541). */
final class Frames {

  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int PRIORITY = 2;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int CONTINUATION = 9;

  static final int END_STREAM = 1;
  static final int ACK = 1;
  static final int END_HEADERS = 4;
  static final int PADDED = 8;

  static final int CANCEL = 8;
  static final int HEADER_BYTES = 9;
  static final int LARGEST = 1 << 14;

  /** The window of a stream and of a connection before anybody changes it. */
  static final int FIRST_WINDOW = 65_535;

  static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII);
  static final byte[] NOTHING = {};

  private Frames() {}

  /** Writes a frame's header. */
  static void header(ByteBuffer out, int length, int type, int flags, int stream) {
    out.putShort((short) (length >> 8)).put((byte) length);
    out.put((byte) type).put((byte) flags).putInt(stream);
  }

  /** Returns the block of a call's headers: those of gRPC, then others as name, value, ... */
  static byte[] call(String path, String... others) {
    Block block = new Block().indexed(3).indexed(6);
    block.literal(":path", path).literal(":authority", "localhost");
    block.literal("content-type", "application/grpc").literal("te", "trailers");
    for (int i = 0; i < others.length; i += 2) {
      block.literal(others[i], others[i + 1]);
    }
    return block.bytes();
  }

  /** Returns a message as gRPC frames it. */
  static byte[] message(byte[] content, boolean packed) {
    return ByteBuffer.allocate(5 + content.length)
        .put((byte) (packed ? 1 : 0))
        .putInt(content.length)
        .put(content)
        .array();
  }

  /** Builds a header block, valid or not. */
  static final class Block {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** Adds an entry of the table by its index. */
    Block indexed(int index) {
      return integer(0x80, 7, index);
    }

    /** Adds a field that neither side remembers. */
    Block literal(String name, String value) {
      return field(0, name, value);
    }

    /** Adds a field that both sides remember for the blocks to come. */
    Block remembered(String name, String value) {
      return field(0x40, name, value);
    }

    /** Adds bytes as they are. */
    Block raw(int... bytes) {
      for (int each : bytes) {
        out.write(each);
      }
      return this;
    }

    private Block field(int kind, String name, String value) {
      out.write(kind);
      return string(name).string(value);
    }

    private Block string(String text) {
      integer(0, 7, text.length());
      out.writeBytes(text.getBytes(ISO_8859_1));
      return this;
    }

    private Block integer(int kind, int bits, int value) {
      int most = (1 << bits) - 1;
      if (value < most) {
        out.write(kind | value);
        return this;
      }
      out.write(kind | most);
      int rest = value - most;
      for (; rest >= 128; rest >>= 7) {
        out.write((rest & 127) | 128);
      }
      out.write(rest);
      return this;
    }

    byte[] bytes() {
      return out.toByteArray();
    }
  }
}
