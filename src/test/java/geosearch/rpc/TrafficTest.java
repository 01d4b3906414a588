package geosearch.rpc;

import static geosearch.rpc.Errors.assertFails;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import com.google.protobuf.UnknownFieldSet;
import geosearch.original.MonitorResponse;
import geosearch.original.SearchGrpc;
import geosearch.original.SearchRequest;
import geosearch.original.SearchResponse;
import geosearch.original.SearchResponses;
import geosearch.traffic.TrafficBudget;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What connections may hold of the memory, and how long; seen from a client that misbehaves. */
class TrafficTest {

  private static final String SEARCH = "/Search/search";
  private static final String DEADLINE_EXCEEDED = "4";
  private static final String RESOURCE_EXHAUSTED = "8";
  private static final int MB = 1 << 20;

  private final ServerSettings settings = new ServerSettings();
  private final Lines lines = Lines.fromWarning();

  @AfterEach
  void stopListening() {
    lines.close();
  }

  @Test
  void request_longerThanItsMethodTakes_isRefusedAtItsFirstBytes() throws Exception {
    try (Loopback loopback = answering();
        RawHttp2 client = RawHttp2.connect(loopback.server.port())) {
      client.headers(1, SEARCH);
      client.beginMessage(1, 3 * MB, 100);

      assertEquals(RESOURCE_EXHAUSTED, client.readStatus(1));
    }
  }

  @Test
  void request_thatDoesNotArrive_isRefusedAfterAWhile() throws Exception {
    settings.maxRequestTime = Duration.ofMillis(300);
    try (Loopback loopback = answering();
        RawHttp2 client = RawHttp2.connect(loopback.server.port())) {
      client.headers(1, SEARCH);
      client.beginMessage(1, 1_000, 999);
      client.headers(3, SEARCH);

      assertEquals(DEADLINE_EXCEEDED, client.readStatus(1));
      assertEquals(DEADLINE_EXCEEDED, client.readStatus(3));
      await().until(() -> loopback.budget().held() == 0);
    }
  }

  @Test
  void halfRequests_beyondTheBudget_areRefusedAndOthersAnswered() throws Exception {
    settings.budget = new TrafficBudget(4 * MB);
    try (Loopback loopback = answering();
        RawHttp2 client = RawHttp2.connect(loopback.server.port())) {
      int last = 1;
      for (int stream = 1; stream < 2 * 40; stream += 2) {
        client.headers(stream, SEARCH);
        client.beginMessage(stream, 60_000, 59_000);
        last = stream;
      }

      assertEquals(RESOURCE_EXHAUSTED, client.readStatus(last));
      assertTrue(loopback.budget().held() <= 2 * MB, () -> "held " + loopback.budget().held());
      search(loopback.channel());
    }
  }

  @Test
  void answers_thatNobodyReads_endTheirConnection() throws Exception {
    settings.maxUnreadTime = Duration.ofMillis(300);
    try (Loopback loopback = sendingMuch(100_000);
        RawHttp2 client = RawHttp2.connect(loopback.server.port())) {
      client.closeWindow();
      client.headers(1, SEARCH);
      client.data(1, true, new byte[5]);

      assertTrue(client.isClosedByServer());
      await().until(() -> loopback.budget().held() == 0);
    }
  }

  @Test
  void answers_thatNobodyReads_takeNoMoreThanTheBudget() throws Exception {
    settings.budget = new TrafficBudget(8 * MB);
    List<RawHttp2> clients = new ArrayList<>();
    try (Loopback loopback = sendingMuch(500_000)) {
      for (int i = 0; i < 20; i++) {
        RawHttp2 client = RawHttp2.connect(loopback.server.port());
        clients.add(client);
        client.closeWindow();
        for (int stream = 1; stream < 40; stream += 2) {
          client.headers(stream, SEARCH);
          client.data(stream, true, new byte[5]);
        }
      }
      for (RawHttp2 client : clients) {
        assertEquals(RESOURCE_EXHAUSTED, client.readStatus(39));
      }

      // Each of them may have had one answer under way when the others filled it.
      assertTrue(loopback.budget().held() <= 18 * MB, () -> "held " + loopback.budget().held());
      search(loopback.channel());
    } finally {
      for (RawHttp2 client : clients) {
        client.close();
      }
    }
  }

  @Test
  void connections_moreThanMayBe_closeTheOneThatIsIdleForLongest() throws Exception {
    settings.maxConnections = 2;
    try (Loopback loopback = answering();
        RawHttp2 first = RawHttp2.connect(loopback.server.port())) {
      first.ping();
      try (RawHttp2 second = RawHttp2.connect(loopback.server.port())) {
        second.ping();
        try (RawHttp2 third = RawHttp2.connect(loopback.server.port())) {
          third.ping();

          assertTrue(first.isClosedByServer());
          assertTrue(second.ping().isEmpty());
        }
      }
    }
  }

  @Test
  void emptyPath_endsTheStreamAlone() throws Exception {
    try (Loopback loopback = answering();
        RawHttp2 client = RawHttp2.connect(loopback.server.port())) {
      client.headers(1, "");

      assertEquals("reset", client.readStatus(1));
      assertEquals(0, lines.count("io.grpc"), () -> lines.lines().toString());
      client.headers(3, SEARCH);
      client.data(3, true, new byte[5]);
      assertEquals("0", client.readStatus(3));
    }
  }

  @Test
  void windowUpdateOfNothing_endsTheConnection() throws Exception {
    try (Loopback loopback = answering();
        RawHttp2 client = RawHttp2.connect(loopback.server.port())) {
      client.headers(1, SEARCH);
      client.frame(8, 0, 1, new byte[4]);

      assertTrue(client.isClosedByServer());
      assertEquals(0, lines.count("io.grpc"), () -> lines.lines().toString());
    }
  }

  @Test
  void unknownFields_areDropped() throws Exception {
    UnknownFieldSet.Field.Builder many = UnknownFieldSet.Field.newBuilder();
    for (int i = 0; i < 10_000; i++) {
      many.addVarint(i);
    }
    SearchRequest request =
        SearchRequest.newBuilder()
            .setUnknownFields(UnknownFieldSet.newBuilder().addField(1_000, many.build()).build())
            .build();
    List<SearchRequest> arrived = new ArrayList<>();
    try (Loopback loopback =
        Loopback.start(
            settings,
            metrics ->
                new SearchGrpc.SearchImplBase() {
                  @Override
                  public void search(SearchRequest sent, StreamObserver<SearchResponses> observer) {
                    arrived.add(sent);
                    observer.onNext(SearchResponses.getDefaultInstance());
                    observer.onCompleted();
                  }
                })) {
      var _ = SearchGrpc.newBlockingStub(loopback.channel()).search(request);

      assertEquals(List.of(SearchRequest.getDefaultInstance()), arrived);
    }
  }

  @Test
  void elements_moreThanAMethodTakes_areResourceExhausted() throws Exception {
    byte[] emptyTexts = new byte[50_000];
    for (int i = 0; i < emptyTexts.length; i += 2) {
      emptyTexts[i] = 1 << 3 | 2; // the field query, of no length, again and again
    }
    try (Loopback loopback = answering()) {
      Channel channel = loopback.channel();

      assertFails(
          Status.Code.RESOURCE_EXHAUSTED,
          () ->
              ClientCalls.blockingUnaryCall(
                  channel,
                  RawRequests.of(SearchGrpc.getSearchMethod()),
                  io.grpc.CallOptions.DEFAULT,
                  emptyTexts));
    }
  }

  private Loopback answering() throws IOException {
    return Loopback.start(
        settings, metrics -> Handlers.monitor(observer -> Handlers.answer(observer, 1)));
  }

  private Loopback sendingMuch(int bytes) throws IOException {
    SearchResponses answer =
        SearchResponses.newBuilder()
            .addResponses(
                SearchResponse.newBuilder().setResponseBytes(ByteString.copyFrom(new byte[bytes])))
            .build();
    return Loopback.start(
        settings,
        metrics ->
            new SearchGrpc.SearchImplBase() {
              @Override
              public void monitor(Empty request, StreamObserver<MonitorResponse> observer) {
                Handlers.answer(observer, 1);
              }

              @Override
              public void search(SearchRequest request, StreamObserver<SearchResponses> observer) {
                observer.onNext(answer);
                observer.onCompleted();
              }
            });
  }

  private static void search(Channel channel) {
    assertEquals(
        1, SearchGrpc.newBlockingStub(channel).monitor(Empty.getDefaultInstance()).getNThings());
  }
}
