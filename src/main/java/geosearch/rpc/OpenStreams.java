package geosearch.rpc;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Ends calls that never end by themselves, such as a watch of the health, when the server stops: it
 * would otherwise wait for them as long as it may.
 */
final class OpenStreams implements ServerInterceptor {

  private final Set<Stream<?, ?>> open = ConcurrentHashMap.newKeySet();
  private volatile boolean ended;

  @Override
  public <RequestT, ResponseT> ServerCall.Listener<RequestT> interceptCall(
      ServerCall<RequestT, ResponseT> call,
      Metadata headers,
      ServerCallHandler<RequestT, ResponseT> next) {
    if (call.getMethodDescriptor().getType().serverSendsOneMessage()) {
      return next.startCall(call, headers);
    }
    Stream<RequestT, ResponseT> stream = new Stream<>(call);
    ServerCall.Listener<RequestT> listener = next.startCall(stream, headers);
    open.add(stream);
    if (ended) {
      stream.end();
    }
    return new SimpleForwardingServerCallListener<>(listener) {
      @Override
      public void onCancel() {
        open.remove(stream);
        super.onCancel();
      }

      @Override
      public void onComplete() {
        open.remove(stream);
        super.onComplete();
      }
    };
  }

  /** Ends those that are open, and those to come. */
  void end() {
    ended = true;
    open.forEach(Stream::end);
  }

  /** A call that two may close: its handler, and the server that stops. */
  private static final class Stream<RequestT, ResponseT>
      extends SimpleForwardingServerCall<RequestT, ResponseT> {
    private boolean closed;

    Stream(ServerCall<RequestT, ResponseT> call) {
      super(call);
    }

    @Override
    public synchronized void sendHeaders(Metadata headers) {
      if (!closed) {
        super.sendHeaders(headers);
      }
    }

    @Override
    public synchronized void sendMessage(ResponseT message) {
      if (!closed) {
        super.sendMessage(message);
      }
    }

    @Override
    public synchronized void close(Status status, Metadata trailers) {
      if (!closed) {
        closed = true;
        super.close(status, trailers);
      }
    }

    void end() {
      StatusRuntimeException answer = Details.unavailable("the server is stopping");
      Metadata trailers = answer.getTrailers();
      close(answer.getStatus(), trailers == null ? new Metadata() : trailers);
    }
  }
}
