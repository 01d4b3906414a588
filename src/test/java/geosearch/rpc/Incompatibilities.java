package geosearch.rpc;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumValueDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What in a proto would break clients that were built from an earlier state of it: on the wire, in
 * JSON, or in code that the Java generator makes. What was there has to stay as it was; more may
 * come.
 */
final class Incompatibilities {

  private final List<String> found = new ArrayList<>();

  private Incompatibilities() {}

  /** One sentence for each change that breaks something; none if there is none. */
  static List<String> between(FileDescriptorProto released, FileDescriptorProto now) {
    Incompatibilities changes = new Incompatibilities();
    String file = released.getName();
    changes.same(file, "package", released.getPackage(), now.getPackage());
    changes.same(
        file,
        "java_package",
        released.getOptions().getJavaPackage(),
        now.getOptions().getJavaPackage());
    changes.same(
        file,
        "java_multiple_files",
        released.getOptions().getJavaMultipleFiles(),
        now.getOptions().getJavaMultipleFiles());
    changes.messages(file, released.getMessageTypeList(), now.getMessageTypeList());
    changes.enums(file, released.getEnumTypeList(), now.getEnumTypeList());
    changes.each(
        file,
        "service",
        released.getServiceList(),
        now.getServiceList(),
        ServiceDescriptorProto::getName,
        (name, before, after) ->
            changes.each(
                name,
                "method",
                before.getMethodList(),
                after.getMethodList(),
                MethodDescriptorProto::getName,
                changes::method));
    return List.copyOf(changes.found);
  }

  private void messages(String in, List<DescriptorProto> released, List<DescriptorProto> now) {
    each(in, "message", released, now, DescriptorProto::getName, this::message);
  }

  private void message(String name, DescriptorProto released, DescriptorProto now) {
    each(
        name,
        "field",
        released.getFieldList(),
        now.getFieldList(),
        FieldDescriptorProto::getName,
        (field, before, after) -> {
          same(field, "number", before.getNumber(), after.getNumber());
          same(field, "type", type(before), type(after));
          same(field, "label", before.getLabel(), after.getLabel());
          same(field, "presence", before.getProto3Optional(), after.getProto3Optional());
          same(field, "JSON name", before.getJsonName(), after.getJsonName());
          same(field, "oneof", oneof(released, before), oneof(now, after));
        });
    messages(name, released.getNestedTypeList(), now.getNestedTypeList());
    enums(name, released.getEnumTypeList(), now.getEnumTypeList());
  }

  private void enums(String in, List<EnumDescriptorProto> released, List<EnumDescriptorProto> now) {
    each(
        in,
        "enum",
        released,
        now,
        EnumDescriptorProto::getName,
        (name, before, after) ->
            each(
                name,
                "value",
                before.getValueList(),
                after.getValueList(),
                EnumValueDescriptorProto::getName,
                (value, one, other) -> same(value, "number", one.getNumber(), other.getNumber())));
  }

  private void method(String name, MethodDescriptorProto released, MethodDescriptorProto now) {
    same(name, "request", released.getInputType(), now.getInputType());
    same(name, "response", released.getOutputType(), now.getOutputType());
    same(name, "streaming of requests", released.getClientStreaming(), now.getClientStreaming());
    same(name, "streaming of responses", released.getServerStreaming(), now.getServerStreaming());
  }

  private static String type(FieldDescriptorProto field) {
    return field.getType() + field.getTypeName();
  }

  private static String oneof(DescriptorProto message, FieldDescriptorProto field) {
    return field.hasOneofIndex() ? message.getOneofDecl(field.getOneofIndex()).getName() : "none";
  }

  private <T> void each(
      String in,
      String kind,
      List<T> released,
      List<T> now,
      Function<T, String> name,
      Comparison<T> comparison) {
    Map<String, T> current = now.stream().collect(Collectors.toMap(name, Function.identity()));
    for (T one : released) {
      String path = in + "." + name.apply(one);
      T other = current.get(name.apply(one));
      if (other == null) {
        found.add(path + ": the " + kind + " is gone");
      } else {
        comparison.compare(path, one, other);
      }
    }
  }

  private void same(String path, String what, Object released, Object now) {
    if (!released.equals(now)) {
      found.add("%s: its %s was %s and is %s".formatted(path, what, released, now));
    }
  }

  private interface Comparison<T> {
    void compare(String path, T released, T now);
  }
}
