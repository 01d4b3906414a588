package geosearch.rpc;

import com.google.protobuf.CodedOutputStream;
import geosearch.atlas.Snapshot;
import geosearch.geo.Area;
import geosearch.v1.LocateOptions;
import java.io.IOException;

/** An area without its outline, as {@link AreaMessages#area} makes it. */
final class AreaPart extends Part {

  private final String layer;
  private final Area area;

  /** What only some areas have. */
  private final geosearch.v1.Area details;

  /**
   * @param field the number of the field that it is a value of
   * @param options say which attributes to send
   */
  AreaPart(int field, Snapshot snapshot, int ordinal, LocateOptions options) {
    super(field);
    layer = snapshot.layer().name();
    area = snapshot.index().area(ordinal);
    details =
        area.attributes().isEmpty() && area.validity().isAlways()
            ? geosearch.v1.Area.getDefaultInstance()
            : AreaMessages.details(area, !options.hasAttributes(), options.getAttributes()).build();
    setSize(
        sizeOf(geosearch.v1.Area.LAYER_FIELD_NUMBER, layer)
            + sizeOf(geosearch.v1.Area.ID_FIELD_NUMBER, area.id())
            + sizeOf(geosearch.v1.Area.NAME_FIELD_NUMBER, area.name())
            + details.getSerializedSize());
  }

  @Override
  void writeContent(CodedOutputStream out) throws IOException {
    write(out, geosearch.v1.Area.LAYER_FIELD_NUMBER, layer);
    write(out, geosearch.v1.Area.ID_FIELD_NUMBER, area.id());
    write(out, geosearch.v1.Area.NAME_FIELD_NUMBER, area.name());
    details.writeTo(out);
  }
}
