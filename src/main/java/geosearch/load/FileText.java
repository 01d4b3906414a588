package geosearch.load;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The text of a file of GeoJSON, unpacked where it is packed by gzip or zip. What it is, is told
 * from its first bytes; its name does not matter.
 */
final class FileText implements AutoCloseable {

  private static final int BUFFER = 1 << 16;
  private static final int LOOKED_AT = 64;
  private static final int SHOWN_NAMES = 10;
  private static final byte[] GZIP = {0x1f, (byte) 0x8b};
  private static final byte[] ZIP = {'P', 'K', 3, 4};
  private static final byte[] EMPTY_ZIP = {'P', 'K', 5, 6};
  private static final byte[] UTF_8_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  /** What begins the records of RFC 8142; to JSON it is not even white space. */
  private static final byte RECORD_SEPARATOR = 0x1e;

  private static final List<String> ENDINGS =
      List.of(".geojson", ".json", ".geojsonl", ".geojsons", ".geojsonseq", ".ndjson", ".jsonl");

  private final InputStream packed;
  private final InputStream text;
  private final int skippedMark;
  private final @Nullable ZipInputStream zip;
  private final List<String> entries = new ArrayList<>();

  /**
   * @param packed the bytes as they are sent; closed with this
   * @throws FileRefusedException if it begins like nothing that can be read
   */
  FileText(InputStream packed) throws IOException {
    this.packed = new BufferedInputStream(packed, BUFFER);
    byte[] head = head(this.packed);
    BufferedInputStream unpacked;
    if (FirstBytes.are(head, GZIP)) {
      zip = null;
      unpacked = new BufferedInputStream(new GZIPInputStream(this.packed, BUFFER), BUFFER);
    } else if (FirstBytes.are(head, ZIP) || FirstBytes.are(head, EMPTY_ZIP)) {
      zip = new ZipInputStream(this.packed);
      enterZip(zip);
      unpacked = new BufferedInputStream(zip, BUFFER);
    } else {
      zip = null;
      unpacked = (BufferedInputStream) this.packed;
    }
    byte[] start = head(unpacked);
    skippedMark = FirstBytes.are(start, UTF_8_MARK) ? UTF_8_MARK.length : 0;
    unpacked.skipNBytes(skippedMark);
    text = checked(unpacked, head(unpacked));
  }

  /** The text, UTF-8. */
  InputStream text() {
    return text;
  }

  /** How many bytes of the unpacked file come before {@link #text()}: 3 if it has a mark. */
  int skippedMark() {
    return skippedMark;
  }

  /**
   * Reads what comes after the text, to the end.
   *
   * @throws FileRefusedException if there is more than one file of GeoJSON in it
   */
  void finish() throws IOException {
    if (zip != null && nextEntry(zip).isPresent()) {
      while (nextEntry(zip).isPresent()) {
        // The message names them all.
      }
      throw new FileRefusedException(
          "it holds %d files of GeoJSON (%s); pack one by itself, or unpack them and name each"
              .formatted(
                  entries.stream().filter(FileText::isGeoJson).count(),
                  names(entries.stream().filter(FileText::isGeoJson).toList())));
    }
    packed.transferTo(OutputStream.nullOutputStream());
  }

  @Override
  public void close() throws IOException {
    text.close();
  }

  private void enterZip(ZipInputStream archive) throws IOException {
    if (nextEntry(archive).isEmpty()) {
      throw new FileRefusedException(
          entries.isEmpty()
              ? "it is an empty zip file"
              : "there is no GeoJSON in the zip file, but: " + names(entries));
    }
  }

  private Optional<ZipEntry> nextEntry(ZipInputStream archive) throws IOException {
    while (true) {
      ZipEntry entry = archive.getNextEntry();
      if (entry == null) {
        return Optional.empty();
      }
      if (!entry.isDirectory() && entries.size() < 1000) {
        entries.add(entry.getName());
      }
      if (isGeoJson(entry.getName())) {
        return Optional.of(entry);
      }
    }
  }

  private static boolean isGeoJson(String entry) {
    String file = entry.substring(entry.lastIndexOf('/') + 1);
    String lower = file.toLowerCase(Locale.ROOT);
    return !file.startsWith(".")
        && !entry.startsWith("__MACOSX/")
        && ENDINGS.stream().anyMatch(lower::endsWith);
  }

  private static String names(List<String> names) {
    String shown = String.join(", ", names.stream().limit(SHOWN_NAMES).map(Quoted::of).toList());
    return names.size() > SHOWN_NAMES
        ? shown + " and %d more".formatted(names.size() - SHOWN_NAMES)
        : shown;
  }

  private static byte[] head(InputStream in) throws IOException {
    in.mark(LOOKED_AT);
    byte[] head = in.readNBytes(LOOKED_AT);
    in.reset();
    return head;
  }

  /** Sees to it that the text begins as GeoJSON does. */
  private static InputStream checked(InputStream in, byte[] head) throws FileRefusedException {
    int first = 0;
    while (first < head.length && (head[first] == ' ' || isBreak(head[first]))) {
      first++;
    }
    if (first == head.length) {
      if (first < LOOKED_AT) {
        throw new FileRefusedException("it is empty");
      }
      return in;
    }
    if (head[first] == RECORD_SEPARATOR) {
      return new RecordSeparators(in);
    }
    if (head[first] != '{' || (head.length > first + 1 && head[first + 1] == 0)) {
      throw new FileRefusedException(FirstBytes.whyNotGeoJson(head, first));
    }
    return in;
  }

  private static boolean isBreak(byte b) {
    return b == '\n' || b == '\r' || b == '\t';
  }

  /** Makes blanks of record separators. */
  private static final class RecordSeparators extends FilterInputStream {

    RecordSeparators(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int b = in.read();
      return b == RECORD_SEPARATOR ? ' ' : b;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int read = in.read(buffer, offset, length);
      for (int i = offset; i < offset + read; i++) {
        if (buffer[i] == RECORD_SEPARATOR) {
          buffer[i] = ' ';
        }
      }
      return read;
    }
  }
}
