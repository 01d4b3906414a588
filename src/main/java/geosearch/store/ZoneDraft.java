package geosearch.store;

import geosearch.geo.Area;
import geosearch.geo.Circle;
import java.util.Optional;
import org.locationtech.jts.geom.Geometry;

/**
 * What a zone is to be.
 *
 * @param collection the layer that it belongs to
 * @param area id, name, attributes, priority and validity, which is kept to the microsecond
 * @param outline a valid polygon or multipolygon in WGS 84
 * @param circle what the outline was given as, where that was a circle
 */
public record ZoneDraft(String collection, Area area, Geometry outline, Optional<Circle> circle) {

  /** Where it is among the zones. */
  public ZoneKey key() {
    return new ZoneKey(collection, area.id());
  }
}
