package geosearch.rpc;

import static geosearch.rpc.Errors.assertFails;
import static geosearch.rpc.Errors.assertRefused;
import static geosearch.rpc.Layers.box;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.Empty;
import geosearch.atlas.Atlas;
import geosearch.atlas.Snapshot;
import geosearch.config.SearchConfig;
import geosearch.config.SearchConfig.AxisOrder;
import geosearch.geo.Area;
import geosearch.geo.AreaIndex;
import geosearch.geo.Validity;
import geosearch.original.SearchGrpc;
import geosearch.original.SearchRequest;
import geosearch.original.SearchResponse;
import geosearch.original.SearchResponses;
import io.grpc.Channel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;
import java.lang.ref.WeakReference;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SearchServiceTest {

  /** Lyon as the original's table has it, its outline cut down to a box. */
  private static final Snapshot ORIGINAL_COMMUNES =
      Layers.original("commune")
          .area(
              new Area("69123", "Lyon", Map.of("wikipedia", "fr:Lyon", "surf_ha", "4798.0")),
              box(4.77, 45.71, 4.9, 45.81))
          .snapshot();

  private static final Snapshot SQUARED_THING =
      Layers.originalThings()
          .area("thing/1", "test_squared_thing", "POLYGON((0 0,1 0,1 1,0 1,0 0))")
          .snapshot();

  private Loopback loopback;

  @AfterEach
  void stop() {
    if (loopback != null) {
      loopback.close();
    }
  }

  @Test
  void searchThing_zoneOutsideItsValidity_isNotAnswered() throws Exception {
    Instant now = Instant.now();
    Validity over = new Validity(Optional.empty(), Optional.of(now.minusSeconds(1)));
    Validity toCome = new Validity(Optional.of(now.plusSeconds(1000)), Optional.empty());
    Validity going = new Validity(/* start= */ over.end(), /* end= */ toCome.start());
    Channel channel =
        serve(
            Layers.things()
                .area(new Area("a", "over", Map.of(), 0, over), box(0, 0, 1, 1))
                .area(new Area("b", "to come", Map.of(), 0, toCome), box(0, 0, 1, 1))
                .area(new Area("c", "going", Map.of(), 0, going), box(0, 0, 1, 1))
                .snapshot());

    assertEquals(List.of("going"), searchThing(channel, 0.5f, 0.5f));
  }

  // The original's three tests.

  @Test
  void searchThing_insideTheSquaredThing_answersExactlyIt() throws Exception {
    Channel channel = serve(SQUARED_THING);

    assertEquals(List.of("test_squared_thing"), searchThing(channel, 0.5f, 0.5f));
  }

  @Test
  void searchThing_outsideTheSquaredThing_doesNotAnswerIt() throws Exception {
    Channel channel = serve(SQUARED_THING);

    assertEquals(List.of(), searchThing(channel, -1.0f, 0.0f));
  }

  @Test
  void search_recordedExchange_comesBackWordForWord() throws Exception {
    Channel channel = serve(ORIGINAL_COMMUNES, SQUARED_THING);

    SearchResponses responses =
        SearchGrpc.newBlockingStub(channel)
            .search(
                SearchRequest.newBuilder()
                    .setQuery("search_client")
                    .setResultPerPage(10)
                    .setLat((float) 4.849999904632568)
                    .setLng(45.75f)
                    .build());

    assertEquals(
        SearchResponses.newBuilder()
            .addResponses(SearchResponse.newBuilder().setResponse("69123 - Lyon - fr:Lyon"))
            .build(),
        responses);
  }

  // What is answered.

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          69123, Lyon, fr:Lyon, 69123 - Lyon - fr:Lyon
          69123, Lyon, '',      69123 - Lyon
          69123, '',   fr:Lyon, 69123 - fr:Lyon
          69123, '',   '',      69123
          """)
  void search_absentPart_isLeftOutWithItsDash(
      String id, String name, String wikipedia, String expected) throws Exception {
    Map<String, String> attributes =
        wikipedia.isEmpty() ? Map.of() : Map.of("wikipedia", wikipedia);
    Channel channel =
        serve(
            Layers.imported("commune")
                .area(new Area(id, name, attributes), box(0, 0, 1, 1))
                .snapshot());

    assertEquals(List.of(expected), search(channel, 0.5f, 0.5f));
  }

  @Test
  void search_severalLayers_answersInLayerOrderThenPriorityThenSizeThenId() throws Exception {
    Snapshot parcels = Layers.imported("parcel").area("p", "", box(0, 0, 9, 9)).snapshot();
    Snapshot communes =
        Layers.imported("commune")
            .area("small", "", box(0, 0, 1, 1))
            .area("b", "", box(0, 0, 2, 2))
            .area("a", "", box(0, 0, 2, 2))
            .area(new Area("first", "", Map.of(), 5), box(0, 0, 8, 8))
            .snapshot();
    Channel channel = serve(List.of("parcel", "commune"), config(), communes, parcels);

    assertEquals(List.of("p", "first", "small", "a", "b"), search(channel, 0.5f, 0.5f));
  }

  @Test
  void search_always_leavesThingsAside() throws Exception {
    Channel channel =
        serve(Layers.imported("country").area("X", "", box(0, 0, 1, 1)).snapshot(), SQUARED_THING);

    assertEquals(List.of("X"), search(channel, 0.5f, 0.5f));
  }

  @Test
  void search_narrowedBySetting_looksAtThoseLayersAlone() throws Exception {
    SearchConfig narrowed = new SearchConfig(AxisOrder.ORIGINAL, List.of("commune", "absent"), 10);
    Channel channel =
        serve(
            List.of(),
            narrowed,
            Layers.imported("country").area("X", "", box(0, 0, 1, 1)).snapshot(),
            Layers.imported("commune").area("Y", "", box(0, 0, 1, 1)).snapshot());

    assertEquals(List.of("Y"), search(channel, 0.5f, 0.5f));
  }

  @Test
  void search_onABorder_answersAllThatBorderIt() throws Exception {
    Channel channel =
        serve(
            Layers.imported("commune")
                .area("west", "", box(0, 0, 1, 1))
                .area("east", "", box(1, 0, 2, 1))
                .snapshot());

    assertEquals(List.of("east", "west"), search(channel, 0.5f, 1f));
  }

  @Test
  void search_query_filtersNothing() throws Exception {
    Channel channel = serve(SQUARED_THING);

    assertEquals(
        List.of("test_squared_thing"),
        texts(
            SearchGrpc.newBlockingStub(channel)
                .searchThing(request(0.5f, 0.5f).toBuilder().setQuery("no such thing").build())));
  }

  @Test
  void searchThing_severalThings_answersTheirNamesInOrder() throws Exception {
    Channel channel =
        serve(
            Layers.things()
                .area("large", "L", box(0, 0, 9, 9))
                .area("small", "S", box(0, 0, 1, 1))
                .area("nameless", "", box(0, 0, 2, 2))
                .snapshot());

    assertEquals(List.of("S", "nameless", "L"), searchThing(channel, 0.5f, 0.5f));
  }

  @Test
  void searchThing_noThings_isEmpty() throws Exception {
    Channel channel = serve(ORIGINAL_COMMUNES);

    assertEquals(List.of(), searchThing(channel, 45.75f, 4.85f));
  }

  @Test
  void monitor_things_countsThem() throws Exception {
    Channel channel =
        serve(
            ORIGINAL_COMMUNES,
            Layers.things()
                .area("a", "A", box(0, 0, 1, 1))
                .area("b", "B", box(0, 0, 2, 2))
                .snapshot());

    assertEquals(2, monitor(channel));
  }

  @Test
  void monitor_noThings_isZero() throws Exception {
    assertEquals(0, monitor(serve()));
  }

  @Test
  void anyMethod_afterANewPicture_answersFromIt() throws Exception {
    Atlas atlas = new Atlas(List.of());
    atlas.publish(List.of(SQUARED_THING));
    Channel channel = serve(atlas, config());
    assertEquals(1, monitor(channel));

    atlas.publish(List.of(Layers.things().area("n", "new", box(0, 0, 1, 1)).snapshot()));

    assertEquals(List.of("new"), searchThing(channel, 0.5f, 0.5f));
  }

  @Test
  void anyMethod_beforeTheFirstPicture_isUnavailable() throws Exception {
    Channel channel = serve(new Atlas(List.of()), config());

    assertFails(Status.Code.UNAVAILABLE, () -> search(channel, 0, 0));
    assertFails(Status.Code.UNAVAILABLE, () -> searchThing(channel, 0, 0));
    assertFails(Status.Code.UNAVAILABLE, () -> monitor(channel));
  }

  @Test
  void search_manyAtOnce_answersAsOneByOne() throws Exception {
    Channel channel = serve(ORIGINAL_COMMUNES, twoBoxes());
    Random random = new Random(8);
    List<SearchRequest> requests = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      requests.add(
          i % 3 == 0
              ? request(random.nextFloat(4.7f, 4.95f), random.nextFloat(45.7f, 45.85f))
              : request(random.nextFloat(-2.5f, 2.5f), random.nextFloat(-2.5f, 2.5f)));
    }

    List<ListenableFuture<SearchResponses>> together =
        requests.stream().map(SearchGrpc.newFutureStub(channel)::search).toList();

    for (int i = 0; i < requests.size(); i++) {
      assertEquals(
          SearchGrpc.newBlockingStub(channel).search(requests.get(i)), together.get(i).get());
    }
  }

  // Paging.

  @Test
  void search_pages_concatenatedAreTheWhole() throws Exception {
    Random random = new Random(7);
    Layers communes = Layers.imported("commune");
    Layers parcels = Layers.original("parcel");
    for (int i = 0; i < 60; i++) {
      // Sizes and priorities repeat, so that the order must come from the ids as well.
      int size = 1 + random.nextInt(4);
      Layers layer = random.nextBoolean() ? communes : parcels;
      Area area = new Area("a" + i, "", Map.of(), random.nextInt(2));
      layer.area(area, box(-size, -size, size, size));
    }
    Channel channel =
        serve(
            List.of(),
            new SearchConfig(AxisOrder.ORIGINAL, List.of(), 50),
            communes.snapshot(),
            parcels.snapshot());
    List<String> whole = new ArrayList<>(search(channel, 0.25f, -0.5f));
    whole.addAll(page(channel, 2, 50));
    assertEquals(60, whole.size());
    assertEquals(60, Set.copyOf(whole).size());

    for (int size = 1; size <= 51; size++) {
      List<String> together = new ArrayList<>();
      List<String> page;
      int number = 1;
      do {
        page = page(channel, number++, size);
        assertTrue(page.size() <= Math.min(size, 50));
        together.addAll(page);
      } while (!page.isEmpty());
      assertEquals(whole, together, "pages of " + size);
    }
  }

  @Test
  void search_pageZero_isTheFirst() throws Exception {
    Channel channel = serve(SQUARED_THING, twoBoxes());

    assertEquals(page(channel, 1, 1), page(channel, 0, 1));
  }

  @Test
  void search_resultsZeroOrMoreThanTheCap_isTheCap() throws Exception {
    Channel channel =
        serve(List.of(), new SearchConfig(AxisOrder.ORIGINAL, List.of(), 1), twoBoxes());

    assertEquals(List.of("a"), page(channel, 0, 0));
    assertEquals(List.of("a"), page(channel, 0, Integer.MAX_VALUE));
    assertEquals(List.of("b"), page(channel, 2, 0));
  }

  @Test
  void search_lastPossiblePage_isEmptyWithoutOverflow() throws Exception {
    Channel channel = serve(twoBoxes());

    assertEquals(List.of(), page(channel, Integer.MAX_VALUE, Integer.MAX_VALUE));
    assertEquals(List.of(), page(channel, Integer.MAX_VALUE, 1));
  }

  @Test
  void search_negativePaging_isRefusedWithFieldAndValue() throws Exception {
    Channel channel = serve(twoBoxes());

    Map<String, String> refused = assertRefused(() -> page(channel, -1, Integer.MIN_VALUE));

    assertEquals(
        Map.of(
            "page_number", "must be at least 0, not -1",
            "result_per_page", "must be at least 0, not -2147483648"),
        refused);
  }

  // Axis orders. The box lies at latitudes 50 to 51 and longitudes 2 to 3.

  @ParameterizedTest
  @CsvSource({
    "ORIGINAL, false, 50.5, 2.5",
    "ORIGINAL, true, 2.5, 50.5",
    "LAT_LNG, false, 50.5, 2.5",
    "LAT_LNG, true, 50.5, 2.5",
    "LNG_LAT, false, 2.5, 50.5",
    "LNG_LAT, true, 2.5, 50.5"
  })
  void search_axisOrder_decidesTheReading(AxisOrder order, boolean original, float lat, float lng)
      throws Exception {
    Layers layer = original ? Layers.original("commune") : Layers.imported("commune");
    Snapshot snapshot = layer.area("A", "", box(2, 50, 3, 51)).snapshot();
    Channel channel = serve(List.of(), new SearchConfig(order, List.of(), 10), snapshot);

    assertEquals(List.of("A"), search(channel, lat, lng));
    assertEquals(List.of(), search(channel, lng, lat));
  }

  @Test
  void search_layersOfBothReadings_areEachReadTheirWay() throws Exception {
    Channel channel =
        serve(
            Layers.original("commune").area("C", "", box(2, 50, 3, 51)).snapshot(),
            Layers.imported("country").area("X", "", box(50, 2, 51, 3)).snapshot());

    assertEquals(List.of("C", "X"), search(channel, 2.5f, 50.5f));
  }

  // Impossible positions.

  @ParameterizedTest
  @ValueSource(floats = {90.001f, -90.5f, 180, 1e30f, Float.POSITIVE_INFINITY, Float.NaN})
  void search_impossibleAsNamed_isRefusedWithFieldBoundAndValue(float lat) throws Exception {
    Channel channel = serve(twoBoxes());

    Map<String, String> refused = assertRefused(() -> search(channel, lat, 10));

    assertEquals(
        Map.of("lat", "read as the latitude, must be from -90 to 90 degrees, not " + lat), refused);
  }

  @Test
  void search_impossibleLongitude_isRefused() throws Exception {
    Channel channel = serve(twoBoxes());

    Map<String, String> refused = assertRefused(() -> search(channel, Float.NaN, -180.1f));

    assertEquals(
        Map.of(
            "lat", "read as the latitude, must be from -90 to 90 degrees, not NaN",
            "lng", "read as the longitude, must be from -180 to 180 degrees, not -180.1"),
        refused);
  }

  @Test
  void search_impossibleInOneOfTwoReadings_isLookedUpInTheOther() throws Exception {
    Channel channel =
        serve(
            Layers.original("commune").area("C", "", box(100, 50, 101, 51)).snapshot(),
            Layers.imported("country").area("X", "", box(50, 80, 51, 90)).snapshot());

    assertEquals(List.of("C"), search(channel, 100.5f, 50.5f));
  }

  @Test
  void search_impossibleInBothReadings_isRefused() throws Exception {
    Channel channel =
        serve(
            Layers.original("commune").area("C", "", box(100, 50, 101, 51)).snapshot(),
            Layers.imported("country").area("X", "", box(50, 80, 51, 90)).snapshot());

    Map<String, String> refused = assertRefused(() -> search(channel, 100.5f, 95));

    assertEquals(Set.of("lat", "lng"), refused.keySet());
  }

  @ParameterizedTest
  @EnumSource(AxisOrder.class)
  void search_extremesOfTheEarth_areAllowed(AxisOrder order) throws Exception {
    Channel channel =
        serve(List.of(), new SearchConfig(order, List.of(), 10), twoBoxes(), ORIGINAL_COMMUNES);
    for (float latitude : new float[] {-90, 90}) {
      for (float longitude : new float[] {-180, 180}) {
        boolean swapped = order == AxisOrder.LNG_LAT;
        assertEquals(
            List.of(),
            search(channel, swapped ? longitude : latitude, swapped ? latitude : longitude));
      }
    }
  }

  @Test
  void search_noLayers_refusesOnlyWhatNoReadingAllows() throws Exception {
    Channel channel = serve();

    assertEquals(List.of(), search(channel, 100, 50));
    assertEquals(List.of(), search(channel, 50, 100));
    assertRefused(() -> search(channel, 100, 100));
    assertRefused(() -> search(channel, Float.NaN, 0));
  }

  @Test
  void search_noLayersAndAPinnedOrder_refusesByIt() throws Exception {
    Channel channel = serve(List.of(), new SearchConfig(AxisOrder.LNG_LAT, List.of(), 10));

    assertEquals(List.of(), search(channel, 100, 50));
    assertRefused(() -> search(channel, 50, 100));
  }

  // Hints.

  @Test
  void search_onlyTheOtherReadingFinds_saysSoInTheTrailersAndCounts() throws Exception {
    Channel channel = serve(ORIGINAL_COMMUNES);

    assertTrue(hint(channel, 45.75f, 4.85f).contains("lat was read as the longitude"));
    assertEquals(1, loopback.count("search.hint"));
  }

  @Test
  void search_onlyTheOtherReadingFindsOnANewLayer_saysSo() throws Exception {
    Channel channel = serve(Layers.imported("country").area("X", "", box(2, 50, 3, 51)).snapshot());

    assertTrue(hint(channel, 2.5f, 50.5f).contains("the longitude in lat"));
  }

  @Test
  void search_somethingFound_givesNoHint() throws Exception {
    Channel channel =
        serve(
            Layers.imported("country")
                .area("X", "", box(2, 50, 3, 51))
                .area("Y", "", box(50, 2, 51, 3))
                .snapshot());

    assertNull(hint(channel, 2.5f, 50.5f));
  }

  @Test
  void search_emptyPageOfSomething_givesNoHint() throws Exception {
    Channel channel =
        serve(
            Layers.imported("country")
                .area("X", "", box(2, 50, 3, 51))
                .area("Y", "", box(50, 2, 51, 3))
                .snapshot());

    assertNull(hint(channel, request(2.5f, 50.5f).toBuilder().setPageNumber(2).build()));
  }

  @Test
  void search_nothingInEitherReading_givesNoHint() throws Exception {
    Channel channel = serve(ORIGINAL_COMMUNES);

    assertNull(hint(channel, 0, 0));
    assertEquals(0, loopback.count("search.hint"));
  }

  @Test
  void search_otherReadingImpossible_givesNoHint() throws Exception {
    Channel channel =
        serve(Layers.original("commune").area("C", "", box(100, 50, 101, 51)).snapshot());

    assertNull(hint(channel, 120, 50));
  }

  // Metrics.

  @Test
  void search_hitsAndMisses_areCountedForEachLayer() throws Exception {
    Channel channel =
        serve(
            Layers.imported("country").area("X", "", box(0, 0, 10, 10)).snapshot(),
            Layers.imported("commune").area("Y", "", box(0, 0, 1, 1)).snapshot());

    search(channel, 0.5f, 0.5f);
    search(channel, 5, 5);
    search(channel, 5, 5);

    assertEquals(3, loopback.count("lookup.country.hit"));
    assertEquals(0, loopback.count("lookup.country.miss"));
    assertEquals(1, loopback.count("lookup.commune.hit"));
    assertEquals(2, loopback.count("lookup.commune.miss"));
  }

  // Memory.

  @Test
  void search_stateThatIsNoLongerServed_isNotKept() throws Exception {
    Atlas atlas = new Atlas(List.of());
    atlas.publish(List.of(twoBoxes()));
    Channel channel = serve(atlas, config());
    search(channel, 0.5f, 0.5f);
    WeakReference<AreaIndex> before =
        new WeakReference<>(atlas.view().orElseThrow().layers().getFirst().index());

    atlas.publish(List.of(twoBoxes()));

    Collected.assertCollected(before);
  }

  private Channel serve(Snapshot... snapshots) throws Exception {
    return serve(List.of(), config(), snapshots);
  }

  private Channel serve(List<String> order, SearchConfig config, Snapshot... snapshots)
      throws Exception {
    Atlas atlas = new Atlas(order);
    atlas.publish(List.of(snapshots));
    return serve(atlas, config);
  }

  private Channel serve(Atlas atlas, SearchConfig config) throws Exception {
    loopback = Loopback.start(metrics -> new SearchService(atlas, config, metrics));
    return loopback.channel();
  }

  private static SearchConfig config() {
    return new SearchConfig(AxisOrder.ORIGINAL, List.of(), 1000);
  }

  private static Snapshot twoBoxes() {
    return Layers.imported("commune")
        .area("a", "", box(-1, -1, 1, 1))
        .area("b", "", box(-2, -2, 2, 2))
        .snapshot();
  }

  private static SearchRequest request(float lat, float lng) {
    return SearchRequest.newBuilder().setLat(lat).setLng(lng).build();
  }

  private static List<String> search(Channel channel, float lat, float lng) {
    return texts(SearchGrpc.newBlockingStub(channel).search(request(lat, lng)));
  }

  private static List<String> page(Channel channel, int number, int size) {
    return texts(
        SearchGrpc.newBlockingStub(channel)
            .search(
                request(0.25f, -0.5f).toBuilder()
                    .setPageNumber(number)
                    .setResultPerPage(size)
                    .build()));
  }

  private static List<String> searchThing(Channel channel, float lat, float lng) {
    return texts(SearchGrpc.newBlockingStub(channel).searchThing(request(lat, lng)));
  }

  private static int monitor(Channel channel) {
    return SearchGrpc.newBlockingStub(channel).monitor(Empty.getDefaultInstance()).getNThings();
  }

  private static String hint(Channel channel, float lat, float lng) {
    return hint(channel, request(lat, lng));
  }

  private static String hint(Channel channel, SearchRequest request) {
    AtomicReference<Metadata> headers = new AtomicReference<>();
    AtomicReference<Metadata> trailers = new AtomicReference<>();
    SearchGrpc.newBlockingStub(channel)
        .withInterceptors(MetadataUtils.newCaptureMetadataInterceptor(headers, trailers))
        .search(request);
    return trailers.get().get(Metadata.Key.of("geosearch-hint", Metadata.ASCII_STRING_MARSHALLER));
  }

  private static List<String> texts(SearchResponses responses) {
    return responses.getResponsesList().stream().map(SearchResponse::getResponse).toList();
  }
}
