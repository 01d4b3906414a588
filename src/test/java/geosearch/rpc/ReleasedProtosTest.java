package geosearch.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.TextFormat;
import geosearch.original.SearchGrpc;
import geosearch.v1.GeoSearchProto;
import geosearch.v1.ZonesProto;
import io.grpc.protobuf.ProtoFileDescriptorSupplier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Clients that were built from the protos of a release go on working. What was released is kept in
 * {@code src/test/resources/released}; {@code ./mvnw test -Dtest=ReleasedProtosTest
 * -Dprotos.release=true} records what is there now, which is right for a release and for nothing
 * else.
 */
class ReleasedProtosTest {

  private static final Path RELEASED = Path.of("src", "test", "resources", "released");

  static Stream<FileDescriptor> protos() {
    FileDescriptor original =
        ((ProtoFileDescriptorSupplier)
                Objects.requireNonNull(SearchGrpc.getServiceDescriptor().getSchemaDescriptor()))
            .getFileDescriptor();
    return Stream.of(original, GeoSearchProto.getDescriptor(), ZonesProto.getDescriptor());
  }

  @ParameterizedTest
  @MethodSource("protos")
  void proto_sinceTheRelease_breaksNoClient(FileDescriptor proto) throws IOException {
    if (Boolean.getBoolean("protos.release")) {
      Files.writeString(file(proto), TextFormat.printer().printToString(proto.toProto()));
    }

    assertEquals(List.of(), Incompatibilities.between(released(proto), proto.toProto()));
  }

  @Test
  void between_moreOfEverything_findsNothing() {
    assertEquals(
        List.of(),
        changed(file -> {
          file.addMessageTypeBuilder().setName("Another");
          file.addEnumTypeBuilder().setName("Kind");
          file.addServiceBuilder().setName("More");
          file.getServiceBuilder(0).addMethodBuilder().setName("Another");
          file.getMessageTypeBuilder(0).addFieldBuilder().setName("another").setNumber(99);
          file.getEnumTypeBuilder(0).addValueBuilder().setName("MATCH_NEW").setNumber(99);
        }));
  }

  @Test
  void between_somethingIsGone_saysWhat() {
    assertBroken("the message is gone", file -> file.removeMessageType(0));
    assertBroken("the enum is gone", file -> file.removeEnumType(0));
    assertBroken("the service is gone", file -> file.removeService(0));
    assertBroken("the method is gone", file -> file.getServiceBuilder(0).removeMethod(0));
    assertBroken("the field is gone", file -> file.getMessageTypeBuilder(0).removeField(0));
    assertBroken("the value is gone", file -> file.getEnumTypeBuilder(0).removeValue(1));
  }

  @Test
  void between_somethingIsOther_saysWhatItWas() {
    assertBroken(
        "LocateOptions.layers: its number was 1 and is 77", file -> field(file).setNumber(77));
    assertBroken(
        "its type was TYPE_STRING and is TYPE_BYTES",
        file -> field(file).setType(FieldDescriptorProto.Type.TYPE_BYTES));
    assertBroken(
        "its label was LABEL_REPEATED",
        file -> field(file).setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL));
    assertBroken("its JSON name was  and is Layers", file -> field(file).setJsonName("Layers"));
    assertBroken(
        "its oneof was none and is one",
        file -> {
          file.getMessageTypeBuilder(0).addOneofDeclBuilder().setName("one");
          field(file).setOneofIndex(file.getMessageTypeBuilder(0).getOneofDeclCount() - 1);
        });
    assertBroken(
        "MATCH_INSIDE: its number was 1 and is 9",
        file -> file.getEnumTypeBuilder(0).getValueBuilder(1).setNumber(9));
    assertBroken(
        "Locate: its request was",
        file -> file.getServiceBuilder(0).getMethodBuilder(0).setInputType(".geosearch.v1.Area"));
    assertBroken(
        "Locate: its response was",
        file -> file.getServiceBuilder(0).getMethodBuilder(0).setOutputType(".geosearch.v1.Area"));
    assertBroken(
        "Locate: its streaming of responses was false",
        file -> file.getServiceBuilder(0).getMethodBuilder(0).setServerStreaming(true));
    assertBroken("its package was geosearch.v1", file -> file.setPackage("geosearch.v2"));
    assertBroken(
        "its java_package was geosearch.v1",
        file -> file.getOptionsBuilder().setJavaPackage("other"));
  }

  private static FieldDescriptorProto.Builder field(FileDescriptorProto.Builder file) {
    return file.getMessageTypeBuilder(0).getFieldBuilder(0);
  }

  private static void assertBroken(String expected, Consumer<FileDescriptorProto.Builder> change) {
    List<String> found = changed(change);

    assertFalse(found.isEmpty(), expected);
    assertTrue(found.getFirst().contains(expected), () -> found + " should say " + expected);
  }

  private static List<String> changed(Consumer<FileDescriptorProto.Builder> change) {
    FileDescriptorProto before = GeoSearchProto.getDescriptor().toProto();
    FileDescriptorProto.Builder after = before.toBuilder();
    change.accept(after);
    return Incompatibilities.between(before, after.build());
  }

  private static FileDescriptorProto released(FileDescriptor proto) throws IOException {
    return TextFormat.parse(Files.readString(file(proto)), FileDescriptorProto.class);
  }

  private static Path file(FileDescriptor proto) {
    return RELEASED.resolve(proto.getName().replace('/', '.') + ".txtpb");
  }
}
