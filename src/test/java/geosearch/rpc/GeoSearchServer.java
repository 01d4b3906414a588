package geosearch.rpc;

import com.google.type.LatLng;
import geosearch.atlas.Atlas;
import geosearch.atlas.Snapshot;
import geosearch.load.EarlierStates;
import geosearch.testing.WatchedStore;
import geosearch.v1.GeoSearchGrpc;
import geosearch.v1.GeoSearchGrpc.GeoSearchBlockingStub;
import geosearch.v1.GeoSearchGrpc.GeoSearchFutureStub;
import geosearch.v1.GeoSearchGrpc.GeoSearchStub;
import geosearch.v1.LocateStreamRequest;
import geosearch.v1.LocateStreamResponse;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that offers GeoSearch over layers made by hand. */
final class GeoSearchServer implements AutoCloseable {

  static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");

  final Atlas atlas = new Atlas(List.of());
  final Loopback loopback;

  /** How often somebody has asked for a look at the zones. */
  final AtomicInteger looks = new AtomicInteger();

  private final ManagedChannel channel;
  private final GenerationWaits waits;
  private final StateWaits states;

  private GeoSearchServer(
      ServerSettings settings, InstantSource clock, Duration longestWait, Snapshot... snapshots)
      throws IOException {
    this(settings, clock, longestWait, new EarlierStates(WatchedStore.none(), 0), snapshots);
  }

  private GeoSearchServer(
      ServerSettings settings,
      InstantSource clock,
      Duration longestWait,
      EarlierStates earlier,
      Snapshot... snapshots)
      throws IOException {
    atlas.publish(List.of(snapshots));
    waits = new GenerationWaits(atlas, looks::incrementAndGet, longestWait);
    states = new StateWaits(earlier, longestWait);
    loopback =
        Loopback.start(
            settings,
            metrics -> new LocateService(atlas, metrics, clock, settings.budget, waits, states));
    channel = loopback.channel();
  }

  /** One that answers from earlier states too. */
  static GeoSearchServer remembering(
      EarlierStates earlier, InstantSource clock, Duration longestWait, Snapshot... snapshots)
      throws IOException {
    return new GeoSearchServer(new ServerSettings(), clock, longestWait, earlier, snapshots);
  }

  static GeoSearchServer of(Snapshot... snapshots) throws IOException {
    return of(new ServerSettings(), snapshots);
  }

  /** One on which a call waits at most that long for a change of zones. */
  static GeoSearchServer waiting(Duration longest, Snapshot... snapshots) throws IOException {
    ServerSettings settings = new ServerSettings();
    settings.maxConcurrentCalls = 2_000;
    return new GeoSearchServer(settings, InstantSource.fixed(NOW), longest, snapshots);
  }

  /** One that asks for the time, on the thread that answers, before it answers. */
  static GeoSearchServer asking(InstantSource clock, Snapshot... snapshots) throws IOException {
    return new GeoSearchServer(new ServerSettings(), clock, GenerationWaits.LONGEST, snapshots);
  }

  static GeoSearchServer of(ServerSettings settings, Snapshot... snapshots) throws IOException {
    return new GeoSearchServer(
        settings, InstantSource.fixed(NOW), GenerationWaits.LONGEST, snapshots);
  }

  /** The channel that its stubs share. */
  ManagedChannel channel() {
    return channel;
  }

  GeoSearchBlockingStub stub() {
    return GeoSearchGrpc.newBlockingStub(channel);
  }

  GeoSearchStub asyncStub() {
    return GeoSearchGrpc.newStub(channel);
  }

  /** Begins a stream whose answers go into a queue; how it ends is not told. */
  StreamObserver<LocateStreamRequest> stream(Queue<LocateStreamResponse> answers) {
    return asyncStub()
        .locateStream(
            new StreamObserver<>() {
              @Override
              public void onNext(LocateStreamResponse response) {
                answers.add(response);
              }

              @Override
              public void onError(Throwable failure) {}

              @Override
              public void onCompleted() {}
            });
  }

  /** A stub with a connection of its own. */
  GeoSearchBlockingStub anotherStub() {
    return GeoSearchGrpc.newBlockingStub(loopback.channel());
  }

  /** As {@link #anotherStub}, for calls that may wait. */
  GeoSearchFutureStub anotherFutureStub() {
    return GeoSearchGrpc.newFutureStub(loopback.channel());
  }

  GeoSearchFutureStub futureStub() {
    return GeoSearchGrpc.newFutureStub(channel);
  }

  /** How many calls wait for a change of zones. */
  int waiting() {
    return waits.count();
  }

  /** How many calls wait for states to be read. */
  int waitingForStates() {
    return states.count();
  }

  static LatLng at(double latitude, double longitude) {
    return LatLng.newBuilder().setLatitude(latitude).setLongitude(longitude).build();
  }

  @Override
  public void close() {
    loopback.close();
  }
}
