package geosearch.traffic;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.grpc.InternalMetadata;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2FrameTypes;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Headers;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.ReadOnlyHttp2Headers;
import io.grpc.netty.shaded.io.netty.util.AsciiString;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * The answer to a refused call, made once: for HTTP/2 as headers, and as the bytes of a whole
 * frame, for a server that refuses several times as many calls as it can answer.
 */
final class RefusalFrames {

  private static final int FRAME_HEADER = 9;
  private static final int END_STREAM_AND_HEADERS = 0x5;

  /** Of HPACK's static table, with the status 200. */
  private static final int STATUS_200 = 0x88;

  /** Tells clients that retry by themselves when to do so. */
  private static final String PUSHBACK = "grpc-retry-pushback-ms";

  private static final String PUSHBACK_MILLIS = "1000";

  private final Http2Headers overloaded;
  private final Http2Headers noMemory;
  private final byte[] overloadedFrame;

  RefusalFrames(Refusals refusals) {
    List<String> fields = fields(refusals.busy(Reason.OVERLOADED));
    this.overloaded = headers(fields);
    this.overloadedFrame = frame(fields);
    this.noMemory = headers(fields(refusals.busy(Reason.NO_MEMORY)));
  }

  /** Returns the headers that end a call that is refused for want of capacity or memory. */
  Http2Headers headers(Reason reason) {
    return reason == Reason.OVERLOADED ? overloaded : noMemory;
  }

  /** Returns how many bytes {@link #writeOverloaded} writes. */
  int overloadedSize() {
    return overloadedFrame.length;
  }

  /** Writes the frame that ends a call that is refused because the server is overloaded. */
  void writeOverloaded(ByteBuf out, int streamId) {
    int start = out.writerIndex();
    out.writeBytes(overloadedFrame);
    out.setInt(start + 5, streamId);
  }

  /** Returns names and values in turn. */
  private static List<String> fields(StatusRuntimeException refusal) {
    Metadata trailers = refusal.getTrailers();
    List<String> fields = new ArrayList<>();
    fields.add("content-type");
    fields.add("application/grpc");
    fields.add("grpc-status");
    fields.add(String.valueOf(refusal.getStatus().getCode().value()));
    fields.add("grpc-message");
    fields.add(String.valueOf(refusal.getStatus().getDescription()));
    fields.add(PUSHBACK);
    fields.add(PUSHBACK_MILLIS);
    byte[][] binary = trailers == null ? new byte[0][] : InternalMetadata.serialize(trailers);
    for (int i = 0; i + 1 < binary.length; i += 2) {
      String name = new String(binary[i], US_ASCII);
      fields.add(name);
      fields.add(
          name.endsWith(Metadata.BINARY_HEADER_SUFFIX)
              ? Base64.getEncoder().withoutPadding().encodeToString(binary[i + 1])
              : new String(binary[i + 1], US_ASCII));
    }
    return fields;
  }

  private static Http2Headers headers(List<String> fields) {
    AsciiString[] others = fields.stream().map(AsciiString::new).toArray(AsciiString[]::new);
    return ReadOnlyHttp2Headers.serverHeaders(false, new AsciiString("200"), others);
  }

  /** Fields go without the compression's table, which is the encoder's own. */
  private static byte[] frame(List<String> fields) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    block.write(STATUS_200);
    for (int i = 0; i < fields.size(); i += 2) {
      block.write(0);
      writeText(block, fields.get(i));
      writeText(block, fields.get(i + 1));
    }
    int length = block.size();
    ByteArrayOutputStream frame = new ByteArrayOutputStream(FRAME_HEADER + length);
    frame.write(length >> 16);
    frame.write(length >> 8);
    frame.write(length);
    frame.write(Http2FrameTypes.HEADERS);
    frame.write(END_STREAM_AND_HEADERS);
    frame.writeBytes(new byte[4]);
    frame.writeBytes(block.toByteArray());
    return frame.toByteArray();
  }

  /** A length has seven bits in its first byte, and seven in each further one. */
  private static void writeText(ByteArrayOutputStream block, String text) {
    byte[] bytes = text.getBytes(US_ASCII);
    if (bytes.length < 127) {
      block.write(bytes.length);
    } else {
      block.write(127);
      int rest = bytes.length - 127;
      for (; rest >= 128; rest >>= 7) {
        block.write((rest & 127) | 128);
      }
      block.write(rest);
    }
    block.writeBytes(bytes);
  }
}
