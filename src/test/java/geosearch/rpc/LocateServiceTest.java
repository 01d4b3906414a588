package geosearch.rpc;

import static geosearch.rpc.Errors.assertFails;
import static geosearch.rpc.Errors.assertRefused;
import static geosearch.rpc.Layers.box;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.Duration;
import com.google.type.LatLng;
import geosearch.atlas.Atlas;
import geosearch.atlas.Snapshot;
import geosearch.atlas.View;
import geosearch.geo.Area;
import geosearch.geo.AreaIndex;
import geosearch.geo.Layer;
import geosearch.load.EarlierStates;
import geosearch.testing.WatchedStore;
import geosearch.traffic.TrafficBudget;
import geosearch.v1.GeoSearchGrpc;
import geosearch.v1.GeoSearchGrpc.GeoSearchBlockingStub;
import geosearch.v1.GeoSearchGrpc.GeoSearchFutureStub;
import geosearch.v1.LayerSnapshot;
import geosearch.v1.LocateBatchRequest;
import geosearch.v1.LocateOptions;
import geosearch.v1.LocateRequest;
import geosearch.v1.LocateResponse;
import geosearch.v1.LocatedArea;
import geosearch.v1.Match;
import geosearch.v1.PositionAnswer;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.lang.ref.WeakReference;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.io.WKTReader;

class LocateServiceTest {

  private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");

  private Loopback loopback;

  @AfterEach
  void stop() {
    if (loopback != null) {
      loopback.close();
    }
  }

  @Test
  void locate_stateThatIsNoLongerServed_isNotKept() throws Exception {
    try (GeoSearchServer server = GeoSearchServer.of(lyon())) {
      LocateRequest request =
          LocateRequest.newBuilder()
              .setPosition(LatLng.newBuilder().setLatitude(45.75).setLongitude(4.85))
              .build();
      LocateRequest named =
          request.toBuilder().setOptions(LocateOptions.newBuilder().addLayers("commune")).build();
      assertEquals(1, server.stub().locate(request).getAreasCount());
      assertEquals(1, server.stub().locate(named).getAreasCount());
      WeakReference<AreaIndex> before =
          new WeakReference<>(server.atlas.view().orElseThrow().layers().getFirst().index());

      server.atlas.publish(List.of(lyon()));

      Collected.assertCollected(before);
    }
  }

  @Test
  void plain_anyView_asksWhatOptionsThatAreNotSetAsk() {
    Atlas atlas = new Atlas(List.of());
    atlas.publish(List.of(lyon(), Layers.things().snapshot()));
    View view = atlas.view().orElseThrow();

    assertEquals(
        Question.of(LocateOptions.getDefaultInstance(), "options.", view, NOW),
        Question.plain(view, NOW));
  }

  @Test
  void locate_inside_answersTheWholeArea() throws Exception {
    GeoSearchBlockingStub stub =
        serve(
            Layers.imported("commune")
                .area(
                    new Area("69123", "Lyon", Map.of("wikipedia", "fr:Lyon")),
                    box(4.77, 45.71, 4.9, 45.81))
                .snapshot());

    assertEquals(
        List.of(
            LocatedArea.newBuilder()
                .setArea(
                    geosearch.v1.Area.newBuilder()
                        .setLayer("commune")
                        .setId("69123")
                        .setName("Lyon")
                        .putAttributes("wikipedia", "fr:Lyon"))
                .setMatch(Match.MATCH_INSIDE)
                .build()),
        stub.locate(at(45.75, 4.85).build()).getAreasList());
  }

  @Test
  void locate_onABorder_answersEveryAreaThatItBorders() throws Exception {
    GeoSearchBlockingStub stub =
        serve(
            Layers.imported("commune")
                .area("west", "", box(0, 0, 1, 1))
                .area("east", "", box(1, 0, 2, 1))
                .area("around", "", box(-1, -1, 3, 3))
                .snapshot());

    assertEquals(
        List.of("east MATCH_BORDER", "west MATCH_BORDER", "around MATCH_INSIDE"),
        stub.locate(at(0.5, 1).build()).getAreasList().stream()
            .map(found -> found.getArea().getId() + " " + found.getMatch())
            .toList());
  }

  @Test
  void locate_aTableOfTheOriginals_isNeverSwapped() throws Exception {
    GeoSearchBlockingStub stub =
        serve(Layers.original("commune").area("C", "", box(2, 50, 3, 51)).snapshot());

    assertEquals(List.of("C"), ids(stub.locate(at(50.5, 2.5).build())));
    assertEquals(List.of(), ids(stub.locate(at(2.5, 50.5).build())));
  }

  @Test
  void locate_doubles_areNotRoundedToFloats() throws Exception {
    GeoSearchBlockingStub stub =
        serve(Layers.imported("commune").area("C", "", box(0, 0, 100.0000001, 1)).snapshot());

    assertEquals(List.of("C"), ids(stub.locate(at(0.5, 100.00000009).build())));
    assertEquals(List.of(), ids(stub.locate(at(0.5, 100.00000011).build())));
  }

  @Test
  void locate_severalLayers_answersInLayerOrderThenPriorityThenSizeThenId() throws Exception {
    Atlas atlas = new Atlas(List.of("parcel", "commune"));
    atlas.publish(
        List.of(
            Layers.things().area("t", "", box(0, 0, 1, 1)).snapshot(),
            Layers.imported("commune")
                .area("small", "", box(0, 0, 1, 1))
                .area("b", "", box(0, 0, 2, 2))
                .area("a", "", box(0, 0, 2, 2))
                .area(new Area("first", "", Map.of(), 5), box(0, 0, 8, 8))
                .snapshot(),
            Layers.imported("parcel").area("p", "", box(0, 0, 9, 9)).snapshot()));

    LocateResponse response = serve(atlas).locate(at(0.5, 0.5).build());

    assertEquals(List.of("p", "first", "small", "a", "b", "t"), ids(response));
    assertEquals(
        List.of("parcel", "commune", "thing"),
        response.getLayersList().stream().map(LayerSnapshot::getLayer).toList());
  }

  @Test
  void locate_manyAreas_answersAllOfThem() throws Exception {
    Layers layer = Layers.imported("commune");
    for (int i = 0; i < 100; i++) {
      layer.area(String.valueOf(i), "", box(-1 - i, -1, 1, 1));
    }

    List<String> ids = ids(serve(layer.snapshot()).locate(at(0, 0).build()));

    assertEquals(100, ids.size());
    assertEquals("0", ids.getFirst());
    assertEquals("99", ids.getLast());
  }

  @Test
  void locate_layersNamed_looksAtThoseAlone() throws Exception {
    GeoSearchBlockingStub stub =
        serve(
            Layers.imported("commune").area("C", "", box(0, 0, 1, 1)).snapshot(),
            Layers.imported("country").area("X", "", box(0, 0, 1, 1)).snapshot(),
            Layers.things().area("T", "", box(0, 0, 1, 1)).snapshot());

    LocateResponse response =
        stub.locate(at(0.5, 0.5).setOptions(layers("thing", "commune")).build());

    assertEquals(List.of("C", "T"), ids(response));
    assertEquals(2, response.getLayersCount());
    assertEquals(0, loopback.count("lookup.country.hit"));
  }

  @Test
  void locate_manyAtOnce_answersAsOneByOne() throws Exception {
    GeoSearchBlockingStub stub = serve(overlapping("commune", 3), overlapping("parcel", 4));
    GeoSearchFutureStub futures = GeoSearchGrpc.newFutureStub(stub.getChannel());
    List<LocateRequest> requests = new ArrayList<>();
    Random random = new Random(7);
    for (int i = 0; i < 1_000; i++) {
      LocateRequest.Builder request = at(random.nextDouble(-1, 9), random.nextDouble(-1, 9));
      switch (i % 20) {
        case 0 -> request.setOptions(layers("parcel"));
        case 1 -> request.setOptions(layers("comune"));
        case 2 -> request.setOptions(LocateOptions.newBuilder().setBorderDistance(true));
        case 3 -> request.setPosition(LatLng.newBuilder().setLatitude(Double.NaN).setLongitude(1));
        case 4 -> request.setPosition(LatLng.newBuilder().setLatitude(90).setLongitude(1e300));
        case 5 -> request.setPosition(LatLng.newBuilder().setLatitude(90).setLongitude(180));
        case 6 -> request.clearPosition();
        default -> {}
      }
      requests.add(request.build());
    }

    List<ListenableFuture<LocateResponse>> together =
        requests.stream().map(futures::locate).toList();

    for (int i = 0; i < requests.size(); i++) {
      LocateRequest request = requests.get(i);
      assertEquals(answer(() -> stub.locate(request)), answer(together.get(i)::get));
    }
  }

  @Test
  void locate_unknownLayer_isNotFound() throws Exception {
    GeoSearchBlockingStub stub = serve(Layers.imported("commune").snapshot());

    Status status =
        assertFails(
            Status.Code.NOT_FOUND,
            () -> stub.locate(at(0, 0).setOptions(layers("comune")).build()));

    assertEquals("there is no layer \"comune\"", status.getDescription());
  }

  @Test
  void locate_always_tellsTheStateOfEachLayer() throws Exception {
    Snapshot snapshot =
        new Snapshot(
            new Layer("commune", Layer.Kind.DATASET, false, "3", "", "", 0),
            AreaIndex.empty(),
            42,
            0,
            NOW.minusMillis(1500));
    Snapshot ahead =
        new Snapshot(
            new Layer("thing", Layer.Kind.ZONES, false, "", "", "", 0),
            AreaIndex.empty(),
            43,
            0,
            NOW.plusSeconds(5));

    LocateResponse response = serve(snapshot, ahead).locate(at(0, 0).build());

    assertEquals(
        List.of(
            LayerSnapshot.newBuilder()
                .setLayer("commune")
                .setGeneration(42)
                .setDatasetVersion("3")
                .setAge(Duration.newBuilder().setSeconds(1).setNanos(500_000_000))
                .build(),
            LayerSnapshot.newBuilder()
                .setLayer("thing")
                .setGeneration(43)
                .setAge(Duration.getDefaultInstance())
                .build()),
        response.getLayersList());
  }

  @Test
  void locate_beforeTheFirstLoad_isUnavailable() throws Exception {
    GeoSearchBlockingStub stub = serve(new Atlas(List.of()));

    assertFails(Status.Code.UNAVAILABLE, () -> stub.locate(at(0, 0).build()));
  }

  // Impossible requests.

  @Test
  void locate_noPosition_isRefused() throws Exception {
    GeoSearchBlockingStub stub = serve(Layers.imported("commune").snapshot());

    assertEquals(
        Map.of("position", "must be set"),
        assertRefused(() -> stub.locate(LocateRequest.getDefaultInstance())));
  }

  @ParameterizedTest
  @ValueSource(doubles = {90.00000001, -91, Double.NaN, Double.NEGATIVE_INFINITY})
  void locate_impossibleLatitude_isRefused(double latitude) throws Exception {
    GeoSearchBlockingStub stub = serve(Layers.imported("commune").snapshot());

    assertEquals(
        Map.of("position.latitude", "must be from -90 to 90 degrees, not " + latitude),
        assertRefused(() -> stub.locate(at(latitude, 0).build())));
  }

  @ParameterizedTest
  @ValueSource(doubles = {180.00000001, -181, Double.NaN, Double.POSITIVE_INFINITY})
  void locate_impossibleLongitude_isRefused(double longitude) throws Exception {
    GeoSearchBlockingStub stub = serve(Layers.imported("commune").snapshot());

    assertEquals(
        Map.of("position.longitude", "must be from -180 to 180 degrees, not " + longitude),
        assertRefused(() -> stub.locate(at(0, longitude).build())));
  }

  @Test
  void locate_tooManyLayers_isRefused() throws Exception {
    GeoSearchBlockingStub stub = serve(Layers.imported("commune").snapshot());

    assertEquals(
        Map.of("options.layers", "must be at most 100, not 101"),
        assertRefused(() -> stub.locate(at(0, 0).setOptions(communes(101)).build())));
    stub.locate(at(0, 0).setOptions(communes(100)).build());
  }

  @ParameterizedTest
  @CsvSource({"90, 180", "90, -180", "-90, 180", "-90, -180"})
  void locate_extremesOfTheEarth_areAllowed(double latitude, double longitude) throws Exception {
    GeoSearchBlockingStub stub =
        serve(Layers.imported("commune").area("all", "", box(-180, -90, 180, 90)).snapshot());

    assertEquals(List.of("all"), ids(stub.locate(at(latitude, longitude).build())));
  }

  // Hints.

  @Test
  void locate_exchangedWouldBeFound_saysSoAndCounts() throws Exception {
    GeoSearchBlockingStub stub =
        serve(Layers.imported("commune").area("C", "", box(2, 50, 3, 51)).snapshot());

    assertTrue(hint(stub, at(2.5, 50.5)).contains("latitude and longitude exchanged"));
    assertEquals(1, loopback.count("search.hint"));
  }

  @Test
  void locate_outOfRangeAndExchangedWouldBeFound_saysSoWithTheError() throws Exception {
    GeoSearchBlockingStub stub =
        serve(Layers.imported("country").area("JP", "", box(138, 34, 140, 36)).snapshot());

    assertTrue(hintOfRefusal(stub, at(139, 35)).contains("latitude and longitude exchanged"));
    assertNull(hintOfRefusal(stub, at(120, 10)));
    assertNull(hintOfRefusal(stub, at(200, 139)));
    PositionAnswer answer =
        stub.locateBatch(
                LocateBatchRequest.newBuilder().addLatitudes(139).addLongitudes(35).build())
            .getAnswers(0);
    assertTrue(answer.hasError());
    assertTrue(answer.getSwappedFound());
  }

  @Test
  void locate_exchangedWouldBeFoundInALayerNotAskedFor_saysNothing() throws Exception {
    GeoSearchBlockingStub stub =
        serve(
            Layers.imported("commune").area("C", "", box(2, 50, 3, 51)).snapshot(),
            Layers.imported("country").snapshot());

    assertNull(hint(stub, at(2.5, 50.5).setOptions(layers("country"))));
  }

  @Test
  void locate_foundOrNowhere_saysNothing() throws Exception {
    GeoSearchBlockingStub stub =
        serve(
            Layers.imported("commune")
                .area("C", "", box(2, 50, 3, 51))
                .area("D", "", box(50, 2, 51, 3))
                .snapshot());

    assertNull(hint(stub, at(2.5, 50.5)));
    assertNull(hint(stub, at(10, 10)));
    assertNull(hint(stub, at(10, 120)));
    assertEquals(0, loopback.count("search.hint"));
  }

  // Metrics.

  @Test
  void locate_hitsAndMisses_areCountedForEachLayer() throws Exception {
    GeoSearchBlockingStub stub =
        serve(
            Layers.imported("country").area("X", "", box(0, 0, 10, 10)).snapshot(),
            Layers.imported("commune").area("Y", "", box(0, 0, 1, 1)).snapshot());

    stub.locate(at(0.5, 0.5).build());
    stub.locate(at(5, 5).build());

    assertEquals(2, loopback.count("lookup.country.hit"));
    assertEquals(1, loopback.count("lookup.commune.hit"));
    assertEquals(1, loopback.count("lookup.commune.miss"));
  }

  /** The answers are JTS's, on overlapping areas with holes and on a grid that hits borders. */
  @Test
  void locate_manyPositions_agreesWithJts() throws Exception {
    List<String> outlines =
        List.of(
            "POLYGON((0 0,8 0,8 8,0 8,0 0),(2 2,2 6,6 6,6 2,2 2))",
            "POLYGON((4 4,12 4,8 12,4 4))",
            "MULTIPOLYGON(((1 1,3 1,3 3,1 3,1 1)),((5 5,7 5,7 7,5 7,5 5)))");
    Layers layer = Layers.imported("commune");
    for (int i = 0; i < outlines.size(); i++) {
      layer.area(String.valueOf(i), "", outlines.get(i));
    }
    GeoSearchBlockingStub stub = serve(layer.snapshot());
    Random random = new Random(7);

    for (int i = 0; i < 500; i++) {
      double latitude = random.nextInt(-2, 27) / 2.0;
      double longitude = random.nextInt(-2, 27) / 2.0;
      Geometry point = new GeometryFactory().createPoint(new Coordinate(longitude, latitude));
      String[] expected = new String[outlines.size()];
      for (int area = 0; area < expected.length; area++) {
        Geometry outline = new WKTReader().read(outlines.get(area));
        expected[area] =
            !outline.covers(point) ? "" : outline.contains(point) ? "MATCH_INSIDE" : "MATCH_BORDER";
      }
      String[] found = new String[outlines.size()];
      Arrays.fill(found, "");
      for (LocatedArea area : stub.locate(at(latitude, longitude).build()).getAreasList()) {
        found[Integer.parseInt(area.getArea().getId())] = area.getMatch().name();
      }
      assertEquals(Arrays.toString(expected), Arrays.toString(found), latitude + " " + longitude);
    }
  }

  private static Snapshot lyon() {
    return Layers.imported("commune")
        .area("69123", "Lyon", box(4.77, 45.71, 4.9, 45.81))
        .snapshot();
  }

  private static Snapshot overlapping(String layer, long seed) {
    Layers areas = Layers.imported(layer);
    List<Geometry> outlines = new RandomOutlines(seed, 0, 0, 8).outlines(40);
    for (int i = 0; i < outlines.size(); i++) {
      areas.area(new Area(String.valueOf(i), "", Map.of()), outlines.get(i));
    }
    return areas.snapshot();
  }

  /** What a call answers, or the status that it ends with. */
  private static Object answer(Callable<?> call) throws Exception {
    try {
      return call.call();
    } catch (StatusRuntimeException | ExecutionException e) {
      return Status.fromThrowable(e).toString();
    }
  }

  private GeoSearchBlockingStub serve(Snapshot... snapshots) throws Exception {
    Atlas atlas = new Atlas(List.of());
    atlas.publish(List.of(snapshots));
    return serve(atlas);
  }

  private GeoSearchBlockingStub serve(Atlas atlas) throws Exception {
    loopback =
        Loopback.start(metrics ->
            new LocateService(
                atlas,
                metrics,
                InstantSource.fixed(NOW),
                TrafficBudget.ofThisProcess(),
                new GenerationWaits(atlas, () -> {}, GenerationWaits.LONGEST),
                new StateWaits(
                    new EarlierStates(WatchedStore.none(), 0), GenerationWaits.LONGEST)));
    return GeoSearchGrpc.newBlockingStub(loopback.channel());
  }

  private static LocateRequest.Builder at(double latitude, double longitude) {
    return LocateRequest.newBuilder()
        .setPosition(LatLng.newBuilder().setLatitude(latitude).setLongitude(longitude));
  }

  private static LocateOptions.Builder layers(String... layers) {
    return LocateOptions.newBuilder().addAllLayers(List.of(layers));
  }

  private static LocateOptions.Builder communes(int count) {
    return LocateOptions.newBuilder().addAllLayers(Collections.nCopies(count, "commune"));
  }

  private static List<String> ids(LocateResponse response) {
    return response.getAreasList().stream().map(found -> found.getArea().getId()).toList();
  }

  private static String hintOfRefusal(GeoSearchBlockingStub stub, LocateRequest.Builder request) {
    StatusRuntimeException e =
        assertThrows(StatusRuntimeException.class, () -> stub.locate(request.build()));
    assertEquals(Status.Code.INVALID_ARGUMENT, e.getStatus().getCode());
    return e.getTrailers().get(SearchService.HINT);
  }

  private static String hint(GeoSearchBlockingStub stub, LocateRequest.Builder request) {
    AtomicReference<Metadata> headers = new AtomicReference<>();
    AtomicReference<Metadata> trailers = new AtomicReference<>();
    stub.withInterceptors(MetadataUtils.newCaptureMetadataInterceptor(headers, trailers))
        .locate(request.build());
    return trailers.get().get(SearchService.HINT);
  }
}
