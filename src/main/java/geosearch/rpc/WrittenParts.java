package geosearch.rpc;

import static com.google.protobuf.CodedOutputStream.computeEnumSize;
import static com.google.protobuf.CodedOutputStream.computeInt32Size;
import static com.google.protobuf.CodedOutputStream.computeTagSize;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import geosearch.v1.AreaMatch;
import geosearch.v1.Match;
import geosearch.v1.PositionAnswer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The values of one field of an {@link Answer}, each written when it is added, so that thousands of
 * them are no more objects than one. For use by one thread.
 */
final class WrittenParts implements Piece {

  /** An index and a match are so short that their length takes one byte. */
  private static final int LENGTH_SIZE = 1;

  private final int field;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final CodedOutputStream out = CodedOutputStream.newInstance(bytes);

  /**
   * @param field its number
   */
  WrittenParts(int field) {
    this.field = field;
  }

  /** Adds a value that is another class's. */
  void add(Part part) {
    try {
      part.writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds a message in its bytes. */
  void add(byte[] message) {
    try {
      out.writeByteArray(field, message);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Adds a {@link PositionAnswer} of nothing but the areas that contain the position.
   *
   * @param matches twice the number that an area has in the batch, and one more on its border
   * @param count how many of them
   */
  void addMatches(int[] matches, int count) {
    try {
      int size = 0;
      for (int i = 0; i < count; i++) {
        size +=
            computeTagSize(PositionAnswer.AREAS_FIELD_NUMBER) + LENGTH_SIZE + sizeOf(matches[i]);
      }
      out.writeTag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
      out.writeUInt32NoTag(size);
      for (int i = 0; i < count; i++) {
        out.writeTag(PositionAnswer.AREAS_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        out.writeUInt32NoTag(sizeOf(matches[i]));
        out.writeInt32(AreaMatch.AREA_INDEX_FIELD_NUMBER, matches[i] >> 1);
        out.writeEnum(AreaMatch.MATCH_FIELD_NUMBER, kind(matches[i]));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int sizeOf(int match) {
    return computeInt32Size(AreaMatch.AREA_INDEX_FIELD_NUMBER, match >> 1)
        + computeEnumSize(AreaMatch.MATCH_FIELD_NUMBER, kind(match));
  }

  private static int kind(int match) {
    return (match & 1) == 0 ? Match.MATCH_INSIDE_VALUE : Match.MATCH_BORDER_VALUE;
  }

  @Override
  public int fullSize() {
    return out.getTotalBytesWritten();
  }

  @Override
  public void writeTo(CodedOutputStream target) throws IOException {
    out.flush();
    target.writeRawBytes(bytes.toByteArray());
  }
}
