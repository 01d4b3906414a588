package geosearch.rpc;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;

/** A message within an {@link Answer}. */
abstract class Part implements Piece {

  private final int field;
  private int size;

  /**
   * @param field the number of the field that it is a value of
   */
  Part(int field) {
    this.field = field;
  }

  @Override
  public final int fullSize() {
    return CodedOutputStream.computeTagSize(field)
        + CodedOutputStream.computeUInt32SizeNoTag(size)
        + size;
  }

  @Override
  public final void writeTo(CodedOutputStream out) throws IOException {
    out.writeTag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    out.writeUInt32NoTag(size);
    writeContent(out);
  }

  /** Says how many bytes its content takes: by the constructor of each kind of part. */
  final void setSize(int bytes) {
    size = bytes;
  }

  /** Writes its content. */
  abstract void writeContent(CodedOutputStream out) throws IOException;

  /** How many bytes a text takes; as always in proto3, an empty one is left out. */
  static int sizeOf(int field, String text) {
    return text.isEmpty() ? 0 : CodedOutputStream.computeStringSize(field, text);
  }

  /** Writes a text. */
  static void write(CodedOutputStream out, int field, String text) throws IOException {
    if (!text.isEmpty()) {
      out.writeString(field, text);
    }
  }
}
