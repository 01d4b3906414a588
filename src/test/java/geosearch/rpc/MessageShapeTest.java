package geosearch.rpc;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import geosearch.v1.AttributeFilter;
import geosearch.v1.LocateBatchRequest;
import geosearch.v1.LocateOptions;
import geosearch.v1.LocateRequest;
import java.io.IOException;
import java.util.Collections;
import org.junit.jupiter.api.Test;

class MessageShapeTest {

  private static final MessageShape LOCATE = MessageShape.of(LocateRequest.getDescriptor());

  @Test
  void exceeds_textsWithinMessages_areCounted() throws IOException {
    LocateRequest request =
        withOptions(LocateOptions.newBuilder().addAllLayers(Collections.nCopies(10, "")).build());

    assertFalse(LOCATE.exceeds(request.toByteArray(), 11)); // the options themselves are one
    assertTrue(LOCATE.exceeds(request.toByteArray(), 10));
  }

  @Test
  void exceeds_emptyMessages_areCounted() throws IOException {
    LocateRequest request =
        withOptions(
            LocateOptions.newBuilder()
                .addAllFilters(Collections.nCopies(10, AttributeFilter.getDefaultInstance()))
                .build());

    assertFalse(LOCATE.exceeds(request.toByteArray(), 11));
    assertTrue(LOCATE.exceeds(request.toByteArray(), 10));
  }

  @Test
  void exceeds_entriesOfMaps_areCounted() throws IOException {
    LocateRequest request =
        withOptions(LocateOptions.newBuilder().putDatasetVersions("layer", "1").build());

    assertFalse(LOCATE.exceeds(request.toByteArray(), 4));
    assertTrue(LOCATE.exceeds(request.toByteArray(), 3));
  }

  @Test
  void exceeds_numbers_areNotCounted() throws IOException {
    LocateBatchRequest batch =
        LocateBatchRequest.newBuilder()
            .addAllLatitudes(Collections.nCopies(10_000, 1.0))
            .addAllLongitudes(Collections.nCopies(10_000, 1.0))
            .build();

    assertFalse(
        MessageShape.of(LocateBatchRequest.getDescriptor()).exceeds(batch.toByteArray(), 0));
  }

  @Test
  void exceeds_unknownFields_areNotCounted() throws IOException {
    UnknownFieldSet.Field many =
        UnknownFieldSet.Field.newBuilder()
            .addLengthDelimited(ByteString.EMPTY)
            .addVarint(1)
            .addGroup(UnknownFieldSet.getDefaultInstance())
            .build();
    byte[] unknown = UnknownFieldSet.newBuilder().addField(1_000, many).build().toByteArray();

    assertFalse(LOCATE.exceeds(unknown, 0));
  }

  @Test
  void exceeds_cutOff_throws() {
    byte[] request =
        withOptions(LocateOptions.newBuilder().addLayers("layer").build()).toByteArray();

    assertThrows(
        IOException.class,
        () -> LOCATE.exceeds(ByteString.copyFrom(request, 0, request.length - 1).toByteArray(), 9));
  }

  @Test
  void exceeds_deeperThanAnyMessage_throws() {
    byte[] deep = new byte[400];
    java.util.Arrays.fill(deep, (byte) 0x0b); // begins a group of field 1, 400 times

    assertThrows(IOException.class, () -> LOCATE.exceeds(deep, 9));
  }

  private static LocateRequest withOptions(LocateOptions options) {
    return LocateRequest.newBuilder().setOptions(options).build();
  }
}
