package geosearch.rpc;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * Answers calls of one request and one response at once, on the thread that brings the request. The
 * generated base classes would do, but for two things: they can't send trailing metadata with an
 * answer, and they make more objects.
 */
final class UnaryHandler<RequestT, ResponseT> implements ServerCallHandler<RequestT, ResponseT> {

  /** Answers a request from memory. */
  @FunctionalInterface
  interface Method<RequestT, ResponseT> {

    /**
     * @param trailers is sent after the response
     * @throws io.grpc.StatusRuntimeException to answer with an error
     */
    ResponseT call(RequestT request, Metadata trailers);
  }

  private final Method<RequestT, ResponseT> method;

  UnaryHandler(Method<RequestT, ResponseT> method) {
    this.method = method;
  }

  @Override
  public ServerCall.Listener<RequestT> startCall(
      ServerCall<RequestT, ResponseT> call, Metadata headers) {
    // One is expected; asking for two shows when there are more.
    call.request(2);
    return new Listener<>(method, call);
  }

  private static final class Listener<RequestT, ResponseT> extends ServerCall.Listener<RequestT> {
    private final Method<RequestT, ResponseT> method;
    private final ServerCall<RequestT, ResponseT> call;
    private @Nullable RequestT request;

    Listener(Method<RequestT, ResponseT> method, ServerCall<RequestT, ResponseT> call) {
      this.method = method;
      this.call = call;
    }

    @Override
    public void onMessage(RequestT message) {
      if (request != null) {
        throw Status.INVALID_ARGUMENT
            .withDescription("this method takes one request, and there were more")
            .asRuntimeException();
      }
      request = message;
    }

    @Override
    public void onHalfClose() {
      if (request == null) {
        throw Status.INVALID_ARGUMENT
            .withDescription("this method takes one request, and there was none")
            .asRuntimeException();
      }
      Metadata trailers = new Metadata();
      ResponseT response = method.call(request, trailers);
      call.sendHeaders(new Metadata());
      call.sendMessage(response);
      call.close(Status.OK, trailers);
    }
  }
}
