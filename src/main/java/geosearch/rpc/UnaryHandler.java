package geosearch.rpc;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Answers calls of one request and one response. The generated base classes would do, but for two
 * things: they can't send trailing metadata with an answer, and they make more objects.
 */
final class UnaryHandler<RequestT, ResponseT> implements ServerCallHandler<RequestT, ResponseT> {

  /** Answers a request from memory, on the thread that brings it. */
  @FunctionalInterface
  interface Method<RequestT, ResponseT> {

    /**
     * @param trailers is sent after the response
     * @throws io.grpc.StatusRuntimeException to answer with an error
     */
    ResponseT call(RequestT request, Metadata trailers);
  }

  /** Answers a request when and where it likes. */
  interface Answers<RequestT, ResponseT> {

    /** Begins the answer, which {@link #send} ends; what it throws becomes the answer. */
    void answer(ServerCall<RequestT, ResponseT> call, RequestT request);
  }

  private final Answers<RequestT, ResponseT> answers;

  /** All requests are answered at once. */
  UnaryHandler(Method<RequestT, ResponseT> method) {
    this(
        (Answers<RequestT, ResponseT>)
            (call, request) -> {
              Metadata trailers = new Metadata();
              send(call, method.call(request, trailers), trailers);
            });
  }

  private UnaryHandler(Answers<RequestT, ResponseT> answers) {
    this.answers = answers;
  }

  /** Requests are answered as these do. */
  static <RequestT, ResponseT> UnaryHandler<RequestT, ResponseT> of(
      Answers<RequestT, ResponseT> answers) {
    return new UnaryHandler<>(answers);
  }

  /**
   * The same, but for the moment: calls that come together are answered when all have been read.
   *
   * @param readAhead is told of their requests before, see {@link GatheredCalls}
   */
  UnaryHandler<RequestT, ResponseT> together(Consumer<List<RequestT>> readAhead) {
    GatheredCalls<RequestT> calls = new GatheredCalls<>(readAhead);
    return of((call, request) -> calls.add(call, request, () -> answers.answer(call, request)));
  }

  /** Ends a call with a response. */
  static <ResponseT> void send(
      ServerCall<?, ResponseT> call, ResponseT response, Metadata trailers) {
    call.sendHeaders(new Metadata());
    call.sendMessage(response);
    call.close(Status.OK, trailers);
  }

  @Override
  public ServerCall.Listener<RequestT> startCall(
      ServerCall<RequestT, ResponseT> call, Metadata headers) {
    // One is expected; asking for two shows when there are more.
    call.request(2);
    return new Listener<>(answers, call);
  }

  private static final class Listener<RequestT, ResponseT> extends ServerCall.Listener<RequestT> {
    private final Answers<RequestT, ResponseT> answers;
    private final ServerCall<RequestT, ResponseT> call;
    private @Nullable RequestT request;

    Listener(Answers<RequestT, ResponseT> answers, ServerCall<RequestT, ResponseT> call) {
      this.answers = answers;
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
      answers.answer(call, request);
    }
  }
}
