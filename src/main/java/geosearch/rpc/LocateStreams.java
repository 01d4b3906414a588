package geosearch.rpc;

import com.google.rpc.Status;
import geosearch.atlas.Atlas;
import geosearch.atlas.Snapshot;
import geosearch.atlas.View;
import geosearch.v1.LocateOptions;
import geosearch.v1.LocateStreamRequest;
import geosearch.v1.LocateStreamResponse;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Answers streams of positions, each on the thread that brings it. While a client does not read,
 * its requests are left in the network: no more than {@link #WINDOW} are asked for in advance.
 */
final class LocateStreams implements ServerCallHandler<LocateStreamRequest, LocateStreamResponse> {

  /** So many requests may be on their way to the handler. */
  private static final int WINDOW = 64;

  private final Atlas atlas;
  private final Recorders recorders;
  private final InstantSource clock;
  private final Set<Stream> open = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("locate-stream-timer").factory());
  private volatile boolean draining;

  LocateStreams(Atlas atlas, Recorders recorders, InstantSource clock) {
    this.atlas = atlas;
    this.recorders = recorders;
    this.clock = clock;
  }

  @Override
  public ServerCall.Listener<LocateStreamRequest> startCall(
      ServerCall<LocateStreamRequest, LocateStreamResponse> call, Metadata headers) {
    Stream stream = new Stream(call);
    call.sendHeaders(new Metadata());
    call.request(WINDOW);
    open.add(stream);
    if (draining) {
      stream.end();
    }
    return stream;
  }

  /** Ends all streams, and those to come. */
  void drain() {
    draining = true;
    open.forEach(Stream::end);
  }

  void stop() {
    timer.shutdownNow();
  }

  /** Who may use the call now. */
  private enum Turn {
    /** Whoever comes first. */
    FREE,
    /** The handler of a request. */
    ANSWERING,
    /** The handler of a request, who ends the stream afterwards. */
    ENDING,
    /** Nobody: it is closed. */
    OVER
  }

  private final class Stream extends ServerCall.Listener<LocateStreamRequest> {
    private final ServerCall<LocateStreamRequest, LocateStreamResponse> call;
    private final AtomicReference<Turn> turn = new AtomicReference<>(Turn.FREE);
    private final ScheduledFuture<?> age;
    private LocateOptions options = LocateOptions.getDefaultInstance();
    private @Nullable View view;
    private @Nullable Asking asking;

    /** Requests that were answered and for which no other was asked for yet. */
    private int owed;

    Stream(ServerCall<LocateStreamRequest, LocateStreamResponse> call) {
      this.call = call;
      long left = ConnectionAge.left(call.getAttributes()).toNanos();
      this.age = timer.schedule(this::end, left, TimeUnit.NANOSECONDS);
    }

    @Override
    public void onMessage(LocateStreamRequest request) {
      if (!turn.compareAndSet(Turn.FREE, Turn.ANSWERING)) {
        return;
      }
      try {
        if (request.hasOptions()) {
          options = request.getOptions();
          view = null;
        }
        if (request.hasPosition() || !request.hasOptions()) {
          call.sendMessage(answer(request));
        } else {
          asking();
        }
        owed++;
        onReady();
      } catch (RuntimeException | Error e) {
        turn.set(Turn.OVER);
        throw e;
      }
      if (!turn.compareAndSet(Turn.ANSWERING, Turn.FREE)
          && turn.compareAndSet(Turn.ENDING, Turn.OVER)) {
        close();
      }
    }

    @Override
    public void onReady() {
      if (owed > 0 && call.isReady()) {
        call.request(owed);
        owed = 0;
      }
    }

    @Override
    public void onHalfClose() {
      if (turn.compareAndSet(Turn.FREE, Turn.OVER)) {
        call.close(io.grpc.Status.OK, new Metadata());
      }
    }

    @Override
    public void onCancel() {
      forget();
    }

    @Override
    public void onComplete() {
      forget();
    }

    /** Ends the stream: at once, or after the request that is being answered. */
    void end() {
      Turn before =
          turn.getAndUpdate(
              now -> now == Turn.FREE ? Turn.OVER : now == Turn.ANSWERING ? Turn.ENDING : now);
      if (before == Turn.FREE) {
        close();
      }
    }

    private void close() {
      StatusRuntimeException answer =
          Details.unavailable("this connection ends; send what was not answered over another one");
      Metadata trailers = answer.getTrailers();
      call.close(answer.getStatus(), trailers == null ? new Metadata() : trailers);
    }

    private void forget() {
      turn.set(Turn.OVER);
      open.remove(this);
      age.cancel(false);
    }

    private Asking asking() {
      View current = LoadedView.of(atlas);
      Asking known = asking;
      if (known == null || view != current) {
        List<Snapshot> before = known == null ? List.of() : known.snapshots;
        known = new Asking(Question.of(options, "options.", current, clock.instant()), options);
        known.announced = known.snapshots.equals(before);
        asking = known;
        view = current;
      }
      return known;
    }

    private LocateStreamResponse answer(LocateStreamRequest request) {
      Asking current = asking();
      LocateStreamResponse.Builder response =
          LocateStreamResponse.newBuilder().setCorrelation(request.getCorrelation());
      Violations violations = new Violations();
      if (!request.hasPosition()) {
        violations.add("position", "must be set");
      }
      Positions.check(request.getPosition(), "position", violations);
      double accuracy = current.question.accuracy();
      if (request.hasAccuracyM()) {
        accuracy = request.getAccuracyM();
        Question.checkAccuracy(accuracy, "accuracy_m", violations);
      }
      Instant now = clock.instant();
      Instant time = options.hasAsOf() ? current.question.areas().time() : now;
      if (request.hasAsOf()) {
        time = Asked.time(request.getAsOf(), "as_of", violations);
      }
      if (!violations.isEmpty()) {
        Status error = StatusProto.fromThrowable(violations.refusal());
        return response.setError(error).build();
      }
      current.finder.find(
          request.getPosition().getLatitude(),
          request.getPosition().getLongitude(),
          accuracy,
          time);
      current.located.forEach(current.finder.areas(), response::addAreas);
      current.located.forEach(current.finder.possible(), response::addPossibleAreas);
      response
          .addAllCertainties(current.finder.certainties())
          .setSwappedFound(current.finder.isSwappedFound());
      if (!current.announced) {
        current.announced = true;
        current.snapshots.forEach(
            snapshot -> response.addLayers(AreaMessages.state(snapshot, now)));
      }
      return response.build();
    }
  }

  /** What is asked of the positions of a stream until its options or the areas change. */
  private final class Asking {
    private final Question question;
    private final List<Snapshot> snapshots;
    private final PositionFinder finder;
    private final LocatedAreas located;
    private boolean announced;

    Asking(Question question, LocateOptions options) {
      this.question = question;
      this.snapshots = question.areas().snapshots();
      this.finder = new PositionFinder(question, recorders.of(snapshots));
      this.located = LocatedAreas.ofMany(snapshots, options);
    }
  }
}
