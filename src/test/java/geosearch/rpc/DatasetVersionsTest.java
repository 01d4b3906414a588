package geosearch.rpc;

import static geosearch.rpc.Errors.assertFails;
import static geosearch.rpc.GeoSearchServer.at;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.rpc.ResourceInfo;
import com.google.rpc.RetryInfo;
import geosearch.atlas.Atlas;
import geosearch.config.FollowConfig;
import geosearch.geo.Area;
import geosearch.health.Readiness;
import geosearch.load.EarlierStates;
import geosearch.load.Follower;
import geosearch.metrics.Metrics;
import geosearch.store.DatasetWriter;
import geosearch.store.DatasetWriter.Provenance;
import geosearch.store.EmbeddedStore;
import geosearch.store.Store;
import geosearch.store.StoreException;
import geosearch.testing.WatchedStore;
import geosearch.v1.FindAreasRequest;
import geosearch.v1.FoundArea;
import geosearch.v1.GetAreaRequest;
import geosearch.v1.ListLayersRequest;
import geosearch.v1.LocateBatchRequest;
import geosearch.v1.LocateBatchResponse;
import geosearch.v1.LocateOptions;
import geosearch.v1.LocateRequest;
import geosearch.v1.LocateResponse;
import geosearch.v1.LocateStreamRequest;
import geosearch.v1.LocateStreamResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.locationtech.jts.io.WKTReader;

/**
 * Answers from versions that are kept: version 1 has its area in the west, version 2 in the east.
 */
class DatasetVersionsTest {

  private static final int ROOM = 1_000;

  @TempDir private Path folder;

  private final CountDownLatch held = new CountDownLatch(1);
  private volatile WatchedStore.Watcher onRead = method -> {};
  private Store store;
  private Follower follower;
  private EarlierStates states;
  private GeoSearchServer server;

  @BeforeEach
  void serve() throws Exception {
    store = EmbeddedStore.open(folder, 10);
    importBox("west", 0);
    importBox("east", 10);
    serve(ROOM, Duration.ofMinutes(2));
  }

  private void serve(int room, Duration longestWait) throws Exception {
    Store watched =
        WatchedStore.of(
            store,
            method -> {
              if (method.equals("Datasets.read")) {
                onRead.before(method);
              }
            });
    states = new EarlierStates(watched, room);
    server = GeoSearchServer.remembering(states, InstantSource.system(), longestWait);
    Atlas atlas = server.atlas;
    follower =
        new Follower(
            store,
            atlas,
            new Readiness().condition("layers"),
            new Metrics(new SimpleMeterRegistry()),
            new FollowConfig(Duration.ofHours(1), Duration.ofMillis(10), Duration.ofMillis(20)));
    follower.start();
    follower.refresh("zone", Duration.ofSeconds(30));
  }

  @AfterEach
  void close() {
    held.countDown();
    server.close();
    follower.close();
    states.close();
    store.close();
  }

  @Test
  void locate_versionThatIsNotActive_isAnsweredFromIt() {
    assertEquals(List.of(), ids(server.stub().locate(at05("2"))));

    LocateResponse response = server.stub().locate(at05("1"));

    assertEquals(List.of("west"), ids(response));
    assertEquals("1", response.getLayers(0).getDatasetVersion());
    assertEquals(0, response.getLayers(0).getGeneration());
    assertEquals(List.of(), ids(server.stub().locate(at05("2"))));
    assertEquals("2", server.stub().locate(at05("2")).getLayers(0).getDatasetVersion());
  }

  @Test
  void locateBatch_versionThatIsNotActive_isAnsweredFromIt() {
    LocateBatchResponse response =
        server
            .stub()
            .locateBatch(
                LocateBatchRequest.newBuilder()
                    .addLatitudes(0.5)
                    .addLongitudes(0.5)
                    .addLatitudes(0.5)
                    .addLongitudes(10.5)
                    .setOptions(version("1"))
                    .build());

    assertEquals("west", response.getAreas(0).getId());
    assertEquals(1, response.getAnswers(0).getAreasCount());
    assertEquals(0, response.getAnswers(1).getAreasCount());
  }

  @Test
  void locateStream_optionsThatNameAVersion_areAnsweredFromItInOrder() throws Exception {
    BlockingQueue<LocateStreamResponse> answers = new LinkedBlockingQueue<>();
    StreamObserver<LocateStreamRequest> requests = server.stream(answers);

    requests.onNext(ask(1, "1"));
    requests.onNext(ask(2, ""));
    requests.onNext(ask(3, "2"));

    assertEquals("1 west zone:1", told(answers));
    assertEquals("2 west", told(answers));
    assertEquals("3 zone:2", told(answers));
    importBox("farther", 20);
    follower.refresh("zone", Duration.ofSeconds(30));
    requests.onNext(ask(4, "1"));
    requests.onNext(ask(5, ""));
    assertEquals("4 west zone:1", told(answers));
    assertEquals("5 west", told(answers));
    requests.onCompleted();
  }

  @Test
  void getAreaAndFindAreas_versionThatIsNotActive_areAnsweredFromIt() {
    GetAreaRequest west = GetAreaRequest.newBuilder().setLayer("zone").setId("west").build();
    assertFails(Status.Code.NOT_FOUND, () -> server.stub().getArea(west));

    assertEquals(
        "west",
        server.stub().getArea(west.toBuilder().setDatasetVersion("1").build()).getArea().getId());
    for (Map.Entry<String, String> expected : Map.of("1", "west", "2", "east").entrySet()) {
      List<FoundArea> found =
          server
              .stub()
              .findAreas(
                  FindAreasRequest.newBuilder()
                      .addLayers("zone")
                      .putDatasetVersions("zone", expected.getKey())
                      .build())
              .getAreasList();
      assertEquals(
          List.of(expected.getValue()), found.stream().map(one -> one.getArea().getId()).toList());
    }
  }

  @Test
  void listLayers_versionsThatComeAndGo_areNamed() throws Exception {
    assertEquals(List.of("2", "1"), versions());

    store.datasets().activate("zone", 1);
    store.datasets().delete("zone", 2);
    follower.refresh("zone", Duration.ofSeconds(30));

    assertEquals(List.of("1"), versions());
    assertFails(Status.Code.NOT_FOUND, () -> server.stub().locate(at05("2")));
  }

  @Test
  void listLayers_otherVersionIsDeleted_isNamedNoMore() throws Exception {
    store.datasets().delete("zone", 1);
    follower.refresh("zone", Duration.ofSeconds(30));

    assertEquals(List.of("2"), versions());
  }

  @Test
  void locate_versionThatIsNotKept_isNotFoundWithResourceInfo() throws Exception {
    com.google.rpc.Status status =
        refused(Status.Code.NOT_FOUND, () -> server.stub().locate(at05("7")));

    ResourceInfo info = status.getDetails(0).unpack(ResourceInfo.class);
    assertEquals("dataset", info.getResourceType());
    assertEquals("zone/7", info.getResourceName());
    assertTrue(status.getMessage().contains("[2, 1]"), status.getMessage());
  }

  @Test
  void locate_versionGoneFromTheStoreAlone_isNotFoundWithResourceInfo() throws Exception {
    onRead =
        method -> {
          throw new StoreException(StoreException.Kind.NOT_FOUND, "gone");
        };

    com.google.rpc.Status status =
        refused(Status.Code.NOT_FOUND, () -> server.stub().locate(at05("1")));

    assertEquals("zone/1", status.getDetails(0).unpack(ResourceInfo.class).getResourceName());
  }

  @Test
  void locate_storeThatIsAway_isUnavailableAndThenAnswered() {
    onRead =
        method -> {
          throw new StoreException(StoreException.Kind.UNAVAILABLE, "away");
        };
    com.google.rpc.Status status =
        refused(Status.Code.UNAVAILABLE, () -> server.stub().locate(at05("1")));
    assertTrue(status.getDetails(0).is(RetryInfo.class), status::toString);

    onRead =
        method -> {
          throw new IllegalStateException("not foreseen");
        };
    status = refused(Status.Code.UNAVAILABLE, () -> server.stub().locate(at05("1")));
    assertTrue(status.getDetails(0).is(RetryInfo.class), status::toString);

    onRead = method -> {};
    assertEquals(List.of("west"), ids(server.stub().locate(at05("1"))));
  }

  @Test
  void locate_whileTheVersionIsRead_waitsAndHoldsUpNobody() throws Exception {
    hold();
    ListenableFuture<LocateResponse> waiting = server.futureStub().locate(at05("1"));
    await().atMost(Duration.ofSeconds(30)).until(() -> server.waitingForStates() == 1);

    assertEquals(List.of(), ids(server.stub().locate(at05("2"))));
    held.countDown();

    assertEquals(List.of("west"), ids(waiting.get(30, TimeUnit.SECONDS)));
    assertEquals(0, server.waitingForStates());
  }

  @Test
  void locate_readingTakesTooLong_isUnavailableAndToBeTriedAgain() throws Exception {
    close(server, follower, states);
    serve(ROOM, Duration.ofMillis(20));
    hold();

    com.google.rpc.Status status =
        refused(Status.Code.UNAVAILABLE, () -> server.stub().locate(at05("1")));

    assertTrue(status.getDetails(0).is(RetryInfo.class), status::toString);
  }

  @Test
  void locate_callerThatGoesAway_isForgotten() {
    hold();
    ListenableFuture<LocateResponse> waiting = server.futureStub().locate(at05("1"));
    await().atMost(Duration.ofSeconds(30)).until(() -> server.waitingForStates() == 1);

    waiting.cancel(true);

    await().atMost(Duration.ofSeconds(30)).until(() -> server.waitingForStates() == 0);
  }

  @Test
  void locate_versionWithoutRoom_isRefusedAndSaysWhichSetting() throws Exception {
    close(server, follower, states);
    serve(4, Duration.ofMinutes(2));

    com.google.rpc.Status status =
        refused(Status.Code.FAILED_PRECONDITION, () -> server.stub().locate(at05("1")));

    assertTrue(status.getMessage().contains("follow.max-earlier-vertices"), status.getMessage());
    assertEquals(1, status.getDetailsCount());
  }

  private void hold() {
    onRead =
        method -> {
          try {
            if (!held.await(60, TimeUnit.SECONDS)) {
              throw new IllegalStateException("nobody let it go");
            }
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        };
  }

  private static void close(GeoSearchServer server, Follower follower, EarlierStates states) {
    server.close();
    follower.close();
    states.close();
  }

  private void importBox(String id, double longitude) throws Exception {
    try (DatasetWriter writer = store.datasets().begin("zone")) {
      writer.add(
          1,
          new Area(id, id, Map.of()),
          new WKTReader().read(Layers.box(longitude, 0, longitude + 1, 1)));
      writer.commit(new Provenance("test", "00", 0, 0, "", 0), false);
    }
  }

  private List<String> versions() {
    return server.stub().listLayers(ListLayersRequest.getDefaultInstance()).getLayersList().stream()
        .filter(layer -> layer.getSnapshot().getLayer().equals("zone"))
        .findFirst()
        .orElseThrow()
        .getDatasetVersionsList();
  }

  private static LocateStreamRequest ask(long correlation, String version) {
    LocateStreamRequest.Builder request =
        LocateStreamRequest.newBuilder().setCorrelation(correlation).setPosition(at(0.5, 0.5));
    return version.isEmpty() ? request.build() : request.setOptions(version(version)).build();
  }

  private static String told(BlockingQueue<LocateStreamResponse> answers) throws Exception {
    LocateStreamResponse answer =
        Objects.requireNonNull(answers.poll(30, TimeUnit.SECONDS), "no answer came");
    StringBuilder told = new StringBuilder().append(answer.getCorrelation());
    answer.getAreasList().forEach(area -> told.append(' ').append(area.getArea().getId()));
    answer
        .getLayersList()
        .forEach(layer ->
            told.append(' ')
                .append(layer.getLayer())
                .append(':')
                .append(layer.getDatasetVersion()));
    return told.toString();
  }

  private static LocateRequest at05(String version) {
    return LocateRequest.newBuilder()
        .setPosition(at(0.5, 0.5))
        .setOptions(version(version))
        .build();
  }

  private static LocateOptions version(String version) {
    return LocateOptions.newBuilder().addLayers("zone").putDatasetVersions("zone", version).build();
  }

  private static List<String> ids(LocateResponse response) {
    return response.getAreasList().stream().map(found -> found.getArea().getId()).toList();
  }

  private static com.google.rpc.Status refused(Status.Code code, Executable call) {
    StatusRuntimeException e = assertThrows(StatusRuntimeException.class, call);
    assertEquals(code, e.getStatus().getCode(), e::toString);
    return Objects.requireNonNull(StatusProto.fromThrowable(e));
  }
}
