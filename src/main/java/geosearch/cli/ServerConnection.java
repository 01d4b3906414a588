package geosearch.cli;

import geosearch.client.ConsulNameResolverProvider;
import geosearch.client.GeoSearchChannels;
import geosearch.original.SearchGrpc;
import geosearch.original.SearchGrpc.SearchBlockingStub;
import geosearch.v1.GeoSearchGrpc;
import geosearch.v1.GeoSearchGrpc.GeoSearchBlockingStub;
import geosearch.v1.GeoSearchGrpc.GeoSearchFutureStub;
import geosearch.v1.ZonesGrpc;
import geosearch.v1.ZonesGrpc.ZonesBlockingStub;
import geosearch.v1.ZonesGrpc.ZonesFutureStub;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.health.v1.HealthGrpc.HealthBlockingStub;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
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
        GeoSearchChannels.configure(NettyChannelBuilder.forAddress(address.resolve()))
            .usePlaintext()
            .build(),
        timeout,
        () -> {});
  }

  /**
   * Connections to those that Consul knows, which it is asked for with the first call.
   *
   * @param service its name in Consul
   * @param token for the agent
   */
  static ServerConnection inConsul(
      HostAndPort agent, String service, Optional<String> token, Duration timeout) {
    String target = "consul://" + agent + "/" + service;
    ManagedChannelBuilder<?> channel = GeoSearchChannels.forTarget(target).usePlaintext();
    token.ifPresent(text -> channel.setNameResolverArg(ConsulNameResolverProvider.TOKEN, text));
    return new ServerConnection(target, channel.build(), timeout, () -> {});
  }

  GeoSearchFutureStub geoSearch() {
    return GeoSearchGrpc.newFutureStub(channel).withDeadlineAfter(timeout);
  }

  /** For calls that are waited for. */
  GeoSearchBlockingStub geoSearchWaiting() {
    return GeoSearchGrpc.newBlockingStub(channel).withDeadlineAfter(timeout);
  }

  SearchBlockingStub search() {
    return SearchGrpc.newBlockingStub(channel).withDeadlineAfter(timeout);
  }

  ZonesBlockingStub zones() {
    return ZonesGrpc.newBlockingStub(channel).withDeadlineAfter(timeout);
  }

  /** For calls of which several are under way. */
  ZonesFutureStub zonesAtOnce() {
    return ZonesGrpc.newFutureStub(channel).withDeadlineAfter(timeout);
  }

  HealthBlockingStub health() {
    return HealthGrpc.newBlockingStub(channel).withDeadlineAfter(timeout);
  }

  /** The full names of its services, in order; it tells them where reflection is on. */
  List<String> services() {
    CompletableFuture<ServerReflectionResponse> answer = new CompletableFuture<>();
    StreamObserver<ServerReflectionRequest> question =
        ServerReflectionGrpc.newStub(channel)
            .withDeadlineAfter(timeout)
            .serverReflectionInfo(
                new StreamObserver<>() {
                  @Override
                  public void onNext(ServerReflectionResponse response) {
                    answer.complete(response);
                  }

                  @Override
                  public void onError(Throwable failure) {
                    answer.completeExceptionally(failure);
                  }

                  @Override
                  public void onCompleted() {
                    answer.completeExceptionally(
                        Status.INTERNAL.withDescription("no answer").asRuntimeException());
                  }
                });
    question.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
    question.onCompleted();
    try {
      return answer.join().getListServicesResponse().getServiceList().stream()
          .map(service -> service.getName())
          .sorted()
          .toList();
    } catch (CompletionException e) {
      throw Status.fromThrowable(e).asRuntimeException();
    }
  }

  /** For calls that end when the other side does. */
  ZonesBlockingStub zonesForEver() {
    return ZonesGrpc.newBlockingStub(channel);
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

  /**
   * Waits for a call that was made.
   *
   * @throws CommandException if it fails
   */
  <T> T await(Future<T> call) throws InterruptedException {
    try {
      return call.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof StatusRuntimeException failure
          ? failure(failure)
          : new IllegalStateException(e.getCause());
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
