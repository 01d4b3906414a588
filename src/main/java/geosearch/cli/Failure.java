package geosearch.cli;

import geosearch.config.ConfigException;
import geosearch.store.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Objects;

/**
 * What a command that failed says, and how it ends.
 *
 * @param exitCode one of {@link ExitCode}
 * @param lines for people
 */
record Failure(int exitCode, List<String> lines) {

  static Failure of(Throwable thrown) {
    return switch (thrown) {
      case CommandException e -> new Failure(e.exitCode(), List.of(text(e)));
      case ConfigException e -> new Failure(ExitCode.FAILED, e.problems());
      case StoreException e -> new Failure(exitCode(e.kind()), List.of(text(e)));
      case UncheckedIOException e -> of(Objects.requireNonNull(e.getCause()));
      case IOException e -> new Failure(ExitCode.FAILED, List.of(describe(e)));
      default ->
          new Failure(
              ExitCode.FAILED, List.of("this should not happen, --verbose shows where: " + thrown));
    };
  }

  private static int exitCode(StoreException.Kind kind) {
    return switch (kind) {
      case UNAVAILABLE -> ExitCode.UNAVAILABLE;
      case NOT_FOUND -> ExitCode.NOT_FOUND;
      default -> ExitCode.FAILED;
    };
  }

  /** Of a file, the JDK says no more than its name. */
  static String describe(IOException e) {
    return switch (e) {
      case NoSuchFileException missing -> missing.getFile() + ": there is no such file";
      case AccessDeniedException denied -> denied.getFile() + ": you may not use this file";
      case FileSystemException other when other.getReason() != null && other.getFile() != null ->
          other.getFile() + ": " + other.getReason();
      default -> text(e);
    };
  }

  private static String text(Throwable thrown) {
    return thrown.getMessage() == null ? thrown.toString() : thrown.getMessage();
  }
}
