package geosearch.attack;

import geosearch.v1.AttributeFilter;
import geosearch.v1.FindAreasRequest;
import geosearch.v1.LocateBatchRequest;
import geosearch.v1.LocateOptions;
import geosearch.v1.LocateRequest;
import geosearch.v1.LocateStreamRequest;
import geosearch.v1.Nearest;
import geosearch.v1.WatchZonesRequest;
import java.io.IOException;
import java.util.List;
import java.util.Random;

/** Well-formed calls, only more or larger ones than the server can answer, or ones that wait. */
final class Busyness {

  private static final double CAPACITY = 23_000;
  private static final int POSITIONS = 10_000;
  private static final String SERVICE = "/geosearch.v1.GeoSearch/";

  private Busyness() {}

  static List<Attack> attacks() {
    return List.of(
        overload("overload-3x", 3, 20, false),
        overload("overload-5x", 5, 20, true),
        overload("overload-5x-one", 5, 1, false),
        overload("overload-5x-many", 5, 500, false),
        repeated(
            "stream-flood",
            "LocateStream requests without pause on 8 connections",
            8,
            Busyness::streams),
        calls(
            "heavy-batches",
            "LocateBatch of 10,000 with distances",
            true,
            SERVICE + "LocateBatch",
            batch(false)),
        calls(
            "heavy-accuracy",
            "LocateBatch of 10,000, each within 10 km",
            false,
            SERVICE + "LocateBatch",
            batch(true)),
        calls("heavy-names", "FindAreas of misspelt names", false, SERVICE + "FindAreas", names()),
        calls(
            "heavy-filters",
            "FindAreas with 16 filters of 100 values",
            false,
            SERVICE + "FindAreas",
            filters()),
        calls(
            "heavy-nearest",
            "Locate of the 100 nearest within 100 km",
            false,
            Requests.LOCATE,
            nearest()),
        calls("past-zones", "Locate as of a year ago", false, Requests.LOCATE, past()),
        hold(
            "parked",
            "1,000 calls on each of 4 connections that wait for a generation far ahead",
            true,
            4,
            1_000,
            Requests.LOCATE,
            parked()),
        hold(
            "watches",
            "100 watches of one caller",
            false,
            1,
            100,
            "/geosearch.v1.Zones/WatchZones",
            WatchZonesRequest.newBuilder().setOmitOutlines(true).build().toByteArray()),
        hold(
            "health-watches",
            "1,000 watches of the health on each of 20 connections",
            false,
            20,
            1_000,
            "/grpc.health.v1.Health/Watch",
            Frames.NOTHING),
        hold(
            "open-streams",
            "1,000 silent LocateStreams on each of 20 connections",
            false,
            20,
            1_000,
            "",
            Frames.NOTHING));
  }

  private static Attack overload(String name, int factor, int connections, boolean quick) {
    return new Attack(
        name,
        "Locate at %d times the capacity over %d connections".formatted(factor, connections),
        quick,
        true,
        stage ->
            stage.start(() -> {
              OpenLoop loop =
                  stage.keep(
                      new OpenLoop(
                          stage.server(), Requests.LOCATE, Requests.locates(), connections, ""));
              while (stage.goesOn()) {
                loop.paced(0.5, factor * CAPACITY, java.time.Duration.ofMillis(1));
              }
            }));
  }

  private interface Calls {
    void run(Stage stage, RawConnection connection) throws IOException;
  }

  private static Attack repeated(String name, String about, int connections, Calls calls) {
    return new Attack(
        name, about, false, true, stage -> stage.each(connections, c -> calls.run(stage, c)));
  }

  private static Attack calls(
      String name, String about, boolean quick, String method, byte[] request) {
    byte[] headers = Frames.call(method);
    byte[] framed = Frames.message(request, false);
    return new Attack(
        name,
        about + ", up to 900 under way on each of 8 connections",
        quick,
        true,
        stage ->
            stage.each(
                8,
                connection -> {
                  while (stage.goesOn()) {
                    if (connection.underWay() < 900) {
                      connection.call(headers, framed);
                    } else {
                      connection.flush();
                      stage.pause(2);
                    }
                  }
                }));
  }

  private static Attack hold(
      String name,
      String about,
      boolean quick,
      int connections,
      int calls,
      String method,
      byte[] request) {
    byte[] headers = Frames.call(method.isEmpty() ? SERVICE + "LocateStream" : method);
    byte[] framed = Frames.message(request, false);
    return new Attack(
        name,
        about,
        quick,
        true,
        stage ->
            stage.each(
                connections,
                connection -> {
                  while (stage.goesOn() && !connection.ended()) {
                    // Calls that the server has refused are made again.
                    for (int i = connection.underWay(); i < calls; i++) {
                      if (method.isEmpty()) {
                        connection.call(headers, false);
                      } else {
                        connection.call(headers, framed);
                      }
                    }
                    connection.flush();
                    stage.pause(100);
                  }
                }));
  }

  private static void streams(Stage stage, RawConnection connection) throws IOException {
    byte[] headers = Frames.call(SERVICE + "LocateStream");
    byte[] framed =
        Frames.message(
            LocateStreamRequest.newBuilder()
                .setPosition(Requests.position(new Random(3)))
                .build()
                .toByteArray(),
            false);
    int[] streams = new int[50];
    for (int i = 0; i < streams.length; i++) {
      streams[i] = connection.call(headers, false);
    }
    while (stage.goesOn() && !connection.ended()) {
      int sent = 0;
      for (int stream : streams) {
        if (connection.someData(stream, framed, 0, framed.length, false) > 0) {
          sent++;
        }
      }
      connection.flush();
      if (sent == 0) {
        stage.pause(1);
      }
    }
  }

  private static byte[] batch(boolean accuracy) {
    Random random = new Random(13);
    LocateBatchRequest.Builder request = LocateBatchRequest.newBuilder();
    for (int i = 0; i < POSITIONS; i++) {
      request.addLatitudes(random.nextDouble(42.5, 51)).addLongitudes(random.nextDouble(-4.5, 8));
    }
    LocateOptions.Builder options = LocateOptions.newBuilder().setBorderDistance(true);
    if (accuracy) {
      options.setAccuracyM(10_000);
    }
    return request.setOptions(options).build().toByteArray();
  }

  private static byte[] names() {
    return FindAreasRequest.newBuilder()
        .setName("Villenueve Saint Goerges sur Lorie et Montpelleir en Borugogne")
        .build()
        .toByteArray();
  }

  private static byte[] filters() {
    FindAreasRequest.Builder request = FindAreasRequest.newBuilder().setPageSize(1_000);
    for (int i = 0; i < 16; i++) {
      AttributeFilter.Builder filter = AttributeFilter.newBuilder().setKey("code").setNegate(true);
      for (int value = 0; value < 100; value++) {
        filter.addValues("value " + i + " " + value);
      }
      request.addFilters(filter);
    }
    return request.build().toByteArray();
  }

  private static byte[] nearest() {
    // In the sea: no area contains it, and many are within reach.
    return LocateRequest.newBuilder()
        .setPosition(com.google.type.LatLng.newBuilder().setLatitude(49.9).setLongitude(-0.5))
        .setOptions(
            LocateOptions.newBuilder()
                .setNearest(Nearest.newBuilder().setWithinM(100_000).setMaxAreas(100)))
        .build()
        .toByteArray();
  }

  private static byte[] past() {
    return LocateRequest.newBuilder()
        .setPosition(Requests.position(new Random(17)))
        .setOptions(
            LocateOptions.newBuilder()
                .setAsOf(com.google.protobuf.Timestamp.newBuilder().setSeconds(1_764_000_000L)))
        .build()
        .toByteArray();
  }

  private static byte[] parked() {
    return LocateRequest.newBuilder()
        .setPosition(Requests.position(new Random(19)))
        .setOptions(LocateOptions.newBuilder().setMinGeneration(1L << 40))
        .build()
        .toByteArray();
  }
}
