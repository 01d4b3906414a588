package geosearch.store;

import geosearch.store.StoreException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;

/**
 * The file of an embedded store: H2's storage engine MVStore, without the SQL above it, which would
 * cost a third of a second at each start and would rewrite each imported area when its transaction
 * ends.
 *
 * <p>What makes its promises:
 *
 * <ul>
 *   <li>MVStore writes a commit as one chunk and then a header that names it ({@link
 *       HeadedFileStore}), so a commit is there as a whole or not at all. It commits when told to
 *       and never by itself, and a change returns only once its commit is on the disk.
 *   <li>Changes come one after another, and nobody sees one before it is committed. Those that come
 *       while a commit is under way are committed together, so that many at once cost little more
 *       than one.
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

  /**
   * Space that is no longer used is written over after this time at the earliest. As no commit
   * begins while an earlier one has not reached the disk for {@link #MAX_UNSYNCED_NANOS}, it is not
   * used on the disk either by then.
   */
  private static final int RETENTION_MILLIS = 2_000;

  private static final long MAX_UNSYNCED_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Chunks are written together anew once less than this share of them is in use, in percent. */
  private static final int FILL_PERCENT = 50;

  private static final int COMMITS_PER_TIDYING = 64;
  private static final int TIDYING_BYTES = 1024 * 1024;
  private static final long TIDYING_AT_CLOSE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final Path file;
  private final FullDisk disk;
  private final EmbeddedIdentity identity;
  private final ReentrantLock lock = new ReentrantLock(true);

  private final GroupCommit groupCommit = new GroupCommit(together -> commit(together, true));
  private final AtomicLong acceptances = new AtomicLong();
  private EmbeddedTables tables;
  private long lastSync = System.nanoTime();
  private int commits;
  private boolean closed;

  private EmbeddedFile(Path file, EmbeddedIdentity identity, boolean accept) {
    this.file = file;
    this.disk = new FullDisk(Objects.requireNonNull(file.getParent()));
    this.identity = identity;
    this.tables = openTables(accept);
    begin(accept);
  }

  /** Opens what lies at the path, and checks which store that is. */
  private EmbeddedTables openTables(boolean accept) {
    EmbeddedTables opened = EmbeddedTables.open(file, RETENTION_MILLIS);
    try {
      identity.take(opened.identity(), accept);
      return opened;
    } catch (MVStoreException e) {
      opened.store().closeImmediately();
      throw EmbeddedTables.failure(e);
    } catch (StoreException e) {
      opened.store().closeImmediately();
      throw e;
    }
  }

  /** Brings what was opened up to date, which gives it an identity if it has none. */
  private void begin(boolean accept) {
    try {
      if (tables.identity().isEmpty()) {
        upgrade(accept);
      }
      tables().identity().ifPresent(identity::begin);
    } catch (RuntimeException e) {
      tables.store().closeImmediately();
      throw e;
    }
  }

  /**
   * Opens the file in a folder, and creates what is missing of both for its owner alone.
   *
   * @throws StoreException of kind REFUSED if it is open already; CORRUPT if it is damaged or of
   *     another version; UNAVAILABLE if it can't be written or read; MISMATCH if the folder shows
   *     that another store was there, or a later state
   */
  static EmbeddedFile open(Path folder) {
    return open(folder, "", false);
  }

  /**
   * Opens the file in a folder as {@link #open(Path)} does.
   *
   * @param named the only identity to use, or empty for any
   * @param accept whether to take what is there whatever was there before
   */
  static EmbeddedFile open(Path folder, String named, boolean accept) {
    Path absolute = folder.toAbsolutePath().normalize();
    Path file = absolute.resolve(NAME);
    EmbeddedIdentity identity = new EmbeddedIdentity(absolute, named);
    try {
      identity.checkMayCreate(accept);
      EmbeddedFolder.create(absolute);
      EmbeddedFolder.createFile(file);
    } catch (IOException e) {
      throw EmbeddedFolder.unusable(absolute, e);
    }
    if (!Files.isWritable(file)) {
      throw new StoreException(
          Kind.UNAVAILABLE, "the file " + file + " of the store can't be written to");
    }
    return new EmbeddedFile(file, identity, accept);
  }

  /** Looks at the last commit. Others wait meanwhile: for what is short. */
  <T> T read(Function<EmbeddedTables, T> look) {
    lock.lock();
    try {
      return look.apply(tables());
    } catch (MVStoreException e) {
      throw EmbeddedTables.failure(e);
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
  <C, T> T scan(Function<EmbeddedTables, C> begin, Function<C, T> go) {
    MVStore store;
    MVStore.TxCounter usage;
    C cursors;
    lock.lock();
    try {
      EmbeddedTables now = tables();
      store = now.store();
      usage = store.registerVersionUsage();
      try {
        cursors = begin.apply(now);
      } catch (RuntimeException e) {
        store.deregisterVersionUsage(usage);
        throw e;
      }
    } catch (MVStoreException e) {
      throw EmbeddedTables.failure(e);
    } finally {
      lock.unlock();
    }
    try {
      return go.apply(cursors);
    } catch (MVStoreException e) {
      throw EmbeddedTables.failure(e);
    } finally {
      store.deregisterVersionUsage(usage);
    }
  }

  /**
   * Makes a change, all of it or nothing. When this returns it is on the disk.
   *
   * @param change must not throw a {@link StoreException} once it has changed something
   */
  <T> T write(Function<EmbeddedTables, T> change) {
    return groupCommit.make(change);
  }

  private void upgrade(boolean accept) {
    boolean usable = tables.isOldButUsable();
    try {
      commit(
          now -> {
            now.upgrade();
            return true;
          },
          true);
    } catch (StoreException e) {
      // An earlier layout is used as it is while the disk is full: the next start tries again. An
      // acceptance would be lost, as it has to name the identity of what was accepted.
      if (accept || !usable || e.kind() != Kind.FULL) {
        throw e;
      }
    }
    tables.store().closeImmediately(); // and opened again in its new layout
  }

  /** Makes a change that means nothing until a later {@link #write} refers to it. */
  void stage(Consumer<EmbeddedTables> change) {
    commit(
        now -> {
          change.accept(now);
          return true;
        },
        false);
  }

  /**
   * Makes changes of one commit.
   *
   * @param changes answers whether there is something to be committed
   * @param durable whether it must be on the disk when this returns
   */
  private void commit(Predicate<EmbeddedTables> changes, boolean durable) {
    lock.lock();
    try {
      EmbeddedTables now = tables();
      boolean whole = false;
      try {
        if (System.nanoTime() - lastSync > MAX_UNSYNCED_NANOS) {
          sync(now.store());
        }
        if (++commits % COMMITS_PER_TIDYING == 0) {
          tidy(now.store());
        }
        if (durable) {
          // First, as an upgrade replaces the counters. If nothing changes, a number is skipped.
          now.increment(EmbeddedTables.REVISION);
        }
        if (changes.test(now)) {
          now.commit();
          if (durable) {
            sync(now.store());
            disk.wrote();
            now.identity().ifPresent(identity::keep);
          }
        }
        whole = true;
      } catch (MVStoreException e) {
        throw failedWrite(e);
      } finally {
        if (!whole) {
          now.store().closeImmediately();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private void sync(MVStore store) {
    store.sync();
    lastSync = System.nanoTime();
  }

  /** Returns what a failed write in the store's folder means to callers. */
  StoreException failedWrite(Exception e) {
    return disk.failedWrite(e);
  }

  static StoreException isClosed() {
    return new StoreException(Kind.UNAVAILABLE, "the embedded store is closed");
  }

  private EmbeddedTables tables() {
    if (closed) {
      throw isClosed();
    }
    identity.checkUnchanged(tables);
    if (tables.store().isClosed()) {
      tables = openTables(false);
    }
    return tables;
  }

  /** Returns how often another file was accepted. */
  long acceptances() {
    return acceptances.get();
  }

  /**
   * Opens the file that lies at the path now, and creates one if there is none. What was open is
   * given up, also if this fails.
   */
  void accept() {
    lock.lock();
    try {
      if (closed) {
        throw isClosed();
      }
      if (identity.isUnchanged(tables)) {
        return;
      }
      identity.checkMayCreate(true);
      tables.store().closeImmediately();
      EmbeddedFolder.createFile(file);
      tables = openTables(true);
      begin(true);
      acceptances.incrementAndGet();
    } catch (IOException e) {
      throw EmbeddedFolder.unusable(file, e);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Each commit leaves the pages behind that it replaced, in chunks that are used less and less:
   * moves a bounded part of what is still used in such chunks.
   *
   * @return whether there was something to move
   */
  private static boolean tidy(MVStore store) {
    try {
      return !Thread.currentThread().isInterrupted() && store.compact(FILL_PERCENT, TIDYING_BYTES);
    } catch (MVStoreException e) {
      throw e;
    } catch (RuntimeException e) {
      if (e.getCause() instanceof InterruptedException) {
        Thread.currentThread().interrupt();
        return false;
      }
      throw e;
    }
  }

  /**
   * Closes the file, after some tidying that is bounded in time. If somebody still uses it, they
   * get a {@link StoreException}. What was committed is on the disk before: a full one does not
   * matter.
   */
  @Override
  public void close() {
    groupCommit.close();
    lock.lock();
    try {
      closed = true;
      MVStore store = tables.store();
      if (!identity.isUnchanged(tables)) {
        // Another file may lie there, which must not be written to.
        store.closeImmediately();
      } else if (!store.isClosed()) {
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < TIDYING_AT_CLOSE_NANOS && tidy(store)) {
          store.commit();
        }
        store.close();
      }
    } catch (MVStoreException e) {
      tables.store().closeImmediately();
      StoreException failure = failedWrite(e);
      if (failure.kind() != Kind.FULL) {
        throw failure;
      }
    } finally {
      lock.unlock();
    }
  }
}
