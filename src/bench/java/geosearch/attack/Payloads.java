package geosearch.attack;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.GZIPOutputStream;

/** Messages that cost more memory to parse than they have bytes. */
final class Payloads {

  /** Just below the 4 MiB that the server takes by default. */
  static final int LARGEST = (4 << 20) - 64;

  private static final int GROUP_START = 3;
  private static final int GROUP_END = 4;
  private static final int BYTES = 2;
  private static final int FIRST_UNKNOWN = 1_000;
  private static final int NESTED = 90;

  private Payloads() {}

  private interface Writer {
    void write(CodedOutputStream out, int number) throws IOException;
  }

  /** Repeats something until a message is large enough. */
  private static byte[] repeat(int size, Writer writer) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(size);
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      for (int i = 0; out.getTotalBytesWritten() < size; i++) {
        writer.write(out, i);
      }
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Fields that no message has, each of a number of its own. */
  static byte[] unknownFields(int size) {
    return repeat(size, (out, i) -> out.writeUInt32(FIRST_UNKNOWN + i, 1));
  }

  /** The same unknown number again and again. */
  static byte[] unknownRepeated(int size) {
    return repeat(size, (out, i) -> out.writeUInt32(FIRST_UNKNOWN, 1));
  }

  /** Unknown fields that are empty text. */
  static byte[] unknownText(int size) {
    return repeat(size, (out, i) -> out.writeString(FIRST_UNKNOWN + i % 64, ""));
  }

  /** Unknown groups, one behind the other. */
  static byte[] unknownGroups(int size) {
    return repeat(
        size,
        (out, i) -> {
          out.writeTag(FIRST_UNKNOWN + i, GROUP_START);
          out.writeTag(FIRST_UNKNOWN + i, GROUP_END);
        });
  }

  /** Unknown groups within each other, nearly as deep as a parser takes. */
  static byte[] nestedGroups(int size) {
    return repeat(
        size,
        (out, i) -> {
          for (int depth = 0; depth < NESTED; depth++) {
            out.writeTag(FIRST_UNKNOWN, GROUP_START);
          }
          for (int depth = 0; depth < NESTED; depth++) {
            out.writeTag(FIRST_UNKNOWN, GROUP_END);
          }
        });
  }

  /** A field that is an empty message or text, again and again. */
  static byte[] empty(int field, int size) {
    return repeat(size, (out, i) -> out.writeString(field, ""));
  }

  /** A field that is a number of 8 bytes, each with a tag of its own. */
  static byte[] doubles(int field, int size) {
    return repeat(size, (out, i) -> out.writeDouble(field, 45));
  }

  /** Something as the content of a field. */
  static byte[] within(int field, byte[] content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(content.length + 8);
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      out.writeByteArray(field, content);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** A message within a field, again and again, which the parser merges. */
  static byte[] merged(int field, byte[] content, int size) {
    return repeat(size, (out, i) -> out.writeByteArray(field, content));
  }

  /** Distinct short keys of a map. */
  static byte[] mapEntries(int field, int size) {
    return repeat(
        size,
        (out, i) -> {
          byte[] entry =
              within(
                  1, Integer.toString(i, 36).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
          out.writeTag(field, BYTES);
          out.writeByteArrayNoTag(entry);
        });
  }

  /** Packed with gzip. */
  static byte[] gzip(byte[] content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
