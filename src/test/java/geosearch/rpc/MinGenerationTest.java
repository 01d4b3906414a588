package geosearch.rpc;

import static geosearch.rpc.Errors.assertFails;
import static geosearch.rpc.Errors.assertRefused;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.rpc.RetryInfo;
import geosearch.atlas.Snapshot;
import geosearch.geo.AreaIndex;
import geosearch.geo.Layer;
import geosearch.v1.FindAreasRequest;
import geosearch.v1.ListLayersRequest;
import geosearch.v1.ListLayersResponse;
import geosearch.v1.LocateBatchRequest;
import geosearch.v1.LocateBatchResponse;
import geosearch.v1.LocateOptions;
import geosearch.v1.LocateRequest;
import geosearch.v1.LocateResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MinGenerationTest {

  private static final Duration LONG = Duration.ofMinutes(2);

  private GeoSearchServer server;

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  @Test
  void locate_changeThatIsKnown_isAnsweredAtOnce() throws Exception {
    server = GeoSearchServer.waiting(LONG, zones(5));

    LocateResponse response = server.stub().locate(from(5));

    assertEquals(5, response.getLayers(0).getRevision());
    assertEquals(0, server.looks.get());
  }

  @Test
  void locate_changeThatComes_isAnsweredWithIt() throws Exception {
    server = GeoSearchServer.waiting(LONG, zones(5));
    ListenableFuture<LocateResponse> response = server.futureStub().locate(from(7));
    awaitWaiting(1);
    assertEquals(1, server.looks.get());

    server.atlas.publish(List.of(zones(6)));
    server.atlas.publish(List.of(zones(7)));

    assertEquals(7, response.get(30, TimeUnit.SECONDS).getLayers(0).getRevision());
    assertEquals(0, server.waiting());
  }

  @Test
  void locate_changeThatComesBetweenTheLookAndTheWait_isNotMissed() throws Exception {
    server = GeoSearchServer.waiting(LONG, zones(0));

    for (int revision = 1; revision <= 200; revision++) {
      ListenableFuture<LocateResponse> response = server.futureStub().locate(from(revision));
      server.atlas.publish(List.of(zones(revision)));
      assertEquals(revision, response.get(30, TimeUnit.SECONDS).getLayers(0).getRevision());
    }
  }

  @Test
  void locateBatchAndListLayers_changeThatComes_areAnsweredWithIt() throws Exception {
    server = GeoSearchServer.waiting(LONG, zones(5));
    LocateBatchRequest.Builder batch = LocateBatchRequest.newBuilder().setOptions(options(6));
    for (int i = 0; i < 1_000; i++) {
      batch.addLatitudes(0).addLongitudes(0);
    }
    ListenableFuture<LocateBatchResponse> located = server.futureStub().locateBatch(batch.build());
    ListenableFuture<ListLayersResponse> layers =
        server.futureStub().listLayers(ListLayersRequest.newBuilder().setMinGeneration(6).build());
    awaitWaiting(2);

    server.atlas.publish(List.of(zones(6)));

    assertEquals(6, located.get(30, TimeUnit.SECONDS).getLayers(0).getRevision());
    assertEquals(6, layers.get(30, TimeUnit.SECONDS).getLayers(0).getSnapshot().getRevision());
  }

  @Test
  void locate_changeThatDoesNotCome_isUnavailableAndToBeTriedAgain() throws Exception {
    server = GeoSearchServer.waiting(Duration.ofMillis(20), zones(5));

    StatusRuntimeException e = refused(() -> server.stub().locate(from(6)));

    assertEquals(Status.Code.UNAVAILABLE, e.getStatus().getCode());
    com.google.rpc.Status status = Objects.requireNonNull(StatusProto.fromThrowable(e));
    assertTrue(status.getDetails(0).is(RetryInfo.class), status::toString);
    assertEquals(0, server.waiting());
  }

  @Test
  void locate_deadlineComesBeforeTheChange_endsByThen() throws Exception {
    server = GeoSearchServer.waiting(LONG, zones(5));

    StatusRuntimeException e =
        refused(() -> server.stub().withDeadlineAfter(3, TimeUnit.SECONDS).locate(from(6)));

    assertTrue(
        Set.of(Status.Code.UNAVAILABLE, Status.Code.DEADLINE_EXCEEDED)
            .contains(e.getStatus().getCode()),
        e::toString);
    awaitWaiting(0);
  }

  @Test
  void locate_callerThatGoesAway_isForgotten() throws Exception {
    server = GeoSearchServer.waiting(LONG, zones(5));
    ListenableFuture<LocateResponse> response = server.futureStub().locate(from(6));
    awaitWaiting(1);

    response.cancel(true);

    awaitWaiting(0);
  }

  @Test
  void locate_serverStops_isUnavailable() throws Exception {
    server = GeoSearchServer.waiting(LONG, zones(5));
    ListenableFuture<LocateResponse> response = server.futureStub().locate(from(6));
    awaitWaiting(1);

    CompletableFuture<Void> stopped =
        CompletableFuture.runAsync(
            () -> server.loopback.server.stop(Duration.ZERO, Duration.ofSeconds(30)));

    StatusRuntimeException e =
        refused(() -> {
          try {
            response.get(30, TimeUnit.SECONDS);
          } catch (ExecutionException failure) {
            throw Status.fromThrowable(failure).asRuntimeException();
          }
        });
    assertEquals(Status.Code.UNAVAILABLE, e.getStatus().getCode());
    stopped.get(30, TimeUnit.SECONDS);
  }

  @Test
  void locate_moreWaitingThanMay_givesWayToAnotherConnection() throws Exception {
    server = GeoSearchServer.waiting(LONG, zones(5));
    List<ListenableFuture<LocateResponse>> waiting = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      waiting.add(server.futureStub().locate(from(6)));
      if (i % 50 == 49) {
        awaitWaiting(i + 1);
      }
    }

    assertFails(Status.Code.RESOURCE_EXHAUSTED, () -> server.stub().locate(from(6)));
    server.stub().locate(from(5));
    ListenableFuture<LocateResponse> another = server.anotherFutureStub().locate(from(6));
    await().atMost(Duration.ofSeconds(30)).until(() -> waiting.stream().anyMatch(Future::isDone));

    server.atlas.publish(List.of(zones(6)));
    assertEquals(6, another.get(30, TimeUnit.SECONDS).getLayers(0).getRevision());
    int refused = 0;
    for (ListenableFuture<LocateResponse> response : waiting) {
      try {
        assertEquals(6, response.get(30, TimeUnit.SECONDS).getLayers(0).getRevision());
      } catch (ExecutionException e) {
        assertEquals(Status.Code.RESOURCE_EXHAUSTED, Status.fromThrowable(e).getCode());
        refused++;
      }
    }
    assertEquals(1, refused);
  }

  @Test
  void badRequest_beforeTheChangeIsKnown_isRefusedAtOnce() throws Exception {
    server = GeoSearchServer.waiting(LONG, zones(5));

    assertRefused(() ->
        server
            .stub()
            .findAreas(FindAreasRequest.newBuilder().setMinGeneration(6).setPageSize(-1).build()));
    assertRefused(() -> server.stub().locate(from(-1)));
  }

  private void awaitWaiting(int calls) {
    await().atMost(Duration.ofSeconds(30)).until(() -> server.waiting() == calls);
  }

  private static StatusRuntimeException refused(org.junit.jupiter.api.function.Executable call) {
    return org.junit.jupiter.api.Assertions.assertThrows(StatusRuntimeException.class, call);
  }

  private static LocateRequest from(long generation) {
    return LocateRequest.newBuilder()
        .setPosition(GeoSearchServer.at(0, 0))
        .setOptions(options(generation))
        .build();
  }

  private static LocateOptions.Builder options(long generation) {
    return LocateOptions.newBuilder().setMinGeneration(generation);
  }

  private static Snapshot zones(long revision) {
    return new Snapshot(
        new Layer("depot", Layer.Kind.ZONES, false, "", "", "", 0),
        AreaIndex.empty(),
        revision,
        revision,
        Instant.EPOCH);
  }
}
