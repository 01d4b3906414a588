package geosearch.rpc;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import geosearch.config.ServerConfig;
import geosearch.health.Readiness;
import geosearch.metrics.Metrics;
import geosearch.traffic.Traffic;
import geosearch.traffic.TrafficBudget;
import geosearch.traffic.TrafficLimits;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.util.ResourceLeakDetector;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gRPC server: transport, limits, health, reflection, and what stands before every method.
 *
 * <p>Every handler runs on the thread that brings the request and must not block; services that
 * wait for something bring threads of their own, which end with the server.
 */
public final class RpcServer {

  private static final Logger log = LoggerFactory.getLogger(RpcServer.class);

  /**
   * Logs a stack trace for each message that is too large, with which a caller could fill the log.
   * Held here, for the JDK forgets the level of a logger that nobody holds.
   */
  private static final java.util.logging.Logger MESSAGES =
      java.util.logging.Logger.getLogger("io.grpc.netty.shaded.io.grpc.netty.NettyServerStream");

  /** Of the transport, which reads it when its first class is loaded. */
  private static final String BUFFER_LIMIT = "io.grpc.netty.shaded.io.netty.maxDirectMemory";

  static {
    MESSAGES.setLevel(java.util.logging.Level.SEVERE);
    if (System.getProperty(BUFFER_LIMIT) == null) {
      long heap = Runtime.getRuntime().maxMemory();
      System.setProperty(BUFFER_LIMIT, String.valueOf(TrafficBudget.bufferLimit(heap)));
    }
    // Looks for mistakes in what handles Netty's buffers, which nothing here does, and takes a
    // stack trace of one buffer in 128 for it: a sixth of what a call costs.
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
  }

  private final ServerConfig config;
  private final RequestLimits limits;
  private final Traffic traffic;
  private final Readiness readiness;
  private final Metrics metrics;
  private final List<BindableService> services;
  private final Health health;
  private final OpenStreams streams = new OpenStreams();
  private @Nullable Server server;
  private volatile int port;

  /**
   * A server that does not listen yet.
   *
   * @param limits of requests
   * @param budget the memory that calls and connections may take
   * @param readiness what the health service follows
   * @param services what it offers, beside health and reflection
   */
  public RpcServer(
      ServerConfig config,
      RequestLimits limits,
      TrafficBudget budget,
      Readiness readiness,
      Metrics metrics,
      List<? extends BindableService> services) {
    this.config = config;
    this.limits = limits;
    this.traffic =
        new Traffic(
            new TrafficLimits(
                config.maxRequestTime(),
                config.maxUnreadTime(),
                config.maxConcurrentCalls(),
                maxConnections(config, budget)),
            budget,
            new TrafficRefusals(config.maxRequestTime()));
    this.readiness = readiness;
    this.metrics = metrics;
    this.services = List.copyOf(services);
    this.health =
        new Health(
            this.services.stream()
                .map(service -> service.bindService().getServiceDescriptor().getName())
                .toList());
  }

  /** Each open connection holds about this much, and may always hold its guaranteed share. */
  private static int maxConnections(ServerConfig config, TrafficBudget budget) {
    return config.maxConnections() > 0
        ? config.maxConnections()
        : (int) (budget.limit() / TrafficBudget.GUARANTEED);
  }

  /** What the health service says. */
  public Health health() {
    return health;
  }

  /**
   * Starts to listen.
   *
   * @throws IOException if it can't listen there; the message names address, port and settings
   */
  public synchronized void start() throws IOException {
    InetSocketAddress address = new InetSocketAddress(config.address(), config.port());
    if (address.isUnresolved()) {
      throw new IOException(
          "can't listen on "
              + config.address()
              + ": there is no such host (setting server.address)");
    }
    NettyServerBuilder builder = transport(NettyServerBuilder.forAddress(address), config);
    traffic.guard(builder);
    equip(builder);
    TrafficMetrics.report(traffic, metrics);
    health.follow(readiness);
    try {
      Server started = builder.build().start();
      port = started.getPort();
      server = started;
    } catch (IOException e) {
      throw new IOException(
          "can't listen on "
              + config.address()
              + ":"
              + config.port()
              + " (settings server.address and server.port): "
              + reason(e),
          e);
    }
  }

  /** Puts the transport's limits on a server. */
  public static NettyServerBuilder transport(NettyServerBuilder builder, ServerConfig config) {
    return builder
        .maxInboundMessageSize(config.maxMessageSize())
        .maxInboundMetadataSize(config.maxMetadataSize())
        .maxConcurrentCallsPerConnection(config.maxConcurrentCalls())
        .permitKeepAliveTime(config.minKeepaliveInterval().toNanos(), NANOSECONDS)
        .permitKeepAliveWithoutCalls(true)
        .maxConnectionAge(config.maxConnectionAge().toNanos(), NANOSECONDS)
        .maxConnectionAgeGrace(config.maxConnectionAgeGrace().toNanos(), NANOSECONDS)
        .maxConnectionIdle(config.maxConnectionIdle().toNanos(), NANOSECONDS)
        .handshakeTimeout(config.handshakeTimeout().toNanos(), NANOSECONDS)
        .maxRstFramesPerWindow(config.maxCancelsPerSecond(), 1);
  }

  /** Puts all of it but the transport's own limits on a server. */
  void equip(ServerBuilder<?> builder) {
    List<ServerServiceDefinition> offered = new ArrayList<>();
    services.forEach(service -> offered.add(service.bindService()));
    offered.add(ServerInterceptors.intercept(health.service(), streams));
    if (config.reflection()) {
      offered.add(ServerInterceptors.intercept(ProtoReflectionServiceV1.newInstance(), streams));
      offered.add(ServerInterceptors.intercept(reflectionV1Alpha(), streams));
    }
    offered.forEach(service -> builder.addService(RequestMarshallers.wrap(service, limits)));
    builder
        .directExecutor()
        .intercept(new CallGuard(limits))
        .addTransportFilter(new ConnectionAge(config))
        .addStreamTracerFactory(new CallMeter(metrics, offered));
  }

  /** Deprecated since there is v1, and still what most tools ask for first. */
  @SuppressWarnings("deprecation")
  private static BindableService reflectionV1Alpha() {
    return io.grpc.protobuf.services.ProtoReflectionService.newInstance();
  }

  /**
   * Where it listens; another than the setting's where that is 0.
   *
   * @throws IllegalStateException if it was not started
   */
  public int port() {
    if (port == 0) {
      throw new IllegalStateException("the server was not started");
    }
    return port;
  }

  /**
   * Stops: takes no new calls and tells clients so (GOAWAY), waits for those that are under way,
   * and cuts off what is left then. A server that was not started has nothing to stop.
   *
   * @param grace how long calls may take to end by themselves
   * @param closeTimeout how long to wait after they were cut off
   */
  public synchronized void stop(Duration grace, Duration closeTimeout) {
    health.end();
    if (server == null) {
      stopServices(closeTimeout);
      return;
    }
    server.shutdown();
    streams.end();
    for (BindableService service : services) {
      if (service instanceof Drained drained) {
        drained.drain();
      }
    }
    boolean ended = awaitTermination(server, grace);
    // What still waits for the store is told that the server stops before its connection is cut.
    stopServices(closeTimeout);
    if (!ended) {
      log.warn("calls were cut off: they had not ended after {} (stop.grace)", grace);
      server.shutdownNow();
      if (!awaitTermination(server, closeTimeout)) {
        log.warn("connections are still open {} after they were cut off", closeTimeout);
      }
    }
    server = null;
  }

  private static boolean awaitTermination(Server server, Duration timeout) {
    try {
      return server.awaitTermination(timeout.toNanos(), NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void stopServices(Duration timeout) {
    for (BindableService service : services) {
      if (service instanceof Stoppable stoppable) {
        stoppable.stop(timeout);
      }
    }
  }

  /** The innermost cause speaks the operating system's words: "Address already in use". */
  private static String reason(IOException failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage());
  }
}
