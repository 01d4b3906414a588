package geosearch.rpc;

import static com.google.protobuf.CodedOutputStream.computeEnumSize;
import static com.google.protobuf.CodedOutputStream.computeInt32Size;
import static com.google.protobuf.CodedOutputStream.computeTagSize;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import geosearch.v1.AreaMatch;
import geosearch.v1.LocateBatchResponse;
import geosearch.v1.Match;
import geosearch.v1.PositionAnswer;
import java.io.IOException;

/** A {@link PositionAnswer} of nothing but the areas that contain the position. */
final class MatchesPart extends Part {

  /** An index and a match are so short that their length takes one byte. */
  private static final int LENGTH_SIZE = 1;

  private final int[] matches;

  /**
   * @param matches twice the number that an area has in the batch, and one more on its border
   */
  MatchesPart(int[] matches) {
    super(LocateBatchResponse.ANSWERS_FIELD_NUMBER);
    this.matches = matches;
    int size = 0;
    for (int match : matches) {
      size += computeTagSize(PositionAnswer.AREAS_FIELD_NUMBER) + LENGTH_SIZE + sizeOf(match);
    }
    setSize(size);
  }

  @Override
  void writeContent(CodedOutputStream out) throws IOException {
    for (int match : matches) {
      out.writeTag(PositionAnswer.AREAS_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
      out.writeUInt32NoTag(sizeOf(match));
      out.writeInt32(AreaMatch.AREA_INDEX_FIELD_NUMBER, match >> 1);
      out.writeEnum(AreaMatch.MATCH_FIELD_NUMBER, kind(match));
    }
  }

  private static int sizeOf(int match) {
    return computeInt32Size(AreaMatch.AREA_INDEX_FIELD_NUMBER, match >> 1)
        + computeEnumSize(AreaMatch.MATCH_FIELD_NUMBER, kind(match));
  }

  private static int kind(int match) {
    return (match & 1) == 0 ? Match.MATCH_INSIDE_VALUE : Match.MATCH_BORDER_VALUE;
  }
}
