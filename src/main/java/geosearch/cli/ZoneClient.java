package geosearch.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import geosearch.v1.CreateZoneRequest;
import geosearch.v1.DeleteZoneRequest;
import geosearch.v1.ListZonesRequest;
import geosearch.v1.ListZonesResponse;
import geosearch.v1.Zone;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Asks a server about its zones, and prints what it says. */
final class ZoneClient {

  private static final int PAGE = 1000;

  private final ServerConnection connection;
  private final Console console;
  private final boolean json;

  ZoneClient(ServerConnection connection, Console console, boolean json) {
    this.connection = connection;
    this.console = console;
    this.json = json;
  }

  void list() {
    List<Zone> zones = fetch();
    if (json) {
      Json.printArray(
          console.out(),
          zones.stream().<Json.Value>map(zone -> out -> writeJson(zone, out)).toList());
      return;
    }
    Table table = new Table("ID", "NAME", "PRIORITY", "CREATED", "ATTRIBUTES");
    for (Zone zone : zones) {
      table.add(
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

  private List<Zone> fetch() {
    List<Zone> zones = new ArrayList<>();
    String next = "";
    do {
      ListZonesRequest request =
          ListZonesRequest.newBuilder()
              .setPageSize(PAGE)
              .setPageToken(next)
              .setOmitOutlines(true)
              .build();
      ListZonesResponse page = connection.call(() -> connection.zones().listZones(request));
      zones.addAll(page.getZonesList());
      next = page.getNextPageToken();
    } while (!next.isEmpty());
    return zones;
  }

  /**
   * @param id empty if one is to be made up
   * @param outline as GeoJSON
   */
  void add(String id, String name, int priority, Map<String, String> attributes, String outline) {
    CreateZoneRequest request =
        CreateZoneRequest.newBuilder()
            .setZone(
                Zone.newBuilder()
                    .setId(id)
                    .setName(name)
                    .setPriority(priority)
                    .putAllAttributes(attributes)
                    .setGeojson(outline))
            .build();
    Zone zone = connection.call(() -> connection.zones().createZone(request));
    if (json) {
      Json.print(console.out(), out -> writeJson(zone, out));
    } else {
      console.out().println(zone.getId());
    }
  }

  /**
   * @return one of {@link ExitCode}
   */
  int remove(List<String> ids) {
    int exitCode = ExitCode.OK;
    for (String id : ids) {
      DeleteZoneRequest request = DeleteZoneRequest.newBuilder().setId(id).build();
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
    out.writeStringField("id", zone.getId());
    out.writeStringField("name", zone.getName());
    out.writeNumberField("priority", zone.getPriority());
    out.writeObjectFieldStart("attributes");
    for (Map.Entry<String, String> attribute : attributes(zone).entrySet()) {
      out.writeStringField(attribute.getKey(), attribute.getValue());
    }
    out.writeEndObject();
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
