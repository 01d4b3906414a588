package geosearch.load;

import geosearch.atlas.Snapshot;
import geosearch.geo.Area;
import geosearch.geo.AreaIndex;
import geosearch.geo.Layer;
import geosearch.geo.Validity;
import geosearch.store.Store;
import geosearch.store.StoreException;
import geosearch.store.ZoneChange;
import geosearch.store.ZoneChanges;
import geosearch.store.ZonePast;
import geosearch.store.Zones;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads every state that a collection's zones were in into one index: as many areas of one id as
 * there are states, of which at most one holds at a moment. Changes that come later are put over
 * it, by closing the last state of a zone and adding those that followed it.
 *
 * <p>Safe for use by several threads.
 */
final class ZonePasts {

  /** How many changes are read at once. */
  private static final int PAGE = 1000;

  /** From how many changes on, and from which part of all, an index is built anew. */
  private static final int OVERLAID = 500;

  private static final int OVERLAID_PART = 20;

  private final Store store;
  private final SnapshotLoader loader;
  private final long mostVertices;

  /** The last one that was made. */
  private volatile Optional<WithOriginals> withOriginals = Optional.empty();

  /**
   * @param mostVertices how many vertices the states of a collection may have together
   */
  ZonePasts(Store store, SnapshotLoader loader, long mostVertices) {
    this.store = store;
    this.loader = loader;
    this.mostVertices = mostVertices;
  }

  /**
   * Reads all that is kept.
   *
   * @param room what that may take
   * @throws StoreException REFUSED if that is too much
   * @throws NoRoomException if it would take more
   */
  Snapshot read(Layer layer, HeapRoom.Load room) {
    Instant now = Instant.now();
    SnapshotLoader.Rows rows = loader.rows(room);
    ZonePast past = store.zones().past(layer.name(), rows);
    AreaIndex index = rows.builder.build();
    Instant begin = past.begin().orElse(Instant.MIN);
    return new Snapshot(
        layer,
        index,
        0,
        past.revision(),
        now,
        Optional.of(new Snapshot.Past(begin, lastChange(index, begin))));
  }

  /** The last moment at which a state begins or ends. */
  private static Instant lastChange(AreaIndex index, Instant least) {
    Instant last = least;
    for (int ordinal = 0; ordinal < index.size(); ordinal++) {
      Validity kept = index.area(ordinal).kept();
      last = later(last, kept.start());
      last = later(last, kept.end());
    }
    return last;
  }

  private static Instant later(Instant one, Optional<Instant> other) {
    return other.filter(time -> time.isAfter(one)).orElse(one);
  }

  /**
   * What was read with what has changed since.
   *
   * @param room what it may take to index or to read the whole anew
   * @throws StoreException REFUSED if that is too much
   * @throws NoRoomException if it is to be read, and would take more
   */
  Snapshot goOn(Snapshot before, HeapRoom.Load room) {
    Instant now = Instant.now();
    Snapshot state = before;
    try {
      ZoneChanges page;
      do {
        page = store.zones().changes(state.revision(), PAGE, true);
        state = compactedIfDue(with(state, page, now), room);
      } while (page.more());
    } catch (StoreException e) {
      if (e.kind() == StoreException.Kind.OUT_OF_RANGE) {
        return read(before.layer(), room);
      }
      throw e;
    }
    if (state.index().vertices() > mostVertices) {
      throw new StoreException(
          StoreException.Kind.REFUSED, "it has more than " + mostVertices + " vertices");
    }
    return state;
  }

  private static Snapshot with(Snapshot before, ZoneChanges page, Instant now) {
    Snapshot.Past past = before.past().orElseThrow();
    Instant last = past.lastChange();
    Map<String, List<ZoneChange>> byId = new LinkedHashMap<>();
    for (ZoneChange change : page.changes()) {
      if (change.key().collection().equals(before.layer().name())) {
        byId.computeIfAbsent(change.key().id(), id -> new ArrayList<>()).add(change);
      }
      last = later(last, Optional.of(change.time()));
    }
    return new Snapshot(
        before.layer(),
        byId.isEmpty() ? before.index() : with(before.index(), byId),
        0,
        page.revision(),
        now,
        Optional.of(new Snapshot.Past(past.begin(), last)));
  }

  /** With further states of zones. */
  static AreaIndex with(AreaIndex index, Map<String, List<ZoneChange>> changes) {
    AreaIndex.Builder more = AreaIndex.builder().clearanceMetres(index.clearanceMetres());
    BitSet closed = new BitSet();
    for (int ordinal = 0; ordinal < index.size(); ordinal++) {
      Area area = index.area(ordinal);
      List<ZoneChange> after = changes.get(area.id());
      if (after != null && area.kept().end().isEmpty()) {
        closed.set(ordinal);
        Optional<Validity> until = within(area.kept().start(), end(after, 0));
        if (until.isPresent()) {
          more.add(area.keptWithin(until.get()), index.outline(ordinal));
        }
      }
    }
    for (List<ZoneChange> ofZone : changes.values()) {
      for (int i = 0; i < ofZone.size(); i++) {
        add(ofZone.get(i), end(ofZone, i + 1), more);
      }
    }
    return index.with(more, closed);
  }

  private static Snapshot compactedIfDue(Snapshot state, HeapRoom.Load room) {
    AreaIndex index = state.index();
    if (index.overlaid() <= Math.max(OVERLAID, index.size() / OVERLAID_PART)) {
      return state;
    }
    try {
      room.add(index);
    } catch (NoRoomException e) {
      return state;
    }
    AreaIndex compacted = index.compacted();
    room.close();
    return new Snapshot(
        state.layer(),
        compacted,
        state.generation(),
        state.revision(),
        state.loadTime(),
        state.past());
  }

  private static void add(ZoneChange change, Optional<Instant> end, AreaIndex.Builder more) {
    Optional<Validity> within = within(Optional.of(change.time()), end);
    if (within.isPresent() && change.zone().isPresent()) {
      Area area = change.zone().get().area().keptWithin(within.get());
      change.zone().get().outline().ifPresent(outline -> more.add(area, outline));
    }
  }

  /** When a state ends that these changes follow: at the first of them, whatever the clock did. */
  private static Optional<Instant> end(List<ZoneChange> changes, int from) {
    return changes.stream().skip(from).map(ZoneChange::time).min(Instant::compareTo);
  }

  /** Nothing if it lasted for no time. */
  private static Optional<Validity> within(Optional<Instant> start, Optional<Instant> end) {
    boolean lasted = start.isEmpty() || end.isEmpty() || start.get().isBefore(end.get());
    return lasted ? Optional.of(new Validity(start, end)) : Optional.empty();
  }

  /**
   * The rows of the original's table beside the zones; they have no past.
   *
   * @param past of the zones
   * @param present what is served
   * @param state both together
   */
  private record WithOriginals(AreaIndex past, AreaIndex present, Snapshot state) {}

  /** All states with the rows of the original's table, if it has been made. */
  Optional<Snapshot> knownWithOriginals(Snapshot past, Snapshot served) {
    return withOriginals
        .filter(made -> made.past == past.index() && made.present == served.index())
        .map(WithOriginals::state);
  }

  /** All states with the rows of the original's table as they are. */
  Snapshot withOriginals(Snapshot past, Snapshot served) {
    AreaIndex present = served.index();
    AreaIndex.Builder more = AreaIndex.builder().clearanceMetres(present.clearanceMetres());
    for (int ordinal = 0; ordinal < present.size(); ordinal++) {
      if (present.area(ordinal).id().startsWith(Zones.ORIGINAL_ID_PREFIX)) {
        more.add(present.area(ordinal), present.outline(ordinal));
      }
    }
    AreaIndex all = past.index().with(more, new BitSet());
    Snapshot state =
        new Snapshot(
            past.layer(),
            all.overlaid() > OVERLAID ? all.compacted() : all,
            past.generation(),
            past.revision(),
            past.loadTime(),
            past.past());
    withOriginals = Optional.of(new WithOriginals(past.index(), present, state));
    return state;
  }
}
