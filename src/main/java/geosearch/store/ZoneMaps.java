package geosearch.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.ByteArrayDataType;
import org.h2.mvstore.type.DataType;
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
    MVMap<byte[], byte[]> present,
    MVMap<byte[], byte[]> states,
    MVMap<Long, byte[]> log,
    MVMap<String, byte[]> collections,
    MVMap<String, byte[]> requests,
    MVMap<Long, String> requestLog) {

  /** The revisions of a collection's latest change, and how many zones it has. */
  record Collection(long revision, long zones) {}

  static ZoneMaps open(MVStore store) {
    DataType<byte[]> bytes = ByteArrayDataType.INSTANCE;
    return new ZoneMaps(
        map(store, "zones", bytes, bytes),
        map(store, "zone-states", bytes, bytes),
        map(store, "zone-log", LongDataType.INSTANCE, bytes),
        map(store, "zone-collections", StringDataType.INSTANCE, bytes),
        map(store, "zone-requests", StringDataType.INSTANCE, bytes),
        map(store, "zone-request-log", LongDataType.INSTANCE, StringDataType.INSTANCE));
  }

  private static <K, V> MVMap<K, V> map(
      MVStore store, String name, DataType<K> keys, DataType<V> values) {
    return store.openMap(name, new MVMap.Builder<K, V>().keyType(keys).valueType(values));
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
    } else if (present.put(
            key,
            ByteBuffer.allocate(Long.BYTES + bytes.length).putLong(revision).put(bytes).array())
        == null) {
      zones++;
    }
    states.put(stateKey(key, revision), bytes);
    log.put(revision, key);
    collections.put(
        name, ByteBuffer.allocate(2 * Long.BYTES).putLong(revision).putLong(zones).array());
  }
}
