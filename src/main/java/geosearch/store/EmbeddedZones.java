package geosearch.store;

import geosearch.geo.Layer;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/** The zones in the embedded file. */
final class EmbeddedZones implements Zones {

  private final EmbeddedFile file;
  private final ZoneLimits limits;
  private final InstantSource clock;
  private final Runnable onChange;
  private final EmbeddedZonePast past;

  EmbeddedZones(EmbeddedFile file, ZoneLimits limits, InstantSource clock, Runnable onChange) {
    this.file = file;
    this.limits = limits;
    this.clock = clock;
    this.onChange = onChange;
    this.past = new EmbeddedZonePast(limits, clock);
  }

  @Override
  public Zone create(ZoneDraft zone, Optional<Request> request, Runnable mayBeAdded) {
    byte[] key = ZoneMaps.bytes(zone.key());
    Zone created =
        file.write(tables -> {
          Optional<Zone> done = request.flatMap(asked -> past.createdBy(tables.zones(), asked));
          if (done.isPresent()) {
            return done.get();
          }
          checkRoom(tables, zone, key);
          mayBeAdded.run();
          Instant now = tables.nextZoneTime(clock.instant());
          long revision = put(tables, key, new ZoneState(now, now, Optional.of(zone)));
          request.ifPresent(asked -> past.remember(tables.zones(), asked, revision, now));
          return written(zone, now, now, revision);
        });
    onChange.run();
    return created;
  }

  private void checkRoom(EmbeddedTables tables, ZoneDraft zone, byte[] key) {
    if (tables.zones().present().containsKey(key)) {
      throw Refusals.zoneExists(zone.collection(), zone.area().id());
    }
    if (tables.zones().present().size() >= limits.maxZones()) {
      throw Refusals.tooManyZones(limits.maxZones());
    }
    if (zone.collection().equals(Store.ZONE_LAYER)
        || tables.zones().collection(zone.collection()).zones() > 0) {
      return;
    }
    if (EmbeddedDatasets.isImported(tables, zone.collection())) {
      throw Refusals.notACollection(zone.collection());
    }
    Set<String> collections = new TreeSet<>(tables.zones().collections().keySet());
    collections.add(Store.ZONE_LAYER);
    collections.add(zone.collection());
    if (collections.size() > limits.maxCollections()) {
      throw Refusals.tooManyCollections(limits.maxCollections());
    }
  }

  private long put(EmbeddedTables tables, byte[] key, ZoneState state) {
    long revision = tables.increment(EmbeddedTables.ZONE_REVISION);
    tables.zones().put(key, revision, state);
    past.sweep(tables, revision);
    return revision;
  }

  private static Zone written(ZoneDraft zone, Instant created, Instant updated, long revision) {
    return new Zone(
        zone.collection(),
        zone.area(),
        Optional.of(zone.outline()),
        zone.circle(),
        Optional.of(created),
        Optional.of(updated),
        revision,
        false);
  }

  @Override
  public ZonePage page(Selection which, ZoneKey after, int limit) {
    boolean asItWas = which.asOf().isPresent();
    byte[] from = ZoneMaps.bytes(start(which, after));
    return file.scan(
        tables -> {
          which.asOf().ifPresent(asOf -> EmbeddedZonePast.check(tables, asOf));
          return asItWas
              ? tables.zones().states().rows(ZoneMaps.stateKey(from, Long.MAX_VALUE))
              : tables.zones().present().rows(from);
        },
        cursor ->
            asItWas
                ? EmbeddedZonePast.page(cursor, which, limit)
                : page(cursor, which, from, limit));
  }

  private static ZoneKey start(Selection which, ZoneKey after) {
    return after.collection().compareTo(which.collection()) < 0
        ? new ZoneKey(which.collection(), "")
        : after;
  }

  private static ZonePage page(
      CheckedMap.Rows<byte[]> cursor, Selection which, byte[] after, int limit) {
    List<Zone> zones = new ArrayList<>();
    PageRoom room = new PageRoom(limit);
    while (cursor.hasNext()) {
      byte[] key = cursor.next();
      String collection = ZoneMaps.key(key).collection();
      if (!which.collection().isEmpty() && !which.collection().equals(collection)) {
        break;
      }
      if (Arrays.equals(key, after)) {
        continue;
      }
      if (room.isFull()) {
        return new ZonePage(zones, true);
      }
      Zone zone = zone(collection, cursor.value(), which.withOutlines());
      zones.add(zone);
      room.add(zone);
    }
    return new ZonePage(zones, false);
  }

  private static Zone zone(String collection, byte[] bytes, boolean withOutline) {
    return ZoneState.zone(
            collection, bytes, Long.BYTES, ByteBuffer.wrap(bytes).getLong(), withOutline)
        .orElseThrow();
  }

  @Override
  public Zone get(ZoneKey key, Optional<Instant> asOf) {
    byte[] bytes = ZoneMaps.bytes(key);
    if (asOf.isPresent()) {
      return file.read(tables -> EmbeddedZonePast.get(tables, bytes, asOf.get()))
          .orElseThrow(() -> Refusals.noSuchZone(key.collection(), key.id(), asOf.get()));
    }
    byte[] found =
        file.read(tables -> Optional.ofNullable(tables.zones().present().get(bytes)))
            .orElseThrow(() -> Refusals.noSuchZone(key.collection(), key.id()));
    return zone(key.collection(), found, true);
  }

  @Override
  public Zone update(ZoneDraft zone, long expectedRevision) {
    byte[] key = ZoneMaps.bytes(zone.key());
    Zone updated =
        file.write(tables -> {
          Zone before = expected(tables, zone.key(), OptionalLong.of(expectedRevision));
          Instant created = before.createTime().orElseThrow();
          Instant now = tables.nextZoneTime(clock.instant());
          long revision = put(tables, key, new ZoneState(now, created, Optional.of(zone)));
          return written(zone, created, now, revision);
        });
    onChange.run();
    return updated;
  }

  @Override
  public long delete(ZoneKey key, OptionalLong expectedRevision) {
    long revision =
        file.write(tables -> {
          checkDeletion(tables, key, expectedRevision);
          Instant now = tables.nextZoneTime(clock.instant());
          return put(tables, ZoneMaps.bytes(key), new ZoneState(now, now, Optional.empty()));
        });
    onChange.run();
    return revision;
  }

  /** One that is damaged can be deleted: it is read only if a revision is expected. */
  private static void checkDeletion(EmbeddedTables tables, ZoneKey key, OptionalLong revision) {
    if (revision.isPresent()) {
      expected(tables, key, revision);
    } else if (!tables.zones().present().containsKey(ZoneMaps.bytes(key))) {
      throw Refusals.noSuchZone(key.collection(), key.id());
    }
  }

  private static Zone expected(EmbeddedTables tables, ZoneKey key, OptionalLong revision) {
    byte[] found = tables.zones().present().get(ZoneMaps.bytes(key));
    if (found == null) {
      throw Refusals.noSuchZone(key.collection(), key.id());
    }
    Zone zone = zone(key.collection(), found, false);
    if (revision.isPresent() && revision.getAsLong() != zone.revision()) {
      throw Refusals.zoneChanged(key.collection(), key.id());
    }
    return zone;
  }

  @Override
  public long revision() {
    return file.read(tables -> tables.counter(EmbeddedTables.ZONE_REVISION));
  }

  @Override
  public ZoneChanges changes(long afterRevision, int limit, boolean withOutlines) {
    return past.changes(file, afterRevision, limit, withOutlines);
  }

  @Override
  public ZonePast past(String collection, AreaSink sink) {
    record States(ZonePast told, CheckedMap.Rows<byte[]> states) {}
    byte[] first = ZoneMaps.stateKey(ZoneMaps.bytes(new ZoneKey(collection, "")), 0);
    return file.scan(
        tables ->
            new States(
                new ZonePast(
                    tables.counter(EmbeddedTables.ZONE_REVISION), EmbeddedZonePast.begin(tables)),
                tables.zones().states().rows(first)),
        states -> {
          EmbeddedZonePast.read(states.states(), collection, sink);
          return states.told();
        });
  }

  /** The collections, each as a layer. */
  List<LayerState> states() {
    return file.read(tables -> {
      Set<String> names = new TreeSet<>(tables.zones().collections().keySet());
      names.remove(Store.ZONE_LAYER);
      // One that has lost its zones makes room for an import.
      names.removeIf(name -> tables.layers().containsKey(name) && mayBeImported(tables, name));
      List<LayerState> states = new ArrayList<>(List.of(stateOrProblem(tables, Store.ZONE_LAYER)));
      names.forEach(name -> states.add(stateOrProblem(tables, name)));
      return states;
    });
  }

  /** One of which nothing is known any more is named with its problem, and the others served. */
  private static LayerState stateOrProblem(EmbeddedTables tables, String collection) {
    try {
      return state(tables, collection);
    } catch (StoreException e) {
      return LayerState.damaged(collection, Layer.Kind.ZONES, e);
    }
  }

  /** Whether the layer of a name is an imported one, also if what is known of it is damaged. */
  private static boolean mayBeImported(EmbeddedTables tables, String name) {
    try {
      return EmbeddedDatasets.isImported(tables, name);
    } catch (StoreException e) {
      return true;
    }
  }

  /** Whether it is a collection, and no layer has been imported of that name. */
  boolean isCollection(String layer) {
    return layer.equals(Store.ZONE_LAYER)
        || file.read(tables ->
            tables.zones().collections().containsKey(layer)
                && !EmbeddedDatasets.isImported(tables, layer));
  }

  LayerContent read(String collection, AreaSink sink) {
    record Content(LayerState state, long revision, long count, CheckedMap.Rows<byte[]> zones) {}
    return file.scan(
        tables ->
            new Content(
                state(tables, collection),
                tables.counter(EmbeddedTables.ZONE_REVISION),
                tables.zones().collection(collection).zones(),
                tables.zones().present().rows(ZoneMaps.bytes(new ZoneKey(collection, "")))),
        content -> {
          CheckedMap.Rows<byte[]> zones = content.zones();
          long count = 0;
          while (zones.hasNext() && ZoneMaps.key(zones.next()).collection().equals(collection)) {
            Zone zone = zone(collection, zones.value(), true);
            sink.accept(zone.area(), zone.outline().orElseThrow());
            count++;
          }
          if (count != content.count()) {
            throw Refusals.zonesMissing(collection, count, content.count());
          }
          return new LayerContent(content.state(), content.revision(), 0);
        });
  }

  private static LayerState state(EmbeddedTables tables, String collection) {
    Layer layer = new Layer(collection, Layer.Kind.ZONES, false, "", "zones of the store", "", 0);
    return new LayerState(
        layer,
        "zones",
        Optional.empty(),
        Optional.empty(),
        tables.zones().collection(collection).revision());
  }
}
