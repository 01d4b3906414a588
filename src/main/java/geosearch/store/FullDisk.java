package geosearch.store;

import geosearch.store.StoreException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Explains failed writes in the folder of an embedded store, of which no space left on the disk is
 * the one that users can mend: it is logged once until a write succeeds again. Safe for use by
 * several threads.
 */
final class FullDisk {

  private static final Logger log = LoggerFactory.getLogger(FullDisk.class);

  /** Of Linux and macOS, their quotas, and Windows. */
  private static final List<String> REASONS =
      List.of("no space left", "quota exceeded", "not enough space");

  /** A disk with less than this has no room for any commit. */
  private static final long LEAST_BYTES = 16 * 1024;

  private final Path folder;
  private final AtomicBoolean full = new AtomicBoolean();

  FullDisk(Path folder) {
    this.folder = folder;
  }

  /** Returns what a failed write means to callers: of kind FULL if there is no space left. */
  StoreException failedWrite(Exception e) {
    if (!isCauseOf(e)) {
      return e instanceof MVStoreException engine
          ? EmbeddedTables.failure(engine)
          : new StoreException(
              Kind.UNAVAILABLE,
              "the embedded store's folder can't be written to: " + EmbeddedTables.reason(e),
              e);
    }
    if (full.compareAndSet(false, true)) {
      log.warn(
          "No space left for the store: it can be read, and writes fail until there is folder={}",
          folder);
    }
    return new StoreException(
        Kind.FULL,
        "the embedded store has no space left on its disk, and nothing was changed (%s): free some space, then try again"
            .formatted(EmbeddedTables.reason(e)),
        e);
  }

  /** Notes that a write succeeded. */
  void wrote() {
    if (full.compareAndSet(true, false)) {
      log.info("Store can be written again folder={}", folder);
    }
  }

  /**
   * Returns whether a failure means that the disk is full. Java has no exception of its own for it,
   * and the system's message depends on the language of the process: so the space that is left
   * counts too.
   */
  private boolean isCauseOf(Throwable failure) {
    boolean write = false;
    for (@Nullable Throwable e = failure; e != null; e = e.getCause()) {
      String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
      if (REASONS.stream().anyMatch(message::contains)) {
        return true;
      }
      write |= e instanceof IOException;
    }
    return write && isFull();
  }

  private boolean isFull() {
    try {
      return Files.getFileStore(folder).getUsableSpace() < LEAST_BYTES;
    } catch (IOException e) {
      return false;
    }
  }
}
