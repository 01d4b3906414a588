package geosearch.traffic;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.netty.buffer.AbstractByteBufAllocator;
import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.buffer.ByteBufAllocator;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.channel.embedded.EmbeddedChannel;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FrameGateTest {

  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;
  private static final int WINDOW_UPDATE = 8;
  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;
  private static final int FRAME_HEADER = 9;

  private static final ByteBufAllocator NO_MEMORY =
      new AbstractByteBufAllocator() {
        @Override
        protected ByteBuf newHeapBuffer(int capacity, int most) {
          throw new OutOfMemoryError("none left");
        }

        @Override
        protected ByteBuf newDirectBuffer(int capacity, int most) {
          throw new OutOfMemoryError("none left");
        }

        @Override
        public boolean isDirectBufferPooled() {
          return false;
        }
      };

  private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII);

  /** :method and :scheme, from the static table. */
  private static final byte[] STATELESS = {(byte) 0x83, (byte) 0x86};

  /** The same and a header that the decoder is to remember. */
  private static final byte[] REMEMBERED = {(byte) 0x83, 0x40, 1, 'a', 1, 'b'};

  private static final Refusals REFUSALS =
      new Refusals() {
        @Override
        public StatusRuntimeException busy(Reason reason) {
          return Status.RESOURCE_EXHAUSTED.withDescription("busy").asRuntimeException();
        }

        @Override
        public StatusRuntimeException tooSlow() {
          throw new AssertionError();
        }

        @Override
        public StatusRuntimeException tooLarge(long length, int limit) {
          throw new AssertionError();
        }
      };

  /** Which calls are admitted, by their place among all. */
  private IntPredicate admitted = call -> true;

  /** Whether the next call is left for later. */
  private BooleanSupplier later = () -> false;

  private final List<CallShare> waiting = new ArrayList<>();
  private int calls;
  private final List<EmbeddedChannel> channels = new ArrayList<>();
  private FrameGate gate;

  @AfterEach
  void close() {
    channels.forEach(EmbeddedChannel::finishAndReleaseAll);
  }

  private EmbeddedChannel channel() {
    Traffic traffic =
        new Traffic(
            new TrafficLimits(Duration.ofSeconds(1), Duration.ofSeconds(1), 100, 100),
            new TrafficBudget(1 << 20),
            REFUSALS);
    calls = 0;
    LoopLoad load =
        new LoopLoad(task -> {}, task -> {}, System::nanoTime) {
          @Override
          Admission admit(CallShare share) {
            if (later.getAsBoolean()) {
              return Admission.LATER;
            }
            return admitted.test(calls++) ? Admission.ANSWER : Admission.REFUSE;
          }

          @Override
          void leave(CallShare share) {
            waiting.add(share);
          }
        };
    gate = new FrameGate(traffic, load, new DefaultHttp2Connection(true));
    EmbeddedChannel channel = new EmbeddedChannel(gate);
    channels.add(channel);
    return channel;
  }

  @Test
  void read_everythingAdmitted_passesAsItIsHoweverItComes() throws IOException {
    Random random = new Random(1);
    for (int i = 0; i < 500; i++) {
      byte[] sent = conversation(random, new ArrayList<>());

      assertArrayEquals(sent, passedOn(channel(), sent, random));
    }
  }

  @Test
  void read_callsThatAreNotAdmitted_areTakenOutAndAnswered() throws Exception {
    Random random = new Random(2);
    for (int i = 0; i < 500; i++) {
      List<Integer> streams = new ArrayList<>();
      byte[] sent = conversation(random, streams);
      boolean[] refused = new boolean[streams.size()];
      for (int call = 0; call < refused.length; call++) {
        refused[call] = random.nextBoolean();
      }
      admitted = call -> !refused[call];
      EmbeddedChannel channel = channel();

      // In one piece: the header of a frame that comes in two is not looked at.
      byte[] passed = passedOn(channel, sent, null);

      List<Integer> expected = new ArrayList<>();
      for (int call = 0; call < refused.length; call++) {
        if (refused[call]) {
          expected.add(streams.get(call));
        }
      }
      assertArrayEquals(without(sent, expected), passed);
      assertEquals(expected, answered(channel));
    }
  }

  @Test
  void read_callsThatAreLeftForLater_passAsTheyAreInTheirOrder() throws IOException {
    Random random = new Random(3);
    for (int i = 0; i < 500; i++) {
      byte[] sent = conversation(random, new ArrayList<>());
      later = random::nextBoolean;
      EmbeddedChannel channel = channel();

      byte[] first = passedOn(channel, sent, random);
      while (!waiting.isEmpty()) {
        assertFalse(channel.config().isAutoRead());
        waiting.removeFirst().resume();
      }

      assertTrue(channel.config().isAutoRead());
      assertArrayEquals(sent, concat(first, passedOn(channel, new byte[0], random)));
    }
  }

  @Test
  void read_noMemoryForWhatIsLeft_closesTheConnectionAndReleasesAll() throws IOException {
    EmbeddedChannel channel = channel();
    byte[] sent = conversation(new Random(4), new ArrayList<>());
    ByteBuf in = Unpooled.copiedBuffer(sent);
    channel.config().setAllocator(NO_MEMORY);
    later = () -> true; // what stands before the first call passes

    assertThrows(OutOfMemoryError.class, () -> channel.writeInbound(in));

    assertFalse(channel.isOpen());
    assertEquals(0, in.refCnt());
  }

  @Test
  void read_nothingBeforeWhatIsLeft_copiesNothing() throws IOException {
    EmbeddedChannel channel = channel();
    byte[] sent = conversation(new Random(4), new ArrayList<>());
    ByteBuf first = Unpooled.copiedBuffer(sent);
    later = () -> true;
    channel.writeInbound(first);
    channel.config().setAllocator(NO_MEMORY);

    waiting.removeFirst().resume();

    assertEquals(1, waiting.size());
    assertTrue(channel.isOpen());
  }

  @Test
  void read_restOfARefusedRequestComesLater_isLeftOutToo() throws IOException {
    admitted = call -> call > 0;
    EmbeddedChannel channel = channel();
    pass(channel, PREFACE, frame(HEADERS, END_HEADERS, 1, STATELESS));
    pass(channel, frame(HEADERS, END_HEADERS | END_STREAM, 3, STATELESS));
    channel.releaseInbound();

    byte[] rest = frame(DATA, END_STREAM, 1, new byte[100]);
    for (byte part : rest) {
      channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {part}));
    }
    byte[] next = frame(DATA, END_STREAM, 3, new byte[1]);

    assertArrayEquals(next, passedOn(channel, next, null));
  }

  @Test
  void read_headersThatTheDecoderMustSee_arePassedOnAndMarked() throws IOException {
    admitted = call -> false;
    EmbeddedChannel channel = channel();
    byte[] call = frame(HEADERS, END_HEADERS, 1, REMEMBERED);

    assertArrayEquals(concat(PREFACE, call), passedOn(channel, concat(PREFACE, call), null));
    assertTrue(gate.isMarked(1));
    assertFalse(gate.isMarked(1));
  }

  @Test
  void read_refusedCalls_giveTheConnectionsWindowBack() throws IOException {
    admitted = call -> false;
    EmbeddedChannel channel = channel();
    pass(channel, PREFACE);
    for (int stream = 1; stream < 40; stream += 2) {
      pass(
          channel,
          frame(HEADERS, END_HEADERS, stream, STATELESS),
          frame(DATA, END_STREAM, stream, new byte[1_000]));
    }

    channel.flushOutbound();
    int given = 0;
    for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
      if (out.getByte(3) == WINDOW_UPDATE) {
        assertEquals(0, out.getInt(5));
        given += out.getInt(FRAME_HEADER);
      }
      out.release();
    }
    assertTrue(given > 20_000 - (8 << 10), "given back: " + given);
  }

  @Test
  void read_framesThatLeadToNothing_closeTheConnection() throws IOException {
    for (byte[] frame :
        List.of(
            frame(DATA, 0, 1, new byte[0]),
            frame(SETTINGS, 0, 0, new byte[0]),
            frame(WINDOW_UPDATE, 0, 0, new byte[] {0, 0, 0, 1}),
            frame(2, 0, 1, new byte[5]),
            frame(99, 0, 0, new byte[0]))) {
      EmbeddedChannel channel = channel();
      pass(channel, PREFACE);
      for (int i = 0; i < 1_000 && channel.isOpen(); i++) {
        pass(channel, frame);
      }

      assertFalse(channel.isOpen(), () -> "frames of type " + frame[3]);
    }
  }

  @Test
  void read_windowUpdateOfNothing_closesTheConnection() throws IOException {
    EmbeddedChannel channel = channel();

    pass(channel, PREFACE, frame(WINDOW_UPDATE, 0, 1, new byte[4]));

    assertFalse(channel.isOpen());
  }

  @Test
  void read_callsThatAreCancelledAtOnce_closeTheConnection() throws IOException {
    EmbeddedChannel channel = channel();
    pass(channel, PREFACE);
    byte[] calls = new byte[0];
    for (int stream = 1; stream < 2_500; stream += 2) {
      gate.counts().step();
      calls =
          concat(
              calls,
              concat(
                  frame(HEADERS, END_HEADERS, stream, STATELESS),
                  frame(RST_STREAM, 0, stream, new byte[4])));
    }
    pass(channel, calls);

    assertFalse(channel.isOpen());
  }

  /** A client's side of a connection; names its calls. */
  private static byte[] conversation(Random random, List<Integer> streams) throws IOException {
    byte[] sent = concat(PREFACE, frame(SETTINGS, 0, 0, new byte[0]));
    int stream = 1;
    for (int i = 0; i < 1 + random.nextInt(20); i++) {
      streams.add(stream);
      boolean ends = random.nextInt(4) == 0;
      sent = concat(sent, frame(HEADERS, END_HEADERS | (ends ? END_STREAM : 0), stream, STATELESS));
      if (!ends) {
        if (random.nextBoolean()) {
          sent = concat(sent, frame(WINDOW_UPDATE, 0, 0, new byte[] {0, 0, 1, 0}));
        }
        if (random.nextBoolean()) {
          sent = concat(sent, frame(DATA, 0, stream, new byte[random.nextInt(30)]));
        }
        sent = concat(sent, frame(DATA, END_STREAM, stream, new byte[random.nextInt(300)]));
      }
      stream += 2;
    }
    return sent;
  }

  /** Sends bytes, in random pieces if there is a random, and returns what comes through. */
  private static byte[] passedOn(EmbeddedChannel channel, byte[] sent, Random random) {
    ByteArrayOutputStream passed = new ByteArrayOutputStream();
    int at = 0;
    while (at < sent.length) {
      int length =
          random == null
              ? sent.length
              : Math.min(sent.length - at, 1 + random.nextInt(1 + random.nextInt(60)));
      channel.writeInbound(Unpooled.copiedBuffer(sent, at, length));
      at += length;
    }
    for (ByteBuf in = channel.readInbound(); in != null; in = channel.readInbound()) {
      byte[] bytes = new byte[in.readableBytes()];
      in.readBytes(bytes);
      passed.writeBytes(bytes);
      in.release();
    }
    return passed.toByteArray();
  }

  private static void pass(EmbeddedChannel channel, byte[]... frames) {
    for (byte[] frame : frames) {
      channel.writeInbound(Unpooled.copiedBuffer(frame));
    }
  }

  /** Returns the streams that were ended with the status RESOURCE_EXHAUSTED. */
  private static List<Integer> answered(EmbeddedChannel channel) throws Exception {
    channel.flushOutbound();
    List<Integer> streams = new ArrayList<>();
    DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);
    for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
      while (out.readableBytes() > 0) {
        int length = out.readUnsignedMedium();
        assertEquals(HEADERS, out.readByte());
        assertEquals(END_STREAM | END_HEADERS, out.readByte());
        int stream = out.readInt();
        Http2Headers headers = decoder.decodeHeaders(stream, out.readSlice(length));
        assertEquals("8", String.valueOf(headers.get("grpc-status")));
        assertEquals("application/grpc", String.valueOf(headers.get("content-type")));
        streams.add(stream);
      }
      out.release();
    }
    return streams;
  }

  /** Returns what was sent without the frames of some streams. */
  private static byte[] without(byte[] sent, List<Integer> streams) {
    ByteArrayOutputStream rest = new ByteArrayOutputStream();
    rest.write(sent, 0, PREFACE.length);
    ByteBuf in = Unpooled.wrappedBuffer(sent);
    for (int at = PREFACE.length; at < sent.length; ) {
      int length = FRAME_HEADER + in.getUnsignedMedium(at);
      if (!streams.contains(in.getInt(at + 5))) {
        rest.write(sent, at, length);
      }
      at += length;
    }
    return rest.toByteArray();
  }

  private static byte[] frame(int type, int flags, int stream, byte[] payload) throws IOException {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    DataOutputStream fields = new DataOutputStream(frame);
    fields.writeByte(payload.length >> 16);
    fields.writeShort(payload.length);
    fields.writeByte(type);
    fields.writeByte(flags);
    fields.writeInt(stream);
    fields.write(payload);
    return frame.toByteArray();
  }

  private static byte[] concat(byte[] one, byte[] other) {
    byte[] both = new byte[one.length + other.length];
    System.arraycopy(one, 0, both, 0, one.length);
    System.arraycopy(other, 0, both, one.length, other.length);
    return both;
  }
}
