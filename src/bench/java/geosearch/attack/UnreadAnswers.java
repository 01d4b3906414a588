package geosearch.attack;

import com.google.protobuf.ByteString;
import geosearch.attack.RawConnection.Reading;
import geosearch.v1.FindAreasRequest;
import geosearch.v1.GetAreaRequest;
import geosearch.v1.ListZonesRequest;
import geosearch.v1.LocateBatchRequest;
import geosearch.v1.OutlineFormat;
import geosearch.v1.WatchZonesRequest;
import io.grpc.reflection.v1.ServerReflectionRequest;
import java.io.IOException;
import java.util.List;
import java.util.Random;

/** Calls whose answers are large, and are not read. */
final class UnreadAnswers {

  private static final int CALLS = 300;
  private static final int POSITIONS = 10_000;
  private static final String SERVICE = "/geosearch.v1.GeoSearch/";
  private static final String ZONES = "/geosearch.v1.Zones/";

  private UnreadAnswers() {}

  static List<Attack> attacks() {
    return List.of(
        noWindow(
            "unread-geojson",
            true,
            1,
            CALLS,
            SERVICE + "GetArea",
            area(OutlineFormat.OUTLINE_FORMAT_GEOJSON)),
        noWindow(
            "unread-wkb",
            false,
            1,
            CALLS,
            SERVICE + "GetArea",
            area(OutlineFormat.OUTLINE_FORMAT_WKB)),
        noWindow(
            "unread-geojson-many",
            false,
            50,
            CALLS,
            SERVICE + "GetArea",
            area(OutlineFormat.OUTLINE_FORMAT_GEOJSON)),
        noWindow("unread-find", false, 4, CALLS, SERVICE + "FindAreas", find()),
        noWindow("unread-batch", false, 4, 100, SERVICE + "LocateBatch", batch()),
        noWindow("unread-zones", false, 4, CALLS, ZONES + "ListZones", zones()),
        noWindow(
            "unread-watches",
            true,
            10,
            10,
            ZONES + "WatchZones",
            WatchZonesRequest.getDefaultInstance().toByteArray()),
        noWindow("unread-small", false, 50, 1_000, Requests.LOCATE, locate()),
        new Attack(
            "unread-reflection",
            "2,000 questions each on 20 streams of the reflection with a window of 0",
            false,
            stage -> stage.each(4, UnreadAnswers::noWindow, c -> reflection(stage, c))),
        new Attack(
            "trickle-geojson",
            "300 calls of GetArea, whose windows open a byte at a time",
            false,
            stage ->
                stage.each(
                    1,
                    UnreadAnswers::noWindow,
                    c ->
                        trickle(
                            stage,
                            c,
                            SERVICE + "GetArea",
                            area(OutlineFormat.OUTLINE_FORMAT_GEOJSON)))),
        new Attack(
            "trickle-watches",
            "100 watches, whose windows open a byte at a time",
            false,
            stage ->
                stage.each(
                    1,
                    UnreadAnswers::noWindow,
                    c ->
                        trickle(
                            stage,
                            c,
                            ZONES + "WatchZones",
                            WatchZonesRequest.getDefaultInstance().toByteArray()))),
        socket(
            "socket-geojson",
            true,
            4,
            SERVICE + "GetArea",
            area(OutlineFormat.OUTLINE_FORMAT_GEOJSON)),
        socket("socket-zones", false, 4, ZONES + "ListZones", zones()),
        socket("socket-small", false, 20, Requests.LOCATE, locate()),
        new Attack(
            "socket-pings",
            "pings and settings, whose acknowledgements are never read from the socket",
            false,
            stage ->
                stage.each(
                    4, server -> RawConnection.open(server, Reading.NEVER), c -> pings(stage, c))));
  }

  private static RawConnection noWindow(java.net.InetSocketAddress server) throws IOException {
    return RawConnection.open(server, Reading.NO_WINDOW);
  }

  private static Attack noWindow(
      String name, boolean quick, int connections, int calls, String method, byte[] request) {
    byte[] framed = Frames.message(request, false);
    byte[] headers = Frames.call(method);
    return new Attack(
        name,
        "%,d calls of %s on %d connections with a window of 0"
            .formatted(calls, method.substring(1), connections),
        quick,
        stage ->
            stage.each(
                connections,
                UnreadAnswers::noWindow,
                c -> calls(stage, c, headers, framed, calls)));
  }

  private static void calls(
      Stage stage, RawConnection connection, byte[] headers, byte[] framed, int calls)
      throws IOException {
    for (int i = 0; i < calls && stage.goesOn(); i++) {
      connection.call(headers, framed);
    }
    connection.flush();
    awaitEnd(stage, connection);
  }

  /** Stays until the attack is over or the server has closed the connection. */
  private static void awaitEnd(Stage stage, RawConnection connection) throws IOException {
    while (stage.goesOn() && !connection.ended()) {
      stage.pause(50);
    }
    if (connection.ended()) {
      throw new IOException("the server closed the connection");
    }
  }

  private static void trickle(Stage stage, RawConnection connection, String method, byte[] request)
      throws IOException {
    byte[] framed = Frames.message(request, false);
    byte[] headers = Frames.call(method);
    connection.windowUpdate(0, 1 << 30);
    int first = 0;
    int calls = method.contains("Watch") ? 100 : CALLS;
    for (int i = 0; i < calls; i++) {
      int stream = connection.call(headers, framed);
      first = first == 0 ? stream : first;
    }
    while (stage.goesOn() && !connection.ended()) {
      for (int i = 0; i < calls; i++) {
        connection.windowUpdate(first + 2 * i, 1);
      }
      connection.flush();
      stage.pause(10);
    }
  }

  private static Attack socket(
      String name, boolean quick, int connections, String method, byte[] request) {
    byte[] framed = Frames.message(request, false);
    byte[] headers = Frames.call(method);
    return new Attack(
        name,
        "calls of %s on %d connections whose sockets are never read"
            .formatted(method.substring(1), connections),
        quick,
        stage ->
            stage.each(
                connections,
                server -> RawConnection.open(server, Reading.NEVER),
                c -> {
                  // Without reading nobody knows the window: this many bytes it takes at least.
                  int calls = Math.min(900, 60_000 / framed.length);
                  for (int i = 0; i < calls && stage.goesOn(); i++) {
                    int stream = c.call(headers, false);
                    c.frame(Frames.DATA, Frames.END_STREAM, stream, framed);
                  }
                  c.flush();
                  stage.rest();
                }));
  }

  private static void pings(Stage stage, RawConnection connection) throws IOException {
    while (stage.goesOn()) {
      for (int i = 0; i < 500; i++) {
        connection.frame(Frames.PING, 0, 0, new byte[8]);
        connection.frame(Frames.SETTINGS, 0, 0, Frames.NOTHING);
      }
      connection.flush();
    }
  }

  private static void reflection(Stage stage, RawConnection connection) throws IOException {
    byte[] headers = Frames.call("/grpc.reflection.v1.ServerReflection/ServerReflectionInfo");
    byte[] framed =
        Frames.message(
            ServerReflectionRequest.newBuilder()
                .setFileContainingSymbol("geosearch.v1.GeoSearch")
                .build()
                .toByteArray(),
            false);
    int[] streams = new int[20];
    for (int i = 0; i < streams.length; i++) {
      streams[i] = connection.call(headers, false);
    }
    for (int question = 0; question < 2_000 && stage.goesOn(); question++) {
      for (int stream : streams) {
        connection.data(stream, framed, 0, framed.length, false);
      }
      connection.flush();
    }
    awaitEnd(stage, connection);
  }

  /** Canada, which has the most vertices of all countries. */
  private static byte[] area(OutlineFormat format) {
    return GetAreaRequest.newBuilder()
        .setLayer("country")
        .setId("124")
        .setFormat(format)
        .build()
        .toByteArray();
  }

  private static byte[] find() {
    return FindAreasRequest.newBuilder().setPageSize(1_000).build().toByteArray();
  }

  private static byte[] zones() {
    return ListZonesRequest.newBuilder().setPageSize(1_000).build().toByteArray();
  }

  private static byte[] locate() {
    byte[] framed = Requests.locates().getFirst();
    return ByteString.copyFrom(framed, 5, framed.length - 5).toByteArray();
  }

  private static byte[] batch() {
    Random random = new Random(11);
    LocateBatchRequest.Builder request = LocateBatchRequest.newBuilder();
    for (int i = 0; i < POSITIONS; i++) {
      request.addLatitudes(random.nextDouble(42.5, 51)).addLongitudes(random.nextDouble(-4.5, 8));
    }
    return request.build().toByteArray();
  }
}
