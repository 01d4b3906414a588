package geosearch.traffic;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Exception;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Headers;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2HeadersEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HeaderBlockTest {

  @Test
  void leavesTableAlone_firstCallOfAClient_isFalse() throws Exception {
    ByteBuf block = encoded(new DefaultHttp2HeadersEncoder(), call("1"));

    assertFalse(leavesTableAlone(block));
  }

  @Test
  void leavesTableAlone_sameCallAgain_isTrue() throws Exception {
    DefaultHttp2HeadersEncoder client = new DefaultHttp2HeadersEncoder();
    encoded(client, call("1"));

    assertTrue(leavesTableAlone(encoded(client, call("1"))));
  }

  @Test
  void leavesTableAlone_newValue_isFalse() throws Exception {
    DefaultHttp2HeadersEncoder client = new DefaultHttp2HeadersEncoder();
    encoded(client, call("1"));

    assertFalse(leavesTableAlone(encoded(client, call("2"))));
  }

  @Test
  void leavesTableAlone_valuesThatAreNeverIndexed_isTrue() throws Exception {
    DefaultHttp2HeadersEncoder client =
        new DefaultHttp2HeadersEncoder(Http2HeadersEncoder.ALWAYS_SENSITIVE, true);

    assertTrue(leavesTableAlone(encoded(client, call("x".repeat(1_000)))));
  }

  @Test
  void leavesTableAlone_cutOff_isFalse() throws Exception {
    DefaultHttp2HeadersEncoder client =
        new DefaultHttp2HeadersEncoder(Http2HeadersEncoder.ALWAYS_SENSITIVE, true);
    ByteBuf block = encoded(client, call("value"));

    assertFalse(leavesTableAlone(block.slice(0, block.readableBytes() - 1)));
  }

  /** What it calls harmless may be left out: the next block means the same with it or without. */
  @Test
  void leavesTableAlone_anyBytes_isFalseIfTheDecoderNotices() throws Exception {
    Random random = new Random(1);
    int harmless = 0;
    for (int i = 0; i < 200_000; i++) {
      byte[] bytes = new byte[1 + random.nextInt(12)];
      random.nextBytes(bytes);
      if (!leavesTableAlone(Unpooled.wrappedBuffer(bytes))) {
        continue;
      }
      harmless++;
      DefaultHttp2HeadersEncoder client = new DefaultHttp2HeadersEncoder();
      DefaultHttp2HeadersDecoder server = new DefaultHttp2HeadersDecoder(false);
      server.decodeHeaders(1, encoded(client, call("1")));
      long before = server.configuration().maxHeaderTableSize();
      try {
        server.decodeHeaders(3, Unpooled.wrappedBuffer(bytes));
      } catch (Http2Exception e) {
        continue; // an index without an entry: it is left out, and nobody misses it
      }
      assertTrue(before == server.configuration().maxHeaderTableSize());
      Http2Headers after = server.decodeHeaders(5, encoded(client, call("1")));
      assertTrue(
          after.contains("number", "1"),
          () -> "changed by " + new String(bytes, StandardCharsets.ISO_8859_1));
    }
    assertTrue(harmless > 1_000, "so few say nothing: " + harmless);
  }

  private static boolean leavesTableAlone(ByteBuf block) {
    return HeaderBlock.leavesTableAlone(block, block.readerIndex(), block.writerIndex());
  }

  private static Http2Headers call(String number) {
    return new DefaultHttp2Headers()
        .method("POST")
        .scheme("http")
        .path("/Search/search")
        .add("number", number);
  }

  private static ByteBuf encoded(DefaultHttp2HeadersEncoder encoder, Http2Headers headers)
      throws Http2Exception {
    ByteBuf block = Unpooled.buffer();
    encoder.encodeHeaders(1, headers, block);
    return block;
  }
}
