package geosearch.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import geosearch.store.StoreException.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes sure that an embedded file holds the store that it held before. Beside the file lies which
 * store that was and how far it had come, so that a start notices a file that is missing, empty,
 * older or another store's, and creates no new one in its place. While the file is open, it notices
 * that the path leads to another one.
 *
 * <p>What lies beside the file is never ahead of it: it is written after a commit is on the disk.
 */
final class EmbeddedIdentity {

  private static final Logger log = LoggerFactory.getLogger(EmbeddedIdentity.class);

  static final String NAME = "geosearch.identity";

  private static final Pattern LINE = Pattern.compile("(\\S+) (\\d{19})\n");

  private final Path folder;
  private final Path store;
  private final Path beside;
  private final String named;
  private FileMark mark = new FileMark(FileMark.State.MISSING, null);
  private String trouble = "";

  /**
   * @param folder of the embedded file
   * @param named the only identity to use, or empty for any
   */
  EmbeddedIdentity(Path folder, String named) {
    this.folder = folder;
    this.store = folder.resolve(EmbeddedFile.NAME);
    this.beside = folder.resolve(NAME);
    this.named = named;
  }

  /** Whether a folder shows that there was a store in it. */
  static boolean isKept(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (DirectoryStream<Path> indexes = Files.newDirectoryStream(folder, "*" + IndexFile.SUFFIX)) {
      return Files.exists(folder.resolve(NAME)) || indexes.iterator().hasNext();
    }
  }

  /**
   * Refuses to create a store where there was one, or where the settings name one. Does nothing if
   * there is a store.
   *
   * @param accept whether only the settings matter
   * @throws StoreException of kind MISMATCH
   */
  void checkMayCreate(boolean accept) throws IOException {
    boolean exists = Files.exists(store);
    if (exists && Files.size(store) > 0) {
      return;
    }
    String what = "the store " + store + (exists ? " is empty" : " is missing");
    if (!named.isEmpty()) {
      throw new StoreException(
          Kind.MISMATCH,
          "%s, expected identity %s: put it back or change the setting store.identity"
              .formatted(what, named));
    }
    if (!accept && isKept(folder)) {
      throw mismatch(
          what
              + ", expected "
              + kept().map(EmbeddedIdentity::describe).orElse("that of the indexes beside it"));
    }
  }

  /**
   * Takes the store of the file that was opened.
   *
   * @param found what the file says of itself; nothing if it is new, or of an earlier version
   * @param accept whether it may be another one than before
   * @throws StoreException of kind MISMATCH if it may not be used
   */
  void take(Optional<StoreIdentity> found, boolean accept) {
    StoreIdentity there = found.orElse(new StoreIdentity("", 0));
    if (!accept) {
      kept()
          .flatMap(kept -> kept.difference(there))
          .ifPresent(difference -> {
            throw mismatch("the store " + store + ": " + difference);
          });
    }
    if (!named.isEmpty() && !named.equals(there.id())) {
      throw new StoreException(
          Kind.MISMATCH,
          "the store %s: expected identity %s, found %s: name the right folder or change the setting store.identity"
              .formatted(store, named, there.id().isEmpty() ? "none" : there.id()));
    }
    mark = currentMark();
  }

  /** Says which store is used from now on. */
  void begin(StoreIdentity identity) {
    keep(identity);
    log.debug("Using store identity={} revision={}", identity.id(), identity.revision());
  }

  /**
   * Makes sure that the path leads to the file that was opened.
   *
   * @param tables what was opened; may be closed
   * @throws StoreException of kind MISMATCH if it does not
   */
  void checkUnchanged(EmbeddedTables tables) {
    if (!isUnchanged(tables)) {
      throw mismatch(
          "the store "
              + store
              + " "
              + currentMark().describe()
              + kept().map(kept -> ", expected " + describe(kept)).orElse(""));
    }
  }

  /** Whether the path leads to the file that was opened. */
  boolean isUnchanged(EmbeddedTables tables) {
    return currentMark().equals(mark)
        && (tables.store().isClosed() || tables.chunks().hasItsHeader());
  }

  private FileMark currentMark() {
    try {
      return FileMark.of(store);
    } catch (IOException e) {
      throw unreadable(store, e);
    }
  }

  private static String describe(StoreIdentity identity) {
    return "identity %s with revision %d or later".formatted(identity.id(), identity.revision());
  }

  private static StoreException mismatch(String difference) {
    return new StoreException(
        Kind.MISMATCH,
        difference
            + ". Put the right file back, or accept what is there now: "
            + StoreIdentity.ACCEPT);
  }

  private static StoreException unreadable(Path file, IOException e) {
    return new StoreException(
        Kind.UNAVAILABLE, "the file " + file + " can't be read: " + EmbeddedTables.reason(e), e);
  }

  private Optional<StoreIdentity> kept() {
    try {
      Matcher line = LINE.matcher(Files.readString(beside, US_ASCII));
      if (line.matches()) {
        return Optional.of(new StoreIdentity(line.group(1), Long.parseLong(line.group(2))));
      }
      log.warn("Ignoring a damaged file file={}", beside);
      return Optional.empty();
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } catch (IOException e) {
      throw unreadable(beside, e);
    }
  }

  /** Remembers a state that is on the disk. A failure costs a later check, and is logged once. */
  void keep(StoreIdentity identity) {
    // Of one length for every revision, so that a new one replaces the old one in one write.
    byte[] line = "%s %019d\n".formatted(identity.id(), identity.revision()).getBytes(US_ASCII);
    try {
      if (!Files.exists(beside)) {
        EmbeddedFolder.createForOwner(beside);
      }
      try (SeekableByteChannel channel = Files.newByteChannel(beside, StandardOpenOption.WRITE)) {
        channel.write(ByteBuffer.wrap(line));
        channel.truncate(line.length);
      }
      trouble = "";
    } catch (IOException e) {
      String reason = EmbeddedTables.reason(e);
      if (!reason.equals(trouble)) {
        trouble = reason;
        log.warn("Cannot write the identity of the store file={} reason={}", beside, reason);
      }
    }
  }
}
