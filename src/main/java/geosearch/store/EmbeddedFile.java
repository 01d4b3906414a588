package geosearch.store;

import geosearch.store.StoreException.Kind;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.type.ByteArrayDataType;
import org.h2.mvstore.type.LongDataType;
import org.h2.mvstore.type.StringDataType;

/**
 * The file of an embedded store: H2's storage engine MVStore, without the SQL above it, which would
 * cost a third of a second at each start and would rewrite each imported area when its transaction
 * ends.
 *
 * <p>What makes its promises:
 *
 * <ul>
 *   <li>MVStore writes a commit as one chunk and goes by the last whole chunk when it opens a file,
 *       so a commit is there as a whole or not at all. It commits when told to and never by itself,
 *       and a change returns only once its commit is on the disk.
 *   <li>Changes come one after another, and nobody sees one before it is committed.
 *   <li>A change that fails half-way, as on a full disk, drops what is in memory; the next use
 *       opens the file again and finds the last commit.
 *   <li>The file is locked by the operating system as long as it is open: it has one owner, even
 *       within a process.
 *   <li>It is used through an asynchronous channel: an interrupt of the calling thread would close
 *       any other for everybody.
 * </ul>
 *
 * <p>Safe for use by several threads.
 */
final class EmbeddedFile implements AutoCloseable {

  static final String NAME = "geosearch.mv.db";

  private static final int FORMAT = 1;
  private static final int CACHE_MEGABYTES = 8;

  /**
   * Space that is no longer used is written over after this time. By then it is certain to be
   * without use on the disk too, as {@link #SYNC_NANOS} is less.
   */
  private static final int RETENTION_MILLIS = 5_000;

  private static final long SYNC_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int COMPACT_AT_CLOSE_MILLIS = 200;
  private static final String CONTENT_PREFIX = "content.";

  /**
   * What the file holds.
   *
   * @param store holds the maps
   * @param layers what is known of each imported layer, by its name
   * @param zones by their ids in UTF-8, whose order is that of code points
   * @param counters the last number of each kind that was given out
   */
  record Tables(
      MVStore store,
      MVMap<String, byte[]> layers,
      MVMap<byte[], byte[]> zones,
      MVMap<String, Long> counters) {

    long counter(String name) {
      return counters.getOrDefault(name, 0L);
    }

    long increment(String name) {
      long next = counter(name) + 1;
      counters.put(name, next);
      return next;
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
  }

  private final Path file;
  private final ReentrantLock lock = new ReentrantLock(true);
  private Tables tables;
  private long lastSync = System.nanoTime();
  private boolean closed;

  private EmbeddedFile(Path file) {
    this.file = file;
    this.tables = openTables(file);
  }

  /**
   * Opens the file in a folder, and creates what is missing of both for its owner alone.
   *
   * @throws StoreException of kind REFUSED if it is open already; CORRUPT if it is damaged or of
   *     another version; UNAVAILABLE if it can't be written or read
   */
  static EmbeddedFile open(Path folder) {
    Path absolute = folder.toAbsolutePath().normalize();
    Path file = absolute.resolve(NAME);
    try {
      Files.createDirectories(absolute, ownerOnly(absolute, "rwx------"));
      createFile(file);
    } catch (IOException e) {
      throw new StoreException(
          Kind.UNAVAILABLE, "the folder " + absolute + " can't be used: " + reason(e), e);
    }
    if (!Files.isWritable(file)) {
      throw new StoreException(
          Kind.UNAVAILABLE, "the file " + file + " of the store can't be written to");
    }
    return new EmbeddedFile(file);
  }

  private static void createFile(Path file) throws IOException {
    try {
      Files.createFile(file, ownerOnly(file, "rw-------"));
    } catch (FileAlreadyExistsException _) {
      // as usual
    }
  }

  private static FileAttribute<?>[] ownerOnly(Path path, String permissions) {
    boolean posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  /** Looks at the last commit. Others wait meanwhile: for what is short. */
  <T> T read(Function<Tables, T> look) {
    lock.lock();
    try {
      return look.apply(tables());
    } catch (MVStoreException e) {
      throw failure(e);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Goes through one state of the file while others change it.
   *
   * @param begin takes cursors while nobody changes anything
   * @param go uses them; they stay as they were
   */
  <C, T> T scan(Function<Tables, C> begin, Function<C, T> go) {
    MVStore store;
    MVStore.TxCounter usage;
    C cursors;
    lock.lock();
    try {
      Tables now = tables();
      store = now.store();
      usage = store.registerVersionUsage();
      try {
        cursors = begin.apply(now);
      } catch (RuntimeException e) {
        store.deregisterVersionUsage(usage);
        throw e;
      }
    } catch (MVStoreException e) {
      throw failure(e);
    } finally {
      lock.unlock();
    }
    try {
      return go.apply(cursors);
    } catch (MVStoreException e) {
      throw failure(e);
    } finally {
      store.deregisterVersionUsage(usage);
    }
  }

  /**
   * Makes a change, all of it or nothing. When this returns it is on the disk.
   *
   * @param change must not throw a {@link StoreException} once it has changed something
   */
  <T> T write(Function<Tables, T> change) {
    return commit(change, true);
  }

  /** Makes a change that means nothing until a later {@link #write} refers to it. */
  void stage(Consumer<Tables> change) {
    commit(
        now -> {
          change.accept(now);
          return true;
        },
        false);
  }

  private <T> T commit(Function<Tables, T> change, boolean durable) {
    lock.lock();
    try {
      Tables now = tables();
      boolean whole = false;
      try {
        T result = change.apply(now);
        now.store().commit();
        if (durable || System.nanoTime() - lastSync > SYNC_NANOS) {
          now.store().sync();
          lastSync = System.nanoTime();
        }
        whole = true;
        return result;
      } catch (StoreException e) {
        whole = true;
        throw e;
      } catch (MVStoreException e) {
        throw failure(e);
      } finally {
        if (!whole) {
          now.store().closeImmediately();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private Tables tables() {
    if (closed) {
      throw new StoreException(Kind.UNAVAILABLE, "the embedded store is closed");
    }
    if (tables.store().isClosed()) {
      tables = openTables(file);
    }
    return tables;
  }

  /**
   * Closes the file, after some tidying that is bounded in time. Where somebody still uses it, they
   * get a {@link StoreException}.
   */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      tables.store().close(COMPACT_AT_CLOSE_MILLIS);
    } catch (MVStoreException e) {
      tables.store().closeImmediately();
      throw failure(e);
    } finally {
      lock.unlock();
    }
  }

  private static Tables openTables(Path file) {
    MVStore store;
    try {
      store =
          new MVStore.Builder()
              .fileName("async:" + file)
              .autoCommitDisabled()
              .autoCommitBufferSize(0)
              .cacheSize(CACHE_MEGABYTES)
              .open();
    } catch (MVStoreException e) {
      throw openingFailure(file, e);
    }
    try {
      store.setRetentionTime(RETENTION_MILLIS);
      store.setVersionsToKeep(0);
      checkFormat(file, store);
      return new Tables(
          store,
          store.openMap(
              "layers",
              new MVMap.Builder<String, byte[]>()
                  .keyType(StringDataType.INSTANCE)
                  .valueType(ByteArrayDataType.INSTANCE)),
          store.openMap(
              "zones",
              new MVMap.Builder<byte[], byte[]>()
                  .keyType(ByteArrayDataType.INSTANCE)
                  .valueType(ByteArrayDataType.INSTANCE)),
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
    } else if (format != FORMAT) {
      throw new StoreException(Kind.CORRUPT, "the file " + file + " is no store of this program");
    }
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
  private static String reason(Throwable e) {
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
