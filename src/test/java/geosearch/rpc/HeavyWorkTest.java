package geosearch.rpc;

import static geosearch.rpc.Layers.box;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.ListenableFuture;
import geosearch.v1.LocateBatchRequest;
import geosearch.v1.LocateBatchResponse;
import geosearch.v1.LocateOptions;
import geosearch.v1.LocateRequest;
import geosearch.v1.LocateStreamRequest;
import geosearch.v1.LocateStreamResponse;
import geosearch.v1.Nearest;
import io.grpc.stub.StreamObserver;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What computes for long does so on threads of its own. Here such threads are held up altogether,
 * and calls on every connection are answered nevertheless, that of the heavy call included.
 */
class HeavyWorkTest {

  private final HeldClock clock = new HeldClock();
  private GeoSearchServer server;

  @AfterEach
  void stop() {
    clock.go.countDown();
    if (server != null) {
      server.close();
    }
  }

  @Test
  void locateBatch_manyPositionsWithDistances_holdsUpNoLocate() throws Exception {
    serve();
    LocateBatchRequest.Builder batch =
        LocateBatchRequest.newBuilder()
            .setOptions(LocateOptions.newBuilder().setBorderDistance(true));
    for (int i = 0; i < 10_000; i++) {
      batch.addLatitudes(0.5).addLongitudes(0.5);
    }
    ListenableFuture<LocateBatchResponse> answer = server.futureStub().locateBatch(batch.build());
    assertTrue(clock.held.await(30, TimeUnit.SECONDS));

    assertLocateIsAnswered();
    assertFalse(answer.isDone());

    clock.go.countDown();
    assertEquals(10_000, answer.get(30, TimeUnit.SECONDS).getAnswersCount());
  }

  @Test
  void locateStream_wideSearch_holdsUpNoLocateAndKeepsTheOrder() throws Exception {
    serve();
    Answers answers = new Answers();
    StreamObserver<LocateStreamRequest> requests = server.asyncStub().locateStream(answers);
    requests.onNext(
        at(1, 10, 10)
            .setOptions(
                LocateOptions.newBuilder().setNearest(Nearest.newBuilder().setWithinM(90_000)))
            .build());
    requests.onNext(at(2, 10, 10).build());
    requests.onNext(at(3, 0.5, 0.5).setOptions(LocateOptions.getDefaultInstance()).build());
    requests.onNext(at(4, 0.5, 0.5).setAccuracyM(50_000).build());
    requests.onNext(at(5, 0.5, 0.5).build());
    requests.onCompleted();
    assertTrue(clock.held.await(30, TimeUnit.SECONDS));

    assertLocateIsAnswered();
    assertTrue(answers.responses.isEmpty());

    clock.go.countDown();
    for (int i = 1; i <= 5; i++) {
      assertEquals(i, answers.next().getCorrelation());
    }
    assertTrue(answers.end.await(30, TimeUnit.SECONDS));
  }

  @Test
  void locateStream_manyWideSearches_areAllAnsweredInOrder() throws Exception {
    serve();
    clock.go.countDown();
    Answers one = new Answers();
    Answers other = new Answers();
    StreamObserver<LocateStreamRequest> toOne = server.asyncStub().locateStream(one);
    StreamObserver<LocateStreamRequest> toOther = server.asyncStub().locateStream(other);
    for (int i = 0; i < 300; i++) {
      toOne.onNext(at(i, 0.5, 0.5).setAccuracyM(i % 3 == 0 ? 10 : 50_000).build());
      toOther.onNext(at(i, 0.5, 0.5).setAccuracyM(50_000).build());
    }
    toOne.onCompleted();
    toOther.onCompleted();

    for (int i = 0; i < 300; i++) {
      assertEquals(i, one.next().getCorrelation());
      assertEquals(i, other.next().getCorrelation());
    }
    assertTrue(one.end.await(30, TimeUnit.SECONDS));
    assertTrue(other.end.await(30, TimeUnit.SECONDS));
  }

  private void serve() throws Exception {
    server =
        GeoSearchServer.asking(
            clock, Layers.imported("zone").area("a", "", box(0, 0, 1, 1)).snapshot());
  }

  private void assertLocateIsAnswered() {
    LocateRequest request =
        LocateRequest.newBuilder().setPosition(GeoSearchServer.at(0.5, 0.5)).build();
    assertEquals(
        1, server.stub().withDeadlineAfter(30, TimeUnit.SECONDS).locate(request).getAreasCount());
    assertEquals(
        1,
        server
            .anotherStub()
            .withDeadlineAfter(30, TimeUnit.SECONDS)
            .locate(request)
            .getAreasCount());
  }

  private static LocateStreamRequest.Builder at(
      long correlation, double latitude, double longitude) {
    return LocateStreamRequest.newBuilder()
        .setCorrelation(correlation)
        .setPosition(GeoSearchServer.at(latitude, longitude));
  }

  /** Holds up threads for heavy calls, and those alone. */
  private static final class HeldClock implements InstantSource {
    private final CountDownLatch held = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);

    @Override
    public Instant instant() {
      if (Thread.currentThread().getName().startsWith("heavy-call-")) {
        held.countDown();
        try {
          go.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
      return GeoSearchServer.NOW;
    }
  }

  private static final class Answers implements StreamObserver<LocateStreamResponse> {
    private final BlockingQueue<LocateStreamResponse> responses = new LinkedBlockingQueue<>();
    private final CountDownLatch end = new CountDownLatch(1);

    LocateStreamResponse next() throws InterruptedException {
      LocateStreamResponse response = responses.poll(30, TimeUnit.SECONDS);
      if (response == null) {
        throw new AssertionError("no answer came");
      }
      return response;
    }

    @Override
    public void onNext(LocateStreamResponse response) {
      responses.add(response);
    }

    @Override
    public void onError(Throwable failure) {
      failure.addSuppressed(new AssertionError("after " + responses.size() + " answers"));
    }

    @Override
    public void onCompleted() {
      end.countDown();
    }
  }
}
