package geosearch.rpc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts the elements of a message in its bytes, before any of them becomes an object: texts, byte
 * strings and messages, at every depth. Two bytes on the wire can make an object of fifty.
 *
 * <p>Unknown fields are skipped, as they are when the message is read.
 */
final class MessageShape {

  /** Messages within messages; what is read refuses more than this as well. */
  private static final int MOST_DEPTH = 100;

  private final Map<Integer, MessageShape> messages = new HashMap<>();
  private final Map<Integer, Boolean> texts = new HashMap<>();

  private MessageShape() {}

  /** Returns the shape of messages of a type. */
  static MessageShape of(Descriptor type) {
    return of(type, new HashMap<>());
  }

  private static MessageShape of(Descriptor type, Map<String, MessageShape> known) {
    MessageShape shape = known.get(type.getFullName());
    if (shape != null) {
      return shape;
    }
    MessageShape added = new MessageShape();
    known.put(type.getFullName(), added);
    for (FieldDescriptor field : type.getFields()) {
      switch (field.getJavaType()) {
        case MESSAGE -> added.messages.put(field.getNumber(), of(field.getMessageType(), known));
        case STRING, BYTE_STRING -> added.texts.put(field.getNumber(), true);
        default -> {
          // Numbers become no objects.
        }
      }
    }
    return added;
  }

  /**
   * Returns whether a message has more elements than it may have.
   *
   * @throws IOException if the bytes are not a message
   */
  boolean exceeds(byte[] message, int mostElements) throws IOException {
    return count(CodedInputStream.newInstance(message), mostElements, MOST_DEPTH) < 0;
  }

  /** Returns how many more elements there may be after the message; less than 0 if too many. */
  private int count(CodedInputStream in, int most, int depth) throws IOException {
    int left = most;
    for (int tag = in.readTag(); tag != 0 && left >= 0; tag = in.readTag()) {
      int field = WireFormat.getTagFieldNumber(tag);
      boolean delimited = WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
      MessageShape message = delimited ? messages.get(field) : null;
      if (message != null && depth > 0) {
        int outer = in.pushLimit(in.readRawVarint32());
        left = message.count(in, left - 1, depth - 1);
        if (left < 0) {
          return left;
        }
        in.popLimit(outer);
      } else {
        if (delimited && texts.containsKey(field)) {
          left--;
        }
        if (!in.skipField(tag)) {
          return left; // the end of a group, which the reader refuses here
        }
      }
    }
    return left;
  }
}
