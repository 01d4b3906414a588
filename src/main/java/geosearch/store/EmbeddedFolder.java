package geosearch.store;

import geosearch.store.StoreException.Kind;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** Creates the folder of an embedded store and the files in it, for their owner alone. */
final class EmbeddedFolder {

  private EmbeddedFolder() {}

  /**
   * Makes a new store in a folder that holds the same as another, with the indexes beside it,
   * unless there is or was a store.
   *
   * @throws StoreException of kind REFUSED if there is nothing to copy; CORRUPT if what there is is
   *     damaged or of a newer version; UNAVAILABLE if it can't be copied
   */
  static void copy(Path from, Path to) {
    try {
      if (Files.exists(to.resolve(EmbeddedFile.NAME)) || EmbeddedIdentity.isKept(to)) {
        return;
      }
    } catch (IOException e) {
      throw unusable(to, e);
    }
    if (!Files.exists(from.resolve(EmbeddedFile.NAME))) {
      throw new StoreException(
          Kind.REFUSED,
          "there is no store to begin with in " + from + "; see the setting store.template");
    }
    try {
      create(to);
      // First, for indexes without it say that a store was lost.
      Path store = copyUnfinished(from.resolve(EmbeddedFile.NAME), to);
      renewIdentity(store, from);
      finish(store, to.resolve(EmbeddedFile.NAME));
      try (DirectoryStream<Path> indexes = Files.newDirectoryStream(from, "*" + IndexFile.SUFFIX)) {
        for (Path index : indexes) {
          finish(copyUnfinished(index, to), to.resolve(index.getFileName()));
        }
      }
    } catch (IOException e) {
      throw unusable(to, e);
    }
  }

  /** A failure is one of what was copied, not of a file that the user has never seen. */
  private static void renewIdentity(Path copy, Path from) {
    try {
      EmbeddedTables.renewIdentity(copy);
    } catch (StoreException e) {
      throw new StoreException(
          e.kind(),
          "the store in %s can't be copied (setting store.template): %s"
              .formatted(from, e.getMessage()),
          e);
    }
  }

  /** Copies a file into a folder, under another name until it is finished. */
  private static Path copyUnfinished(Path file, Path folder) throws IOException {
    Path unfinished = folder.resolve(file.getFileName() + ".tmp");
    Files.deleteIfExists(unfinished);
    createForOwner(unfinished);
    try (OutputStream out = Files.newOutputStream(unfinished)) {
      Files.copy(file, out);
    }
    return unfinished;
  }

  private static void finish(Path unfinished, Path file) throws IOException {
    Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Creates a folder that nobody else can read, unless there is one. */
  static void create(Path folder) throws IOException {
    Files.createDirectories(folder, ownerOnly(folder, "rwx------"));
  }

  /** Returns what it means to callers that a folder can't be created or read. */
  static StoreException unusable(Path folder, IOException e) {
    return new StoreException(
        Kind.UNAVAILABLE,
        "the folder " + folder + " can't be used: " + EmbeddedTables.reason(e),
        e);
  }

  /** Creates a file that nobody else can read. */
  static void createForOwner(Path file) throws IOException {
    Files.createFile(file, ownerOnly(file, "rw-------"));
  }

  /** Creates a file that nobody else can read, unless there is one. */
  static void createFile(Path file) throws IOException {
    try {
      createForOwner(file);
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
}
