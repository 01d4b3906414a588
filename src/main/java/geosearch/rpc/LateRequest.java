package geosearch.rpc;

import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * A request whose fields are read late if it is large: by the thread that answers it, while the
 * network's thread only takes its bytes. To read the 20,000 numbers of a full batch takes as long
 * as some twenty look-ups, and those of other connections would wait.
 */
final class LateRequest<MessageT extends Message> {

  private static final int LARGE = 1 << 13;

  private final RequestReader<MessageT> reader;
  private final byte[] bytes;
  private @Nullable MessageT message;

  private LateRequest(RequestReader<MessageT> reader, byte[] bytes) {
    this.reader = reader;
    this.bytes = bytes;
    if (bytes.length < LARGE) {
      this.message = reader.read(bytes);
    }
  }

  /**
   * Returns a method as it is, but for the class of its requests.
   *
   * @param prototype of the requests of the generated class
   */
  static <MessageT extends Message, ResponseT>
      MethodDescriptor<LateRequest<MessageT>, ResponseT> method(
          MethodDescriptor<MessageT, ResponseT> generated, MessageT prototype) {
    return generated.toBuilder(new Unlimited<>(prototype), generated.getResponseMarshaller())
        .build();
  }

  /** Returns whether its fields have not been read. */
  boolean isLate() {
    return message == null;
  }

  /**
   * Returns the request. For one thread at a time.
   *
   * @throws io.grpc.StatusRuntimeException if it is no message of the method
   */
  MessageT message() {
    if (message == null) {
      message = reader.read(bytes);
    }
    return message;
  }

  private static InputStream sent() {
    throw new UnsupportedOperationException("a server sends no requests");
  }

  private record Unlimited<MessageT extends Message>(MessageT prototype)
      implements MethodDescriptor.Marshaller<LateRequest<MessageT>>,
          RequestMarshallers.Unlimited<LateRequest<MessageT>> {

    @Override
    public Limited<MessageT> limitedTo(RequestLimits.Limit limit) {
      return new Limited<>(new RequestReader<>(prototype, limit));
    }

    @Override
    public InputStream stream(LateRequest<MessageT> request) {
      return sent();
    }

    @Override
    public LateRequest<MessageT> parse(InputStream stream) {
      throw new UnsupportedOperationException("the limit of its requests is not known");
    }
  }

  private record Limited<MessageT extends Message>(RequestReader<MessageT> reader)
      implements MethodDescriptor.Marshaller<LateRequest<MessageT>> {

    @Override
    public InputStream stream(LateRequest<MessageT> request) {
      return sent();
    }

    @Override
    public LateRequest<MessageT> parse(InputStream stream) {
      try {
        return new LateRequest<>(reader, reader.bytes(stream));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
