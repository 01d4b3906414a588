package geosearch.rpc;

import static geosearch.rpc.Errors.assertFails;
import static geosearch.rpc.Errors.assertFailsBare;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.Empty;
import geosearch.original.MonitorResponse;
import geosearch.original.SearchGrpc;
import geosearch.original.SearchRequest;
import io.grpc.BindableService;
import io.grpc.Channel;
import io.grpc.ConnectivityState;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the server takes from one client at most. */
class RpcLimitsTest {

  private static final int ENHANCE_YOUR_CALM = 11;

  private final ServerSettings settings = new ServerSettings();
  private final Lines lines = Lines.fromWarning();

  /** Nobody can fill the log from outside. */
  @AfterEach
  void assertNothingWasLogged() {
    lines.close();
    assertEquals(0, lines.count("io.grpc"), () -> lines.lines().toString());
  }

  @Test
  void message_tooLarge_isResourceExhausted() throws IOException {
    settings.maxMessageSize = 10_000;
    try (Loopback loopback = answering()) {
      Channel channel = loopback.channel();

      assertFailsBare(Status.Code.RESOURCE_EXHAUSTED, () -> search(channel, "q".repeat(10_000)));

      search(channel, "q".repeat(9_000));
    }
  }

  @Test
  void message_tooLargeOnceUnpacked_isResourceExhausted() throws IOException {
    settings.maxMessageSize = 100_000;
    try (Loopback loopback = answering()) {
      Channel channel = loopback.channel();

      // Some 50 KB that would become 50 MB.
      assertFails(
          Status.Code.RESOURCE_EXHAUSTED,
          () ->
              SearchGrpc.newBlockingStub(channel)
                  .withCompression("gzip")
                  .search(SearchRequest.newBuilder().setQuery("q".repeat(50_000_000)).build()));

      search(channel, "q");
    }
  }

  @Test
  void metadata_tooLarge_isRefusedAndTheConnectionGoesOn() throws IOException {
    settings.maxMetadataSize = 2_000;
    try (Loopback loopback = answering()) {
      Channel channel = loopback.channel();
      Metadata headers = new Metadata();
      headers.put(Metadata.Key.of("large", Metadata.ASCII_STRING_MARSHALLER), "x".repeat(3_000));

      assertThrows(
          StatusRuntimeException.class,
          () ->
              SearchGrpc.newBlockingStub(channel)
                  .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                  .monitor(Empty.getDefaultInstance()));

      search(channel, "q");
    }
  }

  @Test
  void calls_moreAtOnceThanAConnectionMayHave_waitAtTheClient() throws Exception {
    settings.maxConcurrentCalls = 2;
    BlockingQueue<StreamObserver<MonitorResponse>> arrived = new LinkedBlockingQueue<>();
    try (Loopback loopback = Loopback.start(settings, metrics -> Handlers.monitor(arrived::add))) {
      Channel channel = loopback.channel();
      List<ListenableFuture<MonitorResponse>> calls = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        calls.add(SearchGrpc.newFutureStub(channel).monitor(Empty.getDefaultInstance()));
      }

      for (int answered = 0; answered < 6; answered += 2) {
        StreamObserver<MonitorResponse> first = arrived.poll(10, TimeUnit.SECONDS);
        StreamObserver<MonitorResponse> second = arrived.poll(10, TimeUnit.SECONDS);
        assertEquals(0, arrived.size());
        Handlers.answer(first, 1);
        Handlers.answer(second, 1);
      }
      for (ListenableFuture<MonitorResponse> call : calls) {
        assertEquals(1, call.get(10, TimeUnit.SECONDS).getNThings());
      }
    }
  }

  @Test
  void pings_moreOftenThanAllowed_endTheConnection() throws IOException {
    try (Loopback loopback = answering();
        RawHttp2 client = RawHttp2.connect(loopback.server.port())) {
      Optional<RawHttp2.GoAway> end = Optional.empty();
      for (int i = 0; i < 10 && end.isEmpty(); i++) {
        end = client.ping();
      }

      assertEquals(Optional.of(new RawHttp2.GoAway(ENHANCE_YOUR_CALM, "too_many_pings")), end);
    }
  }

  @Test
  void resets_inAFlood_endTheConnection() throws IOException {
    settings.maxCancelsPerSecond = 100;
    try (Loopback loopback = answering();
        RawHttp2 client = RawHttp2.connect(loopback.server.port())) {
      try {
        for (int stream = 1; stream < 20_000; stream += 2) {
          client.headers(stream, "/Search/monitor");
          client.reset(stream);
        }
        assertEquals(ENHANCE_YOUR_CALM, client.readGoAway().errorCode());
      } catch (SocketException e) {
        // It was closed before all was sent, and the last word lost with it.
        assertTrue(client.isClosedByServer());
      }
    }
  }

  @Test
  void connection_thatSaysNothing_isClosed() throws IOException {
    settings.handshakeTimeout = Duration.ofMillis(200);
    try (Loopback loopback = answering();
        RawHttp2 client = RawHttp2.silent(loopback.server.port())) {
      assertTrue(client.isClosedByServer());
    }
  }

  @Test
  void connection_ofHttp1_isClosed() throws IOException {
    try (Loopback loopback = answering();
        RawHttp2 client = RawHttp2.silent(loopback.server.port())) {
      client.say("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");

      assertTrue(client.isClosedByServer());
    }
  }

  @Test
  void connection_tooOld_isReplacedWithoutAFailedCall() throws IOException {
    settings.maxConnectionAge = Duration.ofSeconds(1);
    Set<SocketAddress> clients = ConcurrentHashMap.newKeySet();
    try (Loopback loopback = Loopback.start(settings, metrics -> noting(clients))) {
      Channel channel = loopback.channel();
      long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
      while (clients.size() < 3 && System.nanoTime() < end) {
        SearchGrpc.newBlockingStub(channel).monitor(Empty.getDefaultInstance());
      }

      assertEquals(3, clients.size());
    }
  }

  @Test
  void connection_idle_isClosedAndOpenedAgain() throws IOException {
    settings.maxConnectionIdle = Duration.ofSeconds(1);
    try (Loopback loopback = answering()) {
      ManagedChannel channel = loopback.channel();
      search(channel, "q");
      assertEquals(ConnectivityState.READY, channel.getState(false));

      await().until(() -> channel.getState(false) == ConnectivityState.IDLE);

      search(channel, "q");
    }
  }

  private Loopback answering() throws IOException {
    return Loopback.start(
        settings, metrics -> Handlers.monitor(observer -> Handlers.answer(observer, 0)));
  }

  private static BindableService noting(Set<SocketAddress> clients) {
    return () ->
        ServerInterceptors.intercept(
            Handlers.monitor(observer -> Handlers.answer(observer, 0)),
            new ServerInterceptor() {
              @Override
              public <A, B> ServerCall.Listener<A> interceptCall(
                  ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
                clients.add(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
                return next.startCall(call, headers);
              }
            });
  }

  private static void search(Channel channel, String query) {
    SearchGrpc.newBlockingStub(channel).search(SearchRequest.newBuilder().setQuery(query).build());
  }
}
