package geosearch.attack;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** Streams that end before they are answered, by the client's doing or the server's. */
final class Resets {

  private static final int CONNECTIONS = 4;
  private static final byte[] LOCATE = Frames.call(Requests.LOCATE);
  private static final byte[] AREA = Frames.call("/geosearch.v1.GeoSearch/LocateBatch");

  private Resets() {}

  static List<Attack> attacks() {
    return List.of(
        flood("rapid-reset", "HEADERS and RST_STREAM", true, c -> c.reset(c.call(LOCATE, false))),
        flood(
            "rapid-reset-whole",
            "whole calls and RST_STREAM",
            false,
            c -> {
              int stream = c.call(LOCATE, false);
              byte[] message = Requests.first();
              c.frame(Frames.DATA, Frames.END_STREAM, stream, message);
              c.reset(stream);
            }),
        slow("slow-reset", "HEADERS and RST_STREAM, 9,000 a second"),
        flood(
            "window-zero",
            "HEADERS and a WINDOW_UPDATE of 0, for which the server resets the stream",
            true,
            c -> c.windowUpdate(c.call(LOCATE, false), 0)),
        flood(
            "window-overflow",
            "HEADERS and WINDOW_UPDATEs past 2^31",
            false,
            c -> {
              int stream = c.call(AREA, false);
              c.windowUpdate(stream, Integer.MAX_VALUE);
              c.windowUpdate(stream, Integer.MAX_VALUE);
            }),
        flood(
            "self-dependency",
            "HEADERS and a PRIORITY that makes the stream depend on itself",
            false,
            c -> {
              int stream = c.call(LOCATE, false);
              c.frame(
                  Frames.PRIORITY,
                  0,
                  stream,
                  ByteBuffer.allocate(5).putInt(stream).put((byte) 1).array());
            }),
        flood(
            "data-after-end",
            "DATA on a stream that the client has ended",
            false,
            c -> {
              int stream = c.call(LOCATE, true);
              c.frame(Frames.DATA, 0, stream, new byte[1]);
            }),
        flood("no-message", "calls that end without a message", false, c -> c.call(LOCATE, true)),
        flood(
            "bad-message",
            "calls whose message is not one of the method",
            false,
            c -> {
              int stream = c.call(LOCATE, false);
              c.frame(
                  Frames.DATA,
                  Frames.END_STREAM,
                  stream,
                  Frames.message(new byte[] {10, 127, 1}, false));
            }),
        flood(
            "bad-gzip",
            "calls whose gzipped message is none",
            false,
            c -> {
              int stream = c.call(Frames.call(Requests.LOCATE, "grpc-encoding", "gzip"), false);
              c.frame(Frames.DATA, Frames.END_STREAM, stream, Frames.message(new byte[20], true));
            }),
        flood(
            "too-large",
            "messages announced above the limit",
            false,
            c -> {
              int stream = c.call(LOCATE, false);
              c.frame(
                  Frames.DATA,
                  0,
                  stream,
                  ByteBuffer.allocate(5).put((byte) 0).putInt(1 << 30).array());
            }));
  }

  private static Attack flood(String name, String what, boolean quick, Stage.Act once) {
    return new Attack(
        name,
        what + ", without pause on %d connections".formatted(CONNECTIONS),
        quick,
        stage ->
            stage.each(
                CONNECTIONS,
                connection -> {
                  for (int i = 0; stage.goesOn() && !connection.ended(); i++) {
                    once.run(connection);
                    if (i % 50 == 0) {
                      connection.flush();
                    }
                  }
                  if (connection.ended()) {
                    throw new IOException("the server closed the connection");
                  }
                }));
  }

  /** Just below the default of server.max-cancels-per-second. */
  private static Attack slow(String name, String what) {
    return new Attack(
        name,
        what + " on each of %d connections".formatted(CONNECTIONS),
        false,
        stage ->
            stage.each(
                CONNECTIONS,
                connection -> {
                  while (stage.goesOn() && !connection.ended()) {
                    for (int i = 0; i < 90; i++) {
                      connection.reset(connection.call(LOCATE, false));
                    }
                    connection.flush();
                    stage.pause(10);
                  }
                }));
  }
}
