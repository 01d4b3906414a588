package geosearch.rpc;

import static geosearch.rpc.Layers.box;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.google.rpc.Code;
import geosearch.atlas.Snapshot;
import geosearch.geo.AreaIndex;
import geosearch.v1.Certainty;
import geosearch.v1.LocateOptions;
import geosearch.v1.LocateStreamRequest;
import geosearch.v1.LocateStreamResponse;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LocateStreamTest {

  private GeoSearchServer server;

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  @Test
  void locateStream_positions_areAnsweredInOrderWithTheirCorrelation() throws Exception {
    serve();
    Client client = new Client(true);

    for (int i = 0; i < 1_000; i++) {
      client.send(at(i, 0.5, i % 2 == 0 ? 0.5 : 5));
    }
    client.requests.onCompleted();

    for (int i = 0; i < 1_000; i++) {
      LocateStreamResponse response = client.next();
      assertEquals(i, response.getCorrelation());
      assertEquals(i % 2 == 0 ? 1 : 0, response.getAreasCount());
      assertEquals(i == 0 ? 1 : 0, response.getLayersCount());
    }
    assertEquals(Status.Code.OK, client.end());
  }

  @Test
  void locateStream_badPosition_getsItsErrorAndTheStreamGoesOn() throws Exception {
    serve();
    Client client = new Client(true);

    client.send(at(1, 91, 0));
    client.send(LocateStreamRequest.newBuilder().setCorrelation(2));
    client.send(at(3, 0.5, 0.5));

    LocateStreamResponse bad = client.next();
    assertEquals(Code.INVALID_ARGUMENT_VALUE, bad.getError().getCode());
    assertEquals(
        "position.latitude: must be from -90 to 90 degrees, not 91.0", bad.getError().getMessage());
    assertEquals("position: must be set", client.next().getError().getMessage());
    LocateStreamResponse good = client.next();
    assertEquals(1, good.getAreasCount());
    assertEquals(1, good.getLayersCount());
  }

  @Test
  void locateStream_exchangedWouldBeFound_saysSoWithTheErrorToo() throws Exception {
    server =
        GeoSearchServer.of(
            Layers.imported("country")
                .area("JP", "", box(138, 34, 140, 36))
                .area("null island", "", box(-1, -1, 1, 1))
                .area("FR", "", box(2, 50, 3, 51))
                .snapshot());
    Client client = new Client(true);

    client.send(at(1, 139, 35));
    client.send(at(2, 120, 10));
    client.send(LocateStreamRequest.newBuilder().setCorrelation(3));
    client.send(at(4, 2.5, 50.5));
    client.send(at(5, 139, 35).setOptions(LocateOptions.newBuilder().setAccuracyM(60_000)));
    client.send(at(6, 35, 139).setAccuracyM(-1));

    assertEquals(
        List.of("1 error true", "2 error false", "3 error false", "4 answer true"),
        List.of(client.told(), client.told(), client.told(), client.told()));
    assertEquals(List.of("5 error true", "6 error false"), List.of(client.told(), client.told()));
  }

  @Test
  void locateStream_options_holdUntilOthersCome() throws Exception {
    serve();
    Client client = new Client(true);

    client.send(
        LocateStreamRequest.newBuilder()
            .setOptions(LocateOptions.newBuilder().setBorderDistance(true)));
    client.send(at(1, 0.5, 0.5));
    client.send(at(2, 0.5, 0.5));
    client.send(at(3, 0.5, 0.5).setOptions(LocateOptions.getDefaultInstance()));
    client.send(at(4, 0.5, 0.9999).setAccuracyM(100));

    assertTrue(client.next().getAreas(0).hasDistanceM());
    assertTrue(client.next().getAreas(0).hasDistanceM());
    assertFalse(client.next().getAreas(0).hasDistanceM());
    assertEquals(List.of(Certainty.CERTAINTY_AMBIGUOUS), client.next().getCertaintiesList());
  }

  @Test
  void locateStream_badOptions_endTheCall() throws Exception {
    serve();
    Client client = new Client(true);

    client.send(
        LocateStreamRequest.newBuilder().setOptions(LocateOptions.newBuilder().addLayers("none")));

    assertEquals(Status.Code.NOT_FOUND, client.end());
  }

  @Test
  void locateStream_areasChange_answersFromTheNewOnesAndSaysSo() throws Exception {
    serve();
    Client client = new Client(true);
    client.send(at(1, 0.5, 0.5));
    assertEquals(1, client.next().getLayersCount());

    server.atlas.publish(
        List.of(Layers.imported("zone").area("b", "", box(0, 0, 1, 1)).snapshot()));
    client.send(at(2, 0.5, 0.5));

    LocateStreamResponse response = client.next();
    assertEquals("b", response.getAreas(0).getArea().getId());
    assertEquals(1, response.getLayersCount());
  }

  @Test
  void locateStream_idleWhileTheAreasChange_doesNotKeepTheOldOnes() throws Exception {
    serve();
    Client client = new Client(true);
    client.send(at(1, 0.5, 0.5));
    assertEquals(1, client.next().getAreasCount());
    WeakReference<AreaIndex> before =
        new WeakReference<>(server.atlas.view().orElseThrow().layers().getFirst().index());

    server.atlas.publish(
        List.of(Layers.imported("zone").area("b", "", box(0, 0, 1, 1)).snapshot()));

    Collected.assertCollected(before);
    client.send(at(2, 0.5, 0.5));
    assertEquals("b", client.next().getAreas(0).getArea().getId());
  }

  @Test
  void locateStream_anotherLayerChanges_saysNothingOfItsOwn() throws Exception {
    Snapshot asked = Layers.imported("asked").area("a", "", box(0, 0, 1, 1)).snapshot();
    server = GeoSearchServer.of(asked, Layers.imported("other").snapshot());
    Client client = new Client(true);
    client.send(at(1, 0.5, 0.5).setOptions(LocateOptions.newBuilder().addLayers("asked")));
    assertEquals(1, client.next().getLayersCount());
    WeakReference<AreaIndex> before =
        new WeakReference<>(server.atlas.view().orElseThrow().layer("other").orElseThrow().index());

    server.atlas.publish(List.of(asked, Layers.imported("other").snapshot()));

    Collected.assertCollected(before);
    client.send(at(2, 0.5, 0.5));
    LocateStreamResponse response = client.next();
    assertEquals(1, response.getAreasCount());
    assertEquals(0, response.getLayersCount());
  }

  @Test
  void locateStream_changeThatIsNotKnownYet_isWaitedForAndTheOrderKept() throws Exception {
    server = GeoSearchServer.of(Layers.things().area("a", "", box(0, 0, 1, 1)).snapshot());
    Client client = new Client(true);
    client.send(at(1, 0.5, 0.5));
    client.send(at(2, 0.5, 0.5).setOptions(LocateOptions.newBuilder().setMinGeneration(6)));
    client.send(at(3, 0.5, 0.5));
    client.requests.onCompleted();
    assertEquals(1, client.next().getCorrelation());
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> server.waiting() == 1);

    Snapshot before = Layers.things().area("b", "", box(0, 0, 1, 1)).snapshot();
    server.atlas.publish(
        List.of(new Snapshot(before.layer(), before.index(), 2, 6, before.loadTime())));

    for (int i = 2; i <= 3; i++) {
      LocateStreamResponse response = client.next();
      assertEquals(i, response.getCorrelation());
      assertEquals("b", response.getAreas(0).getArea().getId());
    }
    assertEquals(Status.Code.OK, client.end());
  }

  @Test
  void locateStream_clientThatDoesNotRead_isNotReadFromEither() throws Exception {
    serve();
    Client client = new Client(false);
    LocateStreamRequest request = at(1, 0.5, 0.5).build();

    AtomicInteger sent = new AtomicInteger();
    long enough = 3_000_000;
    while (client.requests.isReady() || client.becomesReady()) {
      client.requests.onNext(request);
      if (sent.incrementAndGet() > enough) {
        fail("the server took " + sent + " requests of a client that reads no answer");
      }
    }
    client.readOn();

    for (int i = 0; i < sent.get(); i++) {
      assertEquals(1, client.next().getCorrelation());
    }
  }

  @Test
  void locateStream_serverStops_answersWhatItReceivedAndEndsWithUnavailable() throws Exception {
    serve();
    Client client = new Client(true);
    for (int i = 0; i < 50; i++) {
      client.send(at(i, 0.5, 0.5));
    }
    for (int i = 0; i < 50; i++) {
      assertEquals(i, client.next().getCorrelation());
    }

    CompletableFuture<Void> stopped =
        CompletableFuture.runAsync(
            () -> server.loopback.server.stop(Duration.ofSeconds(60), Duration.ofSeconds(5)));

    assertEquals(Status.Code.UNAVAILABLE, client.end());
    stopped.get(30, TimeUnit.SECONDS);
  }

  @Test
  void locateStream_connectionReachesItsAge_endsBeforeItIsCutOff() throws Exception {
    ServerSettings settings = new ServerSettings();
    settings.maxConnectionAge = Duration.ofSeconds(1);
    settings.maxConnectionAgeGrace = Duration.ofSeconds(3);
    server =
        GeoSearchServer.of(
            settings, Layers.imported("zone").area("a", "", box(0, 0, 1, 1)).snapshot());
    Client client = new Client(true);
    client.send(at(1, 0.5, 0.5));
    assertNotNull(client.next());

    assertEquals(Status.Code.UNAVAILABLE, client.end());
    assertTrue(client.message.contains("send what was not answered"), client.message);
  }

  private void serve() throws Exception {
    server = GeoSearchServer.of(Layers.imported("zone").area("a", "", box(0, 0, 1, 1)).snapshot());
  }

  private static LocateStreamRequest.Builder at(
      long correlation, double latitude, double longitude) {
    return LocateStreamRequest.newBuilder()
        .setCorrelation(correlation)
        .setPosition(GeoSearchServer.at(latitude, longitude));
  }

  /** One stream, from the client's side. */
  private final class Client
      implements ClientResponseObserver<LocateStreamRequest, LocateStreamResponse> {
    private final boolean reads;
    private final BlockingQueue<LocateStreamResponse> responses = new LinkedBlockingQueue<>();
    private final CompletableFuture<Status.Code> end = new CompletableFuture<>();
    private ClientCallStreamObserver<LocateStreamRequest> requests;
    private volatile String message = "";

    Client(boolean reads) {
      this.reads = reads;
      server.asyncStub().locateStream(this);
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<LocateStreamRequest> stream) {
      requests = stream;
      if (!reads) {
        stream.disableAutoRequestWithInitial(0);
      }
    }

    void send(LocateStreamRequest.Builder request) {
      requests.onNext(request.build());
    }

    LocateStreamResponse next() throws InterruptedException {
      LocateStreamResponse response = responses.poll(30, TimeUnit.SECONDS);
      assertNotNull(response, "no answer came");
      return response;
    }

    /** Whether it was refused, and whether it would have been found exchanged. */
    String told() throws InterruptedException {
      LocateStreamResponse response = next();
      return response.getCorrelation()
          + (response.hasError() ? " error " : " answer ")
          + response.getSwappedFound();
    }

    Status.Code end() throws Exception {
      return end.get(30, TimeUnit.SECONDS);
    }

    /** Whether the connection takes more within a time that is long for it. */
    boolean becomesReady() {
      try {
        Awaitility.await().atMost(Duration.ofMillis(500)).until(requests::isReady);
        return true;
      } catch (ConditionTimeoutException e) {
        return false;
      }
    }

    void readOn() {
      requests.request(Integer.MAX_VALUE);
    }

    @Override
    public void onNext(LocateStreamResponse response) {
      responses.add(response);
    }

    @Override
    public void onError(Throwable failure) {
      message = String.valueOf(failure.getMessage());
      end.complete(Status.fromThrowable(failure).getCode());
    }

    @Override
    public void onCompleted() {
      end.complete(Status.Code.OK);
    }
  }
}
