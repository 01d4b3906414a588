package geosearch.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * One connection of a client that makes unary calls of one method and spends next to nothing on
 * each: frames that are ready-made but for the stream's number, headers from the table of
 * compression as every client has them from its second call on. What comes back is only counted.
 */
final class Http2Connection implements AutoCloseable {

  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;
  private static final int PING = 6;
  private static final int GOAWAY = 7;
  private static final int WINDOW_UPDATE = 8;
  private static final int END_STREAM = 1;
  private static final int ACK = 1;
  private static final int END_HEADERS = 4;
  private static final int FRAME_HEADER = 9;
  private static final int LARGEST_FRAME = 1 << 14;
  private static final int MESSAGE_HEADER = 5;

  /** What the server may send before it is told that it may send more. */
  private static final int WINDOW = 1 << 30;

  private final SocketChannel channel;
  private final ByteBuffer in = ByteBuffer.allocateDirect(1 << 18);
  private final ByteBuffer out = ByteBuffer.allocateDirect(1 << 19);
  private final byte[] firstHeaders;
  private final byte[] headers;
  private int nextStream = 1;
  private long sendWindow = 65_535;
  private long received;

  /** Is told of the end of each call. */
  interface Ended {
    /**
     * @param call counts from 0 on each connection
     */
    void ended(int call);
  }

  Http2Connection(int port, String path) throws IOException {
    channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    ByteArrayOutputStream first = new ByteArrayOutputStream();
    first.write(0x83); // :method POST
    first.write(0x86); // :scheme http
    literal(first, ":path", path);
    literal(first, ":authority", "localhost");
    literal(first, "content-type", "application/grpc");
    literal(first, "te", "trailers");
    firstHeaders = first.toByteArray();
    // Those four now are the table's entries 65 to 62.
    headers =
        new byte[] {(byte) 0x83, (byte) 0x86, (byte) 0xc1, (byte) 0xc0, (byte) 0xbf, (byte) 0xbe};
    out.put("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII));
    frame(6, SETTINGS, 0, 0);
    out.putShort((short) 4).putInt(WINDOW);
    frame(4, WINDOW_UPDATE, 0, 0);
    out.putInt(WINDOW - 65_535);
    flush();
    channel.configureBlocking(false);
  }

  /** Whether one more call can be written now. */
  boolean hasRoom(byte[] message) {
    int length = MESSAGE_HEADER + message.length;
    int frames = 2 + length / LARGEST_FRAME;
    return out.remaining() >= frames * FRAME_HEADER + firstHeaders.length + length
        && sendWindow >= length;
  }

  /** Begins a call; {@link #flush} sends it. */
  void call(byte[] message) {
    byte[] block = nextStream == 1 ? firstHeaders : headers;
    frame(block.length, HEADERS, END_HEADERS, nextStream);
    out.put(block);
    int header = MESSAGE_HEADER;
    for (int sent = 0; sent < message.length || header > 0; header = 0) {
      int part = Math.min(LARGEST_FRAME - header, message.length - sent);
      frame(header + part, DATA, sent + part == message.length ? END_STREAM : 0, nextStream);
      if (header > 0) {
        out.put((byte) 0).putInt(message.length);
      }
      out.put(message, sent, part);
      sent += part;
    }
    sendWindow -= MESSAGE_HEADER + message.length;
    nextStream += 2;
  }

  /** Sends what was written, as far as the other side takes it. */
  void flush() throws IOException {
    out.flip();
    channel.write(out);
    out.compact();
  }

  /** Reads what has come. */
  void read(Ended ended) throws IOException {
    if (channel.read(in) < 0) {
      throw new IOException("the server closed the connection");
    }
    in.flip();
    while (in.remaining() >= FRAME_HEADER) {
      int start = in.position();
      int length = ((in.getShort(start) & 0xffff) << 8) | (in.get(start + 2) & 255);
      if (in.remaining() < FRAME_HEADER + length) {
        break;
      }
      int flags = in.get(start + 4);
      int stream = in.getInt(start + 5);
      frame(in.get(start + 3), flags, stream, start + FRAME_HEADER, length, ended);
      in.position(start + FRAME_HEADER + length);
    }
    in.compact();
  }

  private void frame(int type, int flags, int stream, int payload, int length, Ended ended)
      throws IOException {
    switch (type) {
      case DATA -> {
        received += length;
        if (received > WINDOW / 2) {
          frame(4, WINDOW_UPDATE, 0, 0);
          out.putInt((int) received);
          received = 0;
        }
      }
      case HEADERS -> {
        if ((flags & END_STREAM) != 0) {
          ended.ended(stream >> 1);
        }
      }
      case SETTINGS -> {
        if ((flags & ACK) == 0) {
          frame(0, SETTINGS, ACK, 0);
        }
      }
      case PING -> {
        if ((flags & ACK) == 0) {
          frame(8, PING, ACK, 0);
          out.putLong(in.getLong(payload));
        }
      }
      case WINDOW_UPDATE -> {
        if (stream == 0) {
          sendWindow += in.getInt(payload);
        }
      }
      case RST_STREAM, GOAWAY -> throw new IOException("the server ended a call or the connection");
      default -> {
        // Nothing that a client must act on.
      }
    }
  }

  private void frame(int length, int type, int flags, int stream) {
    out.putShort((short) (length >> 8)).put((byte) length);
    out.put((byte) type).put((byte) flags).putInt(stream);
  }

  /** With a name of its own, and remembered. */
  private static void literal(ByteArrayOutputStream block, String name, String value) {
    block.write(0x40);
    block.write(name.length());
    block.writeBytes(name.getBytes(US_ASCII));
    block.write(value.length());
    block.writeBytes(value.getBytes(US_ASCII));
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
