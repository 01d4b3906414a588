package geosearch.server;

import com.google.protobuf.Duration;
import geosearch.config.ConfigLoader;
import geosearch.original.SearchGrpc;
import geosearch.original.SearchRequest;
import geosearch.original.SearchResponse;
import geosearch.original.SearchResponses;
import geosearch.rpc.RpcServer;
import geosearch.v1.Area;
import geosearch.v1.GeoSearchGrpc;
import geosearch.v1.LayerSnapshot;
import geosearch.v1.LocateRequest;
import geosearch.v1.LocateResponse;
import geosearch.v1.LocatedArea;
import geosearch.v1.Match;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.util.ResourceLeakDetector;
import io.grpc.stub.StreamObserver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/**
 * What grpc-java alone can do: the same methods over the same transport with the same limits, with
 * handlers that answer the same constant, as long as a usual answer, to everybody, and nothing
 * before them. Named {@link #AS_IT_COMES}, it looks for leaks of buffers as Netty does by default,
 * which geosearch does not.
 */
final class FloorServer {

  private static final SearchResponses FOUND =
      SearchResponses.newBuilder()
          .addResponses(SearchResponse.newBuilder().setResponse("69123 - Lyon"))
          .build();
  private static final LocateResponse LOCATED =
      LocateResponse.newBuilder()
          .addAreas(
              LocatedArea.newBuilder()
                  .setArea(Area.newBuilder().setLayer("commune").setId("69123").setName("Lyon"))
                  .setMatch(Match.MATCH_INSIDE))
          .addLayers(
              LayerSnapshot.newBuilder()
                  .setLayer("commune")
                  .setGeneration(1_790_000_000_000L)
                  .setDatasetVersion("1")
                  .setAge(Duration.newBuilder().setSeconds(60).setNanos(123_456_789)))
          .build();

  static final String AS_IT_COMES = "as-it-comes";

  private FloorServer() {}

  /** Says the port that it listens on, and serves until it is killed. */
  public static void main(String[] args) throws Exception {
    serve(
        List.of(args).contains(AS_IT_COMES),
        new SearchGrpc.SearchImplBase() {
          @Override
          public void search(SearchRequest request, StreamObserver<SearchResponses> observer) {
            observer.onNext(FOUND);
            observer.onCompleted();
          }
        },
        new GeoSearchGrpc.GeoSearchImplBase() {
          @Override
          public void locate(LocateRequest request, StreamObserver<LocateResponse> observer) {
            observer.onNext(LOCATED);
            observer.onCompleted();
          }
        });
  }

  /**
   * Serves over the transport that geosearch has, on the network's threads and with nothing before
   * the services; says the port that it listens on, and serves until it is killed.
   *
   * @param searchesLeaks whether Netty does, as by default
   */
  static void serve(boolean searchesLeaks, BindableService... services) throws Exception {
    ServerBuilder<?> builder =
        RpcServer.transport(
                NettyServerBuilder.forAddress(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                new ConfigLoader(System.getenv())
                    .load(Optional.empty(), List.of())
                    .config()
                    .server())
            .directExecutor();
    for (BindableService service : services) {
      builder.addService(service);
    }
    if (searchesLeaks) {
      // The class that the settings came from has turned it off.
      ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.SIMPLE);
    }
    Server server = builder.build().start();
    System.out.println("listens on 127.0.0.1:" + server.getPort());
    server.awaitTermination();
  }
}
