package geosearch.rpc;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Answers calls of one request and one response, at once on the thread that brings the request
 * unless the request is heavy. The generated base classes would do, but for two things: they can't
 * send trailing metadata with an answer, and they make more objects.
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
  private final Predicate<RequestT> heavy;
  private final @Nullable HeavyCalls threads;
  private final @Nullable GenerationWaits waits;

  /** All requests are answered at once. */
  UnaryHandler(Method<RequestT, ResponseT> method) {
    this.method = method;
    this.heavy = request -> false;
    this.threads = null;
    this.waits = null;
  }

  /**
   * Some requests are answered elsewhere, or later.
   *
   * @param heavy which are answered by those threads
   * @param waits where those wait that need a change of zones which isn't known yet
   */
  UnaryHandler(
      Method<RequestT, ResponseT> method,
      Predicate<RequestT> heavy,
      HeavyCalls threads,
      GenerationWaits waits) {
    this.method = method;
    this.heavy = heavy;
    this.threads = threads;
    this.waits = waits;
  }

  @Override
  public ServerCall.Listener<RequestT> startCall(
      ServerCall<RequestT, ResponseT> call, Metadata headers) {
    // One is expected; asking for two shows when there are more.
    call.request(2);
    return new Listener<>(this, call);
  }

  private static final class Listener<RequestT, ResponseT> extends ServerCall.Listener<RequestT> {
    private final UnaryHandler<RequestT, ResponseT> handler;
    private final ServerCall<RequestT, ResponseT> call;
    private @Nullable RequestT request;

    Listener(UnaryHandler<RequestT, ResponseT> handler, ServerCall<RequestT, ResponseT> call) {
      this.handler = handler;
      this.call = call;
    }

    @Override
    public void onMessage(RequestT message) {
      if (request != null) {
        throw Details.badCall("this method takes one request, and there were more");
      }
      request = message;
    }

    @Override
    public void onHalfClose() {
      if (request == null) {
        throw Details.badCall("this method takes one request, and there was none");
      }
      begin(request);
    }

    private void begin(RequestT one) {
      if (handler.threads != null && handler.heavy.test(one)) {
        handler.threads.run(call, () -> answer(one));
      } else {
        answer(one);
      }
    }

    private void answer(RequestT one) {
      Metadata trailers = new Metadata();
      ResponseT response;
      try {
        response = handler.method.call(one, trailers);
      } catch (AwaitsGenerationException e) {
        if (handler.waits == null) {
          throw e;
        }
        handler.waits.await(call, e.generation(), () -> begin(one));
        return;
      }
      call.sendHeaders(new Metadata());
      call.sendMessage(response);
      call.close(Status.OK, trailers);
    }
  }
}
