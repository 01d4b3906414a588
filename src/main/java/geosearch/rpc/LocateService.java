package geosearch.rpc;

import com.google.protobuf.Duration;
import com.google.type.LatLng;
import geosearch.atlas.Atlas;
import geosearch.atlas.Snapshot;
import geosearch.atlas.View;
import geosearch.geo.Position;
import geosearch.metrics.Metrics;
import geosearch.metrics.Metrics.LookupRecorder;
import geosearch.v1.Area;
import geosearch.v1.GeoSearchGrpc;
import geosearch.v1.LayerSnapshot;
import geosearch.v1.LocateRequest;
import geosearch.v1.LocateResponse;
import geosearch.v1.LocatedArea;
import geosearch.v1.Match;
import io.grpc.BindableService;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds the areas that contain a position, answered from the atlas; {@code geosearch.proto} says
 * what is promised. It never waits, so it runs on the thread that brings the request.
 */
public final class LocateService implements BindableService {

  private static final String HINT_COUNTER = "search.hint";
  private static final String HINT =
      "nothing was found; with latitude and longitude exchanged something would have been";
  private static final int MAX_LAYERS = 100;

  private final Atlas atlas;
  private final Metrics metrics;
  private final InstantSource clock;
  private final Map<String, LookupRecorder> recorders = new ConcurrentHashMap<>();

  public LocateService(Atlas atlas, Metrics metrics) {
    this(atlas, metrics, InstantSource.system());
  }

  LocateService(Atlas atlas, Metrics metrics, InstantSource clock) {
    this.atlas = atlas;
    this.metrics = metrics;
    this.clock = clock;
  }

  @Override
  public ServerServiceDefinition bindService() {
    ServerServiceDefinition.Builder service =
        ServerServiceDefinition.builder(GeoSearchGrpc.getServiceDescriptor())
            .addMethod(
                GeoSearchGrpc.getLocateMethod(),
                new UnaryHandler<LocateRequest, LocateResponse>(this::locate));
    for (MethodDescriptor<?, ?> method : GeoSearchGrpc.getServiceDescriptor().getMethods()) {
      if (!method.equals(GeoSearchGrpc.getLocateMethod())) {
        service.addMethod(method, unimplemented());
      }
    }
    return service.build();
  }

  /** The methods that the proto promises and that are still to come. */
  private static <RequestT, ResponseT> ServerCallHandler<RequestT, ResponseT> unimplemented() {
    return (call, headers) -> {
      throw Status.UNIMPLEMENTED
          .withDescription(
              "this server does not offer " + call.getMethodDescriptor().getBareMethodName())
          .asRuntimeException();
    };
  }

  private LocateResponse locate(LocateRequest request, Metadata trailers) {
    check(request);
    View view = LoadedView.of(atlas);
    checkLayers(request, view);
    double latitude = request.getPosition().getLatitude();
    double longitude = request.getPosition().getLongitude();
    Instant now = clock.instant();
    LocateResponse.Builder response = LocateResponse.newBuilder();
    Hits hits = new Hits();
    for (Snapshot snapshot : view.layers()) {
      if (isWanted(snapshot, request)) {
        hits.clear();
        snapshot.index().locate(latitude, longitude, hits);
        recorder(snapshot).record(hits.count() > 0);
        hits.sort();
        for (int i = 0; i < hits.count(); i++) {
          response.addAreas(located(snapshot, hits, i));
        }
        response.addLayers(state(snapshot, now));
      }
    }
    if (response.getAreasCount() == 0) {
      hint(request, view, hits, trailers);
    }
    return response.build();
  }

  private static void check(LocateRequest request) {
    Violations violations = new Violations();
    if (!request.hasPosition()) {
      violations.add("position", "must be set");
    }
    LatLng position = request.getPosition();
    if (!Position.isLatitude(position.getLatitude())) {
      violations.add(
          "position.latitude", "must be from -90 to 90 degrees, not " + position.getLatitude());
    }
    if (!Position.isLongitude(position.getLongitude())) {
      violations.add(
          "position.longitude", "must be from -180 to 180 degrees, not " + position.getLongitude());
    }
    if (request.getOptions().getLayersCount() > MAX_LAYERS) {
      violations.add(
          "options.layers",
          "must be at most " + MAX_LAYERS + ", not " + request.getOptions().getLayersCount());
    }
    if (!violations.isEmpty()) {
      throw violations.refusal();
    }
  }

  private static void checkLayers(LocateRequest request, View view) {
    for (String layer : request.getOptions().getLayersList()) {
      if (view.layer(layer).isEmpty()) {
        throw Status.NOT_FOUND
            .withDescription("there is no layer " + Violations.quoted(layer))
            .asRuntimeException();
      }
    }
  }

  private static boolean isWanted(Snapshot snapshot, LocateRequest request) {
    return request.getOptions().getLayersCount() == 0
        || request.getOptions().getLayersList().contains(snapshot.layer().name());
  }

  private LookupRecorder recorder(Snapshot snapshot) {
    return recorders.computeIfAbsent(snapshot.layer().name(), metrics::lookups);
  }

  private static LocatedArea located(Snapshot snapshot, Hits hits, int hit) {
    geosearch.geo.Area area = snapshot.index().area(hits.ordinal(hit));
    return LocatedArea.newBuilder()
        .setArea(
            Area.newBuilder()
                .setLayer(snapshot.layer().name())
                .setId(area.id())
                .setName(area.name())
                .putAllAttributes(area.attributes()))
        .setMatch(hits.isOnBorder(hit) ? Match.MATCH_BORDER : Match.MATCH_INSIDE)
        .build();
  }

  private static LayerSnapshot state(Snapshot snapshot, Instant now) {
    java.time.Duration age = java.time.Duration.between(snapshot.loadTime(), now);
    LayerSnapshot.Builder state =
        LayerSnapshot.newBuilder()
            .setLayer(snapshot.layer().name())
            .setGeneration(snapshot.generation())
            .setDatasetVersion(snapshot.layer().version());
    // The clock may have been set back meanwhile.
    return age.isNegative()
        ? state.setAge(Duration.getDefaultInstance()).build()
        : state
            .setAge(Duration.newBuilder().setSeconds(age.getSeconds()).setNanos(age.getNano()))
            .build();
  }

  private void hint(LocateRequest request, View view, Hits hits, Metadata trailers) {
    double latitude = request.getPosition().getLongitude();
    double longitude = request.getPosition().getLatitude();
    if (!Position.isLatitude(latitude)) {
      return;
    }
    for (Snapshot snapshot : view.layers()) {
      if (isWanted(snapshot, request)) {
        snapshot.index().locate(latitude, longitude, hits);
        if (hits.count() > 0) {
          trailers.put(SearchService.HINT, HINT);
          metrics.count(HINT_COUNTER);
          return;
        }
      }
    }
  }
}
