package geosearch.store;

import geosearch.geo.Area;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.locationtech.jts.geom.Geometry;

/**
 * The zones that users keep, in collections. Every state that a zone was in is kept for some time.
 * All methods throw {@link StoreException}.
 */
public interface Zones {

  /** What the ids of the original's rows begin with. */
  String ORIGINAL_ID_PREFIX = "thing/";

  /**
   * Which creation it is that a caller asks for, perhaps not for the first time.
   *
   * @param id made up by the caller
   * @param content stands for what is asked for
   */
  record Request(String id, String content) {}

  /**
   * Which zones are asked for.
   *
   * @param collection empty for all
   * @param asOf how they were at this moment; nothing for how they are. Of rows of the original's
   *     table no past is known
   */
  record Selection(String collection, Optional<Instant> asOf, boolean withOutlines) {}

  /**
   * Creates a zone. ALREADY_EXISTS where its id is taken, FULL where there are as many zones or
   * collections as may be, REFUSED where another sort of layer has the collection's name.
   *
   * @param request if it has created a zone already, nothing happens, and that zone is returned as
   *     it was then; CONTRADICTORY if that was asked for with another content
   * @param mayBeAdded throws what is thrown in place of creating it; not called if nothing happens
   * @return the zone as it is kept, with its outline
   */
  Zone create(ZoneDraft zone, Optional<Request> request, Runnable mayBeAdded);

  /** Creates a zone that nothing else stands against. */
  default Zone create(ZoneDraft zone, Optional<Request> request) {
    return create(zone, request, () -> {});
  }

  /** Creates a zone in the collection {@link Store#ZONE_LAYER}. */
  default Zone create(Area area, Geometry outline) {
    return create(
        new ZoneDraft(Store.ZONE_LAYER, area, outline, Optional.empty()), Optional.empty());
  }

  /**
   * Reads zones that come after another in the order of their collections and ids (by code point).
   * OUT_OF_RANGE if the states of that time are not kept any more.
   *
   * @param after {@link ZoneKey#FIRST} for the first
   * @param limit how many at most, from 1; fewer are read once their outlines take about a mebibyte
   */
  ZonePage page(Selection which, ZoneKey after, int limit);

  /** Reads zones as {@link #page} does, however large their outlines are. */
  default List<Zone> list(Selection which, ZoneKey after, int limit) {
    List<Zone> zones = new ArrayList<>();
    ZoneKey last = after;
    while (true) {
      ZonePage page = page(which, last, limit - zones.size());
      zones.addAll(page.zones());
      if (!page.more() || zones.size() == limit) {
        return zones;
      }
      last = page.zones().getLast().key();
    }
  }

  /** The present zones of {@link Store#ZONE_LAYER}. */
  default List<Zone> list(String afterId, int limit, boolean withOutlines) {
    return list(
        new Selection(Store.ZONE_LAYER, Optional.empty(), withOutlines),
        new ZoneKey(Store.ZONE_LAYER, afterId),
        limit);
  }

  /**
   * One zone with its outline. NOT_FOUND where there is none, OUT_OF_RANGE where the states of that
   * time are not kept any more.
   *
   * @param asOf how it was at this moment; nothing for how it is
   */
  Zone get(ZoneKey key, Optional<Instant> asOf);

  /**
   * Puts a zone in the place of the one of the same key. NOT_FOUND where there is none, REFUSED for
   * a row of the original's table.
   *
   * @param expectedRevision CHANGED if the zone's revision is another one
   * @return the zone as it is kept, with its outline
   */
  Zone update(ZoneDraft zone, long expectedRevision);

  /**
   * Deletes a zone. NOT_FOUND where there is none, REFUSED for a row of the original's table.
   *
   * @param expectedRevision CHANGED if the zone's revision is another one
   * @return the revision of the deletion
   */
  long delete(ZoneKey key, OptionalLong expectedRevision);

  /** Deletes a zone of {@link Store#ZONE_LAYER}. */
  default long delete(String id) {
    return delete(new ZoneKey(Store.ZONE_LAYER, id), OptionalLong.empty());
  }

  /** The latest change of any zone; 0 if there has been none. */
  long revision();

  /**
   * What has changed in any collection after a revision. OUT_OF_RANGE where that is not kept any
   * more, or there was no such revision.
   *
   * @param limit how many changes at most, from 1; fewer are read once their outlines take about a
   *     mebibyte
   */
  ZoneChanges changes(long afterRevision, int limit, boolean withOutlines);

  /**
   * Reads every state that is kept of a collection's zones, the present ones included, in one
   * read-only transaction. Rows of the original's table have no past and are not among them.
   *
   * @param sink is given each state, in no order; {@link Area#kept} says from when to when it was
   *     the zone's state
   */
  ZonePast past(String collection, AreaSink sink);
}
