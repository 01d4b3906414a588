package geosearch.rpc;

import com.google.protobuf.Empty;
import geosearch.atlas.Atlas;
import geosearch.atlas.View;
import geosearch.config.SearchConfig;
import geosearch.geo.Area;
import geosearch.geo.Position;
import geosearch.metrics.Metrics;
import geosearch.original.MonitorResponse;
import geosearch.original.SearchGrpc;
import geosearch.original.SearchRequest;
import geosearch.original.SearchResponse;
import geosearch.original.SearchResponses;
import geosearch.rpc.SearchLayers.Reading;
import geosearch.rpc.SearchLayers.Searched;
import io.grpc.BindableService;
import io.grpc.Metadata;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.StatusRuntimeException;
import java.lang.ref.WeakReference;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The service that the original system offered, answered from the atlas; {@code search.proto} says
 * what is promised. It never waits, so it runs on the thread that brings the request.
 */
public final class SearchService implements BindableService {

  /** Trailing metadata that tells a caller that lat and lng look swapped. */
  public static final Metadata.Key<String> HINT =
      Metadata.Key.of("geosearch-hint", Metadata.ASCII_STRING_MARSHALLER);

  private static final Logger log = LoggerFactory.getLogger(SearchService.class);
  private static final String HINT_COUNTER = "search.hint";
  private static final String WIKIPEDIA = "wikipedia";

  private final Atlas atlas;
  private final SearchConfig config;
  private final Metrics metrics;
  private final KeptMessages descriptions = responses(SearchService::describe);
  private final KeptMessages names = responses(SearchService::name);
  private final AtomicBoolean hintLogged = new AtomicBoolean();

  /** Weak, for a view that is no longer served is not to be kept in memory if nobody asks. */
  private volatile WeakReference<SearchLayers> current = new WeakReference<>(null);

  public SearchService(Atlas atlas, SearchConfig config, Metrics metrics) {
    this.atlas = atlas;
    this.config = config;
    this.metrics = metrics;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return ServiceMethods.define(
        SearchGrpc.getServiceDescriptor(),
        List.of(
            ServerMethodDefinition.create(
                SearchGrpc.getMonitorMethod(),
                new UnaryHandler<Empty, MonitorResponse>((request, trailers) -> monitor())),
            ServerMethodDefinition.create(
                Answer.method(SearchGrpc.getSearchMethod()), searching(SearchLayers::areas)),
            ServerMethodDefinition.create(
                Answer.method(SearchGrpc.getSearchThingMethod()),
                searching(SearchLayers::things))));
  }

  /**
   * @param which of the layers are searched
   */
  private UnaryHandler<SearchRequest, Answer> searching(
      Function<SearchLayers, List<Searched>> which) {
    return new UnaryHandler<SearchRequest, Answer>(
            (request, trailers) -> answer(request, which.apply(layers()), trailers))
        .together(requests -> readAhead(requests, which.apply(layers())));
  }

  /** Reads what finding the positions of several requests will read. */
  private static void readAhead(List<SearchRequest> requests, List<Searched> layers) {
    for (Searched layer : layers) {
      PositionReads positions = new PositionReads(requests.size());
      for (SearchRequest request : requests) {
        float lat = request.getLat();
        float lng = request.getLng();
        positions.add(layer.reading().latitude(lat, lng), layer.reading().longitude(lat, lng));
      }
      positions.read(layer.index(), layer.responses());
    }
  }

  private MonitorResponse monitor() {
    return MonitorResponse.newBuilder().setNThings(layers().thingCount()).build();
  }

  private SearchLayers layers() {
    View view = LoadedView.of(atlas);
    SearchLayers layers = current.get();
    if (layers == null || layers.view() != view) {
      layers = SearchLayers.of(view, config, metrics, descriptions, names);
      current = new WeakReference<>(layers);
    }
    return layers;
  }

  private Answer answer(SearchRequest request, List<Searched> layers, Metadata trailers) {
    int room = pageSize(request);
    // At most 2^31 pages of 100,000: no overflow.
    long skip = (Math.max(request.getPageNumber(), 1) - 1L) * room;
    float lat = request.getLat();
    float lng = request.getLng();
    checkPosition(lat, lng, layers);

    Answer answer = new Answer(SearchResponses.getDefaultInstance());
    Hits hits = new Hits();
    boolean found = false;
    for (int i = 0; i < layers.size() && room > 0; i++) {
      Searched layer = layers.get(i);
      if (!layer.reading().allows(lat, lng)) {
        continue;
      }
      locate(layer, layer.reading(), lat, lng, hits);
      layer.recorder().record(hits.count() > 0);
      found |= hits.count() > 0;
      if (skip >= hits.count()) {
        skip -= hits.count();
        continue;
      }
      hits.sort();
      int end = (int) Math.min(hits.count(), skip + room);
      for (int hit = (int) skip; hit < end; hit++) {
        byte[] response = layer.responses().bytes(hits.ordinal(hit));
        answer.add(new BytesPart(SearchResponses.RESPONSES_FIELD_NUMBER, response));
      }
      room -= end - (int) skip;
      skip = 0;
    }
    if (!found) {
      hint(lat, lng, layers, hits, trailers);
    }
    return answer;
  }

  private int pageSize(SearchRequest request) {
    if (request.getResultPerPage() < 0 || request.getPageNumber() < 0) {
      throw badPaging(request);
    }
    return request.getResultPerPage() == 0
        ? config.maxResults()
        : Math.min(request.getResultPerPage(), config.maxResults());
  }

  private static void locate(Searched layer, Reading reading, float lat, float lng, Hits hits) {
    hits.clear();
    layer.index().locate(reading.latitude(lat, lng), reading.longitude(lat, lng), hits);
    if (hits.count() > 0 && layer.index().isTimed()) {
      hits.keepThoseThatHold(layer.index(), Instant.now());
    }
  }

  private void checkPosition(float lat, float lng, List<Searched> layers) {
    for (int i = 0; i < layers.size(); i++) {
      if (layers.get(i).reading().allows(lat, lng)) {
        return;
      }
    }
    Set<Reading> inForce = readingsInForce(layers);
    if (inForce.stream().noneMatch(reading -> reading.allows(lat, lng))) {
      throw impossible(lat, lng, inForce);
    }
  }

  /** While there is no layer, a position is good if a layer to come may be able to use it. */
  private Set<Reading> readingsInForce(List<Searched> layers) {
    if (layers.isEmpty()) {
      return switch (config.axisOrder()) {
        case ORIGINAL -> EnumSet.allOf(Reading.class);
        case LAT_LNG -> EnumSet.of(Reading.LAT_LNG);
        case LNG_LAT -> EnumSet.of(Reading.LNG_LAT);
      };
    }
    Set<Reading> readings = EnumSet.noneOf(Reading.class);
    layers.forEach(layer -> readings.add(layer.reading()));
    return readings;
  }

  private void hint(float lat, float lng, List<Searched> layers, Hits hits, Metadata trailers) {
    for (int i = 0; i < layers.size(); i++) {
      Searched layer = layers.get(i);
      Reading other = layer.reading().other();
      if (other.allows(lat, lng)) {
        locate(layer, other, lat, lng, hits);
        if (hits.count() > 0) {
          trailers.put(HINT, hint(layer.reading()));
          metrics.count(HINT_COUNTER);
          if (hintLogged.compareAndSet(false, true)) {
            log.info(
                "a caller of Search was answered nothing where the other reading of lat and lng"
                    + " would have found something: see the setting search.axis-order; the counter"
                    + " {} goes on, this line is said once",
                HINT_COUNTER);
          }
          return;
        }
      }
    }
  }

  private static String hint(Reading reading) {
    return switch (reading) {
      case LAT_LNG ->
          "nothing was found; with the longitude in lat and the latitude in lng something would"
              + " have been";
      case LNG_LAT ->
          "nothing was found; lat was read as the longitude and lng as the latitude, as the"
              + " original did, and as they are named something would have been";
    };
  }

  private static KeptMessages responses(Function<Area, String> text) {
    return new KeptMessages((snapshot, ordinal) ->
        SearchResponse.newBuilder()
            .setResponse(text.apply(snapshot.index().area(ordinal)))
            .build());
  }

  private static String describe(Area area) {
    String wikipedia = area.attributes().getOrDefault(WIKIPEDIA, "");
    if (wikipedia.isEmpty()) {
      return area.name().isEmpty() ? area.id() : area.id() + " - " + area.name();
    }
    return area.name().isEmpty()
        ? area.id() + " - " + wikipedia
        : area.id() + " - " + area.name() + " - " + wikipedia;
  }

  private static String name(Area area) {
    return area.name().isEmpty() ? area.id() : area.name();
  }

  private static StatusRuntimeException badPaging(SearchRequest request) {
    Violations violations = new Violations();
    if (request.getPageNumber() < 0) {
      violations.add("page_number", "must be at least 0, not " + request.getPageNumber());
    }
    if (request.getResultPerPage() < 0) {
      violations.add("result_per_page", "must be at least 0, not " + request.getResultPerPage());
    }
    return violations.refusal();
  }

  private static StatusRuntimeException impossible(float lat, float lng, Set<Reading> inForce) {
    Violations violations = new Violations();
    for (Reading reading : inForce) {
      boolean asNamed = reading == Reading.LAT_LNG;
      float latitude = reading.latitude(lat, lng);
      if (!Position.isLatitude(latitude)) {
        violations.add(
            asNamed ? "lat" : "lng",
            "read as the latitude, must be from -90 to 90 degrees, not " + latitude);
      }
      float longitude = reading.longitude(lat, lng);
      if (!Position.isLongitude(longitude)) {
        violations.add(
            asNamed ? "lng" : "lat",
            "read as the longitude, must be from -180 to 180 degrees, not " + longitude);
      }
    }
    return violations.refusal();
  }
}
