package geosearch.rpc;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import java.io.IOException;

/** A message that was made as usual. */
final class MessagePart extends Part {

  private final MessageLite message;

  /**
   * @param field the number of the field that it is a value of
   */
  MessagePart(int field, MessageLite message) {
    super(field);
    this.message = message;
    setSize(message.getSerializedSize());
  }

  @Override
  void writeContent(CodedOutputStream out) throws IOException {
    message.writeTo(out);
  }
}
