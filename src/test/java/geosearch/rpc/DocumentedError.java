package geosearch.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.ResourceInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.function.Executable;

/**
 * An error that a proto promises for a method, and a call that provokes it.
 *
 * @param method as the proto names it
 * @param detail the message of google.rpc that comes with it
 * @param said what its message holds, the value that is wrong among it
 */
record DocumentedError(
    String method,
    Status.Code code,
    Class<? extends Message> detail,
    String said,
    Executable provocation) {

  private static final Pattern WORD = Pattern.compile("\\b[A-Z_]+\\b");
  private static final Pattern METHOD = Pattern.compile("rpc (\\w+)\\(.*");

  /** A field that is wrong, as INVALID_ARGUMENT. */
  static DocumentedError field(
      String method, String field, String description, Executable provocation) {
    return refused(method, field + ": " + description, provocation);
  }

  /** Fields that are wrong, as INVALID_ARGUMENT. */
  static DocumentedError refused(String method, String said, Executable provocation) {
    return new DocumentedError(
        method, Status.Code.INVALID_ARGUMENT, BadRequest.class, said, provocation);
  }

  /** Makes the call, which is to fail so. */
  void assertIsSo() throws InvalidProtocolBufferException {
    StatusRuntimeException e = assertThrows(StatusRuntimeException.class, provocation);
    assertEquals(code, e.getStatus().getCode(), () -> String.valueOf(e.getMessage()));
    String message = String.valueOf(e.getStatus().getDescription());
    assertTrue(message.contains(said), message);
    com.google.rpc.Status status = StatusProto.fromThrowable(e);
    assertNotNull(status);
    assertEquals(1, status.getDetailsCount(), status::toString);
    Any packed = status.getDetails(0);
    assertTrue(packed.is(detail), status::toString);
    switch (packed.unpack(detail)) {
      case BadRequest refused -> {
        for (BadRequest.FieldViolation violation : refused.getFieldViolationsList()) {
          assertTrue(message.contains(violation.getField()), message);
          assertTrue(message.contains(violation.getDescription()), message);
        }
        assertTrue(refused.getFieldViolationsCount() > 0, message);
      }
      case ResourceInfo missing -> {
        assertFalse(missing.getResourceType().isEmpty(), message);
        assertFalse(missing.getResourceName().isEmpty(), message);
      }
      case RetryInfo retry -> assertTrue(retry.getRetryDelay().getSeconds() > 0, message);
      case ErrorInfo info -> {
        assertEquals("geosearch", info.getDomain());
        assertTrue(WORD.matcher(info.getReason()).matches(), info::toString);
      }
      default -> throw new AssertionError("such details are promised nowhere: " + detail);
    }
  }

  /**
   * That the errors are all those that the comments of a proto with one service name: those above a
   * method for that method, all others for one method or another.
   *
   * @param proto its path among the protos
   */
  static void assertAllOf(String proto, Collection<DocumentedError> errors) throws IOException {
    Map<String, Set<Status.Code>> provoked = new TreeMap<>();
    Set<Status.Code> together = EnumSet.noneOf(Status.Code.class);
    for (DocumentedError error : errors) {
      provoked
          .computeIfAbsent(error.method, method -> EnumSet.noneOf(Status.Code.class))
          .add(error.code);
      together.add(error.code);
    }
    Map<String, Set<Status.Code>> missing = new TreeMap<>();
    named(proto)
        .forEach((method, codes) -> {
          Set<Status.Code> left = EnumSet.noneOf(Status.Code.class);
          left.addAll(codes);
          left.removeAll(method.isEmpty() ? together : provoked.getOrDefault(method, Set.of()));
          if (!left.isEmpty() || !(method.isEmpty() || provoked.containsKey(method))) {
            missing.put(method, left);
          }
        });
    assertEquals(Map.of(), missing, "the comments of " + proto + " name these too");
  }

  /** The codes that comments name, by method; those that stand elsewhere by an empty name. */
  private static Map<String, Set<Status.Code>> named(String proto) throws IOException {
    Map<String, Set<Status.Code>> named = new LinkedHashMap<>();
    Set<Status.Code> comment = EnumSet.noneOf(Status.Code.class);
    for (String line : Files.readAllLines(Path.of("src", "main", "proto", proto))) {
      String text = line.strip();
      Matcher method = METHOD.matcher(text);
      if (text.startsWith("//")) {
        WORD.matcher(text).results().forEach(word -> add(word.group(), comment));
      } else if (!text.isEmpty()) {
        String name = method.matches() ? method.group(1) : "";
        named.computeIfAbsent(name, any -> EnumSet.noneOf(Status.Code.class)).addAll(comment);
        comment.clear();
      }
    }
    return named;
  }

  private static void add(String word, Set<Status.Code> codes) {
    for (Status.Code code : Status.Code.values()) {
      if (code != Status.Code.OK && code.name().equals(word)) {
        codes.add(code);
      }
    }
  }

  @Override
  public String toString() {
    return method + " " + code + " " + said;
  }
}
