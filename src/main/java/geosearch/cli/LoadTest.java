package geosearch.cli;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.MoreExecutors;
import com.google.type.LatLng;
import geosearch.v1.GeoSearchGrpc;
import geosearch.v1.GeoSearchGrpc.GeoSearchFutureStub;
import geosearch.v1.LocateRequest;
import geosearch.v1.LocateResponse;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/** Sends look-ups of random positions at a constant rate: an open loop, as many clients are one. */
final class LoadTest implements AutoCloseable {

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  /** The most often that grpc-java's clients ask, and that the server allows as it is delivered. */
  private static final Duration KEEPALIVE = Duration.ofSeconds(10);

  private static final Duration KEEPALIVE_TIMEOUT = Duration.ofSeconds(2);

  private final ManagedChannel channel;
  private final GeoSearchFutureStub search;
  private final Duration timeout;
  private final LoadRecord calls;
  private final RandomGenerator random = RandomGenerator.getDefault();

  /**
   * @param address whose name may stand for several servers
   * @param calls is told of each call
   */
  LoadTest(HostAndPort address, Duration timeout, LoadRecord calls) {
    this.channel =
        NettyChannelBuilder.forTarget("dns:///" + address)
            .defaultLoadBalancingPolicy("round_robin")
            .directExecutor()
            // Of a pod that is killed no last packet may come: without this its connection is
            // believed in for minutes.
            .keepAliveTime(KEEPALIVE.toSeconds(), TimeUnit.SECONDS)
            .keepAliveTimeout(KEEPALIVE_TIMEOUT.toSeconds(), TimeUnit.SECONDS)
            .usePlaintext()
            .build();
    this.search = GeoSearchGrpc.newFutureStub(channel);
    this.timeout = timeout;
    this.calls = calls;
  }

  /**
   * Sends for a time, and waits for the last answers.
   *
   * @param rate calls per second
   * @param everySecond is called once a second
   */
  void run(int rate, Duration duration, Runnable everySecond) throws InterruptedException {
    long total = Math.max(1, rate * duration.toMillis() / 1000);
    long start = System.nanoTime();
    long nextSecond = start + SECOND;
    for (long sent = 0; sent < total; sent++) {
      long due = start + sent * SECOND / rate;
      while (System.nanoTime() < due) {
        LockSupport.parkNanos(due - System.nanoTime());
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
      }
      if (due >= nextSecond) {
        everySecond.run();
        nextSecond += SECOND;
      }
      send(due);
    }
    calls.awaitAll();
    everySecond.run();
  }

  /** Timed from when the call was due: one that is sent late has waited. */
  private void send(long due) {
    calls.sent();
    LatLng position =
        LatLng.newBuilder()
            .setLatitude(random.nextDouble(-90, 90))
            .setLongitude(random.nextDouble(-180, 180))
            .build();
    Futures.addCallback(
        search
            .withDeadlineAfter(timeout)
            .locate(LocateRequest.newBuilder().setPosition(position).build()),
        new FutureCallback<LocateResponse>() {
          @Override
          public void onSuccess(LocateResponse answer) {
            calls.answered(due, System.nanoTime());
          }

          @Override
          public void onFailure(Throwable failure) {
            calls.failed(Status.fromThrowable(failure));
          }
        },
        MoreExecutors.directExecutor());
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
