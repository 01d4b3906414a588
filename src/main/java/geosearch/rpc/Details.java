package geosearch.rpc;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.ResourceInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Status;
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

  /** DEADLINE_EXCEEDED, with ErrorInfo. */
  static StatusRuntimeException tooLate(String message) {
    return error(Code.DEADLINE_EXCEEDED, message, info("OUT_OF_TIME"));
  }

  /** INVALID_ARGUMENT, with ErrorInfo, for a call that is wrong in no field. */
  static StatusRuntimeException badCall(String message) {
    return error(Code.INVALID_ARGUMENT, message, info("NOT_A_REQUEST"));
  }

  /** Returns the code of a status that came without details. */
  static Code codeOf(Status status) {
    return Code.forNumber(status.getCode().value());
  }

  /** Any other code, with ErrorInfo that has the code's name for a reason. */
  static StatusRuntimeException plain(Code code, String message) {
    return of(code, code.name(), message);
  }

  /**
   * Any other code, with ErrorInfo.
   *
   * @param reason for programs, in capitals
   */
  static StatusRuntimeException of(Code code, String reason, String message) {
    return error(code, message, info(reason));
  }

  private static ErrorInfo info(String reason) {
    return ErrorInfo.newBuilder().setReason(reason).setDomain("geosearch").build();
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
