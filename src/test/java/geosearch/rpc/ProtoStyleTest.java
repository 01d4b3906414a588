package geosearch.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import geosearch.v1.GeoSearchProto;
import geosearch.v1.ZonesProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Protos are named as the style guide of Protocol Buffers has it, and say in comments what they
 * promise. The original's is older than both and stays as it is; the administration's is for our
 * own command alone.
 */
class ProtoStyleTest {

  private static final Pattern UPPER_CAMEL = Pattern.compile("([A-Z][a-z0-9]+)+");
  private static final Pattern LOWER_SNAKE = Pattern.compile("[a-z][a-z0-9]*(_[a-z0-9]+)*");
  private static final Pattern UPPER_SNAKE = Pattern.compile("[A-Z][A-Z0-9]*(_[A-Z0-9]+)*");
  private static final Pattern COMMENTED =
      Pattern.compile("\\s*(service|rpc|enum|[A-Z][A-Z0-9_]+ =)[ 0-9].*");
  private static final int LONGEST_LINE = 128;

  private final List<String> faults = new ArrayList<>();

  static Stream<FileDescriptor> protos() {
    return Stream.of(GeoSearchProto.getDescriptor(), ZonesProto.getDescriptor());
  }

  @ParameterizedTest
  @MethodSource("protos")
  void names_ofEverything_areInStyle(FileDescriptor proto) {
    check(
        proto.getName().startsWith(proto.getPackage().replace('.', '/') + "/"),
        proto.getName(),
        "lies in the folder of its package");
    check(proto.getPackage().matches(".*\\.v[0-9]+"), proto.getName(), "has a version");
    proto.getServices().forEach(this::checkService);
    proto.getMessageTypes().forEach(this::checkMessage);
    proto.getEnumTypes().forEach(this::checkEnum);

    assertEquals(List.of(), faults);
  }

  @ParameterizedTest
  @MethodSource("protos")
  void services_methodsAndEnums_haveComments(FileDescriptor proto) throws IOException {
    String previous = "";
    for (String line : source(proto)) {
      if (COMMENTED.matcher(line).matches()) {
        check(previous.strip().startsWith("//"), line.strip(), "has a comment");
      }
      check(line.length() <= LONGEST_LINE, line.strip(), "is no longer than " + LONGEST_LINE);
      previous = line;
    }

    assertEquals(List.of(), faults);
  }

  private void checkService(ServiceDescriptor service) {
    matches(UPPER_CAMEL, service.getName());
    for (MethodDescriptor method : service.getMethods()) {
      matches(UPPER_CAMEL, method.getName());
      check(
          method.getInputType().getName().equals(method.getName() + "Request")
              || method.getInputType().getFile().getPackage().startsWith("google."),
          method.getFullName(),
          "takes a request of its own");
    }
  }

  private void checkMessage(Descriptor message) {
    if (message.getOptions().getMapEntry()) {
      return;
    }
    matches(UPPER_CAMEL, message.getName());
    message.getNestedTypes().forEach(this::checkMessage);
    message.getEnumTypes().forEach(this::checkEnum);
    for (FieldDescriptor field : message.getFields()) {
      matches(LOWER_SNAKE, field.getName());
    }
    message.getRealOneofs().forEach(oneof -> matches(LOWER_SNAKE, oneof.getName()));
  }

  private void checkEnum(EnumDescriptor type) {
    matches(UPPER_CAMEL, type.getName());
    String prefix =
        type.getName().replaceAll("([a-z0-9])([A-Z])", "$1_$2").toUpperCase(Locale.ROOT) + "_";
    type.getValues()
        .forEach(value -> {
          matches(UPPER_SNAKE, value.getName());
          check(value.getName().startsWith(prefix), value.getFullName(), "begins with " + prefix);
        });
    check(
        type.getValues().getFirst().getName().equals(prefix + "UNSPECIFIED"),
        type.getFullName(),
        "begins with what nobody chose");
  }

  private static List<String> source(FileDescriptor proto) throws IOException {
    return Files.readAllLines(Path.of("src", "main", "proto").resolve(proto.getName()));
  }

  private void matches(Pattern pattern, String name) {
    check(pattern.matcher(name).matches(), name, "is written like " + pattern);
  }

  private void check(boolean good, String what, String rule) {
    if (!good) {
      faults.add(what + ": not so that it " + rule);
    }
  }
}
