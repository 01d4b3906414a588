package geosearch.rpc;

import geosearch.traffic.CallTraffic;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands before every method: what a handler throws becomes an answer that shows nothing of the
 * inside, a call whose deadline has passed is not worked on, and a request that can't be parsed
 * (see {@link RequestMarshallers}) is refused.
 */
final class CallGuard implements ServerInterceptor {

  private static final Logger log = LoggerFactory.getLogger(CallGuard.class);

  private final RequestLimits limits;

  CallGuard(RequestLimits limits) {
    this.limits = limits;
  }

  @Override
  public <RequestT, ResponseT> ServerCall.Listener<RequestT> interceptCall(
      ServerCall<RequestT, ResponseT> call,
      Metadata headers,
      ServerCallHandler<RequestT, ResponseT> next) {
    CallTraffic traffic = CallTraffic.current();
    if (traffic != null) {
      traffic.opened(call, limits.of(call.getMethodDescriptor().getFullMethodName()).bytes());
    }
    try {
      return new Guarded<>(call, next.startCall(call, headers));
    } catch (RuntimeException | Error e) {
      close(call, e);
      return new ServerCall.Listener<>() {};
    }
  }

  /**
   * Answers a call later than its listener was told, unless nobody waits any more.
   *
   * @param work sends the answer; what it throws becomes the answer
   */
  static void answer(ServerCall<?, ?> call, Runnable work) {
    try {
      if (!call.isCancelled()) {
        work.run();
      }
    } catch (RuntimeException | Error e) {
      close(call, e);
    }
  }

  /** Answers a call with what went wrong. */
  static void close(ServerCall<?, ?> call, Throwable failure) {
    StatusRuntimeException answer =
        Failures.answer(call.getMethodDescriptor().getFullMethodName(), failure);
    Metadata trailers = answer.getTrailers();
    try {
      call.close(answer.getStatus(), trailers == null ? new Metadata() : trailers);
    } catch (IllegalStateException e) {
      log.debug("{} was closed before it failed", call.getMethodDescriptor(), e);
    }
  }

  private static final class Guarded<RequestT> extends ServerCall.Listener<RequestT> {
    private final ServerCall<RequestT, ?> call;
    private final ServerCall.Listener<RequestT> next;
    private boolean over;

    Guarded(ServerCall<RequestT, ?> call, ServerCall.Listener<RequestT> next) {
      this.call = call;
      this.next = next;
    }

    @Override
    public void onMessage(RequestT message) {
      if (over) {
        return;
      }
      if ((Object) message instanceof RequestMarshallers.Malformed malformed) {
        end(malformed.answer());
        return;
      }
      try {
        next.onMessage(message);
      } catch (RuntimeException | Error e) {
        end(e);
      }
    }

    @Override
    public void onHalfClose() {
      if (over) {
        return;
      }
      Deadline deadline = Context.current().getDeadline();
      if (deadline != null && deadline.isExpired()) {
        end(Details.tooLate("the deadline passed before the call was worked on"));
        return;
      }
      try {
        next.onHalfClose();
      } catch (RuntimeException | Error e) {
        end(e);
      }
    }

    @Override
    public void onReady() {
      if (over) {
        return;
      }
      try {
        next.onReady();
      } catch (RuntimeException | Error e) {
        end(e);
      }
    }

    @Override
    public void onCancel() {
      next.onCancel();
    }

    @Override
    public void onComplete() {
      next.onComplete();
    }

    private void end(Throwable failure) {
      over = true;
      close(call, failure);
    }
  }
}
