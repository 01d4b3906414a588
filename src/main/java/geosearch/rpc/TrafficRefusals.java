package geosearch.rpc;

import com.google.rpc.Code;
import geosearch.traffic.Reason;
import geosearch.traffic.Refusals;
import io.grpc.StatusRuntimeException;
import java.time.Duration;

/**
 * The answers to calls that are refused for what they take.
 *
 * @param requestTimeout how long a request may take to arrive
 */
record TrafficRefusals(Duration requestTimeout) implements Refusals {

  @Override
  public StatusRuntimeException busy(Reason reason) {
    return Details.tooBusy(
        reason == Reason.OVERLOADED
            ? "the server is overloaded; try again in a moment"
            : "the memory for requests and answers is in use; read the answers that wait, or try again in a moment");
  }

  @Override
  public StatusRuntimeException tooSlow() {
    return Details.tooLate(
        "the request did not arrive whole within %s (setting server.max-request-time)"
            .formatted(requestTimeout));
  }

  @Override
  public StatusRuntimeException tooLarge(long length, int limit) {
    return RequestReader.tooLarge(length, limit);
  }

  /** Returns the answer to a call whose answer would not fit. */
  static StatusRuntimeException answerTooLarge(String what, long bytes, long limit) {
    return Details.plain(
        Code.RESOURCE_EXHAUSTED,
        "%s takes about %,d MB, more than the memory for answers has free (%,d MB in all); ask for less, or try again in a moment"
            .formatted(what, bytes >> 20, limit >> 20));
  }
}
