package geosearch.rpc;

import geosearch.geo.Area;

/** Knows whether this server has memory for a zone. */
@FunctionalInterface
public interface ZoneRoom {

  /**
   * Makes sure that there is.
   *
   * @param vertices how many its outline has
   * @throws geosearch.store.StoreException FULL if there is not; the message says why, for people
   */
  void check(String collection, Area area, int vertices);
}
