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
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Answers streams of positions, each on the thread that brings it, but for what is looked for far
 * about a position: that is done on threads of its own. Requests that come while the one before is
 * worked on elsewhere, or waits for something to be read, are kept in their order. While a client
 * does not read, its requests are left in the network: no more than {@link #WINDOW} are asked for
 * in advance, so no more are kept.
 */
final class LocateStreams implements ServerCallHandler<LocateStreamRequest, Answer> {

  /** So many requests may be on their way to the handler. */
  private static final int WINDOW = 64;

  /** When so many were answered, as many more are asked for: to ask costs as much each time. */
  private static final int ASKED_AT_ONCE = WINDOW / 4;

  /** By when idle streams let go of what is no longer served. */
  private static final Duration LETTING_GO = Duration.ofSeconds(1);

  private final Atlas atlas;
  private final AnsweredLayers answered;
  private final InstantSource clock;
  private final HeavyCalls heavy;
  private final GenerationWaits generations;
  private final StateWaits states;
  private final Set<Stream> open = ConcurrentHashMap.newKeySet();
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().daemon().name("locate-stream-timer").factory());
  private final AtomicBoolean lettingGo = new AtomicBoolean();
  private volatile boolean draining;

  LocateStreams(
      Atlas atlas,
      AnsweredLayers answered,
      InstantSource clock,
      HeavyCalls heavy,
      GenerationWaits generations,
      StateWaits states) {
    this.atlas = atlas;
    this.answered = answered;
    this.clock = clock;
    this.heavy = heavy;
    this.generations = generations;
    this.states = states;
    timer.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
    atlas.addListener(this::letGoSoon);
  }

  @Override
  public ServerCall.Listener<LocateStreamRequest> startCall(
      ServerCall<LocateStreamRequest, Answer> call, Metadata headers) {
    Stream stream = new Stream(call);
    call.sendHeaders(new Metadata());
    call.request(WINDOW);
    open.add(stream);
    if (draining) {
      stream.end();
    }
    return stream;
  }

  /**
   * Has streams hold nothing that is no longer served, for they may be idle as long as they live.
   * Zones may change a hundred times a second, and there may be thousands of streams.
   */
  private void letGoSoon() {
    if (!lettingGo.getAndSet(true)) {
      var _ = timer.schedule(this::letGo, LETTING_GO.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  private void letGo() {
    lettingGo.set(false);
    open.forEach(Stream::letGo);
  }

  /** Ends all streams, and those to come. */
  void drain() {
    draining = true;
    open.forEach(Stream::end);
  }

  void stop() {
    timer.shutdownNow();
  }

  private final class Stream extends ServerCall.Listener<LocateStreamRequest> {
    private final ServerCall<LocateStreamRequest, Answer> call;
    private final ScheduledFuture<?> age;

    // What concerns the call, under the lock of this.
    private final Deque<LocateStreamRequest> waiting = new ArrayDeque<>();

    /** Whether somebody answers a request, or will. */
    private boolean answering;

    /** Whether what is served has changed since the answering began. */
    private boolean outdated;

    private boolean halfClosed;
    private boolean ending;
    private boolean over;

    /** Requests that were answered and for which no other was asked for yet. */
    private int owed;

    // What concerns the answers, for whoever answers.
    private LocateOptions options = LocateOptions.getDefaultInstance();
    private Aim present = new Aim();
    private Aim past = new Aim();

    /** The one of the request that is being answered. */
    private Aim aim = present;

    private @Nullable Asking last;
    private List<Snapshot> announced = List.of();

    Stream(ServerCall<LocateStreamRequest, Answer> call) {
      this.call = call;
      long left = ConnectionAge.left(call.getAttributes()).toNanos();
      this.age = timer.schedule(this::end, left, TimeUnit.NANOSECONDS);
    }

    @Override
    public void onMessage(LocateStreamRequest request) {
      synchronized (this) {
        if (over || ending) {
          return;
        }
        if (answering) {
          waiting.add(request);
          return;
        }
        answering = true;
      }
      answerFrom(request, false, false);
    }

    @Override
    public synchronized void onReady() {
      if (owed > 0 && !over && call.isReady()) {
        call.request(owed);
        owed = 0;
      }
    }

    @Override
    public synchronized void onHalfClose() {
      halfClosed = true;
      if (!answering && !over) {
        over = true;
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
    synchronized void end() {
      ending = true;
      if (!answering && !over) {
        close();
      }
    }

    /** Lets go of what is no longer served: at once, or when there is nothing to answer. */
    synchronized void letGo() {
      if (answering) {
        outdated = true;
        return;
      }
      outdated = false;
      View served = LoadedView.of(atlas);
      present.keepOnly(served);
      past.keepOnly(served);
      if (last != present.asking && last != past.asking) {
        last = null;
      }
      if (!announced.stream().allMatch(one -> served.layers().contains(one) || isPinned(one))) {
        announced = List.of();
      }
    }

    private boolean isPinned(Snapshot state) {
      return present.pinned.has(state) || past.pinned.has(state);
    }

    private void close() {
      over = true;
      StatusRuntimeException answer =
          Details.unavailable("this connection ends; send what was not answered over another one");
      Metadata trailers = answer.getTrailers();
      call.close(answer.getStatus(), trailers == null ? new Metadata() : trailers);
    }

    private synchronized void forget() {
      over = true;
      waiting.clear();
      open.remove(this);
      age.cancel(false);
    }

    /**
     * Answers a request and those that have come meanwhile, until there are no more or the next one
     * must be answered elsewhere.
     *
     * @param mayCompute whether this thread is one that may take its time
     * @param isTaken whether the first one's options are in force already
     */
    private void answerFrom(LocateStreamRequest first, boolean mayCompute, boolean isTaken) {
      boolean computing = mayCompute;
      boolean taken = isTaken;
      try {
        for (LocateStreamRequest request = first; request != null; request = next()) {
          if (!taken) {
            take(request);
          }
          taken = false;
          if (isWide(request)) {
            if (!computing) {
              LocateStreamRequest wide = request;
              heavy.run(call, () -> answerFrom(wide, true, true));
              return;
            }
            computing = !heavy.isAwaited();
          }
          if (!isAnswered(request)) {
            return;
          }
        }
      } catch (RuntimeException | Error e) {
        synchronized (this) {
          over = true;
        }
        throw e;
      }
    }

    /** Puts the options of a request in force. */
    private void take(LocateStreamRequest request) {
      if (request.hasOptions()) {
        options = request.getOptions();
        present = new Aim();
        past = new Aim();
      }
    }

    /** Answers a request, or lets it wait for the change or the states that it needs. */
    private boolean isAnswered(LocateStreamRequest request) {
      Answer response = null;
      try {
        if (request.hasPosition() || !request.hasOptions()) {
          response = answer(request);
        } else {
          asking(Optional.empty(), clock.instant());
        }
      } catch (AwaitsGenerationException e) {
        generations.await(call, e.generation(), () -> answerFrom(request, false, true));
        return false;
      } catch (AwaitsStatesException e) {
        Optional<List<Snapshot>> known =
            states.await(
                call,
                e.wanted(),
                found -> {
                  aim.pinned.pin(found);
                  answerFrom(request, false, true);
                });
        known.ifPresent(aim.pinned::pin);
        return known.isPresent() && isAnswered(request);
      }
      synchronized (this) {
        if (!over) {
          if (response != null) {
            call.sendMessage(response);
          }
          owed++;
          if (owed >= ASKED_AT_ONCE) {
            onReady();
          }
        }
      }
      return true;
    }

    /** The request to answer next; after the last one, ends what is to end. */
    private synchronized @Nullable LocateStreamRequest next() {
      if (over) {
        return null;
      }
      if (halfClosed && waiting.isEmpty()) {
        over = true;
        call.close(io.grpc.Status.OK, new Metadata());
        return null;
      }
      if (ending) {
        close();
        return null;
      }
      answering = !waiting.isEmpty();
      if (!answering && outdated) {
        letGo();
      }
      return waiting.poll();
    }

    private boolean isWide(LocateStreamRequest request) {
      return LocateService.isWide(options) || LocateService.isWide(request.getAccuracyM());
    }

    /**
     * What is asked of a position.
     *
     * @param own a time of its own
     */
    private Asking asking(Optional<Instant> own, Instant now) {
      View current = LoadedView.of(atlas);
      List<Instant> moments = own.filter(time -> time.isBefore(now)).stream().toList();
      aim = moments.isEmpty() ? present : past;
      Asking known = aim.asking;
      if (known == null
          || !aim.pinned.isAnsweredOf(current)
          || !(moments.isEmpty() || known.question.areas().knows(current, moments.getFirst()))) {
        View wider = aim.pinned.in(current);
        known = new Asking(Question.of(options, "options.", wider, now, moments), options);
        aim.asking = known;
        aim.pinned.answered(current);
      }
      return known;
    }

    private Answer answer(LocateStreamRequest request) {
      Instant now = clock.instant();
      Violations violations = new Violations();
      Optional<Instant> own =
          request.hasAsOf()
              ? Optional.of(Asked.time(request.getAsOf(), "as_of", violations))
              : Optional.empty();
      Asking current = asking(violations.isEmpty() ? own : Optional.empty(), now);
      LocateStreamResponse.Builder response =
          LocateStreamResponse.newBuilder().setCorrelation(request.getCorrelation());
      if (!request.hasPosition()) {
        violations.add("position", "must be set");
      }
      Positions.check(request.getPosition(), "position", violations);
      double accuracy = current.question.accuracy();
      if (request.hasAccuracyM()) {
        accuracy = request.getAccuracyM();
        Question.checkAccuracy(accuracy, "accuracy_m", violations);
      }
      Instant time = own.orElse(options.hasAsOf() ? current.question.areas().time() : now);
      Optional<StatusRuntimeException> refusal =
          violations.isEmpty()
              ? own.flatMap(current.question.areas()::notKept)
              : Optional.of(violations.refusal());
      if (refusal.isPresent()) {
        Status error = StatusProto.fromThrowable(refusal.get());
        boolean swapped =
            current.finder.isFoundSwapped(
                request.getPosition().getLatitude(), request.getPosition().getLongitude(), time);
        return new Answer(response.setError(error).setSwappedFound(swapped).build());
      }
      current.finder.find(
          request.getPosition().getLatitude(),
          request.getPosition().getLongitude(),
          accuracy,
          time);
      response
          .addAllCertainties(current.finder.certainties())
          .setSwappedFound(current.finder.isSwappedFound());
      Answer answer = new Answer(response.build());
      LocatedPart.addTo(
          answer, LocateStreamResponse.AREAS_FIELD_NUMBER, current.areas, current.finder.areas());
      LocatedPart.addTo(
          answer,
          LocateStreamResponse.POSSIBLE_AREAS_FIELD_NUMBER,
          current.areas,
          current.finder.possible());
      if (current != last) {
        last = current;
        if (!current.snapshots.equals(announced)) {
          announced = current.snapshots;
          for (AnsweredLayer layer : current.layers) {
            answer.add(new LayerPart(LocateStreamResponse.LAYERS_FIELD_NUMBER, layer, now));
          }
        }
      }
      return answer;
    }
  }

  /** The options of a stream for positions of now, or for those of times that have been. */
  private static final class Aim {
    private @Nullable Asking asking;

    /** States that it asks for in place of what is served. */
    private final PinnedStates pinned = new PinnedStates();

    /** Lets go of what was made from something else than what is served. */
    private void keepOnly(View served) {
      if (!pinned.isAnsweredOf(served)) {
        asking = null;
        pinned.letGo();
      }
    }
  }

  /** What is asked of the positions of a stream until its options or the areas change. */
  private final class Asking {
    private final Question question;
    private final List<Snapshot> snapshots;
    private final List<AnsweredLayer> layers;
    private final PositionFinder finder;
    private final AreaParts areas;

    Asking(Question question, LocateOptions options) {
      this.question = question;
      this.snapshots = question.areas().snapshots();
      this.layers = answered.of(snapshots);
      this.areas = new AreaParts(layers, options);
      this.finder = new PositionFinder(question, layers);
    }
  }
}
