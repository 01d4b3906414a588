package geosearch.store;

import geosearch.geo.Area;
import java.util.List;
import org.locationtech.jts.geom.Geometry;

/** The zones that users keep. All methods throw {@link StoreException}. */
public interface Zones {

  /** What the ids of the original's rows begin with. */
  String ORIGINAL_ID_PREFIX = "thing/";

  /**
   * Creates a zone. ALREADY_EXISTS where its id is taken, FULL where there are as many zones as may
   * be.
   *
   * @param outline a valid polygon or multipolygon in WGS 84
   * @return the zone as it is kept, with its outline
   */
  Zone create(Area area, Geometry outline);

  /**
   * Zones whose ids are greater than one, in the order of their ids (by code point).
   *
   * @param afterId empty for the first
   * @param limit how many at most, from 1
   */
  List<Zone> list(String afterId, int limit, boolean withOutlines);

  /**
   * Deletes a zone. NOT_FOUND where there is none, REFUSED for a row of the original's table.
   *
   * @return the revision of the deletion
   */
  long delete(String id);
}
