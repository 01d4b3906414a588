package geosearch.rpc;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/** A client that speaks HTTP/2 frame by frame, and so can misbehave. */
final class RawHttp2 implements AutoCloseable {

  private static final int LARGEST_FRAME = 1 << 14;
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;
  private static final int PING = 6;
  private static final int GOAWAY = 7;
  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;

  private final Socket socket;
  private final DataInputStream in;
  private final DataOutputStream out;
  private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);

  /** How a connection ended. */
  record GoAway(int errorCode, String debugData) {}

  private RawHttp2(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new DataInputStream(socket.getInputStream());
    this.out = new DataOutputStream(socket.getOutputStream());
  }

  /** Connects, and says nothing. */
  static RawHttp2 silent(int port) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(20_000);
    return new RawHttp2(socket);
  }

  /** Connects as HTTP/2 begins. */
  static RawHttp2 connect(int port) throws IOException {
    RawHttp2 client = silent(port);
    client.out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII));
    client.frame(SETTINGS, 0, 0, new byte[0]);
    return client;
  }

  /** Sends what is no frame. */
  void say(String text) throws IOException {
    out.write(text.getBytes(US_ASCII));
  }

  /** Asks for a sign of life, and waits for it; answers the server's last word if that comes. */
  Optional<GoAway> ping() throws IOException {
    frame(PING, 0, 0, new byte[8]);
    return readUntil(PING);
  }

  /** Begins a call. */
  void headers(int stream, String path) throws IOException {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    Map.of(
            ":method", "POST",
            ":scheme", "http",
            ":authority", "localhost",
            ":path", path,
            "content-type", "application/grpc",
            "te", "trailers")
        .entrySet()
        .stream()
        // Those with the colon come first.
        .sorted(Map.Entry.comparingByKey())
        .forEach(header -> {
          block.write(0); // literal, not indexed
          write(block, header.getKey());
          write(block, header.getValue());
        });
    frame(HEADERS, END_HEADERS, stream, block.toByteArray());
  }

  /** Sends a piece of a request as it is. */
  void data(int stream, boolean ends, byte[] bytes) throws IOException {
    frame(DATA, ends ? END_STREAM : 0, stream, bytes);
  }

  /** Begins a message of some length, uncompressed, and sends its first bytes. */
  void beginMessage(int stream, int length, int sent) throws IOException {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    DataOutputStream fields = new DataOutputStream(message);
    fields.writeByte(0);
    fields.writeInt(length);
    fields.write(new byte[sent]);
    byte[] bytes = message.toByteArray();
    for (int at = 0; at < bytes.length; at += LARGEST_FRAME) {
      data(
          stream, false, Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + LARGEST_FRAME)));
    }
  }

  /** Lets the server send no data until it is told otherwise. */
  void closeWindow() throws IOException {
    frame(SETTINGS, 0, 0, new byte[] {0, 4, 0, 0, 0, 0});
  }

  /** Reads up to the end of a call, and returns its status of gRPC. */
  String readStatus(int stream) throws Exception {
    while (true) {
      int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
      int type = in.readUnsignedByte();
      int flags = in.readUnsignedByte();
      int of = in.readInt();
      byte[] payload = in.readNBytes(length);
      if (type == HEADERS) {
        Http2Headers headers = decoder.decodeHeaders(of, Unpooled.wrappedBuffer(payload));
        if (of == stream && (flags & END_STREAM) != 0) {
          return String.valueOf(headers.get("grpc-status"));
        }
      }
      if (type == RST_STREAM && of == stream) {
        return "reset";
      }
      if (type == GOAWAY) {
        return "goaway";
      }
    }
  }

  /** Takes a call back. */
  void reset(int stream) throws IOException {
    frame(RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8});
  }

  /** Reads up to the server's last word. */
  GoAway readGoAway() throws IOException {
    return readUntil(GOAWAY).orElseThrow();
  }

  /** Reads up to a frame of a type, or up to the server's last word. */
  private Optional<GoAway> readUntil(int wanted) throws IOException {
    while (true) {
      int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
      int type = in.readUnsignedByte();
      in.readUnsignedByte();
      in.readInt();
      byte[] payload = in.readNBytes(length);
      if (type == GOAWAY) {
        int code =
            (payload[4] & 255) << 24
                | (payload[5] & 255) << 16
                | (payload[6] & 255) << 8
                | (payload[7] & 255);
        return Optional.of(new GoAway(code, new String(payload, 8, length - 8, US_ASCII)));
      }
      if (type == wanted) {
        return Optional.empty();
      }
    }
  }

  /** Whether the server closes the connection, whatever it says before. */
  boolean isClosedByServer() throws IOException {
    try {
      return in.readAllBytes() != null;
    } catch (SocketException e) {
      return true;
    }
  }

  /** Sends a frame as it is. */
  void frame(int type, int flags, int stream, byte[] payload) throws IOException {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    DataOutputStream fields = new DataOutputStream(frame);
    fields.writeByte(payload.length >> 16);
    fields.writeShort(payload.length);
    fields.writeByte(type);
    fields.writeByte(flags);
    fields.writeInt(stream);
    fields.write(payload);
    out.write(frame.toByteArray());
  }

  private static void write(ByteArrayOutputStream block, String text) {
    block.write(text.length());
    block.writeBytes(text.getBytes(US_ASCII));
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
