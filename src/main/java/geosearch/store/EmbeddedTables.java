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
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.type.ByteArrayDataType;
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
    MVMap<String, byte[]> layers,
    ZoneMaps zones,
    MVMap<String, Long> counters) {

  /** The counter of the changes of zones. */
  static final String ZONE_REVISION = "zone-revision";

  /** The time of the last change of a zone, in microseconds since 1970. */
  private static final String ZONE_TIME = "zone-time";

  private static final int FORMAT = 2;

  /** Had the zones by their ids alone, and no past. */
  private static final int FIRST_FORMAT = 1;

  private static final int CACHE_MEGABYTES = 8;
  private static final String CONTENT_PREFIX = "content.";

  long counter(String name) {
    return counters.getOrDefault(name, 0L);
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
  MVMap<Long, byte[]> content(long number) {
    return store.openMap(
        CONTENT_PREFIX + number,
        new MVMap.Builder<Long, byte[]>()
            .keyType(LongDataType.INSTANCE)
            .valueType(ByteArrayDataType.INSTANCE));
  }

  void dropContent(long number) {
    store.removeMap(content(number));
  }

  /** The numbers of all contents that there are. */
  long[] contents() {
    return store.getMapNames().stream()
        .filter(name -> name.startsWith(CONTENT_PREFIX))
        .mapToLong(name -> Long.parseLong(name.substring(CONTENT_PREFIX.length())))
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
      return new EmbeddedTables(
          store,
          chunks,
          store.openMap(
              "layers",
              new MVMap.Builder<String, byte[]>()
                  .keyType(StringDataType.INSTANCE)
                  .valueType(ByteArrayDataType.INSTANCE)),
          ZoneMaps.open(store),
          store.openMap(
              "counters",
              new MVMap.Builder<String, Long>()
                  .keyType(StringDataType.INSTANCE)
                  .valueType(LongDataType.INSTANCE)));
    } catch (MVStoreException e) {
      store.closeImmediately();
      throw openingFailure(file, e);
    } catch (StoreException e) {
      store.closeImmediately();
      throw e;
    }
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
    }
  }

  /** Whether an earlier version of this program has written the file. */
  boolean isOld() {
    return store.getStoreVersion() < FORMAT;
  }

  /** Brings what an earlier version has written up to date. */
  void upgrade() {
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
    store.setStoreVersion(FORMAT);
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
          new StoreException(Kind.CORRUPT, "the embedded store is damaged", e);
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
