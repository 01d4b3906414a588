package geosearch.rpc;

import geosearch.health.Readiness;
import geosearch.metrics.Metrics;
import geosearch.traffic.TrafficBudget;
import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A server on the loopback address, and channels to it. */
final class Loopback implements AutoCloseable {

  /** Makes a service that records its metrics there. */
  interface Part extends Function<Metrics, BindableService> {}

  final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  final Readiness readiness = new Readiness();
  final RpcServer server;
  private final TrafficBudget budget;
  private final List<ManagedChannel> channels = new ArrayList<>();

  private Loopback(ServerSettings settings, List<Part> services) {
    Metrics metrics = new Metrics(registry);
    this.budget = settings.budget;
    this.server =
        new RpcServer(
            settings.config(),
            settings.limits(),
            settings.budget,
            readiness,
            metrics,
            services.stream().map(service -> service.apply(metrics)).toList());
  }

  static Loopback start(Part... services) throws IOException {
    return start(new ServerSettings(), services);
  }

  static Loopback start(ServerSettings settings, Part... services) throws IOException {
    Loopback loopback = new Loopback(settings, List.of(services));
    loopback.server.start();
    return loopback;
  }

  /** A new channel, with a connection of its own. */
  ManagedChannel channel() {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()))
            .usePlaintext()
            .build();
    channels.add(channel);
    return channel;
  }

  /** What its connections hold, and may. */
  TrafficBudget budget() {
    return budget;
  }

  double count(String counter) {
    return registry.find(counter).functionCounters().stream().mapToDouble(c -> c.count()).sum();
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
    server.stop(Duration.ofSeconds(5), Duration.ofSeconds(5));
  }
}
