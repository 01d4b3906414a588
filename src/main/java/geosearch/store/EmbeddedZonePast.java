package geosearch.store;

import geosearch.geo.Validity;
import geosearch.store.Zones.Request;
import geosearch.store.Zones.Selection;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** What the embedded file keeps of the states that zones were in, and of who asked for them. */
final class EmbeddedZonePast {

  /** Deletions up to this revision may have been forgotten. */
  private static final String FORGOTTEN = "zone-forgotten";

  /** States that were replaced up to this microsecond since 1970 may have been. */
  private static final String FORGOTTEN_TIME = "zone-forgotten-time";

  /** Up to which revision it has been looked for what to forget. */
  private static final String SWEPT = "zone-swept";

  private final ZoneLimits limits;
  private final InstantSource clock;

  EmbeddedZonePast(ZoneLimits limits, InstantSource clock) {
    this.limits = limits;
    this.clock = clock;
  }

  /** OUT_OF_RANGE if states of that time may have been forgotten. */
  static void check(EmbeddedTables tables, Instant asOf) {
    long forgotten = tables.counter(FORGOTTEN_TIME);
    if (forgotten > 0 && asOf.isBefore(Instant.EPOCH.plus(forgotten, ChronoUnit.MICROS))) {
      throw Refusals.pastIsForgotten(asOf);
    }
  }

  /** From when on all states are known; nothing if none was forgotten. */
  static Optional<Instant> begin(EmbeddedTables tables) {
    long forgotten = tables.counter(FORGOTTEN_TIME);
    return forgotten > 0
        ? Optional.of(Instant.EPOCH.plus(forgotten, ChronoUnit.MICROS))
        : Optional.empty();
  }

  /**
   * Gives a sink every state of a collection's zones.
   *
   * @param states where the collection begins
   */
  static void read(CheckedMap.Rows<byte[]> states, String collection, AreaSink sink) {
    byte[] zone = new byte[0];
    NavigableMap<Long, byte[]> ofZone = new TreeMap<>();
    while (states.hasNext()) {
      byte[] stateKey = states.next();
      byte[] key = ZoneMaps.zoneOf(stateKey);
      if (!ZoneMaps.key(key).collection().equals(collection)) {
        break;
      }
      if (!Arrays.equals(key, zone)) {
        tell(collection, ofZone, sink);
        ofZone.clear();
        zone = key;
      }
      ofZone.put(ZoneMaps.revisionOf(stateKey), states.value());
    }
    tell(collection, ofZone, sink);
  }

  /**
   * Tells of the states of one zone.
   *
   * @param states by their revisions, in order. Each lasts until the first of those after it, even
   *     if an earlier version of this program let times go back with the clock
   */
  private static void tell(String collection, NavigableMap<Long, byte[]> states, AreaSink sink) {
    Optional<Instant> end = Optional.empty();
    for (Map.Entry<Long, byte[]> kept : states.descendingMap().entrySet()) {
      Instant start = ZoneState.time(kept.getValue());
      if (end.isEmpty() || start.isBefore(end.get())) {
        Validity within = new Validity(Optional.of(start), end);
        ZoneState.zone(collection, kept.getValue(), 0, kept.getKey(), true)
            .ifPresent(
                zone -> sink.accept(zone.area().keptWithin(within), zone.outline().orElseThrow()));
        end = Optional.of(start);
      }
    }
  }

  /** Of what was before this change, nothing is known but the zones that there are. */
  static void beginAt(EmbeddedTables tables, long revision) {
    if (revision > 0) {
      tables.counters().put(FORGOTTEN, revision);
      forgotten(tables, Instant.now());
    }
  }

  /** The time of the last change, in microseconds since 1970; 0 if there was none. */
  static long lastTime(ZoneMaps zones) {
    long[] last = {0};
    zones
        .states()
        .forEach((_, state) ->
            last[0] =
                Math.max(last[0], ChronoUnit.MICROS.between(Instant.EPOCH, ZoneState.time(state))));
    return last[0];
  }

  /** The zone as it was. */
  static Optional<Zone> get(EmbeddedTables tables, byte[] key, Instant asOf) {
    check(tables, asOf);
    CheckedMap.Rows<byte[]> cursor = tables.zones().states().rows(ZoneMaps.stateKey(key, 0));
    return page(
            cursor,
            new Selection(ZoneMaps.key(key).collection(), Optional.of(asOf), true),
            1,
            Optional.of(key))
        .zones()
        .stream()
        .findFirst();
  }

  /** The zones as they were, from where the cursor is. */
  static ZonePage page(CheckedMap.Rows<byte[]> states, Selection which, int limit) {
    return page(states, which, limit, Optional.empty());
  }

  private static ZonePage page(
      CheckedMap.Rows<byte[]> states, Selection which, int limit, Optional<byte[]> only) {
    List<Zone> zones = new ArrayList<>();
    PageRoom room = new PageRoom(limit);
    byte[] zone = new byte[0];
    Optional<Zone> latest = Optional.empty();
    while (states.hasNext()) {
      byte[] stateKey = states.next();
      byte[] key = ZoneMaps.zoneOf(stateKey);
      if (!Arrays.equals(key, zone)) {
        latest.ifPresent(zones::add);
        latest.ifPresent(room::add);
        latest = Optional.empty();
        zone = key;
      }
      String collection = ZoneMaps.key(key).collection();
      if ((only.isPresent() && !Arrays.equals(key, only.get()))
          || !(which.collection().isEmpty() || which.collection().equals(collection))) {
        return new ZonePage(zones, false);
      }
      if (room.isFull()) {
        return new ZonePage(zones, true);
      }
      if (!ZoneState.time(states.value()).isAfter(which.asOf().orElseThrow())) {
        latest =
            ZoneState.zone(
                collection, states.value(), 0, ZoneMaps.revisionOf(stateKey), which.withOutlines());
      }
    }
    latest.ifPresent(zones::add);
    return new ZonePage(zones, false);
  }

  /** See {@link Zones#changes}. */
  ZoneChanges changes(EmbeddedFile file, long after, int limit, boolean withOutlines) {
    record Page(List<Raw> changes, long latest, boolean more) {}
    Page page =
        file.read(tables -> {
          long latest = tables.counter(EmbeddedTables.ZONE_REVISION);
          if (after > latest) {
            throw Refusals.revisionAhead(after, latest);
          }
          if (after < tables.counter(FORGOTTEN)) {
            throw Refusals.changesAreForgotten(after);
          }
          List<Raw> raw = new ArrayList<>();
          CheckedMap.Rows<Long> log = tables.zones().log().rows(after + 1);
          PageRoom room = new PageRoom(limit);
          while (!room.isFull() && log.hasNext()) {
            long revision = log.next();
            Raw change = new Raw(tables.zones(), log.value(), revision);
            raw.add(change);
            room.add(withOutlines ? change.state.length : 0);
          }
          boolean more = log.hasNext();
          return new Page(raw, more ? raw.getLast().revision : latest, more);
        });
    return new ZoneChanges(
        page.changes().stream().map(raw -> raw.change(withOutlines)).toList(),
        page.latest(),
        page.more());
  }

  /** A change before it is read, for which others need not wait. */
  private static final class Raw {
    private final byte[] key;
    private final long revision;
    private final byte[] state;

    Raw(ZoneMaps zones, byte[] key, long revision) {
      this.key = key;
      this.revision = revision;
      this.state = Objects.requireNonNull(zones.states().get(ZoneMaps.stateKey(key, revision)));
    }

    ZoneChange change(boolean withOutline) {
      ZoneKey zone = ZoneMaps.key(key);
      return new ZoneChange(
          revision,
          ZoneState.time(state),
          zone,
          ZoneState.zone(zone.collection(), state, 0, revision, withOutline));
    }
  }

  /** The zone that a request has created. */
  Optional<Zone> createdBy(ZoneMaps zones, Request request) {
    byte[] bytes = zones.requests().get(request.id());
    if (bytes == null) {
      return Optional.empty();
    }
    Remembered remembered = Remembered.of(bytes);
    if (remembered.time().isBefore(clock.instant().minus(limits.keepRequestIds()))) {
      return Optional.empty();
    }
    if (!remembered.content().equals(request.content())) {
      throw Refusals.otherRequest(request.id());
    }
    byte[] key = Objects.requireNonNull(zones.log().get(remembered.revision()));
    byte[] state =
        Objects.requireNonNull(zones.states().get(ZoneMaps.stateKey(key, remembered.revision())));
    return ZoneState.zone(ZoneMaps.key(key).collection(), state, 0, remembered.revision(), true);
  }

  /** Notes that a request has created a zone. */
  void remember(ZoneMaps zones, Request request, long revision, Instant time) {
    zones.requests().put(request.id(), new Remembered(request.content(), revision, time).toBytes());
    zones.requestLog().put(revision, request.id());
  }

  /** Forgets, now and then, some of what is past its time. */
  void sweep(EmbeddedTables tables, long revision) {
    if (revision % ZoneLimits.CHANGES_PER_SWEEP != 0) {
      return;
    }
    try {
      sweepNow(tables, revision);
    } catch (StoreException e) {
      // What is damaged stays, and what comes after it. Whoever reads it is told; a change that has
      // nothing to do with it is made.
      if (e.kind() != StoreException.Kind.CORRUPT) {
        throw e;
      }
    }
  }

  private void sweepNow(EmbeddedTables tables, long revision) {
    Instant now = clock.instant();
    sweepRequests(tables.zones(), now.minus(limits.keepRequestIds()));
    Instant cutoff = now.minus(limits.keepRevisions());
    ZoneMaps zones = tables.zones();
    for (int i = 0; i < ZoneLimits.SWEPT_AT_ONCE; i++) {
      Long next = zones.log().higherKey(tables.counter(SWEPT));
      if (next == null || next >= revision) {
        return;
      }
      byte[] key = Objects.requireNonNull(zones.log().get(next));
      byte[] stateKey = ZoneMaps.stateKey(key, next);
      byte[] state = Objects.requireNonNull(zones.states().get(stateKey));
      Instant time = ZoneState.time(state);
      if (!time.isBefore(cutoff)) {
        return;
      }
      forgetBefore(tables, key, stateKey, time);
      if (ZoneState.zone(ZoneMaps.key(key).collection(), state, 0, next, false).isEmpty()) {
        zones.states().remove(stateKey);
        zones.log().remove(next);
        tables.counters().put(FORGOTTEN, next);
        forgotten(tables, time);
      }
      tables.counters().put(SWEPT, next);
    }
  }

  /** Forgets the state that another one replaced. */
  private static void forgetBefore(
      EmbeddedTables tables, byte[] key, byte[] stateKey, Instant replaced) {
    byte[] before = tables.zones().states().lowerKey(stateKey);
    if (before != null && Arrays.equals(ZoneMaps.zoneOf(before), key)) {
      tables.zones().states().remove(before);
      tables.zones().log().remove(ZoneMaps.revisionOf(before));
      forgotten(tables, replaced);
    }
  }

  private static void forgotten(EmbeddedTables tables, Instant time) {
    tables.counters().put(FORGOTTEN_TIME, ChronoUnit.MICROS.between(Instant.EPOCH, time));
  }

  private static void sweepRequests(ZoneMaps zones, Instant cutoff) {
    for (int i = 0; i < ZoneLimits.SWEPT_AT_ONCE; i++) {
      Long first = zones.requestLog().firstKey();
      if (first == null) {
        return;
      }
      String id = Objects.requireNonNull(zones.requestLog().get(first));
      byte[] bytes = zones.requests().get(id);
      Optional<Remembered> its =
          Optional.ofNullable(bytes)
              .map(Remembered::of)
              .filter(remembered -> remembered.revision() == first);
      if (its.isPresent() && !its.get().time().isBefore(cutoff)) {
        return;
      }
      if (its.isPresent()) {
        zones.requests().remove(id);
      }
      zones.requestLog().remove(first);
    }
  }

  /** What is noted of a request. */
  private record Remembered(String content, long revision, Instant time) {
    byte[] toBytes() {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (DataOutputStream out = new DataOutputStream(bytes)) {
        AreaCodec.writeText(out, content);
        out.writeLong(revision);
        AreaCodec.writeTime(out, time);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return bytes.toByteArray();
    }

    static Remembered of(byte[] bytes) {
      try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
        return new Remembered(AreaCodec.readText(in), in.readLong(), AreaCodec.readTime(in));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
