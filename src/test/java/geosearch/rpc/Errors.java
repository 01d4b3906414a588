package geosearch.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.function.Executable;

/** What clients are told of errors. */
final class Errors {

  /** What the transport or the client says by itself, not a service. */
  private static final Set<Status.Code> OF_THE_TRANSPORT =
      EnumSet.of(Status.Code.UNIMPLEMENTED, Status.Code.CANCELLED, Status.Code.DEADLINE_EXCEEDED);

  private Errors() {}

  /** The call fails with that code, and details for programs. */
  static Status assertFails(Status.Code code, Executable call) {
    StatusRuntimeException e = assertThrows(StatusRuntimeException.class, call);
    assertEquals(code, e.getStatus().getCode(), () -> String.valueOf(e.getMessage()));
    com.google.rpc.Status status = StatusProto.fromThrowable(e);
    assertNotNull(status);
    if (!OF_THE_TRANSPORT.contains(code)) {
      assertEquals(1, status.getDetailsCount(), status::toString);
    }
    return e.getStatus();
  }

  /** The library or the client fails the call with that code; they know no details. */
  static Status assertFailsBare(Status.Code code, Executable call) {
    StatusRuntimeException e = assertThrows(StatusRuntimeException.class, call);
    assertEquals(code, e.getStatus().getCode(), () -> String.valueOf(e.getMessage()));
    return e.getStatus();
  }

  /** The call is refused; what is said of each field. */
  static Map<String, String> assertRefused(Executable call) {
    StatusRuntimeException e = assertThrows(StatusRuntimeException.class, call);
    assertEquals(
        Status.Code.INVALID_ARGUMENT,
        e.getStatus().getCode(),
        () -> String.valueOf(e.getMessage()));
    com.google.rpc.Status status = StatusProto.fromThrowable(e);
    assertNotNull(status);
    assertEquals(1, status.getDetailsCount(), status::toString);
    try {
      Map<String, String> fields = new LinkedHashMap<>();
      for (BadRequest.FieldViolation violation :
          status.getDetails(0).unpack(BadRequest.class).getFieldViolationsList()) {
        fields.put(violation.getField(), violation.getDescription());
      }
      return fields;
    } catch (InvalidProtocolBufferException impossible) {
      throw new AssertionError(impossible);
    }
  }
}
