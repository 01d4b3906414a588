package geosearch.store;

import geosearch.geo.Area;
import org.locationtech.jts.geom.Geometry;

/** Is given the areas of a layer, one by one. */
public interface AreaSink {

  /**
   * @param outline a polygon or multipolygon that is not empty, x the longitude and y the latitude
   *     in degrees and in range
   */
  void accept(Area area, Geometry outline);

  /**
   * A row that can't be used.
   *
   * @param id its id, as far as it has one
   * @param reason why, for people
   */
  void skip(String id, String reason);
}
