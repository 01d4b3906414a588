package geosearch.rpc;

import static geosearch.rpc.Errors.assertFails;
import static geosearch.rpc.Errors.assertFailsBare;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Empty;
import geosearch.health.Readiness;
import geosearch.original.MonitorResponse;
import geosearch.original.SearchGrpc;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RpcServerTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  // Listening.

  @Test
  void start_portInUse_saysAddressPortAndSetting() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      ServerSettings settings = new ServerSettings();
      settings.port = taken.getLocalPort();

      IOException e = assertThrows(IOException.class, () -> Loopback.start(settings));

      String message = String.valueOf(e.getMessage());
      assertTrue(message.contains("127.0.0.1:" + taken.getLocalPort()), message);
      assertTrue(message.contains("server.port"), message);
      assertTrue(message.contains("in use"), message);
    }
  }

  @Test
  void start_addressOfAnotherMachine_saysAddressAndSetting() {
    ServerSettings settings = new ServerSettings();
    settings.address = "203.0.113.7"; // set aside for documentation: nobody has it

    IOException e = assertThrows(IOException.class, () -> Loopback.start(settings));

    String message = String.valueOf(e.getMessage());
    assertTrue(message.contains("203.0.113.7:0"), message);
    assertTrue(message.contains("server.address"), message);
  }

  @Test
  void start_unknownHost_saysHostAndSetting() {
    ServerSettings settings = new ServerSettings();
    settings.address = "no-such-host.invalid";

    IOException e = assertThrows(IOException.class, () -> Loopback.start(settings));

    String message = String.valueOf(e.getMessage());
    assertTrue(message.contains("no-such-host.invalid"), message);
    assertTrue(message.contains("server.address"), message);
  }

  @Test
  void port_zeroAskedFor_isTheRealOne() throws IOException {
    try (Loopback loopback = Loopback.start()) {
      assertTrue(loopback.server.port() > 0);
    }
  }

  @Test
  void stop_neverStarted_endsAtOnce() throws IOException {
    Loopback loopback = Loopback.start();
    loopback.close();
    loopback.close();
  }

  // Reflection.

  @Test
  void reflection_on_listsTheServices() throws Exception {
    try (Loopback loopback = Loopback.start(metrics -> answering(1))) {
      List<String> services = reflect(loopback.channel());

      assertEquals(
          List.of(
              "Search",
              "grpc.health.v1.Health",
              "grpc.reflection.v1.ServerReflection",
              "grpc.reflection.v1alpha.ServerReflection"),
          services);
    }
  }

  @Test
  @SuppressWarnings("deprecation") // v1alpha is what many tools ask for
  void reflection_on_answersV1AlphaToo() throws Exception {
    try (Loopback loopback = Loopback.start(metrics -> answering(1))) {
      CompletableFuture<Integer> count = new CompletableFuture<>();
      var sender =
          io.grpc.reflection.v1alpha.ServerReflectionGrpc.newStub(loopback.channel())
              .serverReflectionInfo(
                  first(count, response -> response.getListServicesResponse().getServiceCount()));
      sender.onNext(
          io.grpc.reflection.v1alpha.ServerReflectionRequest.newBuilder()
              .setListServices("")
              .build());
      sender.onCompleted();

      assertEquals(4, count.get(10, TimeUnit.SECONDS));
    }
  }

  @Test
  void reflection_on_describesTheDetailsOfErrors() throws Exception {
    try (GeoSearchServer server = GeoSearchServer.of(Layers.imported("zone").snapshot())) {
      CompletableFuture<ServerReflectionResponse> found = new CompletableFuture<>();
      StreamObserver<ServerReflectionRequest> sender =
          ServerReflectionGrpc.newStub(server.loopback.channel())
              .serverReflectionInfo(first(found, response -> response));
      sender.onNext(
          ServerReflectionRequest.newBuilder()
              .setFileContainingSymbol("google.rpc.BadRequest")
              .build());
      sender.onCompleted();

      assertTrue(
          found
              .get(10, TimeUnit.SECONDS)
              .getFileDescriptorResponse()
              .getFileDescriptorProto(0)
              .toStringUtf8()
              .contains("google/rpc/error_details.proto"));
    }
  }

  @Test
  void reflection_on_describesTheOriginalsService() throws Exception {
    try (Loopback loopback = Loopback.start(metrics -> answering(1))) {
      CompletableFuture<ServerReflectionResponse> found = new CompletableFuture<>();
      StreamObserver<ServerReflectionRequest> sender =
          ServerReflectionGrpc.newStub(loopback.channel())
              .serverReflectionInfo(first(found, response -> response));
      sender.onNext(ServerReflectionRequest.newBuilder().setFileContainingSymbol("Search").build());
      sender.onCompleted();

      assertTrue(
          found
              .get(10, TimeUnit.SECONDS)
              .getFileDescriptorResponse()
              .getFileDescriptorProto(0)
              .toStringUtf8()
              .contains("search_thing"));
    }
  }

  @Test
  void reflection_off_isUnimplemented() throws Exception {
    ServerSettings settings = new ServerSettings();
    settings.reflection = false;
    try (Loopback loopback = Loopback.start(settings, metrics -> answering(1))) {
      assertFails(Status.Code.UNIMPLEMENTED, () -> reflect(loopback.channel()));
    }
  }

  // Health.

  @ParameterizedTest
  @ValueSource(strings = {"", "Search", "readiness"})
  void health_readinessNames_followTheReadiness(String name) throws IOException {
    try (Loopback loopback = Loopback.start(metrics -> answering(1))) {
      Channel channel = loopback.channel();
      assertEquals(ServingStatus.NOT_SERVING, check(channel, name));
      Readiness.Condition loaded = loopback.readiness.condition("loaded");
      assertEquals(ServingStatus.NOT_SERVING, check(channel, name));

      loaded.set(true);
      assertEquals(ServingStatus.SERVING, check(channel, name));

      loaded.set(false);
      assertEquals(ServingStatus.NOT_SERVING, check(channel, name));
    }
  }

  @Test
  void probed_readinessAnsweredServing_isDone() throws Exception {
    try (Loopback loopback = Loopback.start(metrics -> answering(1))) {
      Channel channel = loopback.channel();
      CompletableFuture<Void> probed = loopback.server.health().probed();
      Readiness.Condition loaded = loopback.readiness.condition("loaded");
      check(channel, "readiness");
      check(channel, "liveness");
      loaded.set(true);
      check(channel, "liveness");
      check(channel, "");
      assertFalse(probed.isDone());

      check(channel, "readiness");

      probed.get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void health_liveness_isServedFromTheStart() throws IOException {
    try (Loopback loopback = Loopback.start()) {
      assertEquals(ServingStatus.SERVING, check(loopback.channel(), "liveness"));
    }
  }

  @Test
  void health_consul_isUnknownUntilItIsSet() throws IOException {
    try (Loopback loopback = Loopback.start()) {
      Channel channel = loopback.channel();
      assertFailsBare(Status.Code.NOT_FOUND, () -> check(channel, "consul"));

      loopback.server.health().set("consul", false);
      assertEquals(ServingStatus.NOT_SERVING, check(channel, "consul"));

      loopback.server.health().set("consul", true);
      assertEquals(ServingStatus.SERVING, check(channel, "consul"));
    }
  }

  @Test
  void health_unknownName_isNotFound() throws IOException {
    try (Loopback loopback = Loopback.start()) {
      assertFailsBare(Status.Code.NOT_FOUND, () -> check(loopback.channel(), "Unknown"));
    }
  }

  @Test
  void health_watch_isToldOfEveryChangeAndEndsWithTheServer() throws Exception {
    try (Loopback loopback = Loopback.start()) {
      BlockingQueue<Object> told = watch(loopback.channel(), "readiness");
      assertEquals(ServingStatus.NOT_SERVING, next(told));
      Readiness.Condition loaded = loopback.readiness.condition("loaded");

      loaded.set(true);
      assertEquals(ServingStatus.SERVING, next(told));
      loaded.set(false);
      assertEquals(ServingStatus.NOT_SERVING, next(told));
      loaded.set(true);
      assertEquals(ServingStatus.SERVING, next(told));

      long start = System.nanoTime();
      loopback.server.stop(Duration.ofMinutes(1), SECOND);

      assertTrue(System.nanoTime() - start < Duration.ofSeconds(20).toNanos());
      assertEquals(ServingStatus.NOT_SERVING, next(told));
      assertEquals(Status.Code.UNAVAILABLE, next(told));
    }
  }

  @Test
  void health_watchOfAnUnknownName_saysSoAndGoesOn() throws Exception {
    try (Loopback loopback = Loopback.start()) {
      BlockingQueue<Object> told = watch(loopback.channel(), "consul");
      assertEquals(ServingStatus.SERVICE_UNKNOWN, next(told));

      loopback.server.health().set("consul", true);

      assertEquals(ServingStatus.SERVING, next(told));
    }
  }

  // Stopping.

  @Test
  void stop_callUnderWay_isAnsweredWithinTheGrace() throws Exception {
    BlockingQueue<StreamObserver<MonitorResponse>> arrived = new LinkedBlockingQueue<>();
    try (Loopback loopback = Loopback.start(metrics -> Handlers.monitor(arrived::add))) {
      var answer = SearchGrpc.newFutureStub(loopback.channel()).monitor(Empty.getDefaultInstance());
      StreamObserver<MonitorResponse> call = arrived.take();

      CompletableFuture<Void> stopped =
          CompletableFuture.runAsync(() -> loopback.server.stop(Duration.ofSeconds(30), SECOND));
      // A new client is turned away once it stops; then the old call still ends well.
      org.awaitility.Awaitility.await().until(() -> refuses(loopback.channel(), stopped));
      Handlers.answer(call, 6);

      assertEquals(6, answer.get(10, TimeUnit.SECONDS).getNThings());
      stopped.get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void stop_callThatNeverEnds_isCutOffAfterTheGrace() throws Exception {
    BlockingQueue<StreamObserver<MonitorResponse>> arrived = new LinkedBlockingQueue<>();
    try (Loopback loopback = Loopback.start(metrics -> Handlers.monitor(arrived::add))) {
      var answer = SearchGrpc.newFutureStub(loopback.channel()).monitor(Empty.getDefaultInstance());
      arrived.take();

      loopback.server.stop(Duration.ofMillis(50), SECOND);

      assertThrows(
          java.util.concurrent.ExecutionException.class, () -> answer.get(10, TimeUnit.SECONDS));
    }
  }

  private static boolean refuses(Channel channel, CompletableFuture<Void> stopped) {
    assertTrue(!stopped.isDone(), "it stopped before the call had ended");
    try {
      check(channel, "liveness");
      return false;
    } catch (io.grpc.StatusRuntimeException e) {
      return e.getStatus().getCode() == Status.Code.UNAVAILABLE;
    }
  }

  private static SearchGrpc.SearchImplBase answering(int things) {
    return Handlers.monitor(observer -> Handlers.answer(observer, things));
  }

  private static ServingStatus check(Channel channel, String name) {
    return HealthGrpc.newBlockingStub(channel)
        .check(HealthCheckRequest.newBuilder().setService(name).build())
        .getStatus();
  }

  /** Each status as it comes, and the code of the end. */
  private static BlockingQueue<Object> watch(Channel channel, String name) {
    BlockingQueue<Object> told = new LinkedBlockingQueue<>();
    HealthGrpc.newStub(channel)
        .watch(
            HealthCheckRequest.newBuilder().setService(name).build(),
            new StreamObserver<>() {
              @Override
              public void onNext(HealthCheckResponse response) {
                told.add(response.getStatus());
              }

              @Override
              public void onError(Throwable t) {
                told.add(Status.fromThrowable(t).getCode());
              }

              @Override
              public void onCompleted() {
                told.add(Status.Code.OK);
              }
            });
    return told;
  }

  private static Object next(BlockingQueue<Object> told) throws InterruptedException {
    return told.poll(10, TimeUnit.SECONDS);
  }

  private static List<String> reflect(Channel channel) throws Exception {
    CompletableFuture<List<String>> services = new CompletableFuture<>();
    StreamObserver<ServerReflectionRequest> sender =
        ServerReflectionGrpc.newStub(channel)
            .serverReflectionInfo(
                first(
                    services,
                    response ->
                        response.getListServicesResponse().getServiceList().stream()
                            .map(ServiceResponse::getName)
                            .sorted()
                            .toList()));
    sender.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
    sender.onCompleted();
    try {
      return services.get(10, TimeUnit.SECONDS);
    } catch (java.util.concurrent.ExecutionException e) {
      throw Status.fromThrowable(e).asRuntimeException();
    }
  }

  private static <A, B> StreamObserver<A> first(
      CompletableFuture<B> result, java.util.function.Function<A, B> part) {
    return new StreamObserver<>() {
      @Override
      public void onNext(A value) {
        result.complete(part.apply(value));
      }

      @Override
      public void onError(Throwable t) {
        result.completeExceptionally(t);
      }

      @Override
      public void onCompleted() {}
    };
  }
}
