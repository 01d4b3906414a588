package geosearch.traffic;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelOutboundBuffer;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Connection;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Error;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Exception;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Headers;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2RemoteFlowController;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Stream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Watches one connection: counts what its calls hold of the memory, refuses calls where that is too
 * much or their requests do not arrive, and closes the connection if its client reads no answers.
 *
 * <p>Stands between HTTP/2 and gRPC, so that it sees every piece of a request before gRPC keeps it.
 * Confined to the connection's thread, but for {@link #sent}.
 */
final class ConnectionGuard extends Http2FrameListenerDecorator {

  /** The call whose headers this thread is handling. */
  static final ThreadLocal<@Nullable CallTraffic> CURRENT = new ThreadLocal<>();

  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Times are shorter by this factor while more than half of the budget is held. */
  private static final int HURRY = 10;

  /** Within {@link TrafficLimits#readTimeout} a client must take this much, or all there is. */
  private static final long LEAST_TAKEN = 64 << 10;

  /** Pieces of this size or less are copied, for each keeps all that was read with it. */
  private static final int SMALL_PIECE = 4 << 10;

  /** Smaller pieces that complete nothing are no progress. */
  private static final int TINY_PIECE = 256;

  /** A call that never was one counts as so many frames. */
  private static final int BAD_CALL_COST = 10;

  /** Answered also by a server that is busy: who asks decides whether it goes on. */
  private static final String HEALTH = "/grpc.health.v1.Health/";

  private final Traffic traffic;
  private final GrpcHttp2ConnectionHandler http2;
  private final Http2Connection connection;
  private final Http2Connection.PropertyKey key;
  private final FrameGate gate;
  private final Channel channel;
  private final ScheduledFuture<?> look;

  /** What calls hold, as far as this thread counts it. */
  private long held;

  /** What other threads have sent since this one counted it last. */
  private final AtomicLong sentElsewhere = new AtomicLong();

  private long reported;
  private boolean ended;

  /** The turn of the thread in which it last looked at what clients have taken. */
  private long forgotNanos;

  private long takenMark;
  private long takenMarkNanos;
  private boolean awaitsReader;
  private volatile long idleSinceNanos;
  private volatile boolean idle = true;

  ConnectionGuard(
      Traffic traffic, GrpcHttp2ConnectionHandler http2, FrameGate gate, Channel channel) {
    super(http2.decoder().frameListener());
    this.traffic = traffic;
    this.http2 = http2;
    this.connection = http2.connection();
    this.key = connection.newKey();
    this.gate = gate;
    this.channel = channel;
    this.idleSinceNanos = System.nanoTime();
    http2.decoder().frameListener(this);
    connection.addListener(new Streams());
    this.look =
        channel
            .eventLoop()
            .scheduleAtFixedRate(this::look, LOOK_NANOS, LOOK_NANOS, TimeUnit.NANOSECONDS);
    var _ = channel.closeFuture().addListener(closed -> end());
  }

  private void end() {
    look.cancel(false);
    held = 0;
    sentElsewhere.set(0);
    report();
    ended = true;
    traffic.closed(this);
  }

  /** Returns whether it has no call; asked by any thread. */
  boolean isIdle() {
    return idle;
  }

  /** Returns since when it has had no call; asked by any thread. */
  long idleSinceNanos() {
    return idleSinceNanos;
  }

  /** Closes the connection; asked by any thread. */
  void close() {
    channel
        .eventLoop()
        .execute(() -> {
          ChannelHandlerContext of = channel.pipeline().context(gate);
          if (of == null) {
            var _ = channel.close();
          } else {
            gate.close(of, Http2Error.ENHANCE_YOUR_CALM);
          }
        });
  }

  /** Counts bytes of an answer; called by any thread. */
  void sent(long bytes) {
    if (channel.eventLoop().inEventLoop()) {
      hold(bytes);
    } else {
      sentElsewhere.addAndGet(bytes);
    }
  }

  private void hold(long bytes) {
    if (ended) {
      return; // streams end after their connection
    }
    held += bytes;
    if (Math.abs(held - reported) >= TrafficBudget.STEP) {
      report();
    }
  }

  private void report() {
    held += sentElsewhere.getAndSet(0);
    if (held != reported) {
      traffic.report(reported, held);
      reported = held;
    }
  }

  /** Returns whether the connection may hold more, once what clients have taken is known. */
  private boolean mayHoldMore() {
    held += sentElsewhere.getAndSet(0);
    if (held <= TrafficBudget.GUARANTEED) {
      return true;
    }
    report();
    if (traffic.allows(held)) {
      return true;
    }
    if (forgotNanos == gate.now()) {
      return false;
    }
    forgotNanos = gate.now();
    forgetTaken();
    report();
    return traffic.allows(held);
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext context,
      int streamId,
      Http2Headers headers,
      int streamDependency,
      short weight,
      boolean exclusive,
      int padding,
      boolean endStream)
      throws Http2Exception {
    Http2Stream stream = connection.stream(streamId);
    if (stream == null || stream.getProperty(key) != null) {
      super.onHeadersRead(
          context, streamId, headers, streamDependency, weight, exclusive, padding, endStream);
      return;
    }
    CallTraffic call = new CallTraffic(this, streamId, gate.now());
    CharSequence path = headers.path();
    boolean marked = gate.isMarked(streamId);
    if (path != null && path.isEmpty()) {
      gate.counts().idle(BAD_CALL_COST);
      var _ =
          http2.resetStream(
              context, streamId, Http2Error.PROTOCOL_ERROR.code(), context.newPromise());
      return;
    }
    stream.setProperty(key, call);
    hold(CallTraffic.OBJECTS);
    if ((marked || !mayHoldMore()) && !isHealth(path)) {
      refuse(context, stream, call, marked ? Reason.OVERLOADED : Reason.NO_MEMORY, endStream);
      return;
    }
    gate.counts().step();
    if (endStream) {
      call.halfClose();
    }
    CURRENT.set(call);
    try {
      super.onHeadersRead(
          context, streamId, headers, streamDependency, weight, exclusive, padding, endStream);
    } finally {
      CURRENT.set(null);
    }
  }

  private static boolean isHealth(@Nullable CharSequence path) {
    return path != null && path.toString().startsWith(HEALTH);
  }

  /** Answers a call that gRPC has not seen. */
  private void refuse(
      ChannelHandlerContext context,
      Http2Stream stream,
      CallTraffic call,
      Reason reason,
      boolean endStream) {
    if (reason != Reason.OVERLOADED) {
      traffic.count(reason); // the gate has counted the others
    }
    call.refuse();
    if (endStream) {
      call.halfClose();
    }
    var _ =
        http2
            .encoder()
            .writeHeaders(
                context,
                stream.id(),
                traffic.refusalFrames().headers(reason),
                0,
                true,
                context.newPromise());
  }

  @Override
  public int onDataRead(
      ChannelHandlerContext context, int streamId, ByteBuf data, int padding, boolean endOfStream)
      throws Http2Exception {
    Http2Stream stream = connection.stream(streamId);
    CallTraffic call = stream == null ? null : stream.getProperty(key);
    if (stream == null || call == null) {
      return super.onDataRead(context, streamId, data, padding, endOfStream);
    }
    if (endOfStream) {
      call.halfClose();
    }
    int bytes = data.readableBytes();
    if (call.isRefused()) {
      return bytes + padding;
    }
    long unconsumed = connection.local().flowController().unconsumedBytes(stream);
    hold(call.received(data, unconsumed, gate.now()));
    if (call.isPartial()) {
      if (bytes < TINY_PIECE) {
        gate.counts().idle(1);
      }
      if (!endOfStream && isRefused(context, call)) {
        return bytes + padding;
      }
    } else {
      gate.counts().step();
    }
    if (!call.isPartial() || bytes > SMALL_PIECE) {
      return super.onDataRead(context, streamId, data, padding, endOfStream);
    }
    ByteBuf copy = Unpooled.copiedBuffer(data);
    try {
      return super.onDataRead(context, streamId, copy, padding, endOfStream);
    } finally {
      copy.release();
    }
  }

  /** Refuses a call whose message is too long, or for which there is no memory. */
  private boolean isRefused(ChannelHandlerContext context, CallTraffic call) {
    long length = Integer.toUnsignedLong(call.messageLength());
    if (length > call.maxMessageBytes()) {
      refuse(
          context,
          call,
          Reason.TOO_LARGE,
          traffic.refusals().tooLarge(length, call.maxMessageBytes()));
    } else if (!mayHoldMore()) {
      refuse(context, call, Reason.NO_MEMORY, traffic.refusals().busy(Reason.NO_MEMORY));
    }
    return call.isRefused();
  }

  /** Answers a call that gRPC has, and ends its stream: what still comes is of no use. */
  private void refuse(
      ChannelHandlerContext context, CallTraffic call, Reason reason, StatusRuntimeException why) {
    ServerCall<?, ?> known = call.call();
    if (known == null) {
      return; // gRPC itself has refused it
    }
    traffic.count(reason);
    call.refuse();
    Metadata trailers = why.getTrailers();
    try {
      known.close(why.getStatus(), trailers == null ? new Metadata() : trailers);
    } catch (IllegalStateException e) {
      // It was answered already.
    }
    // After the answer, which takes the way through the queue of writes.
    context
        .channel()
        .eventLoop()
        .execute(() -> {
          var _ =
              http2.resetStream(
                  context, call.streamId(), Http2Error.NO_ERROR.code(), context.newPromise());
          context.flush();
        });
  }

  /** Looks for what has not moved. */
  private void look() {
    ChannelHandlerContext context = channel.pipeline().context(http2);
    if (context == null) {
      return;
    }
    long now = System.nanoTime();
    report();
    boolean hurry = traffic.budget().isUnderPressure() && held > TrafficBudget.GUARANTEED;
    forgetTaken();
    report();
    if (isUnread(now, patience(traffic.limits().readTimeout().toNanos(), hurry))) {
      traffic.count(Reason.NOT_READ);
      close();
      return;
    }
    refuseLate(context, now, patience(traffic.limits().requestTimeout().toNanos(), hurry));
  }

  private static long patience(long nanos, boolean hurry) {
    return hurry ? nanos / HURRY : nanos;
  }

  /** Counts what was sent only as long as it waits for the client. */
  private void forgetTaken() {
    Http2RemoteFlowController flow = connection.remote().flowController();
    long waiting = waitingInChannel();
    awaitsReader = waiting > 0;
    for (CallTraffic call : calls()) {
      Http2Stream stream = connection.stream(call.streamId());
      if (stream != null && flow.hasFlowControlled(stream)) {
        awaitsReader = true;
      } else if (waiting == 0) {
        held -= call.taken();
      }
    }
  }

  private long waitingInChannel() {
    ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
    return buffer == null ? 0 : buffer.totalPendingWriteBytes();
  }

  private List<CallTraffic> calls() {
    List<CallTraffic> calls = new ArrayList<>(connection.numActiveStreams());
    try {
      connection.forEachActiveStream(stream -> {
        CallTraffic call = stream.getProperty(key);
        if (call != null) {
          calls.add(call);
        }
        return true;
      });
    } catch (Http2Exception e) {
      throw new IllegalStateException(e); // the visitor throws none
    }
    return calls;
  }

  private boolean isUnread(long now, long patience) {
    long taken = gate.counts().bytesOut() - waitingInChannel();
    if (!awaitsReader || taken - takenMark >= LEAST_TAKEN) {
      takenMark = taken;
      takenMarkNanos = now;
      return false;
    }
    return now - takenMarkNanos > patience;
  }

  private void refuseLate(ChannelHandlerContext context, long now, long patience) {
    for (CallTraffic call : calls()) {
      if (call.isRefused()) {
        if (now - call.openedNanos() > patience) {
          var _ =
              http2.resetStream(
                  context, call.streamId(), Http2Error.NO_ERROR.code(), context.newPromise());
        }
      } else if (call.isIncomplete() && now - call.incompleteSinceNanos() > patience) {
        refuse(context, call, Reason.TOO_SLOW, traffic.refusals().tooSlow());
      }
    }
    context.flush();
  }

  /** Keeps count of the streams that there are. */
  private final class Streams extends Http2ConnectionAdapter {

    @Override
    public void onStreamActive(Http2Stream stream) {
      idle = false;
    }

    @Override
    public void onStreamClosed(Http2Stream stream) {
      CallTraffic call = stream.getProperty(key);
      if (call != null) {
        hold(-call.end());
      }
      if (connection.numActiveStreams() == 0) {
        idle = true;
        idleSinceNanos = gate.now();
      }
    }
  }
}
