package geosearch.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.Objects;
import java.util.UUID;

/**
 * A file that takes its place when all of it has been written. Until then, and where the writing
 * fails, what was there before stays as it was.
 */
final class OutputFile {

  /** What writes the content. */
  @FunctionalInterface
  interface Content {
    void writeTo(OutputStream out) throws IOException, InterruptedException;
  }

  private OutputFile() {}

  /**
   * Writes a file. In place are written what is no regular file, such as a device or a pipe, and a
   * file in a folder that can't be written to.
   *
   * @throws IOException of the content, or if the file can't be written
   */
  static void write(Path file, Content content) throws IOException, InterruptedException {
    boolean exists = Files.exists(file);
    if (exists && !(Files.isRegularFile(file) && Files.isWritable(folder(file.toRealPath())))) {
      writeInPlace(file, content);
      return;
    }
    Path target = linked(file);
    if (exists && !Files.isWritable(target)) {
      throw new AccessDeniedException(file.toString());
    }
    Path part =
        target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".part");
    try (OutputStream out = create(part, file)) {
      // Also where the user ends the command.
      part.toFile().deleteOnExit();
      if (exists) {
        takePermissions(target, part);
      }
      content.writeTo(out);
    } catch (IOException | InterruptedException | RuntimeException e) {
      Files.deleteIfExists(part);
      throw e;
    }
    move(part, target);
  }

  private static Path folder(Path file) {
    return Objects.requireNonNull(file.toAbsolutePath().getParent());
  }

  /** A link stays one, whether there is already what it leads to or not. */
  private static Path linked(Path file) throws IOException {
    if (Files.exists(file)) {
      return file.toRealPath();
    }
    return Files.isSymbolicLink(file)
        ? folder(file).resolve(Files.readSymbolicLink(file))
        : file.toAbsolutePath();
  }

  private static void writeInPlace(Path file, Content content)
      throws IOException, InterruptedException {
    try (OutputStream out = Files.newOutputStream(file)) {
      content.writeTo(out);
    }
  }

  /** Errors name the file as the user did. */
  private static OutputStream create(Path part, Path file) throws IOException {
    try {
      return Files.newOutputStream(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (NoSuchFileException e) {
      throw new NoSuchFileException(file.toString());
    } catch (AccessDeniedException e) {
      throw new AccessDeniedException(file.toString());
    }
  }

  private static void takePermissions(Path from, Path to) throws IOException {
    PosixFileAttributeView old = Files.getFileAttributeView(from, PosixFileAttributeView.class);
    if (old != null) {
      Files.setPosixFilePermissions(to, old.readAttributes().permissions());
    }
  }

  /** A file that is mounted by itself can't be replaced; then it gets the content. */
  private static void move(Path part, Path target) throws IOException {
    try {
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      try (OutputStream out = Files.newOutputStream(target)) {
        Files.copy(part, out);
      } finally {
        Files.deleteIfExists(part);
      }
    }
  }
}
