package geosearch.traffic;

import io.grpc.ServerCall;
import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * What one call holds of the memory, and how far its current message has arrived. Used by the
 * connection's thread alone, but for {@link #sent}.
 */
public final class CallTraffic {

  /** The objects of a call that waits: stream, headers, context, listeners. */
  static final int OBJECTS = 4 << 10;

  /** A piece of a message that is not complete costs this much beside its bytes. */
  private static final int PER_PIECE = 256;

  /** The compression flag and the length before each message. */
  private static final int MESSAGE_HEADER = 5;

  /** In place of a number of bytes: the call is over, and nothing counts any more. */
  private static final long OVER = -1;

  private static final AtomicLongFieldUpdater<CallTraffic> OUTBOUND =
      AtomicLongFieldUpdater.newUpdater(CallTraffic.class, "outbound");

  private final ConnectionGuard connection;
  private final int streamId;
  private final long openedNanos;

  /** Bytes of answers that the client has not taken, as far as known. */
  private volatile long outbound;

  private @Nullable ServerCall<?, ?> call;
  private int maxMessageBytes = Integer.MAX_VALUE;
  private boolean takesOneMessage;
  private long inbound = OBJECTS;

  /** How many bytes of the current message's header have been read. */
  private int headerRead;

  private int length;
  private long missing;
  private long partial;

  /** How many pieces of it have arrived. */
  private int pieces;

  private long messageSinceNanos;
  private boolean refused;
  private boolean halfClosed;

  CallTraffic(ConnectionGuard connection, int streamId, long openedNanos) {
    this.connection = connection;
    this.streamId = streamId;
    this.openedNanos = openedNanos;
    this.messageSinceNanos = openedNanos;
  }

  /**
   * Returns the call whose headers this thread is handling, or null if none came over a guarded
   * connection.
   */
  public static @Nullable CallTraffic current() {
    return ConnectionGuard.CURRENT.get();
  }

  /**
   * Notes the call and the limits of its method.
   *
   * @param maxMessageBytes of each message, as it is sent
   */
  public void opened(ServerCall<?, ?> opened, int maxMessageBytes) {
    this.call = opened;
    this.maxMessageBytes = maxMessageBytes;
    this.takesOneMessage = opened.getMethodDescriptor().getType().clientSendsOneMessage();
  }

  /** Counts bytes of an answer. Called by whatever thread sends it. */
  public void sent(long bytes) {
    long before = outbound;
    while (before != OVER) {
      if (OUTBOUND.compareAndSet(this, before, before + bytes)) {
        connection.sent(bytes);
        return;
      }
      before = outbound;
    }
  }

  /** Ends the count, and returns how many bytes the call held. */
  long end() {
    return inbound + Math.max(0, OUTBOUND.getAndSet(this, OVER));
  }

  /** Forgets what was sent, for the client has taken it; returns how much that was. */
  long taken() {
    long before = outbound;
    while (before > 0 && !OUTBOUND.compareAndSet(this, before, 0)) {
      before = outbound;
    }
    return Math.max(0, before);
  }

  int streamId() {
    return streamId;
  }

  @Nullable ServerCall<?, ?> call() {
    return call;
  }

  int maxMessageBytes() {
    return maxMessageBytes;
  }

  boolean isRefused() {
    return refused;
  }

  void refuse() {
    refused = true;
  }

  boolean isHalfClosed() {
    return halfClosed;
  }

  void halfClose() {
    halfClosed = true;
  }

  long openedNanos() {
    return openedNanos;
  }

  /** Returns whether a message, or the end of a request, is due. */
  boolean isIncomplete() {
    return !halfClosed && (takesOneMessage || partial > 0);
  }

  /** Returns since when it has been due. */
  long incompleteSinceNanos() {
    return takesOneMessage ? openedNanos : messageSinceNanos;
  }

  /** Returns the length of the message that is arriving, or 0 between messages. */
  int messageLength() {
    return partial > 0 ? length : 0;
  }

  /**
   * Counts a piece of data.
   *
   * @param data is not consumed
   * @param unconsumed bytes of the stream that the handler has not asked for
   * @return how much more is held than before; may be negative
   */
  long received(ByteBuf data, long unconsumed, long nowNanos) {
    int at = data.readerIndex();
    int end = data.writerIndex();
    boolean completed = false;
    while (at < end) {
      if (headerRead < MESSAGE_HEADER) {
        if (headerRead == 0) {
          messageSinceNanos = nowNanos;
          length = 0;
        } else {
          length = (length << 8) | (data.getByte(at) & 0xff);
        }
        at++;
        partial++;
        if (++headerRead == MESSAGE_HEADER) {
          missing = Integer.toUnsignedLong(length);
        }
      } else {
        long part = Math.min(missing, end - at);
        at += (int) part;
        missing -= part;
        partial += part;
      }
      if (headerRead == MESSAGE_HEADER && missing == 0) {
        headerRead = 0;
        partial = 0;
        completed = true;
      }
    }
    long before = inbound;
    if (takesOneMessage) {
      // Its message is held until the call ends: as bytes first, then as objects.
      inbound += data.readableBytes() + (completed ? 0 : PER_PIECE);
    } else {
      pieces = partial == 0 ? 0 : completed ? 1 : pieces + 1;
      inbound = OBJECTS + unconsumed + partial + (long) pieces * PER_PIECE;
    }
    return inbound - before;
  }

  /** Returns whether the message that is arriving lacks bytes. */
  boolean isPartial() {
    return partial > 0;
  }
}
