package geosearch.rpc;

import geosearch.health.Readiness;
import geosearch.metrics.Metrics;
import geosearch.traffic.TrafficBudget;
import io.grpc.Attributes;
import io.grpc.BindableService;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerTransportFilter;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/** A server to which every caller seems to come from another machine. */
final class Elsewhere implements AutoCloseable {

  private final RpcServer equipment;
  private final Server server;
  private final ManagedChannel channel;

  private Elsewhere(RpcServer equipment, Server server, ManagedChannel channel) {
    this.equipment = equipment;
    this.server = server;
    this.channel = channel;
  }

  static Elsewhere start(BindableService... services) throws IOException {
    RpcServer equipment =
        new RpcServer(
            new ServerSettings().config(),
            new ServerSettings().limits(),
            TrafficBudget.ofThisProcess(),
            new Readiness(),
            new Metrics(new SimpleMeterRegistry()),
            List.of(services));
    String name = InProcessServerBuilder.generateName();
    InProcessServerBuilder builder = InProcessServerBuilder.forName(name);
    equipment.equip(builder);
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getByAddress(new byte[] {(byte) 203, 0, 113, 7}), 50000);
    Server server =
        builder
            .addTransportFilter(
                new ServerTransportFilter() {
                  @Override
                  public Attributes transportReady(Attributes attributes) {
                    return attributes.toBuilder()
                        .set(Grpc.TRANSPORT_ATTR_REMOTE_ADDR, address)
                        .build();
                  }
                })
            .build()
            .start();
    return new Elsewhere(
        equipment, server, InProcessChannelBuilder.forName(name).directExecutor().build());
  }

  ManagedChannel channel() {
    return channel;
  }

  @Override
  public void close() {
    channel.shutdownNow();
    server.shutdownNow();
    equipment.stop(Duration.ZERO, Duration.ofSeconds(5));
  }
}
