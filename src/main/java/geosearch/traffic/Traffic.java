package geosearch.traffic;

import io.grpc.netty.shaded.io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.shaded.io.grpc.netty.InternalProtocolNegotiator;
import io.grpc.netty.shaded.io.grpc.netty.InternalProtocolNegotiators;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandler;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.grpc.netty.shaded.io.netty.util.AsciiString;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Guards the connections of one server: what they hold of the memory, how many calls are admitted,
 * and frames that lead to nothing. Each connection is watched by its own thread of the network;
 * they share this, which is safe for use by several threads.
 */
public final class Traffic {

  private static final int LEAST_READ = 512;
  private static final int FIRST_READ = 2 << 10;

  /** What may have been read of a connection and is left for later; half of what is guaranteed. */
  private static final int MOST_READ = (int) TrafficBudget.GUARANTEED / 2;

  private final TrafficLimits limits;
  private final TrafficBudget budget;
  private final Refusals refusals;
  private final RefusalFrames refusalFrames;
  private final Set<ConnectionGuard> connections = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connectionCount = new AtomicInteger();
  private final AtomicInteger largeConnections = new AtomicInteger();
  private final Map<EventLoop, LoopLoad> loads = new ConcurrentHashMap<>();
  private final Map<Reason, LongAdder> refused = new EnumMap<>(Reason.class);

  /**
   * Creates what guards a server.
   *
   * @param budget may be shared with others that count on it
   */
  public Traffic(TrafficLimits limits, TrafficBudget budget, Refusals refusals) {
    this.limits = limits;
    this.budget = budget;
    this.refusals = refusals;
    this.refusalFrames = new RefusalFrames(refusals);
    for (Reason reason : Reason.values()) {
      refused.put(reason, new LongAdder());
    }
  }

  /** Guards every connection that the server will accept. */
  public void guard(NettyServerBuilder builder) {
    builder.protocolNegotiator(new Negotiator(InternalProtocolNegotiators.serverPlaintext()));
  }

  /** Returns how often calls were refused, or connections closed, for a reason. */
  public long refused(Reason reason) {
    return counter(reason).sum();
  }

  /** Returns how many connections are open. */
  public int connections() {
    return connectionCount.get();
  }

  /** Returns the memory that traffic may take. */
  public TrafficBudget budget() {
    return budget;
  }

  TrafficLimits limits() {
    return limits;
  }

  Refusals refusals() {
    return refusals;
  }

  RefusalFrames refusalFrames() {
    return refusalFrames;
  }

  void count(Reason reason) {
    counter(reason).increment();
  }

  private LongAdder counter(Reason reason) {
    LongAdder counter = refused.get(reason);
    if (counter == null) {
      throw new IllegalArgumentException(String.valueOf(reason));
    }
    return counter;
  }

  /** Returns whether a connection may hold more than it does. */
  boolean allows(long held) {
    return budget.allows(held, largeConnections.get());
  }

  /**
   * Takes note of what a connection holds.
   *
   * @param before what it held at its last report
   */
  void report(long before, long held) {
    budget.report(held - before);
    boolean wasLarge = before > TrafficBudget.GUARANTEED;
    boolean isLarge = held > TrafficBudget.GUARANTEED;
    if (wasLarge != isLarge) {
      largeConnections.addAndGet(isLarge ? 1 : -1);
    }
  }

  private LoopLoad load(EventLoop loop) {
    return loads.computeIfAbsent(
        loop, _ -> new LoopLoad(loop, task -> afterReads(loop, task), System::nanoTime));
  }

  /** A task that is due is taken up only when the connections have been looked at. */
  private static void afterReads(EventLoop loop, Runnable task) {
    var _ = loop.schedule(task, 0, TimeUnit.NANOSECONDS);
  }

  private void opened(ConnectionGuard connection) {
    connections.add(connection);
    if (connectionCount.incrementAndGet() > limits.maxConnections()) {
      closeMostIdle(connection);
    }
  }

  /** Closes the connection that has been without a call for longest, else the new one. */
  private void closeMostIdle(ConnectionGuard added) {
    count(Reason.TOO_MANY_CONNECTIONS);
    Optional<ConnectionGuard> idle = Optional.empty();
    for (ConnectionGuard connection : connections) {
      if (connection != added
          && connection.isIdle()
          && idle.filter(found -> found.idleSinceNanos() - connection.idleSinceNanos() <= 0)
              .isEmpty()) {
        idle = Optional.of(connection);
      }
    }
    idle.orElse(added).close();
  }

  void closed(ConnectionGuard connection) {
    if (connections.remove(connection)) {
      connectionCount.decrementAndGet();
    }
  }

  /** Puts a guard before what speaks HTTP/2, as the transport sets a connection up. */
  private final class Negotiator implements InternalProtocolNegotiator.ProtocolNegotiator {
    private final InternalProtocolNegotiator.ProtocolNegotiator plain;

    Negotiator(InternalProtocolNegotiator.ProtocolNegotiator plain) {
      this.plain = plain;
    }

    @Override
    public AsciiString scheme() {
      return plain.scheme();
    }

    @Override
    public ChannelHandler newHandler(GrpcHttp2ConnectionHandler http2) {
      ChannelHandler next = plain.newHandler(http2);
      return new ChannelInboundHandlerAdapter() {
        @Override
        public void handlerAdded(ChannelHandlerContext context) {
          context
              .channel()
              .config()
              .setRecvByteBufAllocator(
                  new AdaptiveRecvByteBufAllocator(LEAST_READ, FIRST_READ, MOST_READ));
          LoopLoad load = load(context.channel().eventLoop());
          FrameGate gate = new FrameGate(Traffic.this, load, http2.connection());
          ConnectionGuard guard = new ConnectionGuard(Traffic.this, http2, gate, context.channel());
          opened(guard);
          context.pipeline().addAfter(context.name(), null, next);
          context.pipeline().replace(this, null, gate);
        }
      };
    }

    @Override
    public void close() {
      plain.close();
    }
  }
}
