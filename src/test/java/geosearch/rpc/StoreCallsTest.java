package geosearch.rpc;

import static geosearch.rpc.Errors.assertFails;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.Empty;
import geosearch.atlas.Atlas;
import geosearch.config.SearchConfig;
import geosearch.config.ZonesConfig;
import geosearch.config.ZonesConfig.Writers;
import geosearch.original.SearchGrpc;
import geosearch.v1.DeleteZoneRequest;
import geosearch.v1.DeleteZoneResponse;
import geosearch.v1.ZonesGrpc;
import io.grpc.Channel;
import io.grpc.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Calls that wait for the store, through the service of the zones. */
class StoreCallsTest {

  private final StubZones zones = new StubZones();
  private final ServerSettings settings = new ServerSettings();
  private final Semaphore arrived = new Semaphore(0);
  private final Semaphore released = new Semaphore(0);
  private final AtomicInteger interrupted = new AtomicInteger();

  @Test
  void run_storeHangs_lookUpsGoOn() throws Exception {
    settings.storeThreads = 1;
    try (Loopback loopback = start()) {
      hang();
      Channel channel = loopback.channel();
      ListenableFuture<DeleteZoneResponse> hanging = delete(channel);
      arrived.acquire();

      for (int i = 0; i < 100; i++) {
        assertEquals(
            0,
            SearchGrpc.newBlockingStub(channel).monitor(Empty.getDefaultInstance()).getNThings());
      }

      released.release();
      hanging.get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void run_longerThanMaxCallTime_isDeadlineExceededAndInterrupted() throws IOException {
    settings.maxCallTime = Duration.ofMillis(100);
    try (Loopback loopback = start()) {
      hang();

      Status status =
          failUntilOneHasBegun(() ->
              ZonesGrpc.newBlockingStub(loopback.channel())
                  .deleteZone(DeleteZoneRequest.newBuilder().setId("a").build()));

      assertTrue(String.valueOf(status.getDescription()).contains("server.max-call-time"));
      await().until(() -> interrupted.get() == 1);
    }
  }

  @Test
  void run_callersDeadlinePasses_isInterrupted() throws IOException {
    try (Loopback loopback = start()) {
      hang();

      failUntilOneHasBegun(() ->
          ZonesGrpc.newBlockingStub(loopback.channel())
              .withDeadlineAfter(Duration.ofMillis(100))
              .deleteZone(DeleteZoneRequest.newBuilder().setId("a").build()));

      await().until(() -> interrupted.get() == 1);
    }
  }

  @Test
  void run_callerGoesAway_isInterruptedAndLogsNothing() throws Exception {
    try (Lines lines = Lines.fromInfo();
        Loopback loopback = start()) {
      hang();
      ListenableFuture<DeleteZoneResponse> call = delete(loopback.channel());
      arrived.acquire();

      call.cancel(true);

      await().until(() -> interrupted.get() == 1);
      assertEquals(0, lines.count("Exception"), () -> lines.lines().toString());
    }
  }

  @Test
  void run_afterAnInterruptedCall_isNotInterrupted() throws Exception {
    settings.storeThreads = 1;
    try (Loopback loopback = start()) {
      hang();
      Channel channel = loopback.channel();
      ListenableFuture<DeleteZoneResponse> call = delete(channel);
      arrived.acquire();
      call.cancel(true);
      await().until(() -> interrupted.get() == 1);
      AtomicInteger marked = new AtomicInteger();
      zones.before =
          () -> {
            if (Thread.currentThread().isInterrupted()) {
              marked.incrementAndGet();
            }
          };

      for (int i = 0; i < 50; i++) {
        delete(channel).get(10, TimeUnit.SECONDS);
      }

      assertEquals(0, marked.get());
    }
  }

  @Test
  void run_moreThanMayWait_isShedAtOnce() throws Exception {
    settings.storeThreads = 2;
    try (Loopback loopback = start()) {
      hang();
      Channel channel = loopback.channel();
      // Connects: what waits for a connection may be overtaken.
      SearchGrpc.newBlockingStub(channel).monitor(Empty.getDefaultInstance());
      List<ListenableFuture<DeleteZoneResponse>> admitted = new ArrayList<>();
      for (int i = 0; i < 2 + 2 * 16; i++) {
        admitted.add(delete(channel));
      }
      arrived.acquire(2);

      // The others have been handed over too, for one connection's calls arrive in order.
      Status status =
          assertFails(
              Status.Code.RESOURCE_EXHAUSTED,
              () ->
                  ZonesGrpc.newBlockingStub(channel)
                      .deleteZone(DeleteZoneRequest.newBuilder().setId("a").build()));

      assertTrue(String.valueOf(status.getDescription()).contains("try again"));
      released.release(100);
      for (ListenableFuture<DeleteZoneResponse> call : admitted) {
        call.get(10, TimeUnit.SECONDS);
      }
    }
  }

  @Test
  void run_waitingCallThatIsGivenUp_isNeverBegun() throws Exception {
    settings.storeThreads = 1;
    try (Loopback loopback = start()) {
      hang();
      Channel channel = loopback.channel();
      ListenableFuture<DeleteZoneResponse> first = delete(channel);
      arrived.acquire();
      assertFails(
          Status.Code.DEADLINE_EXCEEDED,
          () ->
              ZonesGrpc.newBlockingStub(channel)
                  .withDeadlineAfter(Duration.ofMillis(50))
                  .deleteZone(DeleteZoneRequest.newBuilder().setId("b").build()));
      awaitGivenUp(loopback, channel);

      released.release(1);
      first.get(10, TimeUnit.SECONDS);
      ListenableFuture<DeleteZoneResponse> third = delete(channel);
      arrived.acquire();
      released.release(1);
      third.get(10, TimeUnit.SECONDS);

      assertEquals(0, arrived.availablePermits());
      assertEquals(0, interrupted.get());
    }
  }

  /** On a machine that has much to do, a deadline may pass before the work has begun. */
  private Status failUntilOneHasBegun(Executable call) {
    Status status;
    do {
      status = assertFails(Status.Code.DEADLINE_EXCEEDED, call);
    } while (!arrived.tryAcquire());
    return status;
  }

  /** The caller's deadline may be over before the server's, or its word of that, is there. */
  private static void awaitGivenUp(Loopback loopback, Channel channel) {
    String method = "rpc.geosearch_v1_Zones.DeleteZone.";
    await()
        .until(() ->
            loopback.count(method + "CANCELLED") + loopback.count(method + "DEADLINE_EXCEEDED")
                == 1);
    // One thread serves the connection: what it answers now comes after it has ended that call.
    SearchGrpc.newBlockingStub(channel).monitor(Empty.getDefaultInstance());
  }

  @Test
  void stop_callHangsInTheStore_isToldThatTheServerStops() throws Exception {
    try (Loopback loopback = start()) {
      hang();
      ListenableFuture<DeleteZoneResponse> call = delete(loopback.channel());
      arrived.acquire();

      CompletableFuture<Void> stopped =
          CompletableFuture.runAsync(
              () -> loopback.server.stop(Duration.ofMillis(50), Duration.ofSeconds(5)));

      Status status = null;
      try {
        call.get(10, TimeUnit.SECONDS);
      } catch (ExecutionException e) {
        status = Status.fromThrowable(e);
      }
      assertEquals(Status.Code.UNAVAILABLE, status.getCode());
      assertEquals("the server is stopping", status.getDescription());
      stopped.get(10, TimeUnit.SECONDS);
      assertEquals(1, interrupted.get());
    }
  }

  /** From now on calls hang in the store until they are released. */
  private void hang() {
    zones.before =
        () -> {
          arrived.release();
          try {
            released.acquire();
          } catch (InterruptedException e) {
            interrupted.incrementAndGet();
            throw e;
          }
        };
  }

  private Loopback start() throws IOException {
    Atlas atlas = new Atlas(List.of());
    atlas.publish(List.of());
    return Loopback.start(
        settings,
        metrics ->
            new SearchService(
                atlas, new SearchConfig(SearchConfig.AxisOrder.ORIGINAL, List.of(), 10), metrics),
        metrics ->
            new ZonesService(
                zones.store(),
                new ZonesConfig(Writers.LOCAL, 1 << 20, 10_000, 10),
                settings.config(),
                (revision, timeout) -> {}));
  }

  private static ListenableFuture<DeleteZoneResponse> delete(Channel channel) {
    return ZonesGrpc.newFutureStub(channel)
        .deleteZone(DeleteZoneRequest.newBuilder().setId("a").build());
  }
}
