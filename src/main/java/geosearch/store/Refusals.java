package geosearch.store;

import geosearch.store.StoreException.Kind;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/** What both stores refuse in the same words. */
final class Refusals {

  /** How many ids that occur more than once are named, and how many places of each. */
  static final int LISTED = 10;

  private Refusals() {}

  /**
   * An id that occurs more than once in a file.
   *
   * @param featureNumbers the first places in the file where it is, ascending; at most {@link
   *     #LISTED}
   */
  record Duplicate(String id, List<Long> featureNumbers) {
    @Override
    public String toString() {
      String places =
          featureNumbers.stream().map(String::valueOf).collect(Collectors.joining(", "));
      return "\"" + id + "\" (features " + places + ")";
    }
  }

  /**
   * @param first the first ones, at most {@link #LISTED}
   * @param count how many there are in all
   */
  static StoreException duplicateIds(List<Duplicate> first, long count) {
    String named = first.stream().map(Duplicate::toString).collect(Collectors.joining(", "));
    return refused(
        (count == 1 ? "one id occurs" : count + " ids occur")
            + " more than once: "
            + named
            + (count > first.size() ? " and more" : ""));
  }

  /** Whether a layer would lose more than half of its areas. */
  static boolean losesTooMany(long before, long after) {
    return after < before - after;
  }

  static StoreException losesMoreThanHalf(String layer, long before, long after) {
    return refused(
        "the layer "
            + layer
            + " would shrink from "
            + before
            + " to "
            + after
            + " areas; --force imports it all the same");
  }

  static StoreException importUnderWay(String layer) {
    return refused(
        "another import into the layer " + layer + " is under way; try again when it has ended");
  }

  static StoreException deletedMeanwhile(String layer) {
    return new StoreException(
        Kind.CHANGED,
        "the layer "
            + layer
            + " was deleted while the import into it was under way, and nothing was imported;"
            + " import again if it is to be there all the same");
  }

  static StoreException zonesAreNotImported(String layer) {
    return refused("the layer " + layer + " holds the zones; import into a layer of another name");
  }

  static StoreException activeVersion(String layer, long version) {
    return refused(
        "version "
            + version
            + " is the one of the layer "
            + layer
            + " that is served; activate another one first, or delete the whole layer (--all)");
  }

  static StoreException noSuchVersion(String layer, long version) {
    return StoreException.notFound(
        "dataset", layer + "/" + version, "the layer " + layer + " has no version " + version);
  }

  static StoreException notImported(String layer) {
    return noLayer(layer, "the layer " + layer + " has no imported version");
  }

  static StoreException noSuchLayer(String layer) {
    return noLayer(layer, "there is no layer " + layer);
  }

  static StoreException notFromTable(String layer) {
    return noLayer(
        layer, "no layer " + layer + " is read from a table; only such a one can be accepted");
  }

  static StoreException zoneExists(String collection, String id) {
    return new StoreException(
        Kind.ALREADY_EXISTS, "there is a zone " + named(collection, id) + " already");
  }

  static StoreException noSuchZone(String collection, String id) {
    return noZone(collection, id, "there is no zone " + named(collection, id));
  }

  static StoreException noSuchZone(String collection, String id, Instant asOf) {
    return noZone(collection, id, "there was no zone " + named(collection, id) + " at " + asOf);
  }

  static StoreException zoneChanged(String collection, String id) {
    return new StoreException(
        Kind.CHANGED,
        "the zone "
            + named(collection, id)
            + " has changed meanwhile: get it again, and decide anew");
  }

  private static String named(String collection, String id) {
    return collection.equals(Store.ZONE_LAYER) ? id : id + " in the collection " + collection;
  }

  static StoreException notACollection(String layer) {
    return refused(
        "the layer " + layer + " holds areas that are no zones; give the collection another name");
  }

  static StoreException tooManyCollections(int most) {
    return new StoreException(
        Kind.FULL,
        "the store holds "
            + most
            + " collections, as many as it may (setting zones.max-collections)");
  }

  static StoreException otherRequest(String request) {
    return new StoreException(
        Kind.CONTRADICTORY,
        "the request id " + request + " was used already, for a zone that is not this one");
  }

  static StoreException pastIsForgotten(Instant asOf) {
    return new StoreException(
        Kind.OUT_OF_RANGE,
        "what zones were like at " + asOf + " is not kept any more (setting zones.keep-revisions)");
  }

  static StoreException changesAreForgotten(long revision) {
    return new StoreException(
        Kind.OUT_OF_RANGE,
        "the changes after revision "
            + revision
            + " are not all kept any more (setting zones.keep-revisions); begin anew");
  }

  static StoreException revisionAhead(long revision, long latest) {
    return new StoreException(
        Kind.OUT_OF_RANGE,
        "there has been no revision "
            + revision
            + ": the latest is "
            + latest
            + ", so it is another store's; begin anew");
  }

  static StoreException originalZone(String id) {
    return refused(
        "the zone " + id + " is a row of the original's table thing, which is only read");
  }

  static StoreException tooManyZones(int maxZones) {
    return new StoreException(
        Kind.FULL,
        "the store holds " + maxZones + " zones, as many as it may (setting zones.max-zones)");
  }

  private static StoreException refused(String message) {
    return new StoreException(Kind.REFUSED, message);
  }

  private static StoreException noLayer(String layer, String message) {
    return StoreException.notFound("layer", layer, message);
  }

  private static StoreException noZone(String collection, String id, String message) {
    return StoreException.notFound("zone", collection + "/" + id, message);
  }

  static StoreException zonesMissing(String collection, long found, long expected) {
    return new StoreException(
        Kind.CORRUPT,
        "the embedded store is damaged: %d zones of the collection %s are found, and it had %d; restore a backup"
            .formatted(found, collection, expected));
  }
}
