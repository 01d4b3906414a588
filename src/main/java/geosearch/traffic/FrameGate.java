package geosearch.traffic;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.buffer.ByteBufAllocator;
import io.grpc.netty.shaded.io.netty.channel.ChannelDuplexHandler;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelPromise;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Connection;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Error;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2FrameTypes;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the frames of a connection before HTTP/2 does.
 *
 * <p>It closes the connection that sends little else than frames that lead to nothing. While its
 * thread is overloaded it takes calls that are not admitted out of what comes and refuses them
 * itself, which costs far less than to decode them first. Calls whose headers change the decoder's
 * table must be decoded; these are marked, and refused as soon as that is done.
 *
 * <p>All else passes through as it is. Confined to the connection's thread.
 */
final class FrameGate extends ChannelDuplexHandler {

  private static final int PREFACE = 24;
  private static final int FRAME_HEADER = 9;
  private static final int END_STREAM = 0x1;
  private static final int END_HEADERS = 0x4;
  private static final int PADDED = 0x8;
  private static final int PRIORITY = 0x20;
  private static final int PRIORITY_BYTES = 5;
  private static final int WINDOW_UPDATE_BYTES = 4;

  private static final int WINDOW_STEP = 8 << 10;
  private static final int REFUSALS_BYTES = 4 << 10;

  private final Traffic traffic;
  private final LoopLoad load;
  private final Http2Connection connection;
  private @Nullable ChannelHandlerContext context;

  // Where it is in what comes.
  private final byte[] header = new byte[FRAME_HEADER];
  private int headerBytes;
  private long payloadLeft = PREFACE;
  private boolean dropping;
  private boolean isBroken;

  // What was refused.
  private final RefusedStreams refused = new RefusedStreams();
  private @Nullable ByteBuf refusals;

  /** Calls that are to be refused once HTTP/2 has decoded them. */
  private final Set<Integer> marked = new HashSet<>();

  /** Calls that HTTP/2 will be given with what is being read. */
  private int begun;

  /** Whether the call that was looked at last is to be left for later. */
  private boolean isLater;

  private int droppedData;

  private final CallShare share = new CallShare(this::resume);
  private final FrameCounts counts = new FrameCounts(System.nanoTime());

  /** What has come and is left for a later turn. */
  private final ArrayDeque<ByteBuf> left = new ArrayDeque<>();

  private boolean waits;
  private boolean isBlocked;

  FrameGate(Traffic traffic, LoopLoad load, Http2Connection connection) {
    this.traffic = traffic;
    this.load = load;
    this.connection = connection;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
    load.add(share);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext removed) {
    load.remove(share);
    context = null;
    left.forEach(ByteBuf::release);
    left.clear();
    if (refusals != null) {
      refusals.release();
      refusals = null;
    }
  }

  // For the connection's guard.

  /** Returns what is counted of the connection's frames. */
  FrameCounts counts() {
    return counts;
  }

  /** Returns whether a call that HTTP/2 has decoded is to be refused. */
  boolean isMarked(int streamId) {
    return !marked.isEmpty() && marked.remove(streamId);
  }

  /** Returns the time at which its thread began to read, in nanoseconds. */
  long now() {
    return load.now();
  }

  // What goes out.

  @Override
  public void write(ChannelHandlerContext to, Object message, ChannelPromise promise) {
    if (message instanceof ByteBuf bytes) {
      counts.sent(bytes.readableBytes());
    }
    var _ = to.write(message, promise);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext to) {
    if (isBlocked && to.channel().isWritable()) {
      isBlocked = false;
      setReading(to);
    }
    to.fireChannelWritabilityChanged();
  }

  // What comes in.

  @Override
  public void channelRead(ChannelHandlerContext from, Object message) {
    if (!(message instanceof ByteBuf in)) {
      from.fireChannelRead(message);
      return;
    }
    if (waits) {
      left.add(in);
      return;
    }
    load.begin();
    if (load.isTooLong()) {
      leave(from, in);
    } else {
      look(from, in);
    }
  }

  /** Keeps what was read last, and reads no more until {@link #resume}. */
  private void leave(ChannelHandlerContext of, ByteBuf rest) {
    left.addFirst(rest);
    waits = true;
    load.leave(share);
    setReading(of);
  }

  /** Continues with what was left. */
  private void resume() {
    ChannelHandlerContext of = context;
    if (of == null) {
      return;
    }
    waits = false;
    load.begin();
    for (ByteBuf next = left.poll(); next != null; next = waits ? null : left.poll()) {
      look(of, next);
    }
    channelReadComplete(of);
    setReading(of);
  }

  private void setReading(ChannelHandlerContext of) {
    of.channel().config().setAutoRead(!waits && !isBlocked);
  }

  private void look(ChannelHandlerContext from, ByteBuf in) {
    if (isBroken) {
      in.release();
      return;
    }
    begun = 0;
    isLater = false;
    boolean passed = false;
    try {
      pass(from, in);
      passed = true;
    } finally {
      if (!passed) {
        // There was no memory, say: what is missing can't be made up for.
        isBroken = true;
        in.release();
        var _ = from.close();
      }
    }
    sendRefusals(from);
    if (counts.isFlood(load.now())) {
      end(from, Http2Error.ENHANCE_YOUR_CALM);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext from) {
    if (!waits) {
      share.drained();
    }
    returnWindow(from);
    from.fireChannelReadComplete();
  }

  /**
   * Passes on what is to be passed on, in the buffer in which it came: code that has been compiled
   * for one kind of buffer need not be compiled anew because calls are refused.
   */
  private void pass(ChannelHandlerContext to, ByteBuf in) {
    int end = in.writerIndex();
    int at = in.readerIndex();
    int kept = at;
    int start = at;
    while (at < end) {
      if (payloadLeft > 0) {
        int part = (int) Math.min(payloadLeft, end - at);
        at += part;
        payloadLeft -= part;
        if (dropping) {
          start = at;
          dropping = payloadLeft > 0;
        }
      } else if (headerBytes == 0 && end - at >= FRAME_HEADER) {
        int length = in.getUnsignedMedium(at);
        payloadLeft = length;
        dropping = isDropped(in, at, length, end - at - FRAME_HEADER >= length);
        if (isLater) {
          payloadLeft = 0;
          kept = move(in, kept, start, at);
          if (kept == in.readerIndex()) {
            leave(to, in.readerIndex(at));
            return;
          }
          leave(to, copy(to, in, at));
          start = at;
          end = at;
          break;
        }
        if (dropping) {
          kept = move(in, kept, start, at);
          start = at + FRAME_HEADER;
          dropping = length > 0;
        }
        at += FRAME_HEADER;
      } else {
        // A frame's header that comes in two parts is kept back until it is whole.
        if (headerBytes == 0) {
          kept = move(in, kept, start, at);
        }
        int part = Math.min(FRAME_HEADER - headerBytes, end - at);
        in.getBytes(at, header, headerBytes, part);
        headerBytes += part;
        at += part;
        start = at;
        if (headerBytes == FRAME_HEADER) {
          headerBytes = 0;
          passHeader(to, in, at);
          if (isLater) {
            return;
          }
        }
      }
      if (isBroken) {
        end(to, Http2Error.PROTOCOL_ERROR);
        in.release();
        return;
      }
    }
    in.writerIndex(move(in, kept, start, end));
    if (in.isReadable()) {
      to.fireChannelRead(in);
    } else {
      in.release();
    }
  }

  /**
   * Passes on the header of a frame whose payload is yet to come, if it is to be passed on. It ends
   * at the beginning of a buffer.
   */
  private void passHeader(ChannelHandlerContext to, ByteBuf in, int payload) {
    ByteBuf whole = to.alloc().directBuffer(FRAME_HEADER).writeBytes(header);
    int length = whole.getUnsignedMedium(0);
    payloadLeft = length;
    dropping = isDropped(whole, 0, length, false);
    if (isLater) {
      payloadLeft = 0;
      leave(to, in.readerIndex(payload));
      left.addFirst(whole);
    } else if (dropping) {
      whole.release();
      dropping = length > 0;
    } else {
      to.fireChannelRead(whole);
    }
  }

  private static ByteBuf copy(ChannelHandlerContext of, ByteBuf in, int start) {
    int length = in.writerIndex() - start;
    return of.alloc().directBuffer(length).writeBytes(in, start, length);
  }

  /** Moves bytes towards the beginning of their buffer; returns where they end then. */
  private static int move(ByteBuf in, int to, int start, int end) {
    int length = end - start;
    if (to != start && length > 0) {
      in.setBytes(to, in, start, length);
    }
    return to + length;
  }

  /**
   * Counts a frame, and returns whether it is to be left out.
   *
   * @param at where it begins
   * @param whole whether all of it is in the buffer
   */
  private boolean isDropped(ByteBuf in, int at, int length, boolean whole) {
    int type = in.getByte(at + 3);
    int flags = in.getByte(at + 4);
    int stream = in.getInt(at + 5) & Integer.MAX_VALUE;
    switch (type) {
      case Http2FrameTypes.HEADERS -> {
        if (refused.isNew(stream)) {
          return isRefused(in, at + FRAME_HEADER, length, whole, flags, stream);
        }
        counts.idle(1);
      }
      case Http2FrameTypes.DATA -> {
        if (length == 0 && (flags & END_STREAM) == 0) {
          counts.idle(1);
        }
        if (refused.contains(stream)) {
          droppedData += length;
        }
      }
      case Http2FrameTypes.RST_STREAM -> counts.reset(stream, load.turn());
      case Http2FrameTypes.SETTINGS -> counts.settings();
      case Http2FrameTypes.WINDOW_UPDATE -> {
        counts.idle(1);
        if (whole && length == WINDOW_UPDATE_BYTES && isZeroIncrement(in, at)) {
          // An error of the stream, which may be treated as one of the connection.
          isBroken = true;
        }
      }
      default -> counts.idle(1);
    }
    if (!refused.contains(stream)) {
      return false;
    }
    boolean ends =
        type == Http2FrameTypes.RST_STREAM
            || ((type == Http2FrameTypes.DATA || type == Http2FrameTypes.HEADERS)
                && (flags & END_STREAM) != 0);
    if (ends) {
      refused.end(stream);
    }
    return true;
  }

  private static boolean isZeroIncrement(ByteBuf in, int at) {
    return (in.getInt(at + FRAME_HEADER) & Integer.MAX_VALUE) == 0;
  }

  private boolean isRefused(
      ByteBuf in, int payload, int length, boolean whole, int flags, int stream) {
    boolean hasRoom = connection.numActiveStreams() + begun < traffic.limits().maxCalls();
    Admission admission = hasRoom ? load.admit(share) : Admission.REFUSE;
    isLater = admission == Admission.LATER;
    if (isLater) {
      return false;
    }
    boolean admitted = admission == Admission.ANSWER;
    counts.idle(1);
    counts.opened(stream, load.turn());
    if (!admitted) {
      traffic.count(hasRoom ? Reason.OVERLOADED : Reason.TOO_MANY_CALLS);
    }
    if (admitted || !whole || !canBeLeftOut(in, payload, length, flags)) {
      refused.admit(stream);
      begun++;
      if (!admitted && hasRoom) {
        marked.add(stream);
      }
      return false;
    }
    if (hasRoom) {
      counts.step(); // the client did nothing wrong, and may have to cancel what it began to send
    }
    refused.refuse(stream, (flags & END_STREAM) != 0);
    refuse(in.alloc(), stream, hasRoom);
    return true;
  }

  private static boolean canBeLeftOut(ByteBuf in, int payload, int length, int flags) {
    if ((flags & END_HEADERS) == 0) {
      return false;
    }
    int start = payload;
    int end = payload + length;
    if ((flags & PADDED) != 0) {
      if (length == 0) {
        return false;
      }
      end -= in.getByte(payload) & 0xff;
      start++;
    }
    if ((flags & PRIORITY) != 0) {
      start += PRIORITY_BYTES;
    }
    return start < end && HeaderBlock.leavesTableAlone(in, start, end);
  }

  /** A call beyond what a connection may have is one that clients send again by themselves. */
  private void refuse(ByteBufAllocator buffers, int stream, boolean hasRoom) {
    ByteBuf out = refusals;
    if (out == null) {
      out = buffers.directBuffer(REFUSALS_BYTES);
      refusals = out;
    }
    if (hasRoom) {
      traffic.refusalFrames().writeOverloaded(out, stream);
    } else {
      out.writeMedium(Integer.BYTES).writeByte(Http2FrameTypes.RST_STREAM).writeByte(0);
      out.writeInt(stream).writeInt((int) Http2Error.REFUSED_STREAM.code());
    }
  }

  /** Sends the refusals of what was read; reads no more while the client does not take them. */
  private void sendRefusals(ChannelHandlerContext to) {
    ByteBuf out = refusals;
    if (out != null) {
      refusals = null;
      var _ = to.write(out);
      if (!to.channel().isWritable()) {
        isBlocked = true;
        setReading(to);
      }
    }
  }

  /** The client counts what it sent against the connection's window. */
  private void returnWindow(ChannelHandlerContext to) {
    if (droppedData >= WINDOW_STEP) {
      ByteBuf out = to.alloc().buffer(FRAME_HEADER + WINDOW_UPDATE_BYTES);
      out.writeMedium(WINDOW_UPDATE_BYTES);
      out.writeByte(Http2FrameTypes.WINDOW_UPDATE).writeByte(0).writeInt(0).writeInt(droppedData);
      droppedData = 0;
      var _ = to.write(out);
    }
  }

  private void end(ChannelHandlerContext of, Http2Error error) {
    traffic.count(Reason.NO_PROGRESS);
    close(of, error);
  }

  /** Tells the client that the connection ends, and ends it. */
  void close(ChannelHandlerContext of, Http2Error error) {
    ByteBuf out = of.alloc().buffer(FRAME_HEADER + 8);
    out.writeMedium(8).writeByte(Http2FrameTypes.GO_AWAY).writeByte(0).writeInt(0);
    out.writeInt(refused.newestAdmitted()).writeInt((int) error.code());
    var _ = of.writeAndFlush(out);
    var _ = of.close();
  }
}
