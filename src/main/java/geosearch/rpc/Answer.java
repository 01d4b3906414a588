package geosearch.rpc;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A response of which the greater part is written straight into its bytes, without a message for
 * each area: messages, their builders and the lists in them cost several times what finding the
 * areas costs.
 *
 * <p>The bytes are those of the method's response: one message after another means all of them
 * merged, so what is rare is set in a message of the generated class, and the {@linkplain Piece
 * pieces} follow it. For use by one thread.
 */
final class Answer {

  private static final MethodDescriptor.Marshaller<Answer> MARSHALLER =
      new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(Answer answer) {
          return new Bytes(answer.toBytes());
        }

        @Override
        public Answer parse(InputStream stream) {
          throw new UnsupportedOperationException("a server reads no answers");
        }
      };

  private final MessageLite first;
  private final List<Piece> pieces = new ArrayList<>();
  private int size;

  /**
   * @param first what is not added as pieces
   */
  Answer(MessageLite first) {
    this.first = first;
    this.size = first.getSerializedSize();
  }

  /** A method as it is, but for the class of its responses. */
  static <RequestT> MethodDescriptor<RequestT, Answer> method(
      MethodDescriptor<RequestT, ? extends MessageLite> generated) {
    return generated.toBuilder(generated.getRequestMarshaller(), MARSHALLER).build();
  }

  /** Adds what does not change any more. */
  void add(Piece piece) {
    pieces.add(piece);
    size += piece.fullSize();
  }

  /** As a client reads it. */
  byte[] toBytes() {
    byte[] bytes = new byte[size];
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      first.writeTo(out);
      for (int i = 0; i < pieces.size(); i++) {
        pieces.get(i).writeTo(out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    out.checkNoSpaceLeft();
    return bytes;
  }

  /** Is copied once, to where the transport wants it. */
  private static final class Bytes extends ByteArrayInputStream implements KnownLength, Drainable {

    Bytes(byte[] bytes) {
      super(bytes);
    }

    @Override
    public int drainTo(OutputStream target) throws IOException {
      int length = count - pos;
      target.write(buf, pos, length); // transferTo would copy them once more
      pos = count;
      return length;
    }
  }
}
