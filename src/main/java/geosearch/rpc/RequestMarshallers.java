package geosearch.rpc;

import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Bounds the requests of services ({@link RequestReader}), and lets a request that can't be read
 * reach {@link CallGuard}, which refuses it. grpc-java alone answers UNKNOWN, and logs a stack
 * trace for every such request.
 */
final class RequestMarshallers {

  private RequestMarshallers() {}

  /**
   * Stands in for a request that could not be read.
   *
   * @param answer what to answer
   */
  record Malformed(StatusRuntimeException answer) {}

  /** Reads requests in a way of its own once it knows their limit. */
  interface Unlimited<RequestT> {
    Marshaller<RequestT> limitedTo(RequestLimits.Limit limit);
  }

  /** Returns the same service with bounded requests, and {@link Malformed} ones in their place. */
  static ServerServiceDefinition wrap(ServerServiceDefinition service, RequestLimits limits) {
    List<ServerMethodDefinition<?, ?>> methods = new ArrayList<>();
    for (ServerMethodDefinition<?, ?> method : service.getMethods()) {
      methods.add(wrap(method, limits));
    }
    return ServiceMethods.define(service.getServiceDescriptor(), methods);
  }

  private static <RequestT, ResponseT> ServerMethodDefinition<RequestT, ResponseT> wrap(
      ServerMethodDefinition<RequestT, ResponseT> method, RequestLimits limits) {
    MethodDescriptor<RequestT, ResponseT> descriptor = method.getMethodDescriptor();
    Marshaller<RequestT> bounded =
        bounded(descriptor.getRequestMarshaller(), limits.of(descriptor.getFullMethodName()));
    return ServerMethodDefinition.create(
        descriptor.toBuilder().setRequestMarshaller(new Tolerant<>(bounded)).build(),
        method.getServerCallHandler());
  }

  @SuppressWarnings("unchecked") // a prototype is of the class that its marshaller reads
  private static <RequestT> Marshaller<RequestT> bounded(
      Marshaller<RequestT> marshaller, RequestLimits.Limit limit) {
    if (marshaller instanceof Unlimited<?> unlimited) {
      return (Marshaller<RequestT>) unlimited.limitedTo(limit);
    }
    if (marshaller instanceof PrototypeMarshaller<RequestT> generated
        && generated.getMessagePrototype() instanceof Message prototype) {
      return (Marshaller<RequestT>) new Bounded<>(new RequestReader<>(prototype, limit));
    }
    return marshaller;
  }

  /** A server sends no requests. */
  private record Bounded<MessageT extends Message>(RequestReader<MessageT> reader)
      implements Marshaller<MessageT> {

    @Override
    public InputStream stream(MessageT request) {
      return request.toByteString().newInput();
    }

    @Override
    public MessageT parse(InputStream stream) {
      try {
        return reader.read(reader.bytes(stream));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private record Tolerant<MessageT>(Marshaller<MessageT> strict) implements Marshaller<MessageT> {

    @Override
    public InputStream stream(MessageT message) {
      return strict.stream(message);
    }

    /**
     * The cast is a lie that nobody is told: a request goes from here to {@link CallGuard} through
     * code that knows no more of its type than Object.
     */
    @Override
    @SuppressWarnings("unchecked")
    public MessageT parse(InputStream stream) {
      try {
        return strict.parse(stream);
      } catch (StatusRuntimeException e) {
        // Ours, or the transport's where a packed message grows too large while it is unpacked.
        return (MessageT)
            new Malformed(
                e.getTrailers() == null
                    ? Details.plain(
                        Details.codeOf(e.getStatus()),
                        String.valueOf(e.getStatus().getDescription()))
                    : e);
      } catch (RuntimeException e) {
        return (MessageT) new Malformed(RequestReader.unreadable());
      }
    }
  }
}
