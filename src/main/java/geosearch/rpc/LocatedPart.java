package geosearch.rpc;

import com.google.protobuf.CodedOutputStream;
import geosearch.v1.LocatedArea;
import java.io.IOException;

/** An area that was found: a {@link LocatedArea}. */
final class LocatedPart extends Part {

  private final byte[] area;
  private final int match;
  private final double distance;

  private LocatedPart(int field, byte[] area, FoundAreas found, int i) {
    super(field);
    this.area = area;
    match = found.match(i).getNumber();
    distance = found.distance(i);
    setSize(
        CodedOutputStream.computeByteArraySize(LocatedArea.AREA_FIELD_NUMBER, area)
            + CodedOutputStream.computeEnumSize(LocatedArea.MATCH_FIELD_NUMBER, match)
            + (Double.isNaN(distance)
                ? 0
                : CodedOutputStream.computeDoubleSize(
                    LocatedArea.DISTANCE_M_FIELD_NUMBER, distance)));
  }

  /**
   * Adds a part for each area that was found.
   *
   * @param field the number of the field that they are values of
   */
  static void addTo(Answer answer, int field, AreaParts areas, FoundAreas found) {
    for (int i = 0; i < found.count(); i++) {
      byte[] area = areas.bytes(found.layer(i), found.ordinal(i));
      answer.add(new LocatedPart(field, area, found, i));
    }
  }

  @Override
  void writeContent(CodedOutputStream out) throws IOException {
    out.writeByteArray(LocatedArea.AREA_FIELD_NUMBER, area);
    out.writeEnum(LocatedArea.MATCH_FIELD_NUMBER, match);
    if (!Double.isNaN(distance)) {
      out.writeDouble(LocatedArea.DISTANCE_M_FIELD_NUMBER, distance);
    }
  }
}
