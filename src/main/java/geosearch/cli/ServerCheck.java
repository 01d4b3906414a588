package geosearch.cli;

import com.google.common.util.concurrent.Futures;
import com.google.type.LatLng;
import geosearch.original.SearchRequest;
import geosearch.v1.LocateRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;

/** Asks a server a question of each kind, and prints a line for each answer. */
final class ServerCheck {

  private static final double LATITUDE = 45.75;
  private static final double LONGITUDE = 4.85;

  private final ServerConnection connection;
  private final PrintStream out;
  private boolean well = true;

  ServerCheck(ServerConnection connection, PrintStream out) {
    this.connection = connection;
    this.out = out;
  }

  /** Something to ask; returns what is to be printed. */
  private interface Question {
    String answer() throws StatusRuntimeException;
  }

  /**
   * Asks all of it.
   *
   * @return whether every answer is as it should be
   * @throws CommandException if no server answers
   */
  boolean run() {
    List<String> names = new ArrayList<>(List.of("", "liveness", "readiness"));
    connection.call(() -> health(""));
    check(
        "reflection",
        () -> {
          List<String> services = connection.services();
          services.stream().filter(name -> !name.startsWith("grpc.")).forEach(names::add);
          return String.join(" ", services);
        });
    for (String name : names) {
      check(
          "health of " + (name.isEmpty() ? "the server" : name),
          () -> {
            ServingStatus status = health(name);
            well &= status == ServingStatus.SERVING;
            return status.name();
          });
    }
    check("Search/search", this::search);
    check("geosearch.v1.GeoSearch/Locate", this::locate);
    return well;
  }

  private ServingStatus health(String name) {
    return connection
        .health()
        .check(HealthCheckRequest.newBuilder().setService(name).build())
        .getStatus();
  }

  private String search() {
    int found =
        connection
            .search()
            .search(
                SearchRequest.newBuilder()
                    .setLat((float) LATITUDE)
                    .setLng((float) LONGITUDE)
                    .build())
            .getResponsesCount();
    return found + " responses";
  }

  private String locate() {
    LatLng position = LatLng.newBuilder().setLatitude(LATITUDE).setLongitude(LONGITUDE).build();
    try {
      int found =
          Futures.getChecked(
                  connection
                      .geoSearch()
                      .locate(LocateRequest.newBuilder().setPosition(position).build()),
                  ExecutionException.class)
              .getSerializedSize();
      return found + " bytes";
    } catch (ExecutionException e) {
      throw Status.fromThrowable(e).asRuntimeException();
    }
  }

  private void check(String what, Question question) {
    try {
      out.println(what + ": " + Text.printable(question.answer()));
    } catch (StatusRuntimeException e) {
      well = false;
      out.println(what + ": " + Text.printable(e.getStatus().toString()));
    }
  }
}
