package geosearch.store;

/**
 * Says which zone.
 *
 * @param collection the layer that it belongs to
 * @param id unique within the collection
 */
public record ZoneKey(String collection, String id) {

  /** Before all others in the order of collections and ids. */
  public static final ZoneKey FIRST = new ZoneKey("", "");
}
