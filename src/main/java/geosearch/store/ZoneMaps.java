package geosearch.store;

import geosearch.store.CheckedMap.Keys;
import geosearch.store.CheckedMap.Subject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.LongDataType;
import org.h2.mvstore.type.StringDataType;

/**
 * What an embedded file holds of zones. Keys of zones are the collection, a zero and the id, in
 * UTF-8: their order is that of code points.
 *
 * @param present the zones as they are, by their keys
 * @param states every state that is kept, by the zone's key, a zero and the revision
 * @param log the zone's key of each change, by its revision
 * @param collections what is known of each, by its name
 * @param requests what creations were asked for, by the requests' ids
 * @param requestLog the requests' ids, by the revisions of what they created
 */
record ZoneMaps(
    CheckedMap<byte[]> present,
    CheckedMap<byte[]> states,
    CheckedMap<Long> log,
    CheckedMap<String> collections,
    CheckedMap<String> requests,
    MVMap<Long, String> requestLog) {

  private static final String RESTORE = "restore a backup";
  private static final Subject PRESENT =
      new Subject("zones", "the zone", "restore a backup, or delete the zone and create it again");
  private static final Subject STATES = new Subject("zone-states", "a state of the zone", RESTORE);
  private static final Subject LOG = new Subject("zone-log", "the change with revision", RESTORE);
  private static final Subject COLLECTIONS =
      new Subject("zone-collections", "what is known of the collection", RESTORE);
  private static final Subject REQUESTS =
      new Subject("zone-requests", "what is known of the request", RESTORE);
  private static final String REQUEST_LOG = "zone-request-log";

  /** Of the maps in the file. */
  static final Set<String> NAMES =
      Set.of(
          PRESENT.name(),
          STATES.name(),
          LOG.name(),
          COLLECTIONS.name(),
          REQUESTS.name(),
          REQUEST_LOG);

  /** The revisions of a collection's latest change, and how many zones it has. */
  record Collection(long revision, long zones) {}

  /**
   * Opens the maps, and creates those that are missing.
   *
   * @param suffix of their names
   * @param checked whether their records carry checksums
   */
  static ZoneMaps open(MVStore store, String suffix, boolean checked) {
    return new ZoneMaps(
        open(store, PRESENT, suffix, Keys.ZONES, checked),
        open(store, STATES, suffix, Keys.ZONES, checked),
        open(store, LOG, suffix, Keys.NUMBERS, checked),
        open(store, COLLECTIONS, suffix, Keys.TEXTS, checked),
        open(store, REQUESTS, suffix, Keys.TEXTS, checked),
        EmbeddedTables.map(
            store, REQUEST_LOG + suffix, LongDataType.INSTANCE, StringDataType.INSTANCE, checked));
  }

  private static <K> CheckedMap<K> open(
      MVStore store, Subject subject, String suffix, Keys<K> keys, boolean checked) {
    return CheckedMap.open(store, subject, subject.name() + suffix, keys, checked);
  }

  /**
   * Copies all records.
   *
   * @param written is called after each
   */
  void copyTo(ZoneMaps other, Runnable written) {
    present.copyTo(other.present, written);
    states.copyTo(other.states, written);
    log.copyTo(other.log, written);
    collections.copyTo(other.collections, written);
    requests.copyTo(other.requests, written);
    other.requestLog.putAll(requestLog);
  }

  /** Drops the maps from the file. */
  void drop(MVStore store) {
    present.drop(store);
    states.drop(store);
    log.drop(store);
    collections.drop(store);
    requests.drop(store);
    store.removeMap(requestLog);
  }

  /** Gives the maps their names without a suffix. */
  void rename(MVStore store) {
    present.rename(store);
    states.rename(store);
    log.rename(store);
    collections.rename(store);
    requests.rename(store);
    store.renameMap(requestLog, REQUEST_LOG);
  }

  static byte[] bytes(ZoneKey key) {
    return (key.collection() + '\0' + key.id()).getBytes(StandardCharsets.UTF_8);
  }

  static ZoneKey key(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    int end = text.indexOf('\0');
    return new ZoneKey(text.substring(0, end), text.substring(end + 1));
  }

  /** The key of a state. */
  static byte[] stateKey(byte[] zone, long revision) {
    return ByteBuffer.allocate(zone.length + 1 + Long.BYTES)
        .put(zone)
        .put((byte) 0)
        .putLong(revision)
        .array();
  }

  /** The zone's key within that of a state. */
  static byte[] zoneOf(byte[] stateKey) {
    return Arrays.copyOf(stateKey, stateKey.length - 1 - Long.BYTES);
  }

  static long revisionOf(byte[] stateKey) {
    return ByteBuffer.wrap(stateKey).getLong(stateKey.length - Long.BYTES);
  }

  Collection collection(String name) {
    byte[] bytes = collections.get(name);
    if (bytes == null) {
      return new Collection(0, 0);
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new Collection(buffer.getLong(), buffer.getLong());
  }

  /** Puts a state in the place of the one before. */
  void put(byte[] key, long revision, ZoneState state) {
    byte[] bytes = state.toBytes();
    String name = key(key).collection();
    Collection before = collection(name);
    long zones = before.zones();
    if (state.isDeleted()) {
      present.remove(key);
      zones--;
    } else if (!present.put(
        key, ByteBuffer.allocate(Long.BYTES + bytes.length).putLong(revision).put(bytes).array())) {
      zones++;
    }
    states.put(stateKey(key, revision), bytes);
    log.put(revision, key);
    collections.put(
        name, ByteBuffer.allocate(2 * Long.BYTES).putLong(revision).putLong(zones).array());
  }
}
