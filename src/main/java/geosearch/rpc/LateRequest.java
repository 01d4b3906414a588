package geosearch.rpc;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * A request whose fields are read late where it is large: by the thread that answers it, while the
 * network's thread only takes its bytes. To read the 20,000 numbers of a full batch takes as long
 * as some twenty look-ups, and those of other connections would wait.
 */
final class LateRequest<MessageT extends MessageLite> {

  private static final int LARGE = 1 << 13;

  private final Parser<MessageT> parser;
  private final byte[] bytes;
  private @Nullable MessageT message;

  private LateRequest(Parser<MessageT> parser, byte[] bytes, @Nullable MessageT message) {
    this.parser = parser;
    this.bytes = bytes;
    this.message = message;
  }

  /**
   * A method as it is, but for the class of its requests.
   *
   * @param parser reads the requests of the generated class
   */
  static <MessageT extends MessageLite, ResponseT>
      MethodDescriptor<LateRequest<MessageT>, ResponseT> method(
          MethodDescriptor<MessageT, ResponseT> generated, Parser<MessageT> parser) {
    return generated.toBuilder(
            new Marshaller<>(generated.getRequestMarshaller(), parser),
            generated.getResponseMarshaller())
        .build();
  }

  /** Whether its fields have not been read. */
  boolean isLate() {
    return message == null;
  }

  /**
   * The request. For one thread at a time.
   *
   * @throws io.grpc.StatusRuntimeException if it is no message of the method
   */
  MessageT message() {
    if (message == null) {
      try {
        message = parser.parseFrom(bytes);
      } catch (InvalidProtocolBufferException e) {
        throw TolerantMessages.unreadable();
      }
    }
    return message;
  }

  private record Marshaller<MessageT extends MessageLite>(
      MethodDescriptor.Marshaller<MessageT> generated, Parser<MessageT> parser)
      implements MethodDescriptor.Marshaller<LateRequest<MessageT>> {

    @Override
    public InputStream stream(LateRequest<MessageT> request) {
      throw new UnsupportedOperationException("a server sends no requests");
    }

    /** Of one that comes packed the length is not known, and it is read at once. */
    @Override
    public LateRequest<MessageT> parse(InputStream stream) {
      try {
        if (stream instanceof KnownLength && stream.available() >= LARGE) {
          return new LateRequest<>(parser, stream.readNBytes(stream.available()), null);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return new LateRequest<>(parser, new byte[0], generated.parse(stream));
    }
  }
}
