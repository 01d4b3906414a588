package geosearch.attack;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.util.List;

/** Headers, and first bytes of connections, that the server must refuse. */
final class BadHeaders {

  private static final int CONNECTIONS = 4;

  private BadHeaders() {}

  static List<Attack> attacks() {
    String large = "x".repeat(15_000);
    return List.of(
        calls("empty-path", "calls with an empty :path", true, Frames.call("")),
        calls(
            "no-path",
            "calls without :path",
            false,
            new Frames.Block()
                .indexed(3)
                .indexed(6)
                .literal("content-type", "application/grpc")
                .literal("te", "trailers")
                .bytes()),
        calls("no-headers", "calls with an empty block of headers", false, Frames.NOTHING),
        calls(
            "late-pseudo",
            "a pseudo-header behind others",
            false,
            new Frames.Block()
                .literal("te", "trailers")
                .indexed(3)
                .indexed(6)
                .literal(":path", Requests.LOCATE)
                .bytes()),
        calls(
            "upper-case",
            "a header in capitals",
            false,
            Frames.call(Requests.LOCATE, "X-Large", "1")),
        calls(
            "get-method",
            "calls with the method GET",
            false,
            new Frames.Block()
                .indexed(2)
                .indexed(6)
                .literal(":path", Requests.LOCATE)
                .literal("content-type", "application/grpc")
                .literal("te", "trailers")
                .bytes()),
        calls(
            "no-content-type",
            "calls of another content type",
            false,
            new Frames.Block()
                .indexed(3)
                .indexed(6)
                .literal(":path", Requests.LOCATE)
                .literal("content-type", "text/html")
                .bytes()),
        calls(
            "unknown-method",
            "calls of methods that there are not, without end",
            false,
            Frames.call("/" + "no.such.Service/" + "m".repeat(200))),
        calls(
            "bad-timeout",
            "calls with a deadline that is none",
            false,
            Frames.call(Requests.LOCATE, "grpc-timeout", "never")),
        calls(
            "bad-encoding",
            "calls with an unknown encoding",
            false,
            Frames.call(Requests.LOCATE, "grpc-encoding", "none such")),
        calls(
            "large-headers",
            "headers of 15 kB, where 8 are allowed",
            true,
            Frames.call(Requests.LOCATE, "x", large)),
        calls(
            "cookies",
            "headers of 800 bytes that the table of compression makes 400 kB",
            false,
            bomb()),
        new Attack(
            "invalid-hpack",
            "a block of headers that can't be read, which ends the connection, again and again",
            false,
            stage -> again(stage, connection -> connection.call(new byte[] {(byte) 0x80}, true))),
        new Attack(
            "many-streams",
            "5,000 streams on each connection, where 1,000 are allowed",
            false,
            stage -> again(stage, BadHeaders::streams)),
        new Attack(
            "even-streams",
            "streams with even numbers, which end the connection",
            false,
            stage ->
                again(
                    stage,
                    connection ->
                        connection.frame(
                            Frames.HEADERS, Frames.END_HEADERS, 2, Frames.call(Requests.LOCATE)))),
        preface(
            "bad-preface",
            "HTTP/1.1 in place of HTTP/2",
            false,
            "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII)),
        preface(
            "tls-preface",
            "the beginning of TLS in place of HTTP/2",
            false,
            new byte[] {22, 3, 1, 2, 0, 1, 0, 1, (byte) 252, 3, 3}),
        preface(
            "half-preface",
            "half of the preface, and the end of the connection",
            false,
            "PRI * HTTP/2.0".getBytes(US_ASCII)));
  }

  private static Attack calls(String name, String about, boolean quick, byte[] headers) {
    return new Attack(
        name,
        about + ", without pause on %d connections".formatted(CONNECTIONS),
        quick,
        stage ->
            stage.each(
                CONNECTIONS,
                connection -> {
                  for (int i = 0; stage.goesOn() && !connection.ended(); i++) {
                    connection.call(headers, i % 2 == 0);
                    if (i % 20 == 0) {
                      connection.flush();
                    }
                  }
                  if (connection.ended()) {
                    throw new IOException("the server closed the connection");
                  }
                }));
  }

  /** A field of 4,000 bytes is remembered, and named again a hundred times. */
  private static byte[] bomb() {
    Frames.Block block = new Frames.Block().indexed(3).indexed(6);
    block.literal(":path", Requests.LOCATE).literal("content-type", "application/grpc");
    block.literal("te", "trailers").remembered("cookie", "x".repeat(4_000));
    for (int i = 0; i < 100; i++) {
      block.indexed(62);
    }
    return block.bytes();
  }

  private static void streams(RawConnection connection) throws IOException {
    byte[] headers = Frames.call(Requests.LOCATE);
    for (int i = 0; i < 5_000; i++) {
      connection.call(headers, false);
    }
  }

  /** A new connection for each time. */
  private static void again(Stage stage, Stage.Act once) {
    stage.each(
        CONNECTIONS,
        connection -> {
          once.run(connection);
          connection.flush();
          for (int i = 0; i < 50 && stage.goesOn() && !connection.ended(); i++) {
            stage.pause(1);
          }
        });
  }

  private static Attack preface(String name, String about, boolean quick, byte[] bytes) {
    return new Attack(
        name,
        about + ", on one connection after the other",
        quick,
        stage ->
            stage.each(
                CONNECTIONS,
                RawConnection::silent,
                connection -> {
                  connection.bytes(bytes);
                  connection.flush();
                  stage.pause(1);
                }));
  }
}
