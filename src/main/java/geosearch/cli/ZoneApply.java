package geosearch.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.google.protobuf.FieldMask;
import geosearch.v1.CreateZoneRequest;
import geosearch.v1.DeleteZoneRequest;
import geosearch.v1.UpdateZoneRequest;
import geosearch.v1.Zone;
import geosearch.v1.ZonesGrpc.ZonesFutureStub;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * Makes a collection what a file says. What is as it should be is not touched. Some changes are
 * under way at once, so that many take much less time than their answers one after another.
 */
final class ZoneApply {

  /** Well below what a server with the usual settings has waiting for its store. */
  private static final int AT_ONCE = 16;

  /** Changes that were sent, in their order. */
  private final Deque<Sent> underWay = new ArrayDeque<>();

  private final ServerConnection connection;
  private final Console console;
  private final boolean dryRun;

  /**
   * A change that was sent.
   *
   * @param sign of what happens to the zone
   */
  private record Sent(char sign, Zone zone, Future<?> answer) {}

  ZoneApply(ServerConnection connection, Console console, boolean dryRun) {
    this.connection = connection;
    this.console = console;
    this.dryRun = dryRun;
  }

  /**
   * Prints a line for each zone that has changed: {@code +} created, {@code ~} changed, {@code -}
   * removed, and how many of each at the end. Ends at the first that can't be changed; some of
   * those after it may have been then.
   *
   * @param wanted by their ids
   * @param prune whether to remove what the file does not have
   */
  void run(String collection, Map<String, Zone> wanted, boolean prune) throws InterruptedException {
    Map<String, Zone> present = present(collection);
    int created = 0;
    int changed = 0;
    for (Zone zone : wanted.values()) {
      Zone before = present.get(zone.getId());
      if (before == null) {
        create(zone);
        created++;
      } else if (!isSame(zone, before)) {
        update(zone, before);
        changed++;
      }
    }
    List<Zone> extra = new ArrayList<>();
    present.values().stream()
        .filter(zone -> !wanted.containsKey(zone.getId()) && !zone.getReadOnly())
        .forEach(extra::add);
    if (prune) {
      for (Zone zone : extra) {
        remove(zone);
      }
    }
    while (!underWay.isEmpty()) {
      awaitFirst();
    }
    console
        .out()
        .printf(
            "%s: %d created, %d changed, %d removed, %d as they were%s%s%n",
            collection,
            created,
            changed,
            prune ? extra.size() : 0,
            wanted.size() - created - changed,
            prune || extra.isEmpty() ? "" : ", " + extra.size() + " not in the file (--prune)",
            dryRun ? "; nothing was written (--dry-run)" : "");
  }

  private void say(char sign, Zone zone) {
    console.out().println(sign + " " + Text.printable(zone.getId() + " " + zone.getName()));
  }

  private Map<String, Zone> present(String collection) {
    Map<String, Zone> zones = new TreeMap<>();
    ZonePages.forEach(connection, collection, true, zone -> zones.put(zone.getId(), zone));
    return zones;
  }

  private static boolean isSame(Zone wanted, Zone present) {
    return wanted.getName().equals(present.getName())
        && wanted.getPriority() == present.getPriority()
        && wanted.getAttributesMap().equals(present.getAttributesMap())
        && wanted.hasStartTime() == present.hasStartTime()
        && wanted.getStartTime().equals(present.getStartTime())
        && wanted.hasEndTime() == present.hasEndTime()
        && wanted.getEndTime().equals(present.getEndTime())
        && hasSameOutline(wanted, present);
  }

  private static boolean hasSameOutline(Zone wanted, Zone present) {
    if (wanted.hasCircle() || present.hasCircle()) {
      return wanted.hasCircle() && wanted.getCircle().equals(present.getCircle());
    }
    try {
      return GeoJsonText.isSame(
          ZoneFile.MAPPER.readTree(wanted.getGeojson()), ZoneFeature.outline(present));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("it was read before", e);
    }
  }

  private void create(Zone zone) throws InterruptedException {
    CreateZoneRequest request =
        CreateZoneRequest.newBuilder()
            .setZone(zone)
            .setRequestId(UUID.randomUUID().toString())
            .build();
    change('+', zone, zones -> zones.createZone(request));
  }

  private void update(Zone zone, Zone before) throws InterruptedException {
    UpdateZoneRequest request =
        UpdateZoneRequest.newBuilder()
            .setZone(zone.toBuilder().setEtag(before.getEtag()))
            .setUpdateMask(FieldMask.newBuilder().addPaths("*"))
            .build();
    change('~', zone, zones -> zones.updateZone(request));
  }

  private void remove(Zone zone) throws InterruptedException {
    DeleteZoneRequest request =
        DeleteZoneRequest.newBuilder()
            .setCollection(zone.getCollection())
            .setId(zone.getId())
            .setEtag(zone.getEtag())
            .build();
    change('-', zone, zones -> zones.deleteZone(request));
  }

  private void change(char sign, Zone zone, Function<ZonesFutureStub, Future<?>> call)
      throws InterruptedException {
    if (dryRun) {
      say(sign, zone);
      return;
    }
    underWay.add(new Sent(sign, zone, call.apply(connection.zonesAtOnce())));
    if (underWay.size() >= AT_ONCE) {
      awaitFirst();
    }
  }

  private void awaitFirst() throws InterruptedException {
    Sent first = underWay.remove();
    try {
      connection.await(first.answer());
    } catch (CommandException e) {
      throw new CommandException(
          e.exitCode(), "the zone " + first.zone().getId() + ": " + e.getMessage(), e);
    }
    say(first.sign(), first.zone());
  }
}
