package geosearch.rpc;

import com.google.protobuf.CodedOutputStream;
import java.io.IOException;

/** Whole fields of an {@link Answer}. */
interface Piece {

  /** How many bytes it takes, tags and lengths included. */
  int fullSize();

  /** Writes it, tags and lengths included. */
  void writeTo(CodedOutputStream out) throws IOException;
}
