package geosearch.rpc;

import static com.google.protobuf.CodedOutputStream.computeInt32Size;
import static com.google.protobuf.CodedOutputStream.computeInt64Size;
import static com.google.protobuf.CodedOutputStream.computeTagSize;
import static com.google.protobuf.CodedOutputStream.computeUInt32SizeNoTag;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Duration;
import com.google.protobuf.WireFormat;
import geosearch.v1.LayerSnapshot;
import java.io.IOException;
import java.time.Instant;

/** The state of a layer, as {@link AreaMessages#state} makes it. */
final class LayerPart extends Part {

  private final byte[] state;
  private final long seconds;
  private final int nanos;
  private final int ageSize;

  /**
   * @param field the number of the field that it is a value of
   */
  LayerPart(int field, AnsweredLayer layer, Instant now) {
    super(field);
    java.time.Duration age = AreaMessages.age(layer.snapshot(), now);
    this.state = layer.state();
    this.seconds = age.getSeconds();
    this.nanos = age.getNano();
    this.ageSize =
        (seconds == 0 ? 0 : computeInt64Size(Duration.SECONDS_FIELD_NUMBER, seconds))
            + (nanos == 0 ? 0 : computeInt32Size(Duration.NANOS_FIELD_NUMBER, nanos));
    setSize(
        state.length
            + computeTagSize(LayerSnapshot.AGE_FIELD_NUMBER)
            + computeUInt32SizeNoTag(ageSize)
            + ageSize);
  }

  @Override
  void writeContent(CodedOutputStream out) throws IOException {
    out.writeRawBytes(state);
    out.writeTag(LayerSnapshot.AGE_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    out.writeUInt32NoTag(ageSize);
    if (seconds != 0) {
      out.writeInt64(Duration.SECONDS_FIELD_NUMBER, seconds);
    }
    if (nanos != 0) {
      out.writeInt32(Duration.NANOS_FIELD_NUMBER, nanos);
    }
  }
}
