package geosearch.store;

import geosearch.geo.Area;
import geosearch.geo.AreaIndex;
import geosearch.geo.IndexParts;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A layer's index as it was once built, in a file beside the embedded one: a server that starts
 * reads it in a small part of the time that reading and indexing the areas takes. It is no truth: a
 * file that is missing, damaged, of another state of the layer or of another layout is as good as
 * none, and may be deleted at any time.
 *
 * <p>It holds what {@link IndexParts} has, numbers with the highest byte first, and a checksum at
 * the end.
 */
final class IndexFile {

  private static final Logger log = LoggerFactory.getLogger(IndexFile.class);

  static final String SUFFIX = ".index";
  private static final String UNFINISHED = ".index.tmp";
  private static final long MAGIC = 0x67656f_696e646578L; // "geoindex"
  private static final int FORMAT = 1;
  private static final int CHUNK = 256 * 1024;

  private final Path file;
  private final Path unfinished;

  IndexFile(Path folder, String layer) {
    this.file = folder.resolve(layer + SUFFIX);
    this.unfinished = folder.resolve(layer + UNFINISHED);
  }

  /** Deletes what was not finished, and the files of layers that are not there any more. */
  static void tidy(Path folder, Set<String> layers) {
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(folder, "*{" + SUFFIX + "," + UNFINISHED + "}")) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        if (name.endsWith(UNFINISHED)
            || !layers.contains(name.substring(0, name.length() - SUFFIX.length()))) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException e) {
      log.debug("The folder {} can't be tidied", folder, e);
    }
  }

  /**
   * Reads the index.
   *
   * @param key of the state that is wanted
   * @param fits whether so many bytes fit into the memory, which is about what the file has
   * @return nothing if the file is not of that state, does not fit or can't be read
   */
  Optional<AreaIndex> read(String key, LongPredicate fits) {
    try (InputStream stream = Files.newInputStream(file)) {
      CheckedInputStream checked =
          new CheckedInputStream(new BufferedInputStream(stream, CHUNK), new CRC32C());
      DataInputStream in = new DataInputStream(checked);
      long size = Files.size(file);
      if (!isOf(in, key) || !fits.test(size)) {
        return Optional.empty();
      }
      IndexParts parts = new Reader(in, size).parts();
      long sum = checked.getChecksum().getValue();
      if (in.readLong() != sum) {
        throw new IOException("its checksum is wrong");
      }
      return Optional.of(AreaIndex.of(parts));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException | IllegalArgumentException e) { // the latter of an area without an id
      log.warn("{} can't be used ({}): the areas are read and indexed anew", file, e.getMessage());
      return Optional.empty();
    }
  }

  /**
   * Writes the index down, unless the file has it already.
   *
   * @param key of the state that it is of
   */
  void write(String key, AreaIndex index) {
    try {
      if (holds(key)) {
        return;
      }
      Files.deleteIfExists(unfinished);
      EmbeddedFolder.createForOwner(unfinished);
      try (OutputStream stream = Files.newOutputStream(unfinished)) {
        CheckedOutputStream checked =
            new CheckedOutputStream(new BufferedOutputStream(stream, CHUNK), new CRC32C());
        DataOutputStream out = new DataOutputStream(checked);
        out.writeLong(MAGIC);
        out.writeInt(FORMAT);
        out.writeInt(IndexParts.LAYOUT);
        AreaCodec.writeText(out, key);
        new Writer(out).write(index.parts());
        out.writeLong(checked.getChecksum().getValue());
        out.flush();
      }
      Files.move(
          unfinished, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (ClosedByInterruptException e) { // the server stops
      discard();
    } catch (IOException e) {
      log.warn("{} can't be written ({}): the next start will take longer", file, e.getMessage());
      discard();
    }
  }

  /** Deletes it; one that can't be is tidied away later. */
  void delete() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      log.debug("{} can't be deleted", file, e);
    }
  }

  private void discard() {
    try {
      Files.deleteIfExists(unfinished);
    } catch (IOException e) {
      log.debug("{} can't be deleted", unfinished, e);
    }
  }

  private boolean holds(String key) throws IOException {
    try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
      return isOf(in, key);
    } catch (NoSuchFileException | EOFException e) {
      return false;
    }
  }

  private static boolean isOf(DataInputStream in, String key) throws IOException {
    return in.readLong() == MAGIC
        && in.readInt() == FORMAT
        && in.readInt() == IndexParts.LAYOUT
        && AreaCodec.readText(in).equals(key);
  }

  /** Copies some values of an array between it and a chunk. */
  private interface Copying {
    void copy(ByteBuffer chunk, int from, int count);
  }

  private static final class Writer {
    private final DataOutputStream out;
    private final byte[] chunk = new byte[CHUNK];

    Writer(DataOutputStream out) {
      this.out = out;
    }

    void write(IndexParts parts) throws IOException {
      out.writeInt(parts.areas().size());
      for (Area area : parts.areas()) {
        AreaCodec.writeArea(out, area);
      }
      doubles(parts.xy());
      ints(parts.ringStart());
      longs(parts.holes());
      ints(parts.areaStart());
      ints(parts.areaEnd());
      doubles(parts.sizes());
      ints(parts.tiles());
      doubles(parts.reach());
      ints(parts.cells());
      ints(parts.lists());
      ints(parts.records());
      out.writeDouble(parts.clearanceMetres());
    }

    private void ints(int[] values) throws IOException {
      write(
          values.length,
          Integer.BYTES,
          (bytes, from, count) -> bytes.asIntBuffer().put(values, from, count));
    }

    private void longs(long[] values) throws IOException {
      write(
          values.length,
          Long.BYTES,
          (bytes, from, count) -> bytes.asLongBuffer().put(values, from, count));
    }

    private void doubles(double[] values) throws IOException {
      write(
          values.length,
          Double.BYTES,
          (bytes, from, count) -> bytes.asDoubleBuffer().put(values, from, count));
    }

    private void write(int length, int size, Copying copying) throws IOException {
      out.writeInt(length);
      for (int from = 0, count; from < length; from += count) {
        count = Math.min(length - from, CHUNK / size);
        copying.copy(ByteBuffer.wrap(chunk), from, count);
        out.write(chunk, 0, count * size);
      }
    }
  }

  private static final class Reader {
    private final DataInputStream in;
    private final long fileSize;
    private final byte[] chunk = new byte[CHUNK];

    /**
     * @param fileSize the bytes of the whole file: no array can be longer
     */
    Reader(DataInputStream in, long fileSize) {
      this.in = in;
      this.fileSize = fileSize;
    }

    IndexParts parts() throws IOException {
      int count = length(1);
      List<Area> areas = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        areas.add(AreaCodec.readArea(in));
      }
      return new IndexParts(
          List.copyOf(areas),
          doubles(),
          ints(),
          longs(),
          ints(),
          ints(),
          doubles(),
          ints(),
          doubles(),
          ints(),
          ints(),
          ints(),
          in.readDouble());
    }

    private int length(int size) throws IOException {
      int length = in.readInt();
      if (length < 0 || (long) length * size > fileSize) {
        throw new IOException("it is damaged");
      }
      return length;
    }

    private int[] ints() throws IOException {
      int[] values = new int[length(Integer.BYTES)];
      read(
          values.length,
          Integer.BYTES,
          (bytes, from, count) -> bytes.asIntBuffer().get(values, from, count));
      return values;
    }

    private long[] longs() throws IOException {
      long[] values = new long[length(Long.BYTES)];
      read(
          values.length,
          Long.BYTES,
          (bytes, from, count) -> bytes.asLongBuffer().get(values, from, count));
      return values;
    }

    private double[] doubles() throws IOException {
      double[] values = new double[length(Double.BYTES)];
      read(
          values.length,
          Double.BYTES,
          (bytes, from, count) -> bytes.asDoubleBuffer().get(values, from, count));
      return values;
    }

    private void read(int length, int size, Copying copying) throws IOException {
      for (int from = 0, count; from < length; from += count) {
        count = Math.min(length - from, CHUNK / size);
        in.readFully(chunk, 0, count * size);
        copying.copy(ByteBuffer.wrap(chunk), from, count);
      }
    }
  }
}
