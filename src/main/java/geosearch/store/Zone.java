package geosearch.store;

import geosearch.geo.Area;
import geosearch.geo.Circle;
import java.time.Instant;
import java.util.Optional;
import org.locationtech.jts.geom.Geometry;

/**
 * A zone as it is kept, or was.
 *
 * @param collection the layer that it belongs to
 * @param area id, name, attributes, priority and validity
 * @param outline a valid polygon or multipolygon in WGS 84, or nothing where it was not asked for
 * @param circle what the outline was given as, where that was a circle
 * @param createTime when it was created; nothing for a row of the original's table
 * @param updateTime when it came to be what it is; nothing for a row of the original's table
 * @param revision the change that made it so. It grows with each change to any zone, in the order
 *     of the commits; 0 for a row of the original's table
 * @param readOnly whether it is a row of the original's table
 */
public record Zone(
    String collection,
    Area area,
    Optional<Geometry> outline,
    Optional<Circle> circle,
    Optional<Instant> createTime,
    Optional<Instant> updateTime,
    long revision,
    boolean readOnly) {

  /** Where it is among the zones. */
  public ZoneKey key() {
    return new ZoneKey(collection, area.id());
  }
}
