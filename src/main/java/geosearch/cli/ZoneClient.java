package geosearch.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.FieldMask;
import geosearch.v1.CreateZoneRequest;
import geosearch.v1.DeleteZoneRequest;
import geosearch.v1.GetZoneRequest;
import geosearch.v1.UpdateZoneRequest;
import geosearch.v1.WatchZonesRequest;
import geosearch.v1.WatchZonesResponse;
import geosearch.v1.Zone;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/** Asks a server about its zones, and prints what it says. */
final class ZoneClient {

  private final ServerConnection connection;
  private final Console console;
  private final boolean json;

  ZoneClient(ServerConnection connection, Console console, boolean json) {
    this.connection = connection;
    this.console = console;
    this.json = json;
  }

  void list(String collection) {
    List<Zone> zones = new ArrayList<>();
    ZonePages.forEach(connection, collection, false, zones::add);
    if (json) {
      Json.printArray(
          console.out(),
          zones.stream().<Json.Value>map(zone -> out -> writeJson(zone, out)).toList());
      return;
    }
    Table table = new Table("COLLECTION", "ID", "NAME", "PRIORITY", "CREATED", "ATTRIBUTES");
    for (Zone zone : zones) {
      table.add(
          zone.getCollection(),
          zone.getId(),
          zone.getName(),
          zone.getPriority(),
          zone.hasCreateTime() ? createTime(zone).truncatedTo(ChronoUnit.SECONDS) : "",
          attributes(zone).entrySet().stream()
              .map(Map.Entry::toString)
              .collect(Collectors.joining(", ")));
    }
    table.print(console.out());
  }

  void get(String collection, String id, Optional<Instant> asOf) {
    GetZoneRequest.Builder request =
        GetZoneRequest.newBuilder().setCollection(collection).setId(id);
    asOf.ifPresent(time -> request.setAsOf(ZoneFeature.timestamp(time)));
    Zone zone = connection.call(() -> connection.zones().getZone(request.build()));
    Json.print(console.out(), out -> ZoneFeature.write(zone, ZoneFeature.outline(zone), out));
  }

  void add(Zone zone) {
    CreateZoneRequest request =
        CreateZoneRequest.newBuilder()
            .setZone(zone)
            .setRequestId(UUID.randomUUID().toString())
            .build();
    print(connection.call(() -> connection.zones().createZone(request)));
  }

  /**
   * @param mask the fields that change
   */
  void update(Zone zone, List<String> mask) {
    UpdateZoneRequest request =
        UpdateZoneRequest.newBuilder()
            .setZone(zone)
            .setUpdateMask(FieldMask.newBuilder().addAllPaths(mask))
            .build();
    print(connection.call(() -> connection.zones().updateZone(request)));
  }

  private void print(Zone zone) {
    if (json) {
      Json.print(console.out(), out -> writeJson(zone, out));
    } else {
      console.out().println(zone.getId());
    }
  }

  /** Prints what it is told until the server ends it. */
  void watch(List<String> collections, long after) {
    WatchZonesRequest request =
        WatchZonesRequest.newBuilder()
            .addAllCollections(collections)
            .setAfterRevision(after)
            .setOmitOutlines(true)
            .build();
    Iterator<WatchZonesResponse> told =
        connection.call(() -> connection.zonesForEver().watchZones(request));
    while (connection.call(told::hasNext)) {
      print(told.next());
    }
  }

  private void print(WatchZonesResponse told) {
    Json.print(
        console.out(),
        out -> {
          out.writeStartObject();
          out.writeStringField(
              "change",
              told.getChange().name().substring("CHANGE_".length()).toLowerCase(Locale.ROOT));
          out.writeNumberField("revision", told.getRevision());
          if (told.hasTime()) {
            out.writeStringField("time", ZoneFeature.time(told.getTime()).toString());
          }
          if (told.hasZone()) {
            out.writeFieldName("zone");
            writeJson(told.getZone(), out);
          }
          out.writeEndObject();
        });
  }

  /**
   * @return one of {@link ExitCode}
   */
  int remove(String collection, List<String> ids) {
    int exitCode = ExitCode.OK;
    for (String id : ids) {
      DeleteZoneRequest request =
          DeleteZoneRequest.newBuilder().setCollection(collection).setId(id).build();
      try {
        connection.call(() -> connection.zones().deleteZone(request));
      } catch (CommandException e) {
        if (e.exitCode() != ExitCode.NOT_FOUND) {
          throw e;
        }
        console.err().println("geosearch: " + Text.printable(String.valueOf(e.getMessage())));
        exitCode = ExitCode.NOT_FOUND;
      }
    }
    return exitCode;
  }

  private static void writeJson(Zone zone, JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("collection", zone.getCollection());
    out.writeStringField("id", zone.getId());
    out.writeStringField("name", zone.getName());
    out.writeNumberField("priority", zone.getPriority());
    out.writeObjectFieldStart("attributes");
    for (Map.Entry<String, String> attribute : attributes(zone).entrySet()) {
      out.writeStringField(attribute.getKey(), attribute.getValue());
    }
    out.writeEndObject();
    if (zone.hasStartTime()) {
      out.writeStringField("start_time", ZoneFeature.time(zone.getStartTime()).toString());
    }
    if (zone.hasEndTime()) {
      out.writeStringField("end_time", ZoneFeature.time(zone.getEndTime()).toString());
    }
    if (zone.hasCreateTime()) {
      out.writeStringField("create_time", createTime(zone).toString());
    }
    out.writeNumberField("revision", zone.getRevision());
    out.writeBooleanField("read_only", zone.getReadOnly());
    out.writeEndObject();
  }

  private static Instant createTime(Zone zone) {
    return Instant.ofEpochSecond(
        zone.getCreateTime().getSeconds(), zone.getCreateTime().getNanos());
  }

  private static Map<String, String> attributes(Zone zone) {
    return new TreeMap<>(zone.getAttributesMap());
  }
}
