package geosearch.rpc;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import com.google.rpc.Code;
import com.google.rpc.ResourceInfo;
import com.google.rpc.RetryInfo;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;

/** Errors with details of {@code google.rpc}, for programs to read. */
final class Details {

  private static final int LONGEST_NAME = 200;

  private Details() {}

  /**
   * NOT_FOUND, with ResourceInfo.
   *
   * @param type what kind of thing is not there
   * @param name which one
   */
  static StatusRuntimeException notFound(String type, String name, String message) {
    return error(
        Code.NOT_FOUND,
        message,
        ResourceInfo.newBuilder()
            .setResourceType(type)
            .setResourceName(Violations.shortened(name, LONGEST_NAME))
            .setDescription(message)
            .build());
  }

  /** UNAVAILABLE, with RetryInfo. */
  static StatusRuntimeException unavailable(String message) {
    return error(Code.UNAVAILABLE, message, retry());
  }

  /** RESOURCE_EXHAUSTED, with RetryInfo. */
  static StatusRuntimeException tooBusy(String message) {
    return error(Code.RESOURCE_EXHAUSTED, message, retry());
  }

  private static RetryInfo retry() {
    return RetryInfo.newBuilder().setRetryDelay(Duration.newBuilder().setSeconds(1)).build();
  }

  private static StatusRuntimeException error(Code code, String message, Message detail) {
    return StatusProto.toStatusRuntimeException(
        com.google.rpc.Status.newBuilder()
            .setCode(code.getNumber())
            .setMessage(message)
            .addDetails(Any.pack(detail))
            .build());
  }
}
