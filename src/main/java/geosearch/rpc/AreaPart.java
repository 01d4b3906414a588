package geosearch.rpc;

import com.google.protobuf.CodedOutputStream;
import java.io.IOException;

/** An area without its outline, in the bytes of an {@link AreaParts}. */
final class AreaPart extends Part {

  private final byte[] area;

  /**
   * @param field the number of the field that it is a value of
   */
  AreaPart(int field, byte[] area) {
    super(field);
    this.area = area;
    setSize(area.length);
  }

  @Override
  void writeContent(CodedOutputStream out) throws IOException {
    out.writeRawBytes(area);
  }
}
