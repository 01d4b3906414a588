package geosearch.rpc;

import com.google.rpc.Code;
import geosearch.store.StoreException;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what went wrong into what a client sees of it. */
final class Failures {

  private static final Logger log = LoggerFactory.getLogger(Failures.class);

  private Failures() {}

  /**
   * The answer for a failure. What nobody foresaw is logged whole here, and answered without its
   * inside.
   *
   * @param method in which it happened, for the log
   */
  static StatusRuntimeException answer(String method, Throwable failure) {
    return switch (failure) {
      case StatusRuntimeException e -> e;
      case StatusException e -> new StatusRuntimeException(e.getStatus(), e.getTrailers());
      case StoreException e -> answer(method, e);
      case AwaitsGenerationException e -> Asked.unknownGeneration();
      default -> {
        log.error("{} failed in a way that nobody foresaw", method, failure);
        yield Details.plain(
            Code.INTERNAL, "something went wrong inside the server; its log has the details");
      }
    };
  }

  private static StatusRuntimeException answer(String method, StoreException failure) {
    Code code =
        switch (failure.kind()) {
          case UNAVAILABLE -> Code.UNAVAILABLE;
          case READ_ONLY, REFUSED, MISMATCH -> Code.FAILED_PRECONDITION;
          case NOT_FOUND -> Code.NOT_FOUND;
          case ALREADY_EXISTS -> Code.ALREADY_EXISTS;
          case FULL -> Code.RESOURCE_EXHAUSTED;
          case CHANGED -> Code.ABORTED;
          case OUT_OF_RANGE -> Code.OUT_OF_RANGE;
          case CONTRADICTORY -> Code.INVALID_ARGUMENT;
          case CORRUPT -> Code.INTERNAL;
        };
    if (failure.kind() == StoreException.Kind.CORRUPT) {
      log.error("{} found something in the store that can't be read", method, failure);
      return Details.plain(
          code, "something in the store can't be read; the server's log has the details");
    }
    log.debug("{} was answered {}", method, code, failure);
    String message = String.valueOf(failure.getMessage());
    return switch (failure.kind()) {
      case UNAVAILABLE -> Details.unavailable(message);
      case NOT_FOUND -> Details.notFound(failure.missingType(), failure.missingName(), message);
      default -> Details.of(code, failure.kind().name(), message);
    };
  }
}
