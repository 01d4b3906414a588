package geosearch.attack;

import static geosearch.attack.Frames.HEADER_BYTES;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * A connection of a well-behaved client that makes unary calls of one method, never blocks, and
 * learns the status of each. It tells the server to use no dynamic table, so that the status is in
 * the trailers as text.
 */
final class CallConnection implements Closeable {

  /** The status of a call whose stream was reset, or whose connection ended. */
  static final int LOST = 17;

  private static final int MOST_UNDER_WAY = 900;

  /** More than are ever under way at once. */
  private static final int REMEMBERED = 1 << 16;

  private static final int WINDOW = 1 << 30;
  private static final byte[] STATUS = "grpc-status".getBytes(US_ASCII);

  private final SocketChannel channel;
  private final ByteBuffer in = ByteBuffer.allocateDirect(1 << 17);
  private final ByteBuffer out = ByteBuffer.allocateDirect(1 << 17);
  private final boolean[] open = new boolean[REMEMBERED];
  private final byte[] firstHeaders;
  private final byte[] headers;
  private int nextStream = 1;
  private int underWay;
  private boolean connected;
  private boolean goingAway;
  private long sendWindow = Frames.FIRST_WINDOW;
  private long received;

  /** Receives the end of each call. */
  interface Ended {
    /**
     * @param call counts from 0 on each connection
     * @param status of gRPC, or {@link #LOST}
     */
    void ended(int call, int status);
  }

  /**
   * Begins to connect.
   *
   * @param timeout as in {@code grpc-timeout}; none if empty
   */
  CallConnection(InetSocketAddress server, String path, String timeout) throws IOException {
    channel = SocketChannel.open();
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.configureBlocking(false);
    channel.connect(server);
    Frames.Block first = new Frames.Block().indexed(3).indexed(6);
    first.remembered(":path", path).remembered(":authority", "localhost");
    first.remembered("content-type", "application/grpc").remembered("te", "trailers");
    // The table's entries are numbered from 62, the newest first.
    Frames.Block later = new Frames.Block().indexed(3).indexed(6);
    int fields = timeout.isEmpty() ? 4 : 5;
    if (!timeout.isEmpty()) {
      first.remembered("grpc-timeout", timeout);
    }
    for (int field = fields; field > 0; field--) {
      later.indexed(61 + field);
    }
    firstHeaders = first.bytes();
    headers = later.bytes();
    out.put(Frames.PREFACE);
    Frames.header(out, 12, Frames.SETTINGS, 0, 0);
    out.putShort((short) 1).putInt(0).putShort((short) 4).putInt(WINDOW);
    Frames.header(out, 4, Frames.WINDOW_UPDATE, 0, 0);
    out.putInt(WINDOW - Frames.FIRST_WINDOW);
  }

  /** Whether one more call can be written now. */
  boolean hasRoom(byte[] message) {
    return connected
        && !goingAway
        && underWay < MOST_UNDER_WAY
        && !open[(nextStream >> 1) % REMEMBERED]
        && sendWindow >= message.length
        && out.remaining() >= 2 * HEADER_BYTES + firstHeaders.length + message.length;
  }

  /** Whether the server wants no more calls here and has ended those that there were. */
  boolean isDone() {
    return goingAway && underWay == 0;
  }

  int underWay() {
    return underWay;
  }

  /**
   * Begins a call; {@link #flush} sends it.
   *
   * @param message as gRPC frames it, at most one frame of HTTP/2
   * @return its number
   */
  int call(byte[] message) {
    byte[] block = nextStream == 1 ? firstHeaders : headers;
    Frames.header(out, block.length, Frames.HEADERS, Frames.END_HEADERS, nextStream);
    out.put(block);
    Frames.header(out, message.length, Frames.DATA, Frames.END_STREAM, nextStream);
    out.put(message);
    sendWindow -= message.length;
    underWay++;
    int call = nextStream >> 1;
    open[call % REMEMBERED] = true;
    nextStream += 2;
    return call;
  }

  /** Sends what was written, as far as the server takes it. */
  void flush() throws IOException {
    if (!connected) {
      connected = channel.finishConnect();
    }
    if (connected && out.position() > 0) {
      out.flip();
      channel.write(out);
      out.compact();
    }
  }

  /**
   * Reads what has arrived; returns whether there was anything.
   *
   * @throws IOException if the connection has ended
   */
  boolean read(Ended ended) throws IOException {
    if (!connected) {
      return false;
    }
    int bytes = channel.read(in);
    if (bytes <= 0) {
      if (bytes < 0) {
        throw new IOException("the server closed the connection");
      }
      return false;
    }
    in.flip();
    while (in.remaining() >= HEADER_BYTES) {
      int start = in.position();
      int length = ((in.getShort(start) & 0xffff) << 8) | (in.get(start + 2) & 255);
      if (in.remaining() < HEADER_BYTES + length) {
        break;
      }
      arrived(start, length, ended);
      in.position(start + HEADER_BYTES + length);
    }
    in.compact();
    return true;
  }

  private void arrived(int start, int length, Ended ended) throws IOException {
    int flags = in.get(start + 4);
    int stream = in.getInt(start + 5);
    int payload = start + HEADER_BYTES;
    switch (in.get(start + 3)) {
      case Frames.DATA -> {
        received += length;
        if (received > WINDOW / 2) {
          Frames.header(out, 4, Frames.WINDOW_UPDATE, 0, 0);
          out.putInt((int) received);
          received = 0;
        }
      }
      case Frames.HEADERS -> {
        if ((flags & Frames.END_STREAM) != 0) {
          end(stream >> 1, status(payload, length), ended);
        }
      }
      case Frames.RST_STREAM -> {
        end(stream >> 1, LOST, ended);
      }
      case Frames.SETTINGS -> {
        if ((flags & Frames.ACK) == 0) {
          Frames.header(out, 0, Frames.SETTINGS, Frames.ACK, 0);
        }
      }
      case Frames.PING -> {
        if ((flags & Frames.ACK) == 0) {
          Frames.header(out, 8, Frames.PING, Frames.ACK, 0);
          out.putLong(in.getLong(payload));
        }
      }
      case Frames.WINDOW_UPDATE -> {
        if (stream == 0) {
          sendWindow += in.getInt(payload);
        }
      }
      case Frames.GOAWAY -> goingAway = true;
      default -> {
        // Nothing that a client must act on.
      }
    }
  }

  /** A server may end a stream twice: with trailers, and with a reset behind them. */
  private void end(int call, int status, Ended ended) {
    if (open[call % REMEMBERED]) {
      open[call % REMEMBERED] = false;
      underWay--;
      ended.ended(call, status);
    }
  }

  /** Finds the status in the trailers: the name, the length of the value, one or two digits. */
  private int status(int start, int length) throws IOException {
    int end = start + length - STATUS.length - 1;
    for (int at = start; at < end; at++) {
      if (in.get(at) == STATUS[0] && in.get(at + 5) == STATUS[5] && isStatus(at)) {
        int value = at + STATUS.length;
        int first = in.get(value + 1) - '0';
        return in.get(value) == 1 ? first : first * 10 + in.get(value + 2) - '0';
      }
    }
    throw new IOException("trailers without grpc-status");
  }

  private boolean isStatus(int at) {
    for (int i = 0; i < STATUS.length; i++) {
      if (in.get(at + i) != STATUS[i]) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // It is gone.
    }
  }
}
