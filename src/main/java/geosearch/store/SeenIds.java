package geosearch.store;

import geosearch.store.StoreException.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.type.LongDataType;
import org.h2.mvstore.type.StringDataType;

/**
 * The ids that an import has seen, each with the feature where it was first. They lie in a
 * temporary file, so that the memory of an import does not grow with them. For use by one thread.
 */
final class SeenIds implements AutoCloseable {

  private static final String PREFIX = "import-";
  private static final String SUFFIX = ".tmp";
  private static final int CACHE_MEGABYTES = 4;
  private static final int UNSAVED_KILOBYTES = 1024;

  private final Path file;
  private final Function<Exception, StoreException> failure;
  private final MVStore store;

  /** The feature of each id's first occurrence; negative once the id occurred again. */
  private final MVMap<String, Long> first;

  private final Map<String, List<Long>> listed = new LinkedHashMap<>();
  private long count;

  /**
   * Creates the temporary file.
   *
   * @param failure what a failure of this file means to callers
   */
  SeenIds(Path folder, Function<Exception, StoreException> failure) {
    this.failure = failure;
    try {
      file = Files.createTempFile(folder, PREFIX, SUFFIX);
    } catch (IOException e) {
      throw failure.apply(e);
    }
    try {
      store = open(file);
    } catch (MVStoreException e) {
      deleteFile();
      throw failure.apply(e);
    }
    first =
        store.openMap(
            "ids",
            new MVMap.Builder<String, Long>()
                .keyType(StringDataType.INSTANCE)
                .valueType(LongDataType.INSTANCE));
  }

  private static MVStore open(Path file) {
    MVStore store =
        new MVStore.Builder()
            .fileName("async:" + file)
            .autoCommitDisabled()
            .autoCommitBufferSize(UNSAVED_KILOBYTES)
            .cacheSize(CACHE_MEGABYTES)
            .open();
    store.setRetentionTime(0);
    store.setVersionsToKeep(0);
    return store;
  }

  /** Deletes what imports have left in a folder that were killed. */
  static void deleteLeftovers(Path folder) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, PREFIX + "*" + SUFFIX)) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new StoreException(Kind.UNAVAILABLE, "the store's folder can't be tidied", e);
    }
  }

  void add(String id, long featureNumber) {
    try {
      Long earlier = first.putIfAbsent(id, featureNumber);
      if (earlier != null) {
        addDuplicate(id, earlier, featureNumber);
      }
    } catch (MVStoreException e) {
      throw failure.apply(e);
    }
  }

  private void addDuplicate(String id, long earlier, long featureNumber) {
    if (earlier > 0) {
      first.put(id, -earlier);
      count++;
      if (listed.size() < Refusals.LISTED) {
        listed.put(id, new ArrayList<>(List.of(earlier)));
      }
    }
    List<Long> places = listed.get(id);
    if (places != null && places.size() < Refusals.LISTED) {
      places.add(featureNumber);
    }
  }

  /**
   * @throws StoreException of kind REFUSED if an id occurred more than once
   */
  void checkUnique() {
    if (count > 0) {
      throw Refusals.duplicateIds(
          listed.entrySet().stream()
              .map(id -> new Refusals.Duplicate(id.getKey(), List.copyOf(id.getValue())))
              .toList(),
          count);
    }
  }

  @Override
  public void close() {
    store.closeImmediately();
    deleteFile();
  }

  private void deleteFile() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
