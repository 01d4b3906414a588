package geosearch.attack;

import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** Waits until a server's health service says that it serves. */
final class Serving {

  private static final long PATIENCE_SECONDS = 120;
  private static final long PAUSE_MILLIS = 20;

  private Serving() {}

  /**
   * @throws IOException if it does not within two minutes
   */
  static void await(ServerContainer server) throws IOException, InterruptedException {
    ManagedChannel channel = channel(server.address());
    try {
      await(channel);
    } catch (IllegalStateException e) {
      throw new IOException(e.getMessage() + ": " + server.lastLines(20), e);
    } finally {
      channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    }
  }

  static ManagedChannel channel(InetSocketAddress address) {
    return NettyChannelBuilder.forAddress(address)
        .usePlaintext()
        .maxInboundMessageSize(64 << 20)
        .build();
  }

  static void await(Channel channel) throws InterruptedException {
    HealthGrpc.HealthBlockingStub health = HealthGrpc.newBlockingStub(channel);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (System.nanoTime() - end < 0) {
      try {
        HealthCheckRequest request =
            HealthCheckRequest.newBuilder().setService("readiness").build();
        if (health
                .withDeadlineAfter(1, TimeUnit.SECONDS)
                .withWaitForReady()
                .check(request)
                .getStatus()
            == ServingStatus.SERVING) {
          return;
        }
      } catch (StatusRuntimeException e) {
        // It does not listen yet.
      }
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
    throw new IllegalStateException("the server was not ready within 2 minutes");
  }
}
