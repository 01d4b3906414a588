package geosearch.store;

import geosearch.store.StoreException.Kind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.zip.CRC32C;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.ByteArrayDataType;
import org.h2.mvstore.type.DataType;
import org.h2.mvstore.type.LongDataType;
import org.h2.mvstore.type.StringDataType;
import org.jspecify.annotations.Nullable;

/**
 * A map of the embedded file whose records carry checksums, so that a byte that has changed on the
 * disk is found when it is read, and never served.
 *
 * <p>MVStore's own checks cover less: the header and the footer of a chunk have a checksum of
 * themselves, and each page one of its place and length. Of keys and values they cover nothing. So
 * each value ends with a CRC-32C of the map's name, the key and the value; it fails alone, and can
 * be replaced or removed. What tells where keys and values begin is checked by the page ({@link
 * CheckedPage}, {@link CheckedValues}), as without it nothing else of the page can be read.
 *
 * <p>All methods throw {@link StoreException} of kind CORRUPT for a record whose checksum differs.
 */
final class CheckedMap<K> {

  /**
   * What the keys of a map are.
   *
   * @param bytes gives what the checksum covers
   * @param text names a key for people
   */
  record Keys<K>(DataType<K> type, Function<K, byte[]> bytes, Function<K, String> text) {

    static final Keys<String> TEXTS =
        new Keys<>(StringDataType.INSTANCE, Keys::utf8, Function.identity());
    static final Keys<Long> NUMBERS =
        new Keys<>(
            LongDataType.INSTANCE,
            number -> ByteBuffer.allocate(Long.BYTES).putLong(number).array(),
            String::valueOf);

    /** Bytes that begin with a zone's key. */
    static final Keys<byte[]> ZONES =
        new Keys<>(ByteArrayDataType.INSTANCE, Function.identity(), Keys::zone);

    private static byte[] utf8(String text) {
      return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String zone(byte[] key) {
      String[] parts = new String(key, StandardCharsets.UTF_8).split("\0", 3);
      return parts.length < 2 ? HexFormat.of().formatHex(key) : parts[0] + "/" + parts[1];
    }
  }

  /**
   * What a map is about.
   *
   * @param name in the file
   * @param holds what its records are, for people
   * @param remedy what to do about a damaged record
   */
  record Subject(String name, String holds, String remedy) {}

  private final Subject subject;
  private final Keys<K> keys;
  private final MVMap<K, byte[]> map;
  private final boolean checked;

  private CheckedMap(Subject subject, Keys<K> keys, MVMap<K, byte[]> map, boolean checked) {
    this.subject = subject;
    this.keys = keys;
    this.map = map;
    this.checked = checked;
  }

  /**
   * Opens a map, and creates it if there is none.
   *
   * @param checked whether its records carry checksums; those of files from before do not
   */
  static <K> CheckedMap<K> open(MVStore store, Subject subject, Keys<K> keys, boolean checked) {
    return open(store, subject, subject.name(), keys, checked);
  }

  /**
   * Opens a map that has another name for now.
   *
   * @param name the name for now; the checksums are of the subject's
   */
  static <K> CheckedMap<K> open(
      MVStore store, Subject subject, String name, Keys<K> keys, boolean checked) {
    MVMap.Builder<K, byte[]> builder = new MVMap.Builder<>();
    if (checked) {
      builder.keyType(new CheckedPage<>(name, keys.type())).valueType(new CheckedValues(name));
    } else {
      builder.keyType(keys.type()).valueType(ByteArrayDataType.INSTANCE);
    }
    return new CheckedMap<>(subject, keys, store.openMap(name, builder), checked);
  }

  byte @Nullable [] get(K key) {
    byte[] record = map.get(key);
    return record == null ? null : value(key, record);
  }

  /** Puts a value, and returns whether there was one of that key; that one may be damaged. */
  boolean put(K key, byte[] value) {
    return map.put(key, record(key, value)) != null;
  }

  /** Removes a value, which may be damaged. */
  void remove(K key) {
    map.remove(key);
  }

  boolean containsKey(K key) {
    return map.containsKey(key);
  }

  long size() {
    return map.sizeAsLong();
  }

  Set<K> keySet() {
    return map.keySet();
  }

  @Nullable K firstKey() {
    return map.firstKey();
  }

  @Nullable K lowerKey(K key) {
    return map.lowerKey(key);
  }

  @Nullable K higherKey(K key) {
    return map.higherKey(key);
  }

  void clear() {
    map.clear();
  }

  void forEach(BiConsumer<K, byte[]> consumer) {
    map.forEach((key, record) -> consumer.accept(key, value(key, record)));
  }

  /** Goes through the records in the order of their keys, as they are now. */
  Rows<K> rows(@Nullable K from) {
    return new Rows<>(this, map.cursor(from));
  }

  /**
   * Copies all records.
   *
   * @param written is called after each
   */
  void copyTo(CheckedMap<K> other, Runnable written) {
    Rows<K> rows = rows(null);
    while (rows.hasNext()) {
      other.put(rows.next(), rows.value());
      written.run();
    }
  }

  /** Drops the map from the file. */
  void drop(MVStore store) {
    store.removeMap(map);
  }

  /** Gives the map its subject's name. */
  void rename(MVStore store) {
    store.renameMap(map, subject.name());
  }

  private byte[] record(K key, byte[] value) {
    return checked
        ? ByteBuffer.allocate(value.length + Integer.BYTES)
            .put(value)
            .putInt(sum(key, value, value.length))
            .array()
        : value;
  }

  private byte[] value(K key, byte[] record) {
    if (!checked) {
      return record;
    }
    int length = record.length - Integer.BYTES;
    if (length < 0 || ByteBuffer.wrap(record).getInt(length) != sum(key, record, length)) {
      throw damaged(key);
    }
    return Arrays.copyOf(record, length);
  }

  private int sum(K key, byte[] value, int length) {
    CRC32C sum = new CRC32C();
    sum.update(subject.name().getBytes(StandardCharsets.UTF_8));
    sum.update(keys.bytes().apply(key));
    sum.update(value, 0, length);
    return (int) sum.getValue();
  }

  /** Returns the failure of a record that is not what was written. */
  StoreException damaged(K key) {
    return new StoreException(
        Kind.CORRUPT,
        "%s %s in the embedded store is damaged: it is not what was written (map %s); %s"
            .formatted(subject.holds(), keys.text().apply(key), subject.name(), subject.remedy()));
  }

  /** Some records of a map, one after another. For use by one thread. */
  static final class Rows<K> {
    private final CheckedMap<K> map;
    private final Cursor<K, byte[]> cursor;
    private byte[] value = {};

    private Rows(CheckedMap<K> map, Cursor<K, byte[]> cursor) {
      this.map = map;
      this.cursor = cursor;
    }

    boolean hasNext() {
      return cursor.hasNext();
    }

    /** Returns the next key, checked with its value: a damaged key must not end a collection. */
    K next() {
      K key = cursor.next();
      value = map.value(key, cursor.getValue());
      return key;
    }

    /** Returns the value of the last key. */
    byte[] value() {
      return value;
    }
  }
}
