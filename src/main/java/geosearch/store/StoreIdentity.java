package geosearch.store;

import java.util.Optional;

/**
 * Tells one store from another, and a later state of a store from an earlier one.
 *
 * @param id made once, when the store is created, and never changed; empty if an earlier version of
 *     the program created the store and nobody has upgraded it
 * @param revision grows with every change of zones and of what is served of imported layers
 */
record StoreIdentity(String id, long revision) {

  /** How to accept a store on purpose. */
  static final String ACCEPT = "geosearch datasets accept --store";

  /**
   * Explains why a store does not continue this one, or returns nothing if it does.
   *
   * @param found what is there now
   */
  Optional<String> difference(StoreIdentity found) {
    if (!id.isEmpty() && !id.equals(found.id)) {
      return Optional.of(
          "expected identity %s with revision %d or later, found %s"
              .formatted(
                  id, revision, found.id.isEmpty() ? "no identity" : "identity " + found.id));
    }
    if (found.revision < revision) {
      return Optional.of(
          "expected revision %d or later of identity %s, found revision %d, as in an older backup"
              .formatted(revision, found.id, found.revision));
    }
    return Optional.empty();
  }

  /** Returns the same store at the later of both revisions. */
  StoreIdentity advancedTo(StoreIdentity later) {
    return new StoreIdentity(later.id, Math.max(revision, later.revision));
  }
}
