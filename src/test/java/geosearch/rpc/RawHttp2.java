package geosearch.rpc;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.Map;
import java.util.Optional;

/** A client that speaks HTTP/2 frame by frame, and so can misbehave. */
final class RawHttp2 implements AutoCloseable {

  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;
  private static final int PING = 6;
  private static final int GOAWAY = 7;
  private static final int END_HEADERS = 4;

  private final Socket socket;
  private final DataInputStream in;
  private final DataOutputStream out;

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

  private void frame(int type, int flags, int stream, byte[] payload) throws IOException {
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
