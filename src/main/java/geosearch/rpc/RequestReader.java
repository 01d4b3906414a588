package geosearch.rpc;

import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import com.google.rpc.Code;
import io.grpc.KnownLength;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reads the requests of one method: its bytes are bounded before they are read, its elements before
 * they become objects, and unknown fields are dropped.
 *
 * @param <MessageT> the requests' class
 */
final class RequestReader<MessageT extends Message> {

  /** In so few bytes there cannot be more elements than in any request. */
  private static final int FEW_BYTES = 1 << 10;

  private final Parser<MessageT> parser;
  private final MessageShape shape;
  private final RequestLimits.Limit limit;

  RequestReader(MessageT prototype, RequestLimits.Limit limit) {
    @SuppressWarnings("unchecked") // of a message it is its own class's
    Parser<MessageT> own = (Parser<MessageT>) prototype.getParserForType();
    this.parser = DiscardUnknownFieldsParser.wrap(own);
    this.shape = MessageShape.of(prototype.getDescriptorForType());
    this.limit = limit;
  }

  /**
   * Takes the bytes of a request.
   *
   * @throws io.grpc.StatusRuntimeException RESOURCE_EXHAUSTED if there are too many
   */
  byte[] bytes(InputStream stream) throws IOException {
    if (stream instanceof KnownLength) {
      int length = stream.available();
      checkLength(length);
      return stream.readNBytes(length);
    }
    byte[] bytes = stream.readNBytes(limit.bytes() + 1);
    checkLength(bytes.length);
    return bytes;
  }

  private void checkLength(int length) {
    if (length > limit.bytes()) {
      throw tooLarge(length, limit.bytes());
    }
  }

  /**
   * Returns the refusal of a request that is too long.
   *
   * @param length in bytes, or more than the limit if unknown
   * @param limit in bytes
   */
  static StatusRuntimeException tooLarge(long length, int limit) {
    return Details.plain(
        Code.RESOURCE_EXHAUSTED,
        "the request has %,d bytes%s, the limit of this method is %,d"
            .formatted(length, length == limit + 1 ? " or more" : "", limit));
  }

  /**
   * Reads a request.
   *
   * @throws io.grpc.StatusRuntimeException RESOURCE_EXHAUSTED if it has too many elements;
   *     INVALID_ARGUMENT if it is no message of the method
   */
  MessageT read(byte[] bytes) {
    try {
      if (bytes.length > FEW_BYTES && shape.exceeds(bytes, limit.elements())) {
        throw Details.plain(
            Code.RESOURCE_EXHAUSTED,
            "the request has more than %,d texts and messages in its fields, the limit of this method"
                .formatted(limit.elements()));
      }
      return parser.parseFrom(bytes);
    } catch (IOException e) {
      throw unreadable();
    }
  }

  /** Returns the refusal of a request that is no message of its method. */
  static StatusRuntimeException unreadable() {
    return Details.badCall("the request can't be read as the message of this method");
  }
}
