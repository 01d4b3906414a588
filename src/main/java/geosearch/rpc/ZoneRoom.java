package geosearch.rpc;

import geosearch.geo.Area;

/** Knows whether this server has memory for a zone. */
@FunctionalInterface
public interface ZoneRoom {

  /**
   * Makes sure that there is.
   *
   * @param vertices how many its outline has
   * @param larger whether it is larger than the state that it replaces, or new
   * @throws geosearch.store.StoreException FULL if there is not; the message says why, for people
   */
  void check(Area area, int vertices, boolean larger);
}
