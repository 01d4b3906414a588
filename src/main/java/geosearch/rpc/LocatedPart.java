package geosearch.rpc;

import com.google.protobuf.CodedOutputStream;
import geosearch.atlas.Snapshot;
import geosearch.v1.LocateOptions;
import geosearch.v1.LocatedArea;
import java.io.IOException;
import java.util.List;

/** An area that was found: a {@link LocatedArea}. */
final class LocatedPart extends Part {

  private final AreaPart area;
  private final int match;
  private final double distance;

  private LocatedPart(
      int field, Snapshot snapshot, LocateOptions options, FoundAreas found, int i) {
    super(field);
    area = new AreaPart(LocatedArea.AREA_FIELD_NUMBER, snapshot, found.ordinal(i), options);
    match = found.match(i).getNumber();
    distance = found.distance(i);
    setSize(
        area.fullSize()
            + CodedOutputStream.computeEnumSize(LocatedArea.MATCH_FIELD_NUMBER, match)
            + (Double.isNaN(distance)
                ? 0
                : CodedOutputStream.computeDoubleSize(
                    LocatedArea.DISTANCE_M_FIELD_NUMBER, distance)));
  }

  /**
   * Adds a part for each area that was found.
   *
   * @param snapshots the layers that are asked about
   * @param options say which attributes to send
   * @param field the number of the field that they are values of
   */
  static void addTo(
      Answer answer, int field, List<Snapshot> snapshots, LocateOptions options, FoundAreas found) {
    for (int i = 0; i < found.count(); i++) {
      answer.add(new LocatedPart(field, snapshots.get(found.layer(i)), options, found, i));
    }
  }

  @Override
  void writeContent(CodedOutputStream out) throws IOException {
    area.writeTo(out);
    out.writeEnum(LocatedArea.MATCH_FIELD_NUMBER, match);
    if (!Double.isNaN(distance)) {
      out.writeDouble(LocatedArea.DISTANCE_M_FIELD_NUMBER, distance);
    }
  }
}
