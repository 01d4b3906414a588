package geosearch.cli;

import geosearch.original.SearchGrpc;
import geosearch.original.SearchGrpc.SearchBlockingStub;
import geosearch.v1.GeoSearchGrpc;
import geosearch.v1.GeoSearchGrpc.GeoSearchFutureStub;
import geosearch.v1.ZonesGrpc;
import geosearch.v1.ZonesGrpc.ZonesBlockingStub;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.time.Duration;
import java.util.function.Supplier;

/** A running server, as its clients see it. */
final class ServerConnection implements AutoCloseable {

  private final String name;
  private final ManagedChannel channel;
  private final Duration timeout;
  private final Runnable afterClose;

  /**
   * @param name of the server, for people
   * @param afterClose is called when the connection has been closed
   */
  ServerConnection(String name, ManagedChannel channel, Duration timeout, Runnable afterClose) {
    this.name = name;
    this.channel = channel;
    this.timeout = timeout;
    this.afterClose = afterClose;
  }

  /** A connection that is made with the first call. */
  static ServerConnection to(HostAndPort address, Duration timeout) {
    return new ServerConnection(
        address.toString(),
        NettyChannelBuilder.forAddress(address.resolve()).usePlaintext().build(),
        timeout,
        () -> {});
  }

  GeoSearchFutureStub geoSearch() {
    return GeoSearchGrpc.newFutureStub(channel).withDeadlineAfter(timeout);
  }

  SearchBlockingStub search() {
    return SearchGrpc.newBlockingStub(channel).withDeadlineAfter(timeout);
  }

  ZonesBlockingStub zones() {
    return ZonesGrpc.newBlockingStub(channel).withDeadlineAfter(timeout);
  }

  /**
   * Makes a call.
   *
   * @throws CommandException if it fails
   */
  <T> T call(Supplier<T> call) {
    try {
      return call.get();
    } catch (StatusRuntimeException e) {
      throw failure(e);
    }
  }

  /** What the failure of a call means. */
  CommandException failure(StatusRuntimeException e) {
    return RemoteFailure.of(e, name, timeout);
  }

  @Override
  public void close() {
    channel.shutdownNow();
    afterClose.run();
  }
}
