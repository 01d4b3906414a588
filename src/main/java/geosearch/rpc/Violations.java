package geosearch.rpc;

import com.google.protobuf.Any;
import com.google.rpc.BadRequest;
import com.google.rpc.BadRequest.FieldViolation;
import com.google.rpc.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What is wrong with a request, field by field; becomes INVALID_ARGUMENT with {@code
 * google.rpc.BadRequest} details. For use by one thread.
 */
final class Violations {

  /** Everything must fit into the trailing metadata, of which clients take 8 KiB by default. */
  private static final int LISTED = 5;

  private static final int QUOTED_CHARACTERS = 60;
  private static final int DESCRIPTION_CHARACTERS = 400;

  private final List<FieldViolation> found = new ArrayList<>();

  /**
   * Adds one.
   *
   * @param field its path in the request, in the names of the proto
   * @param description what is wrong: the bound, and the value
   */
  void add(String field, String description) {
    if (found.size() < LISTED) {
      found.add(
          FieldViolation.newBuilder()
              .setField(field)
              .setDescription(shortened(description, DESCRIPTION_CHARACTERS))
              .build());
    }
  }

  boolean isEmpty() {
    return found.isEmpty();
  }

  /** The error that says one thing. */
  static StatusRuntimeException of(String field, String description) {
    Violations violations = new Violations();
    violations.add(field, description);
    return violations.refusal();
  }

  /** A value for an error: in quotes, and cut where it is long. */
  static String quoted(String value) {
    return "\"" + shortened(value, QUOTED_CHARACTERS) + "\"";
  }

  /** The error that says them all. */
  StatusRuntimeException refusal() {
    String message =
        found.stream()
            .map(violation -> violation.getField() + ": " + violation.getDescription())
            .collect(Collectors.joining("; "));
    return StatusProto.toStatusRuntimeException(
        com.google.rpc.Status.newBuilder()
            .setCode(Code.INVALID_ARGUMENT_VALUE)
            .setMessage(message)
            .addDetails(Any.pack(BadRequest.newBuilder().addAllFieldViolations(found).build()))
            .build());
  }

  /** The beginning of a text that is longer than so many characters. */
  static String shortened(String text, int characters) {
    if (text.codePointCount(0, text.length()) <= characters) {
      return text;
    }
    return text.substring(0, text.offsetByCodePoints(0, characters)) + "…";
  }
}
