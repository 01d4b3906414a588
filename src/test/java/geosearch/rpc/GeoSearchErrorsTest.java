package geosearch.rpc;

import static geosearch.rpc.GeoSearchServer.at;
import static geosearch.rpc.Layers.box;

import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import com.google.rpc.ErrorInfo;
import com.google.rpc.ResourceInfo;
import com.google.rpc.RetryInfo;
import com.google.type.LatLng;
import geosearch.atlas.Atlas;
import geosearch.atlas.Snapshot;
import geosearch.config.FollowConfig;
import geosearch.geo.Area;
import geosearch.geo.AreaIndex;
import geosearch.geo.Layer;
import geosearch.health.Readiness;
import geosearch.load.EarlierStates;
import geosearch.load.Follower;
import geosearch.metrics.Metrics;
import geosearch.store.DatasetWriter;
import geosearch.store.EmbeddedStore;
import geosearch.store.Store;
import geosearch.store.StoreException;
import geosearch.store.Zone;
import geosearch.store.ZoneDraft;
import geosearch.store.ZoneLimits;
import geosearch.testing.WatchedStore;
import geosearch.traffic.TrafficBudget;
import geosearch.v1.AttributeFilter;
import geosearch.v1.AttributeSelection;
import geosearch.v1.BoundingBox;
import geosearch.v1.FindAreasRequest;
import geosearch.v1.GeoSearchGrpc;
import geosearch.v1.GetAreaRequest;
import geosearch.v1.ListLayersRequest;
import geosearch.v1.LocateBatchRequest;
import geosearch.v1.LocateBatchResponse;
import geosearch.v1.LocateOptions;
import geosearch.v1.LocateRequest;
import geosearch.v1.LocateStreamRequest;
import geosearch.v1.LocateStreamResponse;
import geosearch.v1.Nearest;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.io.WKTReader;

/** Every error that geosearch.proto promises, method by method. */
class GeoSearchErrorsTest extends DocumentedErrors {

  /**
   * Vertices that states which are not served may have: some zones, but not version 1 of `zone`.
   */
  private static final int ROOM = 100;

  private static final Duration LONG = Duration.ofMinutes(2);

  /** As long ago as the states of zones are kept no more. */
  private static final Timestamp EARLY = Timestamp.newBuilder().setSeconds(1_000_000_000).build();

  @TempDir private static Path folder;

  private static final CountDownLatch END = new CountDownLatch(1);

  private static Store store;

  /** Knows a layer with two versions, and a collection whose early states are forgotten. */
  private static GeoSearchServer knowing;

  /** As that one, but its store is away. */
  private static GeoSearchServer cutOff;

  /** Has loaded nothing yet. */
  private static Loopback unloaded;

  /** Waits for changes of zones for a moment only. */
  private static GeoSearchServer impatient;

  /** As many calls wait there for a change of zones as may. */
  private static GeoSearchServer crowded;

  /** As much is computed there as may be. */
  private static GeoSearchServer busy;

  /** Makes a call, and throws what it answers. */
  @FunctionalInterface
  private interface Call {
    void with(ManagedChannel channel, LocateOptions options) throws Exception;
  }

  /** The methods, as far as they have what LocateOptions has. */
  private static final Map<String, Call> ASKING = new LinkedHashMap<>();

  static {
    ASKING.put("Locate", GeoSearchErrorsTest::locate);
    ASKING.put("LocateBatch", GeoSearchErrorsTest::locateBatch);
    ASKING.put("LocateStream", GeoSearchErrorsTest::locateStream);
    ASKING.put("FindAreas", GeoSearchErrorsTest::findAreas);
    ASKING.put("GetArea", GeoSearchErrorsTest::getArea);
  }

  GeoSearchErrorsTest() {
    super("geosearch/v1/geosearch.proto");
  }

  @BeforeAll
  void serve() throws Exception {
    knowing = knowing();
    cutOff = cutOff();
    unloaded = keep(unloaded());
    impatient = keep(GeoSearchServer.waiting(Duration.ofMillis(20), zones()));
    crowded = crowded();
    busy = busy();
  }

  private GeoSearchServer knowing() throws Exception {
    store = keep(EmbeddedStore.open(folder, new ZoneLimits(10, 10, Duration.ZERO, Duration.ZERO)));
    importLayer(new WKTReader().read("POINT (0 0)").buffer(1, 2 * ROOM));
    importLayer(square());
    for (int i = 0; i < 64; i++) {
      Zone zone = create();
      store.zones().delete(zone.key(), OptionalLong.empty());
    }
    long last = create().revision();
    EarlierStates states = keep(new EarlierStates(store, ROOM));
    GeoSearchServer server =
        keep(GeoSearchServer.remembering(states, InstantSource.system(), LONG));
    Follower follower =
        keep(
            new Follower(
                store,
                server.atlas,
                new Readiness().condition("layers"),
                new Metrics(new SimpleMeterRegistry()),
                new FollowConfig(LONG, Duration.ofMillis(10), Duration.ofMillis(20))));
    follower.start();
    follower.awaitRevision(last, LONG);
    follower.refresh("zone", LONG);
    return server;
  }

  private static void importLayer(Geometry outline) {
    try (DatasetWriter writer = store.datasets().begin("zone")) {
      writer.add(1, new Area("a", "a", Map.of()), outline);
      writer.commit(new DatasetWriter.Provenance("test", "00", 0, 0, "", 0), false);
    }
  }

  private static Zone create() throws Exception {
    return store
        .zones()
        .create(
            new ZoneDraft(
                Store.ZONE_LAYER, new Area("z", "z", Map.of()), square(), Optional.empty()),
            Optional.empty());
  }

  private static Geometry square() throws Exception {
    return new WKTReader().read(box(0, 0, 1, 1));
  }

  private GeoSearchServer cutOff() throws IOException {
    Store away =
        WatchedStore.of(
            store,
            method -> {
              throw new StoreException(
                  StoreException.Kind.UNAVAILABLE, "the store can't be reached");
            });
    List<Snapshot> served = knowing.atlas.view().orElseThrow().layers();
    return keep(
        GeoSearchServer.remembering(
            keep(new EarlierStates(away, ROOM)),
            InstantSource.system(),
            LONG,
            served.toArray(Snapshot[]::new)));
  }

  private Loopback unloaded() throws IOException {
    Atlas empty = new Atlas(List.of());
    return Loopback.start(metrics ->
        new LocateService(
            empty,
            keep(new EarlierStates(WatchedStore.none(), 0)),
            metrics,
            () -> {},
            TrafficBudget.ofThisProcess(),
            LONG));
  }

  private GeoSearchServer crowded() throws IOException {
    GeoSearchServer server = keep(GeoSearchServer.waiting(LONG, zones()));
    // Of the same connection: another one would be made room for.
    GeoSearchGrpc.GeoSearchFutureStub others = server.futureStub();
    for (int i = 0; i < 1_000; i++) {
      var _ = others.listLayers(ListLayersRequest.newBuilder().setMinGeneration(6).build());
    }
    Awaitility.await().atMost(LONG).until(() -> server.waiting() == 1_000);
    return server;
  }

  private GeoSearchServer busy() throws IOException {
    InstantSource held =
        () -> {
          if (Thread.currentThread().getName().startsWith("heavy-call-")) {
            try {
              END.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
          return GeoSearchServer.NOW;
        };
    GeoSearchServer server = keep(GeoSearchServer.asking(held, zones()));
    // Connects: the calls of a connection arrive in their order.
    server.stub().listLayers(ListLayersRequest.getDefaultInstance());
    for (int i = 0; i < Runtime.getRuntime().availableProcessors() + 64; i++) {
      var _ = server.futureStub().findAreas(FindAreasRequest.getDefaultInstance());
    }
    server.stub().listLayers(ListLayersRequest.getDefaultInstance());
    return server;
  }

  private static Snapshot zones() {
    return new Snapshot(
        new Layer("zone", Layer.Kind.ZONES, false, "", "", "", 0),
        AreaIndex.empty(),
        5,
        5,
        Instant.EPOCH);
  }

  @Override
  List<DocumentedError> errors() {
    List<DocumentedError> errors = new ArrayList<>();
    addBadOptions(errors);
    addBadPositions(errors);
    addBadFields(errors);
    addOthers(errors);
    return errors;
  }

  @AfterAll
  @Override
  void close() throws Exception {
    END.countDown();
    super.close();
  }

  private static void addBadOptions(List<DocumentedError> errors) {
    Map<LocateOptions, String> common = new LinkedHashMap<>();
    common.put(
        options().addAllLayers(Collections.nCopies(101, "zone")).build(),
        "layers: must be at most 100, not 101");
    common.put(
        options().addAllFilters(Collections.nCopies(17, filter("k", 0))).build(),
        "filters: must be at most 16, not 17");
    common.put(
        options().addFilters(filter("", 0)).build(),
        "filters[0].key: must have 1 to 64 characters, not 0");
    common.put(
        options().addFilters(filter("k", 0)).addFilters(filter("k".repeat(65), 0)).build(),
        "filters[1].key: must have 1 to 64 characters, not 65");
    common.put(
        options().addFilters(filter("k", 101)).build(),
        "filters[0].values: must be at most 100, not 101");
    common.put(
        options()
            .setAttributes(AttributeSelection.newBuilder().addAllKeys(Collections.nCopies(33, "k")))
            .build(),
        "attributes.keys: must be at most 32, not 33");
    common.put(
        options().setAsOf(Timestamp.newBuilder().setSeconds(7).setNanos(-1)).build(),
        "as_of: must be a time from the year 1 to 9999, not 7 seconds and -1 nanoseconds since 1970");
    common.put(
        options().setAsOf(Timestamp.newBuilder().setSeconds(253_402_300_800L)).build(),
        "as_of: must be a time from the year 1 to 9999, not 253402300800 seconds");
    LocateOptions.Builder versions = options();
    IntStream.range(0, 11).forEach(i -> versions.putDatasetVersions("layer" + i, "1"));
    common.put(versions.build(), "dataset_versions: must be at most 10, not 11");
    common.put(
        options().setMinGeneration(-1).build(), "min_generation: must not be negative, but is -1");
    common.forEach((options, said) -> {
      for (String method : List.of("Locate", "LocateBatch", "LocateStream")) {
        errors.add(refused(method, "options." + said, options));
      }
      errors.add(refused("FindAreas", said, options));
    });

    Map<LocateOptions, String> locating = new LinkedHashMap<>();
    locating.put(
        nearest(0, 1), "nearest.within_m: must be above 0 and at most 100000 metres, not 0");
    locating.put(nearest(100_001, 1), "at most 100000 metres, not 100001.0");
    locating.put(nearest(Double.NaN, 1), "at most 100000 metres, not NaN");
    locating.put(nearest(1, -1), "nearest.max_areas: must be from 0 to 100, not -1");
    locating.put(nearest(1, 101), "nearest.max_areas: must be from 0 to 100, not 101");
    locating.put(
        options().setAccuracyM(-0.1).build(),
        "options.accuracy_m: must be from 0 to 100000 metres, not -0.1");
    locating.put(options().setAccuracyM(100_000.5).build(), "metres, not 100000.5");
    locating.forEach((options, said) -> {
      for (String method : List.of("Locate", "LocateBatch", "LocateStream")) {
        errors.add(refused(method, said, options));
      }
    });
  }

  private static DocumentedError refused(String method, String said, LocateOptions options) {
    return DocumentedError.refused(method, said, () -> call(method, knowing, options));
  }

  private static void addBadPositions(List<DocumentedError> errors) {
    errors.add(
        DocumentedError.field(
            "Locate",
            "position",
            "must be set",
            () -> knowing.stub().locate(LocateRequest.getDefaultInstance())));
    errors.add(
        DocumentedError.field(
            "Locate",
            "position.latitude",
            "must be from -90 to 90 degrees, not 90.5",
            () ->
                knowing
                    .stub()
                    .locate(LocateRequest.newBuilder().setPosition(at(90.5, 0)).build())));
    errors.add(
        DocumentedError.field(
            "Locate",
            "position.longitude",
            "must be from -180 to 180 degrees, not -181.0",
            () ->
                knowing
                    .stub()
                    .locate(LocateRequest.newBuilder().setPosition(at(0, -181)).build())));

    LocateBatchRequest one =
        LocateBatchRequest.newBuilder().addLatitudes(0).addLongitudes(0).build();
    addBatch(errors, "latitudes: must be from 1 to 10000, not 0", one.toBuilder().clear());
    addBatch(
        errors,
        "latitudes: must be from 1 to 10000, not 10001",
        one.toBuilder()
            .addAllLatitudes(Collections.nCopies(10_000, 0.0))
            .addAllLongitudes(Collections.nCopies(10_000, 0.0)));
    addBatch(
        errors,
        "longitudes: must be as many as latitudes, 1, not 2",
        one.toBuilder().addLongitudes(0));
    addBatch(
        errors,
        "accuracies_m: must be as many as latitudes, 1, not 2",
        one.toBuilder().addAccuraciesM(0).addAccuraciesM(0));
    addBatch(
        errors,
        "as_of_unix_ms: must be as many as latitudes, 1, not 2",
        one.toBuilder().addAsOfUnixMs(0).addAsOfUnixMs(0));
    addBatch(
        errors,
        "latitudes[0]: must be from -90 to 90 degrees, not NaN",
        one.toBuilder().setLatitudes(0, Double.NaN));
    addBatch(
        errors,
        "longitudes[0]: must be from -180 to 180 degrees, not 200.0",
        one.toBuilder().setLongitudes(0, 200));
    addBatch(
        errors,
        "accuracies_m[0]: must be from 0 to 100000 metres, not 100001.0",
        one.toBuilder().addAccuraciesM(100_001));

    addStream(errors, "position: must be set", LocateStreamRequest.newBuilder());
    addStream(
        errors,
        "position.latitude: must be from -90 to 90 degrees, not 91.0",
        positioned(at(91, 0)));
    addStream(
        errors,
        "position.longitude: must be from -180 to 180 degrees, not 181.0",
        positioned(at(0, 181)));
    addStream(
        errors,
        "accuracy_m: must be from 0 to 100000 metres, not -1.0",
        positioned(at(0, 0)).setAccuracyM(-1));
    addStream(
        errors,
        "as_of: must be a time from the year 1 to 9999, not 0 seconds and 1000000000 nanoseconds",
        positioned(at(0, 0)).setAsOf(Timestamp.newBuilder().setNanos(1_000_000_000)));
  }

  private static void addBatch(
      List<DocumentedError> errors, String said, LocateBatchRequest.Builder request) {
    errors.add(
        DocumentedError.refused(
            "LocateBatch", said, () -> batch(knowing.loopback.channel(), request.build())));
  }

  private static void addStream(
      List<DocumentedError> errors, String said, LocateStreamRequest.Builder request) {
    errors.add(
        DocumentedError.refused(
            "LocateStream", said, () -> stream(knowing.loopback.channel(), request.build())));
  }

  private static void addBadFields(List<DocumentedError> errors) {
    addFind(
        errors,
        "name: must have at most 200 characters, not 201",
        FindAreasRequest.newBuilder().setName("é".repeat(201)));
    addFind(
        errors,
        "ids: must be at most 1000, not 1001",
        FindAreasRequest.newBuilder().addAllIds(Collections.nCopies(1_001, "a")));
    addFind(
        errors, "bounds.south: must be from -90 to 90 degrees, not -91.0", bounds(-91, 0, 0, 0));
    addFind(errors, "bounds.north: must be from -90 to 90 degrees, not 91.0", bounds(0, 0, 91, 0));
    addFind(
        errors, "bounds.west: must be from -180 to 180 degrees, not -181.0", bounds(0, -181, 0, 0));
    addFind(
        errors,
        "bounds.east: must be from -180 to 180 degrees, not NaN",
        bounds(0, 0, 0, Double.NaN));
    addFind(
        errors, "bounds.north: must not be south of bounds.south, but is 1.0", bounds(2, 0, 1, 0));
    addFind(
        errors,
        "page_size: must not be negative, but is -1",
        FindAreasRequest.newBuilder().setPageSize(-1));
    addFind(
        errors,
        "page_token: must be the next_page_token of an answer to the same request, not \"made up\"",
        FindAreasRequest.newBuilder().setPageToken("made up"));

    GetAreaRequest area = GetAreaRequest.newBuilder().setLayer("zone").setId("a").build();
    addGet(errors, "layer: must be set", area.toBuilder().clearLayer());
    addGet(errors, "id: must be set", area.toBuilder().clearId());
    addGet(
        errors,
        "tolerance_m: must be from 0 to 100000 metres, not 100001.0",
        area.toBuilder().setToleranceM(100_001));
    addGet(errors, "format: must be one that is known, not 7", area.toBuilder().setFormatValue(7));
    addGet(
        errors,
        "as_of: must be a time from the year 1 to 9999, not 0 seconds and -5 nanoseconds",
        area.toBuilder().setAsOf(Timestamp.newBuilder().setNanos(-5)));
    addGet(
        errors,
        "min_generation: must not be negative, but is -6",
        area.toBuilder().setMinGeneration(-6));

    errors.add(
        DocumentedError.field(
            "ListLayers",
            "min_generation",
            "must not be negative, but is -6",
            () ->
                knowing
                    .stub()
                    .listLayers(ListLayersRequest.newBuilder().setMinGeneration(-6).build())));
  }

  private static void addFind(
      List<DocumentedError> errors, String said, FindAreasRequest.Builder request) {
    errors.add(
        DocumentedError.refused(
            "FindAreas", said, () -> knowing.stub().findAreas(request.build())));
  }

  private static void addGet(
      List<DocumentedError> errors, String said, GetAreaRequest.Builder request) {
    errors.add(
        DocumentedError.refused("GetArea", said, () -> knowing.stub().getArea(request.build())));
  }

  private static void addOthers(List<DocumentedError> errors) {
    LocateOptions elsewhere = options().addLayers("nowhere").build();
    LocateOptions unkept = version("7");
    LocateOptions early = options().addLayers("thing").setAsOf(EARLY).build();
    LocateOptions later = options().setMinGeneration(6).build();
    LocateOptions wide = nearest(90_000, 1);
    for (String method : ASKING.keySet()) {
      add(
          errors,
          method,
          Status.Code.NOT_FOUND,
          ResourceInfo.class,
          "there is no layer \"nowhere\"",
          knowing,
          elsewhere);
      add(
          errors,
          method,
          Status.Code.NOT_FOUND,
          ResourceInfo.class,
          "layer \"zone\" has the versions [2, 1], not \"7\"",
          knowing,
          unkept);
      add(
          errors,
          method,
          Status.Code.FAILED_PRECONDITION,
          ErrorInfo.class,
          "(setting follow.max-earlier-vertices)",
          knowing,
          version("1"));
      add(
          errors,
          method,
          Status.Code.OUT_OF_RANGE,
          ErrorInfo.class,
          "what zones of \"thing\" were like at 2001-09-09T01:46:40Z is not kept any more (setting"
              + " zones.keep-revisions)",
          knowing,
          early);
      add(
          errors,
          method,
          Status.Code.UNAVAILABLE,
          RetryInfo.class,
          "the store can't be reached",
          cutOff,
          version("1"));
      add(
          errors,
          method,
          Status.Code.UNAVAILABLE,
          RetryInfo.class,
          "the store can't be reached",
          cutOff,
          early);
      add(
          errors,
          method,
          Status.Code.UNAVAILABLE,
          RetryInfo.class,
          "min_generation",
          impatient,
          later);
      add(
          errors,
          method,
          Status.Code.RESOURCE_EXHAUSTED,
          RetryInfo.class,
          "too many calls wait",
          crowded,
          later);
      add(
          errors,
          method,
          Status.Code.RESOURCE_EXHAUSTED,
          RetryInfo.class,
          "wait already",
          busy,
          wide);
      errors.add(
          new DocumentedError(
              method,
              Status.Code.UNAVAILABLE,
              RetryInfo.class,
              "not loaded yet",
              () -> ASKING.get(method).with(unloaded.channel(), options().build())));
    }
    ListLayersRequest change = ListLayersRequest.newBuilder().setMinGeneration(6).build();
    errors.add(
        new DocumentedError(
            "ListLayers",
            Status.Code.UNAVAILABLE,
            RetryInfo.class,
            "min_generation",
            () -> impatient.stub().listLayers(change)));
    errors.add(
        new DocumentedError(
            "ListLayers",
            Status.Code.UNAVAILABLE,
            RetryInfo.class,
            "not loaded yet",
            () -> stub(unloaded.channel()).listLayers(ListLayersRequest.getDefaultInstance())));
    errors.add(
        new DocumentedError(
            "ListLayers",
            Status.Code.RESOURCE_EXHAUSTED,
            RetryInfo.class,
            "too many calls wait",
            () -> crowded.stub().listLayers(change)));
    errors.add(
        new DocumentedError(
            "GetArea",
            Status.Code.NOT_FOUND,
            ResourceInfo.class,
            "there is no area \"b\" in layer \"zone\"",
            () ->
                knowing
                    .stub()
                    .getArea(GetAreaRequest.newBuilder().setLayer("zone").setId("b").build())));
    errors.add(
        new DocumentedError(
            "LocateBatch",
            Status.Code.OUT_OF_RANGE,
            ErrorInfo.class,
            "2001-09-09T01:46:40Z is not kept any more",
            () ->
                batch(
                    knowing.loopback.channel(),
                    LocateBatchRequest.newBuilder()
                        .addLatitudes(0)
                        .addLongitudes(0)
                        .addAsOfUnixMs(EARLY.getSeconds() * 1000)
                        .build())));
    errors.add(
        new DocumentedError(
            "LocateStream",
            Status.Code.OUT_OF_RANGE,
            ErrorInfo.class,
            "2001-09-09T01:46:40Z is not kept any more",
            () -> stream(knowing.loopback.channel(), positioned(at(0, 0)).setAsOf(EARLY).build())));
    errors.add(
        new DocumentedError(
            "LocateStream",
            Status.Code.UNAVAILABLE,
            RetryInfo.class,
            "send what was not answered over another one",
            GeoSearchErrorsTest::streamOfAServerThatStops));
  }

  private static void add(
      List<DocumentedError> errors,
      String method,
      Status.Code code,
      Class<? extends Message> detail,
      String said,
      GeoSearchServer server,
      LocateOptions options) {
    errors.add(
        new DocumentedError(method, code, detail, said, () -> call(method, server, options)));
  }

  // Calls.

  private static void call(String method, GeoSearchServer server, LocateOptions options)
      throws Exception {
    // Another connection would be made room for where this one has taken every place.
    ASKING.get(method).with(server.channel(), options);
  }

  private static void locate(ManagedChannel channel, LocateOptions options) {
    stub(channel)
        .locate(LocateRequest.newBuilder().setPosition(at(0.5, 0.5)).setOptions(options).build());
  }

  private static void locateBatch(ManagedChannel channel, LocateOptions options) {
    batch(
        channel,
        LocateBatchRequest.newBuilder()
            .addLatitudes(0.5)
            .addLongitudes(0.5)
            .setOptions(options)
            .build());
  }

  private static void locateStream(ManagedChannel channel, LocateOptions options) throws Exception {
    stream(channel, positioned(at(0.5, 0.5)).setOptions(options).build());
  }

  private static void findAreas(ManagedChannel channel, LocateOptions options) {
    FindAreasRequest.Builder request =
        FindAreasRequest.newBuilder()
            .addAllLayers(options.getLayersList())
            .addAllFilters(options.getFiltersList())
            .setAttributes(options.getAttributes())
            .putAllDatasetVersions(options.getDatasetVersionsMap())
            .setMinGeneration(options.getMinGeneration());
    if (options.hasAsOf()) {
      request.setAsOf(options.getAsOf());
    }
    stub(channel).findAreas(request.build());
  }

  private static void getArea(ManagedChannel channel, LocateOptions options) {
    GetAreaRequest.Builder request =
        GetAreaRequest.newBuilder()
            .setLayer(options.getLayersCount() == 0 ? "zone" : options.getLayers(0))
            .setId("a")
            .setDatasetVersion(options.getDatasetVersionsOrDefault("zone", ""))
            .setMinGeneration(options.getMinGeneration());
    if (options.hasAsOf()) {
      request.setAsOf(options.getAsOf());
    }
    stub(channel).getArea(request.build());
  }

  /** One that is not waited for without end. */
  private static GeoSearchGrpc.GeoSearchBlockingStub stub(ManagedChannel channel) {
    return GeoSearchGrpc.newBlockingStub(channel).withDeadlineAfter(LONG);
  }

  /** Answers one position, or throws its error. */
  private static void batch(ManagedChannel channel, LocateBatchRequest request) {
    LocateBatchResponse response = stub(channel).locateBatch(request);
    if (response.getAnswers(0).hasError()) {
      throw StatusProto.toStatusRuntimeException(response.getAnswers(0).getError());
    }
  }

  private static void stream(ManagedChannel channel, LocateStreamRequest request) throws Exception {
    CompletableFuture<LocateStreamResponse> first = new CompletableFuture<>();
    StreamObserver<LocateStreamRequest> requests =
        GeoSearchGrpc.newStub(channel).locateStream(into(first));
    requests.onNext(request);
    LocateStreamResponse response = first(first);
    requests.onCompleted();
    if (response.hasError()) {
      throw StatusProto.toStatusRuntimeException(response.getError());
    }
  }

  private static void streamOfAServerThatStops() throws Exception {
    CompletableFuture<LocateStreamResponse> first = new CompletableFuture<>();
    try (GeoSearchServer stopping = GeoSearchServer.of(zones())) {
      stopping.stub().listLayers(ListLayersRequest.getDefaultInstance());
      stopping.asyncStub().locateStream(into(first));
      // One connection's calls arrive in their order.
      stopping.stub().listLayers(ListLayersRequest.getDefaultInstance());
      stopping.loopback.server.stop(LONG, LONG);
      first(first);
    }
  }

  private static LocateStreamResponse first(CompletableFuture<LocateStreamResponse> first)
      throws Exception {
    try {
      return first.orTimeout(30, TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof StatusRuntimeException status ? status : e;
    }
  }

  private static StreamObserver<LocateStreamResponse> into(
      CompletableFuture<LocateStreamResponse> first) {
    return new StreamObserver<>() {
      @Override
      public void onNext(LocateStreamResponse response) {
        first.complete(response);
      }

      @Override
      public void onError(Throwable failure) {
        first.completeExceptionally(failure);
      }

      @Override
      public void onCompleted() {
        first.completeExceptionally(new AssertionError("it ended without an answer"));
      }
    };
  }

  private static LocateStreamRequest.Builder positioned(LatLng position) {
    return LocateStreamRequest.newBuilder().setPosition(position);
  }

  private static LocateOptions.Builder options() {
    return LocateOptions.newBuilder();
  }

  private static LocateOptions version(String version) {
    return options().addLayers("zone").putDatasetVersions("zone", version).build();
  }

  private static LocateOptions nearest(double metres, int areas) {
    return options().setNearest(Nearest.newBuilder().setWithinM(metres).setMaxAreas(areas)).build();
  }

  private static AttributeFilter filter(String key, int values) {
    return AttributeFilter.newBuilder()
        .setKey(key)
        .addAllValues(Collections.nCopies(values, "v"))
        .build();
  }

  private static FindAreasRequest.Builder bounds(
      double south, double west, double north, double east) {
    return FindAreasRequest.newBuilder()
        .setBounds(
            BoundingBox.newBuilder().setSouth(south).setWest(west).setNorth(north).setEast(east));
  }
}
