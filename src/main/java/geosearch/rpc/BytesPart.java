package geosearch.rpc;

import com.google.protobuf.CodedOutputStream;
import java.io.IOException;

/** A message that is there in bytes. */
final class BytesPart extends Part {

  private final byte[] message;

  /**
   * @param field the number of the field that it is a value of
   * @param message is not written to any more
   */
  BytesPart(int field, byte[] message) {
    super(field);
    this.message = message;
    setSize(message.length);
  }

  @Override
  void writeContent(CodedOutputStream out) throws IOException {
    out.writeRawBytes(message);
  }
}
