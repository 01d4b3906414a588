package geosearch.attack;

import static geosearch.attack.Frames.HEADER_BYTES;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * A connection that sends whatever frames it is told to, well-formed or not. Writing blocks while
 * the server reads nothing; {@link #close} from another thread ends that.
 *
 * <p>Reading follows {@link Reading}. What arrives is dropped, but for the windows, which a caller
 * may observe to get past the server's flow control.
 */
final class RawConnection implements Closeable {

  /** What the client does with what the server sends. */
  enum Reading {
    /** Reads, and opens the windows for everything. */
    ALL,
    /** Reads, and never opens a window: streams begin with a window of 0. */
    NO_WINDOW,
    /** Opens the windows wide, and never reads from the socket. */
    NEVER
  }

  private static final int WIDE = 1 << 30;
  private static final int LARGEST_BUFFER = 1 << 17;

  private final SocketChannel channel;
  private final Object writing = new Object();
  private final Map<Integer, Long> windows = new HashMap<>();
  private final BitSet underWay = new BitSet();
  private ByteBuffer out = ByteBuffer.allocate(1 << 8);
  private long connectionWindow = Frames.FIRST_WINDOW;
  private long firstWindow = Frames.FIRST_WINDOW;
  private boolean ended;
  private int nextStream = 1;

  private RawConnection(SocketChannel channel) {
    this.channel = channel;
  }

  /** Connects, and sends nothing at all. */
  static RawConnection silent(InetSocketAddress server) throws IOException {
    SocketChannel channel = SocketChannel.open(server);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    return new RawConnection(channel);
  }

  /** Connects, and sends the preface. */
  static RawConnection open(InetSocketAddress server, Reading reading) throws IOException {
    RawConnection connection = silent(server);
    connection.begin(reading);
    return connection;
  }

  private void begin(Reading reading) throws IOException {
    bytes(Frames.PREFACE);
    int window = reading == Reading.NO_WINDOW ? 0 : WIDE;
    frame(Frames.SETTINGS, 0, 0, ByteBuffer.allocate(6).putShort((short) 4).putInt(window).array());
    if (reading != Reading.NO_WINDOW) {
      windowUpdate(0, WIDE - Frames.FIRST_WINDOW);
    }
    flush();
    if (reading != Reading.NEVER) {
      Thread.ofVirtual().start(() -> read(reading));
    }
  }

  /** Returns the number of the next stream. */
  int stream() {
    int stream = nextStream;
    nextStream += 2;
    return stream;
  }

  /** Begins a call; returns its stream. */
  int call(byte[] headers, boolean last) throws IOException {
    int stream = stream();
    synchronized (windows) {
      underWay.set(stream >> 1);
    }
    frame(Frames.HEADERS, Frames.END_HEADERS | (last ? Frames.END_STREAM : 0), stream, headers);
    return stream;
  }

  /** Makes a whole call with one message, as fast as the windows allow. */
  int call(byte[] headers, byte[] framed) throws IOException {
    int stream = call(headers, false);
    data(stream, framed, 0, framed.length, true);
    return stream;
  }

  /** Sends data, waiting for the windows. */
  void data(int stream, byte[] bytes, int from, int to, boolean last) throws IOException {
    int sent = from;
    while (sent < to) {
      sent += someData(stream, bytes, sent, to, last);
      if (sent < to) {
        flush();
        awaitWindow(stream);
      }
    }
  }

  /** Sends as much of one frame as the windows allow; returns how many bytes. */
  int someData(int stream, byte[] bytes, int from, int to, boolean last) throws IOException {
    int length;
    synchronized (windows) {
      long room = Math.min(connectionWindow, windows.computeIfAbsent(stream, s -> firstWindow));
      length = (int) Math.min(Math.min(room, to - from), Frames.LARGEST);
      if (length <= 0) {
        return 0;
      }
      connectionWindow -= length;
      windows.merge(stream, (long) -length, Long::sum);
      if (last && from + length == to) {
        windows.remove(stream);
      }
    }
    synchronized (writing) {
      room(HEADER_BYTES + length);
      int flags = last && from + length == to ? Frames.END_STREAM : 0;
      Frames.header(out, length, Frames.DATA, flags, stream);
      out.put(bytes, from, length);
    }
    return length;
  }

  private void awaitWindow(int stream) throws IOException {
    synchronized (windows) {
      while (!ended && (connectionWindow <= 0 || windows.getOrDefault(stream, firstWindow) <= 0)) {
        try {
          windows.wait(1_000);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IOException("interrupted", e);
        }
      }
      if (ended) {
        throw new IOException("the server closed the connection");
      }
    }
  }

  /** Sends a frame whatever it says. */
  void frame(int type, int flags, int stream, byte[] payload) throws IOException {
    synchronized (writing) {
      room(HEADER_BYTES + payload.length);
      Frames.header(out, payload.length, type, flags, stream);
      out.put(payload);
    }
  }

  /** Sends bytes as they are. */
  void bytes(byte[] bytes) throws IOException {
    synchronized (writing) {
      room(bytes.length);
      out.put(bytes);
    }
  }

  void windowUpdate(int stream, int increment) throws IOException {
    frame(Frames.WINDOW_UPDATE, 0, stream, ByteBuffer.allocate(4).putInt(increment).array());
  }

  void reset(int stream) throws IOException {
    frame(Frames.RST_STREAM, 0, stream, new byte[] {0, 0, 0, Frames.CANCEL});
  }

  /** Makes room; the buffer grows with what is written, for there may be thousands of them. */
  private void room(int bytes) throws IOException {
    if (out.remaining() >= bytes) {
      return;
    }
    if (out.capacity() < LARGEST_BUFFER) {
      int capacity = Math.max(2 * out.capacity(), out.position() + bytes);
      out = ByteBuffer.allocate(capacity).put(out.flip());
    } else {
      flush();
    }
  }

  /** Sends what was written; blocks while the server takes nothing. */
  void flush() throws IOException {
    synchronized (writing) {
      out.flip();
      while (out.hasRemaining()) {
        channel.write(out);
      }
      out.clear();
    }
  }

  /** Returns how many calls were begun and have not ended. */
  int underWay() {
    synchronized (windows) {
      return underWay.cardinality();
    }
  }

  /** Whether the server has closed the connection, as far as it was read. */
  boolean ended() {
    synchronized (windows) {
      return ended;
    }
  }

  private void read(Reading reading) {
    ByteBuffer in = ByteBuffer.allocate(1 << 16);
    try {
      while (channel.read(in) >= 0) {
        in.flip();
        while (in.remaining() >= HEADER_BYTES) {
          int start = in.position();
          int length = ((in.getShort(start) & 0xffff) << 8) | (in.get(start + 2) & 255);
          if (in.remaining() < HEADER_BYTES + length) {
            break;
          }
          in.position(start + HEADER_BYTES);
          arrived(in, length, in.get(start + 3), in.get(start + 4), in.getInt(start + 5), reading);
          in.position(start + HEADER_BYTES + length);
        }
        in.compact();
      }
    } catch (IOException e) {
      // What the server does with the connection of an attacker is up to it.
    } finally {
      synchronized (windows) {
        ended = true;
        windows.notifyAll();
      }
    }
  }

  private void arrived(ByteBuffer in, int length, int type, int flags, int stream, Reading reading)
      throws IOException {
    switch (type) {
      case Frames.SETTINGS -> {
        if ((flags & Frames.ACK) == 0) {
          settings(in, length);
          frame(Frames.SETTINGS, Frames.ACK, 0, Frames.NOTHING);
          flush();
        }
      }
      case Frames.PING -> {
        if ((flags & Frames.ACK) == 0) {
          byte[] payload = new byte[length];
          in.get(payload);
          frame(Frames.PING, Frames.ACK, 0, payload);
          flush();
        }
      }
      case Frames.WINDOW_UPDATE -> {
        int increment = in.getInt();
        synchronized (windows) {
          if (stream == 0) {
            connectionWindow += increment;
          } else {
            windows.computeIfPresent(stream, (s, window) -> window + increment);
          }
          windows.notifyAll();
        }
      }
      case Frames.DATA -> {
        if (reading == Reading.ALL && length > 0) {
          windowUpdate(0, length);
          flush();
        }
      }
      case Frames.HEADERS -> {
        if ((flags & Frames.END_STREAM) != 0) {
          synchronized (windows) {
            underWay.clear(stream >> 1);
          }
        }
      }
      case Frames.RST_STREAM -> {
        synchronized (windows) {
          underWay.clear(stream >> 1);
          windows.computeIfPresent(stream, (s, window) -> (long) WIDE);
          windows.notifyAll();
        }
      }
      default -> {
        // Nothing that an attacker must act on.
      }
    }
  }

  private void settings(ByteBuffer in, int length) {
    synchronized (windows) {
      for (int i = 0; i < length; i += 6) {
        int id = in.getShort();
        int value = in.getInt();
        if (id == 4) {
          long more = value - firstWindow;
          firstWindow = value;
          windows.replaceAll((stream, window) -> window + more);
        }
      }
      windows.notifyAll();
    }
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
