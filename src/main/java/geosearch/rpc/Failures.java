package geosearch.rpc;

import geosearch.store.StoreException;
import io.grpc.Status;
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
        yield Status.INTERNAL
            .withDescription("something went wrong inside the server; its log has the details")
            .asRuntimeException();
      }
    };
  }

  private static StatusRuntimeException answer(String method, StoreException failure) {
    Status status =
        switch (failure.kind()) {
          case UNAVAILABLE -> Status.UNAVAILABLE;
          case READ_ONLY, REFUSED -> Status.FAILED_PRECONDITION;
          case NOT_FOUND -> Status.NOT_FOUND;
          case ALREADY_EXISTS -> Status.ALREADY_EXISTS;
          case FULL -> Status.RESOURCE_EXHAUSTED;
          case CHANGED -> Status.ABORTED;
          case OUT_OF_RANGE -> Status.OUT_OF_RANGE;
          case CONTRADICTORY -> Status.INVALID_ARGUMENT;
          case CORRUPT -> Status.INTERNAL;
        };
    if (failure.kind() == StoreException.Kind.CORRUPT) {
      log.error("{} found something in the store that can't be read", method, failure);
      return status
          .withDescription("something in the store can't be read; the server's log has the details")
          .asRuntimeException();
    }
    log.debug("{} was answered {}", method, status.getCode(), failure);
    return status.withDescription(failure.getMessage()).asRuntimeException();
  }
}
