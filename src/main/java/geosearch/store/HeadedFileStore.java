package geosearch.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.file.Path;
import java.util.Map;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.SFChunk;
import org.h2.mvstore.SingleFileStore;

/**
 * H2's file of chunks, with a header that names the last chunk after each commit.
 *
 * <p>By itself H2 (2.5.252) writes the header before it takes note of the chunk that it has just
 * written, so the header names the one before. That one says where the next is expected; where the
 * new chunk went elsewhere, into space that was free, nothing leads to it, and when the process is
 * killed, it is lost with the up to twenty commits after it. H2's SQL lies on the same file and
 * loses acknowledged commits in the same way, WRITE_DELAY=0 or not.
 */
final class HeadedFileStore extends SingleFileStore {

  private static final int HEADER_BYTES = 256;

  /** What H2 calls the time of the file's creation in its header. */
  private static final String CREATED = "created";

  private HeadedFileStore(int cacheMegabytes) {
    super(Map.of("cacheSize", cacheMegabytes));
  }

  /**
   * Opens a file, and creates it if there is none.
   *
   * @throws org.h2.mvstore.MVStoreException if it can't be opened or is open already
   */
  static HeadedFileStore open(Path file, int cacheMegabytes) {
    HeadedFileStore store = new HeadedFileStore(cacheMegabytes);
    store.open("async:" + file, false, null);
    return store;
  }

  /**
   * Whether the file still begins as this store wrote it: a copy of another store over it, or
   * nothing, does not.
   */
  boolean hasItsHeader() {
    try {
      String header = ISO_8859_1.decode(readFully((SFChunk) null, 0, HEADER_BYTES)).toString();
      long created = DataUtils.readHexLong(getStoreHeader(), CREATED, 0);
      return header.contains(CREATED + ":" + Long.toHexString(created));
    } catch (MVStoreException e) { // it is shorter
      return false;
    }
  }

  /**
   * Writes a header that names the last chunk and says that everything is in order, as H2 does when
   * it closes a file. It takes the latter back with its next commit.
   */
  void writeHeader() {
    saveChunkLock.lock();
    try {
      writeCleanShutdownMark();
    } finally {
      saveChunkLock.unlock();
    }
  }
}
