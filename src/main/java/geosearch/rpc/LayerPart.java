package geosearch.rpc;

import static com.google.protobuf.CodedOutputStream.computeInt64Size;
import static com.google.protobuf.CodedOutputStream.computeMessageSize;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Duration;
import geosearch.atlas.Snapshot;
import geosearch.v1.LayerSnapshot;
import java.io.IOException;
import java.time.Instant;

/** The state of a layer, as {@link AreaMessages#state} makes it. */
final class LayerPart extends Part {

  private final Snapshot snapshot;
  private final Duration age;

  /**
   * @param field the number of the field that it is a value of
   */
  LayerPart(int field, Snapshot snapshot, Instant now) {
    super(field);
    this.snapshot = snapshot;
    this.age = AreaMessages.age(snapshot, now);
    setSize(
        sizeOf(LayerSnapshot.LAYER_FIELD_NUMBER, snapshot.layer().name())
            + computeInt64Size(LayerSnapshot.GENERATION_FIELD_NUMBER, snapshot.generation())
            + sizeOf(LayerSnapshot.DATASET_VERSION_FIELD_NUMBER, snapshot.layer().version())
            + computeMessageSize(LayerSnapshot.AGE_FIELD_NUMBER, age)
            + computeInt64Size(LayerSnapshot.REVISION_FIELD_NUMBER, snapshot.revision()));
  }

  @Override
  void writeContent(CodedOutputStream out) throws IOException {
    write(out, LayerSnapshot.LAYER_FIELD_NUMBER, snapshot.layer().name());
    out.writeInt64(LayerSnapshot.GENERATION_FIELD_NUMBER, snapshot.generation());
    write(out, LayerSnapshot.DATASET_VERSION_FIELD_NUMBER, snapshot.layer().version());
    out.writeMessage(LayerSnapshot.AGE_FIELD_NUMBER, age);
    out.writeInt64(LayerSnapshot.REVISION_FIELD_NUMBER, snapshot.revision());
  }
}
