package geosearch.attack;

import geosearch.original.SearchGrpc;
import geosearch.v1.GeoSearchGrpc;
import geosearch.v1.ZonesGrpc;
import io.grpc.MethodDescriptor;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Requests that are small on the wire and large once they are parsed. */
final class LargeRequests {

  private static final int CONNECTIONS = 8;
  private static final int OPTIONS_OF_LOCATE = 2;
  private static final int UNKNOWN = 2 << 20;
  private static final String LOCATE = "geosearch.v1.GeoSearch/Locate";

  private LargeRequests() {}

  static List<Attack> attacks() {
    return List.of(
        attack("unknown-fields", false, false, methods(), () -> Payloads.unknownFields(UNKNOWN)),
        attack("unknown-gzip", true, true, methods(), () -> Payloads.unknownFields(UNKNOWN)),
        attack(
            "unknown-gzip-4m",
            false,
            true,
            methods(),
            () -> Payloads.unknownFields(Payloads.LARGEST)),
        attack(
            "unknown-same",
            false,
            true,
            methods(),
            () -> Payloads.unknownRepeated(Payloads.LARGEST)),
        attack(
            "unknown-text", false, true, methods(), () -> Payloads.unknownText(Payloads.LARGEST)),
        attack(
            "unknown-groups",
            false,
            true,
            methods(),
            () -> Payloads.unknownGroups(Payloads.LARGEST)),
        attack(
            "unknown-nested",
            false,
            true,
            methods(),
            () -> Payloads.nestedGroups(Payloads.LARGEST)),
        attack(
            "unknown-in-options",
            false,
            true,
            List.of(LOCATE),
            inOptions(() -> Payloads.unknownFields(UNKNOWN))),
        attack(
            "empty-filters",
            true,
            true,
            List.of(LOCATE),
            inOptions(() -> Payloads.empty(2, Payloads.LARGEST))),
        attack(
            "empty-layers",
            false,
            true,
            List.of(LOCATE),
            inOptions(() -> Payloads.empty(1, Payloads.LARGEST))),
        attack(
            "empty-versions",
            false,
            true,
            List.of(LOCATE),
            inOptions(() -> Payloads.empty(8, Payloads.LARGEST))),
        attack(
            "versions",
            false,
            true,
            List.of(LOCATE),
            inOptions(() -> Payloads.mapEntries(8, Payloads.LARGEST))),
        attack(
            "filter-values",
            false,
            true,
            List.of(LOCATE),
            inOptions(() -> Payloads.within(2, Payloads.empty(2, Payloads.LARGEST - 64)))),
        attack(
            "attribute-keys",
            false,
            true,
            List.of(LOCATE),
            inOptions(() -> Payloads.within(3, Payloads.empty(1, Payloads.LARGEST - 64)))),
        attack(
            "many-options",
            false,
            true,
            List.of(LOCATE, "geosearch.v1.GeoSearch/LocateStream"),
            () -> Payloads.merged(OPTIONS_OF_LOCATE, Payloads.empty(1, 2), Payloads.LARGEST)),
        attack(
            "find-ids",
            false,
            true,
            List.of("geosearch.v1.GeoSearch/FindAreas"),
            () -> Payloads.empty(2, Payloads.LARGEST)),
        attack(
            "watch-collections",
            false,
            true,
            List.of("geosearch.v1.Zones/WatchZones"),
            () -> Payloads.empty(1, Payloads.LARGEST)),
        attack(
            "zone-attributes",
            false,
            true,
            List.of("geosearch.v1.Zones/CreateZone", "geosearch.v1.Zones/UpdateZone"),
            () -> Payloads.within(1, Payloads.empty(4, Payloads.LARGEST - 64))),
        attack(
            "unpacked-doubles",
            false,
            false,
            List.of("geosearch.v1.GeoSearch/LocateBatch"),
            () -> Payloads.doubles(1, Payloads.LARGEST)));
  }

  private static Supplier<byte[]> inOptions(Supplier<byte[]> content) {
    return () -> Payloads.within(OPTIONS_OF_LOCATE, content.get());
  }

  private static Attack attack(
      String name, boolean quick, boolean packed, List<String> methods, Supplier<byte[]> message) {
    return new Attack(
        name,
        "requests of up to 4 MiB%s to %d methods over %d connections"
            .formatted(packed ? ", gzipped" : "", methods.size(), CONNECTIONS),
        quick,
        stage -> start(stage, packed, methods, message.get()));
  }

  private static void start(Stage stage, boolean packed, List<String> methods, byte[] content) {
    byte[] framed = Frames.message(packed ? Payloads.gzip(content) : content, packed);
    List<byte[]> headers = new ArrayList<>();
    for (String method : methods) {
      headers.add(
          packed ? Frames.call("/" + method, "grpc-encoding", "gzip") : Frames.call("/" + method));
    }
    stage.each(CONNECTIONS, connection -> call(stage, connection, headers, framed));
  }

  private static void call(
      Stage stage, RawConnection connection, List<byte[]> headers, byte[] framed)
      throws IOException {
    for (int i = 0; stage.goesOn(); i++) {
      connection.call(headers.get(i % headers.size()), framed);
      connection.flush();
    }
  }

  /** Returns every method of every service that the server offers. */
  private static List<String> methods() {
    return Stream.of(
            SearchGrpc.getServiceDescriptor(),
            GeoSearchGrpc.getServiceDescriptor(),
            ZonesGrpc.getServiceDescriptor(),
            HealthGrpc.getServiceDescriptor(),
            ServerReflectionGrpc.getServiceDescriptor())
        .flatMap(service -> service.getMethods().stream())
        .map(MethodDescriptor::getFullMethodName)
        .toList();
  }
}
