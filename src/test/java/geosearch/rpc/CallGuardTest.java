package geosearch.rpc;

import static geosearch.rpc.Errors.assertFails;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Empty;
import com.google.rpc.ErrorInfo;
import geosearch.atlas.Atlas;
import geosearch.config.SearchConfig;
import geosearch.config.SearchConfig.AxisOrder;
import geosearch.original.MonitorResponse;
import geosearch.original.SearchGrpc;
import geosearch.original.SearchRequest;
import geosearch.original.SearchResponses;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallGuardTest {

  private static final String SECRET = "password=hunter2";

  @Test
  void handler_throwing_isInternalWithoutItsInsideAndLoggedWhole() throws IOException {
    try (Lines lines = Lines.fromInfo();
        Loopback loopback =
            Loopback.start(metrics ->
                Handlers.monitor(observer -> {
                  throw new IllegalStateException(SECRET);
                }))) {

      StatusRuntimeException e =
          assertThrows(StatusRuntimeException.class, () -> monitor(loopback.channel()));

      Status status = e.getStatus();
      assertEquals(Status.Code.INTERNAL, status.getCode());
      assertFalse(String.valueOf(status).contains("hunter2"), status::toString);
      assertFalse(String.valueOf(status).contains("IllegalState"), status::toString);
      com.google.rpc.Status details = StatusProto.fromThrowable(e);
      assertNotNull(details);
      assertTrue(details.getDetails(0).is(ErrorInfo.class), details::toString);
      assertFalse(details.toString().contains("hunter2"), details::toString);
      String logged =
          lines.lines().stream().filter(line -> line.contains(SECRET)).findFirst().orElseThrow();
      assertTrue(logged.contains("CallGuardTest"), logged);
      assertTrue(logged.contains("Search/monitor"), logged);
    }
  }

  @Test
  void handler_throwingAnError_isInternalToo() throws IOException {
    try (Loopback loopback =
        Loopback.start(metrics ->
            Handlers.monitor(observer -> {
              throw new StackOverflowError(SECRET);
            }))) {

      Status status = assertFails(Status.Code.INTERNAL, () -> monitor(loopback.channel()));

      assertFalse(String.valueOf(status).contains("hunter2"), status::toString);
    }
  }

  @Test
  void handler_reportingAnExceptionOfItsOwn_leaksNothing() throws IOException {
    try (Loopback loopback =
        Loopback.start(metrics ->
            Handlers.monitor(observer -> observer.onError(new IllegalStateException(SECRET))))) {

      StatusRuntimeException e =
          assertThrows(StatusRuntimeException.class, () -> monitor(loopback.channel()));

      assertFalse(String.valueOf(e).contains("hunter2"), e::toString);
      assertFalse(String.valueOf(e.getTrailers()).contains("hunter2"), e::toString);
    }
  }

  @Test
  void handler_throwingAfterItAnswered_keepsTheAnswer() throws IOException {
    try (Loopback loopback =
        Loopback.start(metrics ->
            Handlers.monitor(observer -> {
              Handlers.answer(observer, 3);
              throw new IllegalStateException(SECRET);
            }))) {

      assertEquals(3, monitor(loopback.channel()));
    }
  }

  @Test
  void connection_afterAHandlerFailed_goesOn() throws IOException {
    AtomicInteger calls = new AtomicInteger();
    try (Loopback loopback =
        Loopback.start(metrics ->
            Handlers.monitor(observer -> {
              if (calls.incrementAndGet() == 1) {
                throw new IllegalStateException(SECRET);
              }
              Handlers.answer(observer, 4);
            }))) {
      Channel channel = loopback.channel();

      assertFails(Status.Code.INTERNAL, () -> monitor(channel));

      assertEquals(4, monitor(channel));
    }
  }

  @Test
  void request_thatIsNoMessage_isInvalidAndLogsNothing() throws IOException {
    try (Lines lines = Lines.fromInfo();
        Loopback loopback = serveNothing()) {

      assertFails(
          Status.Code.INVALID_ARGUMENT,
          () ->
              ClientCalls.blockingUnaryCall(
                  loopback.channel(),
                  RawRequests.of(SearchGrpc.getSearchMethod()),
                  CallOptions.DEFAULT,
                  new byte[] {10, 127, 1}));

      assertEquals(0, lines.count("Exception"), () -> lines.lines().toString());
    }
  }

  @Test
  void request_packedBroken_failsAndTheServerGoesOn() throws IOException {
    try (Loopback loopback = serveNothing()) {
      Channel channel = loopback.channel();

      assertThrows(
          StatusRuntimeException.class,
          () ->
              ClientCalls.blockingUnaryCall(
                  channel,
                  RawRequests.of(SearchGrpc.getSearchMethod()),
                  CallOptions.DEFAULT.withCompression("gzip"),
                  new byte[] {10, 127, 1}));

      assertEquals(0, monitor(channel));
    }
  }

  @ParameterizedTest
  @CsvSource({"0, there was none", "2, there were more"})
  void unaryMethod_notOneRequest_isInvalid(int requests, String said) throws Exception {
    MethodDescriptor<Empty, MonitorResponse> streaming =
        SearchGrpc.getMonitorMethod().toBuilder()
            .setType(MethodDescriptor.MethodType.CLIENT_STREAMING)
            .build();
    try (Loopback loopback = serveNothing()) {
      CompletableFuture<Throwable> failure = new CompletableFuture<>();
      StreamObserver<Empty> sender =
          ClientCalls.asyncClientStreamingCall(
              loopback.channel().newCall(streaming, CallOptions.DEFAULT),
              new StreamObserver<>() {
                @Override
                public void onNext(MonitorResponse value) {}

                @Override
                public void onError(Throwable t) {
                  failure.complete(t);
                }

                @Override
                public void onCompleted() {
                  failure.complete(new AssertionError("it was answered"));
                }
              });
      for (int i = 0; i < requests; i++) {
        sender.onNext(Empty.getDefaultInstance());
      }
      sender.onCompleted();

      Status status = Status.fromThrowable(failure.get(10, TimeUnit.SECONDS));

      assertEquals(Status.Code.INVALID_ARGUMENT, status.getCode(), status::toString);
      assertTrue(String.valueOf(status.getDescription()).contains(said), status::toString);
    }
  }

  @Test
  void call_pastItsDeadline_isNotWorkedOn() {
    AtomicInteger worked = new AtomicInteger();
    EndedCall call = new EndedCall();
    ServerCall.Listener<SearchRequest> guarded =
        new CallGuard(new ServerSettings().limits())
            .interceptCall(
                call,
                new Metadata(),
                new UnaryHandler<>((request, trailers) -> {
                  worked.incrementAndGet();
                  return SearchResponses.getDefaultInstance();
                }));
    ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    try (Context.CancellableContext context =
        Context.current().withDeadline(Deadline.after(-1, TimeUnit.NANOSECONDS), timer)) {
      context.run(() -> {
        guarded.onMessage(SearchRequest.getDefaultInstance());
        guarded.onHalfClose();
      });
    } finally {
      timer.shutdownNow();
    }

    assertEquals(Status.Code.DEADLINE_EXCEEDED, call.closed.join().getCode());
    assertEquals(0, worked.get());
  }

  @Test
  void calls_whateverTheirEnd_areRecordedByMethodAndStatus() throws IOException {
    try (Loopback loopback = serveNothing()) {
      Channel channel = loopback.channel();
      SearchGrpc.SearchBlockingStub stub = SearchGrpc.newBlockingStub(channel);

      monitor(channel);
      monitor(channel);
      assertFails(
          Status.Code.INVALID_ARGUMENT,
          () -> stub.search(SearchRequest.newBuilder().setLat(Float.NaN).build()));

      await()
          .until(() ->
              loopback.count("rpc.Search.monitor.OK") == 2
                  && loopback.count("rpc.Search.search.INVALID_ARGUMENT") == 1);
    }
  }

  @Test
  void calls_ofUnknownMethods_areAnsweredAndNotRecorded() throws IOException {
    MethodDescriptor<Empty, MonitorResponse> unknown =
        SearchGrpc.getMonitorMethod().toBuilder().setFullMethodName("Search/made_up").build();
    try (Loopback loopback = serveNothing()) {

      assertFails(
          Status.Code.UNIMPLEMENTED,
          () ->
              ClientCalls.blockingUnaryCall(
                  loopback.channel(), unknown, CallOptions.DEFAULT, Empty.getDefaultInstance()));

      assertTrue(
          loopback.registry.getMeters().stream()
              .noneMatch(meter -> meter.getId().getName().contains("made_up")));
    }
  }

  private static Loopback serveNothing() throws IOException {
    Atlas atlas = new Atlas(List.of());
    atlas.publish(List.of());
    return Loopback.start(metrics ->
        new SearchService(atlas, new SearchConfig(AxisOrder.ORIGINAL, List.of(), 10), metrics));
  }

  private static int monitor(Channel channel) {
    return SearchGrpc.newBlockingStub(channel).monitor(Empty.getDefaultInstance()).getNThings();
  }
}
