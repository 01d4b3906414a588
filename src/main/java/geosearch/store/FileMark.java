package geosearch.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether a path still leads to the file that was opened there: it may be deleted, emptied or
 * replaced meanwhile. Opens no file, because closing it would release this process's lock on it.
 *
 * @param state whether there is a file with something in it
 * @param key of the file in its file system; null if the system has none
 */
record FileMark(State state, @Nullable Object key) {

  /** What lies at a path. */
  enum State {
    MISSING,
    EMPTY,
    FILLED
  }

  /** Reads the mark of what is there now. */
  static FileMark of(Path file) throws IOException {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return new FileMark(
          attributes.size() == 0 ? State.EMPTY : State.FILLED, attributes.fileKey());
    } catch (NoSuchFileException e) {
      return new FileMark(State.MISSING, null);
    }
  }

  /** Describes what is there in place of a file of another mark. */
  String describe() {
    return switch (state) {
      case MISSING -> "is missing";
      case EMPTY -> "is empty";
      case FILLED -> "was replaced by another file";
    };
  }
}
