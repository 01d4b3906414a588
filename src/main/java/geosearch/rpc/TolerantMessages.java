package geosearch.rpc;

import com.google.rpc.Code;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Lets a request that is not a message of its method reach {@link CallGuard}, which refuses it.
 * grpc-java alone answers UNKNOWN, and logs a stack trace for every such request.
 */
final class TolerantMessages {

  private TolerantMessages() {}

  /**
   * Stands in for a request that could not be read.
   *
   * @param answer what to answer
   */
  record Malformed(StatusRuntimeException answer) {}

  /** The same service, with methods that are given {@link Malformed} requests as well. */
  static ServerServiceDefinition wrap(ServerServiceDefinition service) {
    List<ServerMethodDefinition<?, ?>> methods = new ArrayList<>();
    for (ServerMethodDefinition<?, ?> method : service.getMethods()) {
      methods.add(wrap(method));
    }
    return ServiceMethods.define(service.getServiceDescriptor(), methods);
  }

  private static <RequestT, ResponseT> ServerMethodDefinition<RequestT, ResponseT> wrap(
      ServerMethodDefinition<RequestT, ResponseT> method) {
    MethodDescriptor<RequestT, ResponseT> descriptor = method.getMethodDescriptor();
    return ServerMethodDefinition.create(
        descriptor.toBuilder()
            .setRequestMarshaller(new Tolerant<>(descriptor.getRequestMarshaller()))
            .build(),
        method.getServerCallHandler());
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
        // Where a packed message grows too large while it is unpacked, that is what it says.
        boolean tooLarge = e.getStatus().getCode() == Status.Code.RESOURCE_EXHAUSTED;
        return (MessageT)
            (tooLarge
                ? new Malformed(
                    Details.plain(
                        Code.RESOURCE_EXHAUSTED, String.valueOf(e.getStatus().getDescription())))
                : malformed());
      } catch (RuntimeException e) {
        return (MessageT) malformed();
      }
    }

    private static Malformed malformed() {
      return new Malformed(unreadable());
    }
  }

  /** What to answer to a request that is no message of its method. */
  static StatusRuntimeException unreadable() {
    return Details.badCall("the request can't be read as the message of this method");
  }
}
