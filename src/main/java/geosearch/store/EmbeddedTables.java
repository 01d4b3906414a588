package geosearch.store;

import geosearch.geo.Area;
import geosearch.store.StoreException.Kind;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.type.DataType;
import org.h2.mvstore.type.LongDataType;
import org.h2.mvstore.type.StringDataType;

/**
 * What an embedded file holds.
 *
 * @param store holds the maps
 * @param chunks holds the store
 * @param layers what is known of each imported layer, by its name
 * @param zones all that is known of zones
 * @param counters the last number of each kind that was given out
 */
record EmbeddedTables(
    MVStore store,
    HeadedFileStore chunks,
    CheckedMap<String> layers,
    ZoneMaps zones,
    MVMap<String, Long> counters) {

  /** The counter of the changes of zones. */
  static final String ZONE_REVISION = "zone-revision";

  /** The time of the last change of a zone, in microseconds since 1970. */
  private static final String ZONE_TIME = "zone-time";

  /** Has checksums, and an identity. */
  private static final int FORMAT = 3;

  /** Had neither. */
  private static final int UNCHECKED_FORMAT = 2;

  /** The counter of all changes. */
  static final String REVISION = "revision";

  /** Had the zones by their ids alone, and no past. */
  private static final int FIRST_FORMAT = 1;

  /** While an upgrade is under way, the new maps have this after their names. */
  private static final String UNFINISHED = ".unfinished";

  /** So many records are written at once by an upgrade, which bounds its memory. */
  private static final int RECORDS_PER_COMMIT = 1000;

  private static final CheckedMap.Subject LAYERS =
      new CheckedMap.Subject("layers", "what is known of the layer", "restore a backup");
  private static final String COUNTERS = "counters";
  private static final String IDENTITY = "identity";

  /** The only key of the map of that name. */
  private static final String ID = "id";

  private static final Set<String> NAMES =
      Stream.concat(Stream.of(LAYERS.name(), COUNTERS, IDENTITY), ZoneMaps.NAMES.stream())
          .collect(Collectors.toUnmodifiableSet());

  private static final int CACHE_MEGABYTES = 8;
  private static final String CONTENT_PREFIX = "areas.";

  /** Contents that were imported before there were checksums; they stay as they are. */
  private static final String UNCHECKED_PREFIX = "content.";

  long counter(String name) {
    return counters.getOrDefault(name, 0L);
  }

  /**
   * Returns which store this is, and how far it has come; nothing if the file is new or of an
   * earlier layout.
   */
  Optional<StoreIdentity> identity() {
    return isOld()
        ? Optional.empty()
        : Optional.ofNullable(identityMap().get(ID))
            .map(id -> new StoreIdentity(id, counter(REVISION)));
  }

  private MVMap<String, String> identityMap() {
    return map(store, IDENTITY, StringDataType.INSTANCE, StringDataType.INSTANCE, true);
  }

  long increment(String name) {
    long next = counter(name) + 1;
    counters.put(name, next);
    return next;
  }

  /**
   * Returns the time of the next change of a zone, and notes it: the clock's, or that of the last
   * change if the clock has been set back since.
   */
  Instant nextZoneTime(Instant now) {
    long micros = Math.max(ChronoUnit.MICROS.between(Instant.EPOCH, now), counter(ZONE_TIME));
    counters.put(ZONE_TIME, micros);
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  /** The blocks of one version of a layer, by their numbers. */
  CheckedMap<Long> content(long number) {
    boolean checked = isChecked(store) && !store.hasMap(UNCHECKED_PREFIX + number);
    return CheckedMap.open(
        store,
        new CheckedMap.Subject(
            (checked ? CONTENT_PREFIX : UNCHECKED_PREFIX) + number,
            "a block of areas, number",
            "import the layer again, or activate another version"),
        CheckedMap.Keys.NUMBERS,
        checked);
  }

  void dropContent(long number) {
    content(number).drop(store);
  }

  /** The numbers of all contents that there are. */
  long[] contents() {
    return store.getMapNames().stream()
        .filter(name -> name.startsWith(CONTENT_PREFIX) || name.startsWith(UNCHECKED_PREFIX))
        .mapToLong(name -> Long.parseLong(name.substring(name.indexOf('.') + 1)))
        .toArray();
  }

  /**
   * Opens a file.
   *
   * @param retentionMillis after how long space that is no longer used may be written over
   * @throws StoreException of kind REFUSED if it is open already; CORRUPT if it is damaged or of
   *     another version; UNAVAILABLE if it can't be read
   */
  static EmbeddedTables open(Path file, int retentionMillis) {
    MVStore store;
    HeadedFileStore chunks;
    try {
      chunks = HeadedFileStore.open(file, CACHE_MEGABYTES);
    } catch (MVStoreException e) {
      throw openingFailure(file, e);
    }
    try {
      store =
          new MVStore.Builder()
              .adoptFileStore(chunks)
              .autoCommitDisabled()
              .autoCommitBufferSize(0)
              .open();
    } catch (MVStoreException e) {
      chunks.close();
      throw openingFailure(file, e);
    }
    try {
      store.setRetentionTime(retentionMillis);
      store.setVersionsToKeep(0);
      checkFormat(file, store);
      return open(store, chunks, isChecked(store));
    } catch (MVStoreException e) {
      store.closeImmediately();
      throw openingFailure(file, e);
    } catch (StoreException e) {
      store.closeImmediately();
      throw e;
    }
  }

  /** Makes a file that was copied another store than the one it was copied from. */
  static void renewIdentity(Path file) {
    EmbeddedTables tables = open(file, 0);
    try {
      if (tables.identity().isPresent()) {
        tables.putNewIdentity();
        tables.commit();
        tables.store().sync();
      }
    } catch (MVStoreException e) {
      throw failure(e);
    } finally {
      tables.store().closeImmediately();
    }
  }

  private static EmbeddedTables open(MVStore store, HeadedFileStore chunks, boolean checked) {
    return new EmbeddedTables(
        store,
        chunks,
        CheckedMap.open(store, LAYERS, CheckedMap.Keys.TEXTS, checked),
        ZoneMaps.open(store, "", checked),
        map(store, COUNTERS, StringDataType.INSTANCE, LongDataType.INSTANCE, checked));
  }

  /** Opens a map of small values, which are checked by the page. */
  static <K, V> MVMap<K, V> map(
      MVStore store, String name, DataType<K> keys, DataType<V> values, boolean checked) {
    return store.openMap(
        name,
        new MVMap.Builder<K, V>()
            .keyType(checked ? new CheckedPage<>(name, keys) : keys)
            .valueType(checked ? new CheckedPage<>(name, values) : values));
  }

  private static boolean isChecked(MVStore store) {
    return store.getStoreVersion() >= FORMAT;
  }

  private static void checkFormat(Path file, MVStore store) {
    int format = store.getStoreVersion();
    if (format == 0 && store.getMapNames().isEmpty()) {
      store.setStoreVersion(FORMAT);
    } else if (format > FORMAT) {
      throw new StoreException(
          Kind.CORRUPT, "the store " + file + " was written by a newer version of this program");
    } else if (format < FIRST_FORMAT) {
      throw new StoreException(Kind.CORRUPT, "the file " + file + " is no store of this program");
    } else if (format == FORMAT && !store.getMapNames().containsAll(NAMES)) {
      // A map whose name has changed would be taken for an empty one.
      throw new StoreException(
          Kind.CORRUPT, "the store " + file + " is damaged: a map is missing; restore a backup");
    }
  }

  /** Returns whether an earlier version of this program has written the file. */
  private boolean isOld() {
    return store.getStoreVersion() < FORMAT;
  }

  /** Returns whether the file is of an earlier layout that can be used as it is. */
  boolean isOldButUsable() {
    return store.getStoreVersion() == UNCHECKED_FORMAT;
  }

  /**
   * Gives a new file its identity, or brings what an earlier version has written up to date. An
   * older file has to be opened again after it. Commits now and then, and whatever it has committed
   * is still a file of the old layout until its last change.
   */
  void upgrade() {
    if (store.getStoreVersion() < UNCHECKED_FORMAT) {
      keepPast();
      store.setStoreVersion(UNCHECKED_FORMAT);
    }
    if (isOld()) {
      addChecksums();
    }
    putNewIdentity();
  }

  /** Makes what was changed the state that the next opening finds, once it has reached the disk. */
  void commit() {
    store.commit();
    chunks.writeHeader();
  }

  private void putNewIdentity() {
    identityMap().put(ID, UUID.randomUUID().toString());
  }

  private void addChecksums() {
    for (String name : store.getMapNames()) {
      if (name.endsWith(UNFINISHED)) {
        store.removeMap(name);
      }
    }
    CheckedMap<String> newLayers =
        CheckedMap.open(store, LAYERS, LAYERS.name() + UNFINISHED, CheckedMap.Keys.TEXTS, true);
    ZoneMaps newZones = ZoneMaps.open(store, UNFINISHED, true);
    MVMap<String, Long> newCounters =
        map(store, COUNTERS + UNFINISHED, StringDataType.INSTANCE, LongDataType.INSTANCE, true);
    Runnable written = new BoundedCommits();
    layers.copyTo(newLayers, written);
    zones.copyTo(newZones, written);
    newCounters.putAll(counters);
    newCounters.put(ZONE_TIME, Math.max(counter(ZONE_TIME), EmbeddedZonePast.lastTime(zones)));
    layers.drop(store);
    zones.drop(store);
    store.removeMap(counters);
    newLayers.rename(store);
    newZones.rename(store);
    store.renameMap(newCounters, COUNTERS);
    store.setStoreVersion(FORMAT);
  }

  /** Commits after so many records. */
  private final class BoundedCommits implements Runnable {
    private int records;

    @Override
    public void run() {
      if (++records % RECORDS_PER_COMMIT == 0) {
        store.commit();
      }
    }
  }

  /** Zones that had no past begin one. */
  private void keepPast() {
    List<byte[]> old = new ArrayList<>();
    zones.present().forEach((_, bytes) -> old.add(bytes));
    zones.present().clear();
    AreaCodec codec = new AreaCodec();
    old.forEach(bytes -> {
      try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
        long revision = in.readLong();
        Instant created = AreaCodec.readTime(in);
        Area area = AreaCodec.readArea(in);
        ZoneDraft zone =
            new ZoneDraft(Store.ZONE_LAYER, area, codec.readOutline(in), Optional.empty());
        zones.put(
            ZoneMaps.bytes(zone.key()),
            revision,
            new ZoneState(created, created, Optional.of(zone)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
    EmbeddedZonePast.beginAt(this, counter(ZONE_REVISION));
  }

  private static StoreException openingFailure(Path file, MVStoreException e) {
    return switch (e.getErrorCode()) {
      case DataUtils.ERROR_FILE_LOCKED ->
          new StoreException(
              Kind.REFUSED,
              "the store "
                  + file
                  + " is open in another process, and can have only one: stop the server (or other"
                  + " command) that uses it, ask that server instead, or name another folder",
              e);
      case DataUtils.ERROR_FILE_CORRUPT ->
          new StoreException(
              Kind.CORRUPT,
              "the store " + file + " is damaged: put a backup in its place, or move it away",
              e);
      case DataUtils.ERROR_UNSUPPORTED_FORMAT ->
          new StoreException(
              Kind.CORRUPT, "the store " + file + " was written by another version of H2", e);
      default ->
          new StoreException(
              Kind.UNAVAILABLE, "the store " + file + " can't be opened: " + reason(e), e);
    };
  }

  static StoreException failure(MVStoreException e) {
    return switch (e.getErrorCode()) {
      case DataUtils.ERROR_CLOSED ->
          new StoreException(Kind.UNAVAILABLE, "the embedded store is closed", e);
      case DataUtils.ERROR_FILE_CORRUPT, DataUtils.ERROR_CHUNK_NOT_FOUND ->
          new StoreException(
              Kind.CORRUPT, "the embedded store is damaged, restore a backup: " + reason(e), e);
      default -> new StoreException(Kind.UNAVAILABLE, "the embedded store failed: " + reason(e), e);
    };
  }

  /** What went wrong at the bottom of it, without the file's path. */
  static String reason(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String reason = root instanceof FileSystemException system ? system.getReason() : null;
    if (reason == null && root instanceof IOException && !(root instanceof FileSystemException)) {
      reason = root.getMessage();
    }
    return reason == null ? root.getClass().getSimpleName() : reason;
  }
}
