package geosearch.rpc;

import com.google.type.LatLng;
import geosearch.atlas.Atlas;
import geosearch.atlas.Directories;
import geosearch.atlas.View;
import geosearch.load.EarlierStates;
import geosearch.metrics.Metrics;
import geosearch.traffic.TrafficBudget;
import geosearch.v1.FindAreasRequest;
import geosearch.v1.FindAreasResponse;
import geosearch.v1.GeoSearchGrpc;
import geosearch.v1.GetAreaRequest;
import geosearch.v1.GetAreaResponse;
import geosearch.v1.ListLayersRequest;
import geosearch.v1.ListLayersResponse;
import geosearch.v1.LocateBatchRequest;
import geosearch.v1.LocateOptions;
import geosearch.v1.LocateRequest;
import geosearch.v1.LocateResponse;
import io.grpc.BindableService;
import io.grpc.Metadata;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/**
 * Finds areas by position, by name and by id, answered from the atlas; {@code geosearch.proto} says
 * what is promised. What is quick runs on the thread that brings the request, for it never waits;
 * batches and wide searches run on threads of their own, so that they hold up no other caller.
 */
public final class LocateService implements BindableService, Stoppable, Drained {

  private static final String HINT_COUNTER = "search.hint";
  private static final String HINT =
      "nothing was found; with latitude and longitude exchanged something would have been";

  /** Up to so many positions are answered sooner than another thread would have begun. */
  private static final int QUICK_POSITIONS = 200;

  /** What is looked for within more metres may take milliseconds. */
  private static final double QUICK_METRES = 5_000;

  private final Atlas atlas;
  private final Metrics metrics;
  private final InstantSource clock;
  private final TrafficBudget traffic;
  private final AnsweredLayers answered;
  private final Directories directories = new Directories();
  private final HeavyCalls heavy = new HeavyCalls();
  private final GenerationWaits generations;
  private final StateWaits states;
  private final ViewCalls calls;
  private final LocateStreams streams;

  /**
   * @param earlier what is not served but kept
   * @param hurry asks for a look at the zones, for calls that wait for a change of them; must not
   *     block
   * @param traffic the memory that answers may take
   * @param maxCallTime how long a call waits at most for what is kept to be read
   */
  public LocateService(
      Atlas atlas,
      EarlierStates earlier,
      Metrics metrics,
      Runnable hurry,
      TrafficBudget traffic,
      Duration maxCallTime) {
    this(
        atlas,
        metrics,
        InstantSource.system(),
        traffic,
        new GenerationWaits(atlas, hurry, GenerationWaits.LONGEST),
        new StateWaits(earlier, maxCallTime));
  }

  LocateService(
      Atlas atlas,
      Metrics metrics,
      InstantSource clock,
      TrafficBudget traffic,
      GenerationWaits generations,
      StateWaits states) {
    this.atlas = atlas;
    this.generations = generations;
    this.states = states;
    this.metrics = metrics;
    this.clock = clock;
    this.traffic = traffic;
    this.answered = new AnsweredLayers(metrics);
    this.calls = new ViewCalls(atlas, heavy, generations, states);
    this.streams = new LocateStreams(atlas, answered, clock, heavy, generations, states);
  }

  @Override
  public ServerServiceDefinition bindService() {
    return ServiceMethods.define(
        GeoSearchGrpc.getServiceDescriptor(),
        List.of(
            ServerMethodDefinition.create(
                Answer.method(GeoSearchGrpc.getLocateMethod()),
                calls
                    .handler((LocateRequest request) -> isWide(request.getOptions()), this::locate)
                    .together(this::readAhead)),
            ServerMethodDefinition.create(
                LateRequest.method(
                    Answer.method(GeoSearchGrpc.getLocateBatchMethod()),
                    LocateBatchRequest.getDefaultInstance()),
                calls.handler(
                    request -> request.isLate() || isHeavy(request.message()), this::locateBatch)),
            ServerMethodDefinition.create(
                Answer.method(GeoSearchGrpc.getLocateStreamMethod()), streams),
            ServerMethodDefinition.create(
                GeoSearchGrpc.getFindAreasMethod(),
                calls.handler(request -> true, this::findAreas)),
            ServerMethodDefinition.create(
                GeoSearchGrpc.getGetAreaMethod(), calls.handler(request -> true, this::getArea)),
            ServerMethodDefinition.create(
                GeoSearchGrpc.getListLayersMethod(),
                calls.handler(request -> false, this::listLayers))));
  }

  /** Reads what finding the positions of several requests will read. */
  private void readAhead(List<LocateRequest> requests) {
    for (AnsweredLayer layer : answered.of(LoadedView.of(atlas).layers())) {
      PositionReads positions = new PositionReads(requests.size());
      for (LocateRequest request : requests) {
        List<String> layers = request.getOptions().getLayersList();
        if (layers.isEmpty() || layers.contains(layer.snapshot().layer().name())) {
          LatLng position = request.getPosition();
          positions.add(position.getLatitude(), position.getLongitude());
        }
      }
      positions.read(layer.snapshot().index(), layer.areas());
    }
  }

  private Answer locate(LocateRequest request, View view, Metadata trailers) {
    Violations violations = new Violations();
    if (!request.hasPosition()) {
      violations.add("position", "must be set");
    }
    Positions.check(request.getPosition(), "position", violations);
    Instant now = clock.instant();
    if (!violations.isEmpty()) {
      throw refusal(request, view, now, violations);
    }
    Question question = question(request, view, now);
    List<AnsweredLayer> layers = answered.of(question.areas().snapshots());
    PositionFinder finder = new PositionFinder(question, layers);
    finder.find(request.getPosition().getLatitude(), request.getPosition().getLongitude());

    LocateOptions options = request.getOptions();
    Answer answer = new Answer(notices(finder));
    AreaParts areas = new AreaParts(layers, options);
    LocatedPart.addTo(answer, LocateResponse.AREAS_FIELD_NUMBER, areas, finder.areas());
    for (int i = 0; i < layers.size(); i++) {
      answer.add(new LayerPart(LocateResponse.LAYERS_FIELD_NUMBER, layers.get(i), now));
    }
    LocatedPart.addTo(answer, LocateResponse.POSSIBLE_AREAS_FIELD_NUMBER, areas, finder.possible());
    if (finder.isSwappedFound()) {
      trailers.put(SearchService.HINT, HINT);
      metrics.count(HINT_COUNTER);
    }
    return answer;
  }

  /** Most requests have no options, and nothing to check then. */
  private static Question question(LocateRequest request, View view, Instant now) {
    return request.hasOptions()
        ? Question.of(request.getOptions(), "options.", view, now)
        : Question.plain(view, now);
  }

  /** The refusal of a position, with the hint where it would be possible exchanged. */
  private StatusRuntimeException refusal(
      LocateRequest request, View view, Instant now, Violations violations) {
    StatusRuntimeException refusal = violations.refusal();
    Metadata trailers = refusal.getTrailers();
    if (!request.hasPosition() || trailers == null) {
      return refusal;
    }
    Question question;
    try {
      question = question(request, view, now);
    } catch (StatusRuntimeException e) {
      return refusal;
    }
    PositionFinder finder = new PositionFinder(question, answered.of(question.areas().snapshots()));
    if (finder.isFoundSwapped(
        request.getPosition().getLatitude(),
        request.getPosition().getLongitude(),
        question.areas().time())) {
      trailers.put(SearchService.HINT, HINT);
      metrics.count(HINT_COUNTER);
    }
    return refusal;
  }

  /** What is rarely to be said beside the areas. */
  private static LocateResponse notices(PositionFinder finder) {
    return finder.certainties().isEmpty() && !finder.isSwappedFound()
        ? LocateResponse.getDefaultInstance()
        : LocateResponse.newBuilder()
            .addAllCertainties(finder.certainties())
            .setSwappedFound(finder.isSwappedFound())
            .build();
  }

  private Answer locateBatch(
      LateRequest<LocateBatchRequest> request, View view, Metadata trailers) {
    return new BatchLocator(request.message(), view, answered, clock.instant()).answer();
  }

  private FindAreasResponse findAreas(FindAreasRequest request, View view, Metadata trailers) {
    return new AreaFinder(request, view, directories, clock.instant()).answer();
  }

  private GetAreaResponse getArea(GetAreaRequest request, View view, Metadata trailers) {
    return AreaReader.area(request, view, directories, traffic, clock.instant());
  }

  private ListLayersResponse listLayers(ListLayersRequest request, View view, Metadata trailers) {
    return AreaReader.layers(request, view, atlas.problem(), clock.instant());
  }

  /** Whether to find what is asked of a single position may take milliseconds. */
  static boolean isWide(LocateOptions options) {
    return isWide(options.getNearest().getWithinM()) || isWide(options.getAccuracyM());
  }

  /** Whether to look within so many metres may take milliseconds. */
  static boolean isWide(double metres) {
    return metres > QUICK_METRES;
  }

  private static boolean isHeavy(LocateBatchRequest request) {
    return request.getLatitudesCount() > QUICK_POSITIONS
        || request.getAccuraciesMCount() > 0
        || request.getOptions().hasNearest()
        || request.getOptions().hasAccuracyM()
        || request.getOptions().getBorderDistance();
  }

  @Override
  public void drain() {
    streams.drain();
  }

  @Override
  public void stop(Duration timeout) {
    streams.stop();
    generations.stop();
    states.stop();
    heavy.stop(timeout);
  }
}
