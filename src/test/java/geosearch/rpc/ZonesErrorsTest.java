package geosearch.rpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.FieldMask;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import com.google.rpc.ErrorInfo;
import com.google.rpc.ResourceInfo;
import com.google.rpc.RetryInfo;
import com.google.type.LatLng;
import geosearch.config.ZonesConfig;
import geosearch.config.ZonesConfig.Writers;
import geosearch.geo.Area;
import geosearch.store.DatasetWriter;
import geosearch.store.EmbeddedStore;
import geosearch.store.Store;
import geosearch.store.StoreException;
import geosearch.store.ZoneLimits;
import geosearch.testing.WatchedStore;
import geosearch.v1.Circle;
import geosearch.v1.CreateZoneRequest;
import geosearch.v1.DeleteZoneRequest;
import geosearch.v1.GetZoneRequest;
import geosearch.v1.ListZonesRequest;
import geosearch.v1.UpdateZoneRequest;
import geosearch.v1.WatchZonesRequest;
import geosearch.v1.Zone;
import geosearch.v1.ZonesGrpc;
import geosearch.v1.ZonesGrpc.ZonesBlockingStub;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.locationtech.jts.io.WKTReader;

/** Every error that zones.proto promises, method by method. */
class ZonesErrorsTest extends DocumentedErrors {

  private static final String SQUARE =
      "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,0],[1,1],[0,1],[0,0]]]}";
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final Timestamp EARLY = Timestamp.newBuilder().setSeconds(1_000_000_000).build();
  private static final Timestamp NEVER = Timestamp.newBuilder().setNanos(-1).build();
  private static final String NEVER_SAID =
      "must be a time from the year 1 to 9999, not 0 seconds and -1 nanoseconds since 1970";

  /** Hardly anything is too much for it. */
  private static final ZonesConfig CONFIG =
      new ZonesConfig(
          Writers.LOCAL, 1_000, 20, 3, 2, 100, 2, 1, Duration.ofDays(1), Duration.ofDays(1));

  @TempDir private static Path folder;

  private static final CountDownLatch END = new CountDownLatch(1);

  /** Of `delivery` it keeps `a`, which was created by the request `r` and has changed since. */
  private static ZonesBlockingStub keeping;

  /** Has room for one zone, which it has, and forgets at once what that was. */
  private static ZonesBlockingStub full;

  private static ZonesBlockingStub cutOff;
  private static ZonesBlockingStub reading;
  private static ZonesBlockingStub closed;

  /** Somebody else always changes a zone just before. */
  private static ZonesBlockingStub contended;

  /** Has zones that are rows of the original's table. */
  private static ZonesBlockingStub original;

  /** Has a store that does not answer, and gives it a moment. */
  private static ZonesBlockingStub hanging;

  /** As many calls wait for such a store as may. */
  private static ZonesBlockingStub crowded;

  /** As many watch as may. */
  private static ZonesBlockingStub watched;

  private static Store store;
  private static String earlierEtag;

  ZonesErrorsTest() {
    super("geosearch/v1/zones.proto");
  }

  @BeforeAll
  void serve() throws Exception {
    store = keep(EmbeddedStore.open(folder.resolve("keeping"), ZoneLimits.of(CONFIG)));
    try (DatasetWriter writer = store.datasets().begin("country")) {
      writer.add(1, new Area("c", "c", Map.of()), new WKTReader().read(Layers.box(0, 0, 1, 1)));
      writer.commit(new DatasetWriter.Provenance("test", "00", 0, 0, "", 0), false);
    }
    keeping = serving(store);
    earlierEtag = keeping.createZone(creation(zone("a")).setRequestId("r").build()).getEtag();
    keeping.updateZone(change(zone("a").setName("later")).build());
    full = full();
    cutOff = serving(failing(store, "Zones\\..*", StoreException.Kind.UNAVAILABLE, "it is away"));
    reading =
        serving(
            failing(
                store,
                "Zones\\.(create|update|delete)",
                StoreException.Kind.READ_ONLY,
                "it can only be read"));
    closed = serving(store, CONFIG.withWriters(Writers.NOBODY), new ServerSettings());
    contended =
        serving(
            failing(
                store, "Zones\\.update", StoreException.Kind.CHANGED, "somebody else was first"));
    original = original();
    hanging = hanging(store);
    crowded = crowded(store);
    watched = serving(store);
    var _ = watched.watchZones(WatchZonesRequest.getDefaultInstance()).next();
  }

  private ZonesBlockingStub full() throws IOException {
    Store store =
        keep(
            EmbeddedStore.open(
                folder.resolve("full"), new ZoneLimits(1, 2, Duration.ZERO, Duration.ZERO)));
    ZonesBlockingStub stub = serving(store);
    for (int i = 0; i < 64; i++) {
      stub.createZone(creation(zone("z")).build());
      stub.deleteZone(deletion("z").build());
    }
    stub.createZone(creation(zone("z")).build());
    return stub;
  }

  private ZonesBlockingStub original() throws Exception {
    StubZones zones = new StubZones();
    zones.original = true;
    return serving(zones.store());
  }

  private ZonesBlockingStub hanging(Store store) throws IOException {
    ServerSettings settings = new ServerSettings();
    settings.maxCallTime = Duration.ofMillis(20);
    return serving(held(store, () -> {}), CONFIG, settings);
  }

  private ZonesBlockingStub crowded(Store store) throws Exception {
    ServerSettings settings = new ServerSettings();
    settings.storeThreads = 1;
    settings.maxCallTime = LONG;
    Semaphore held = new Semaphore(0);
    ZonesBlockingStub stub = serving(held(store, held::release), CONFIG, settings);
    ZonesGrpc.ZonesFutureStub others = ZonesGrpc.newFutureStub(stub.getChannel());
    var _ = others.getZone(GetZoneRequest.newBuilder().setId("a").build());
    held.acquire();
    for (int i = 0; i < 16; i++) {
      var _ = others.getZone(GetZoneRequest.newBuilder().setId("a").build());
    }
    // What is asked over the same connection comes after them.
    return stub;
  }

  private ZonesBlockingStub serving(Store store) throws IOException {
    return serving(store, CONFIG, new ServerSettings());
  }

  private ZonesBlockingStub serving(Store store, ZonesConfig config, ServerSettings settings)
      throws IOException {
    Loopback loopback =
        keep(
            Loopback.start(
                settings,
                metrics ->
                    new ZonesService(store, config, settings.config(), (revision, timeout) -> {})));
    return ZonesGrpc.newBlockingStub(loopback.channel());
  }

  private static Store failing(
      Store store, String methods, StoreException.Kind kind, String message) {
    return WatchedStore.of(
        store,
        method -> {
          if (Pattern.matches(methods, method)) {
            throw new StoreException(kind, message);
          }
        });
  }

  private static Store held(Store store, Runnable before) {
    return WatchedStore.of(
        store,
        method -> {
          if (method.startsWith("Zones.")) {
            before.run();
            try {
              END.await();
            } catch (InterruptedException e) {
              throw new StoreException(StoreException.Kind.UNAVAILABLE, "it was interrupted", e);
            }
          }
        });
  }

  @Override
  List<DocumentedError> errors() {
    List<DocumentedError> errors = new ArrayList<>();
    addBadZones(errors);
    addBadRequests(errors);
    addCommon(errors);
    addOwn(errors);
    return errors;
  }

  @AfterAll
  @Override
  void close() throws Exception {
    END.countDown();
    super.close();
  }

  private static void addBadZones(List<DocumentedError> errors) {
    String id = "must be 1 to 64 characters of A-Z a-z 0-9 . _ -, not ";
    addZone(errors, "id: " + id + "\"a/b\"", zone -> zone.setId("a/b"));
    addZone(errors, "id: " + id + "\"thing/1\"", zone -> zone.setId("thing/1"));
    addZone(
        errors,
        "collection: must be 1 to 63 characters of a-z 0-9 _ -, beginning with a letter, not \"A\"",
        zone -> zone.setCollection("A"));
    addZone(errors, "name: must have 1 to 200 characters, not 0", Zone.Builder::clearName);
    addZone(
        errors,
        "name: must have 1 to 200 characters, not 201",
        zone -> zone.setName("é".repeat(201)));
    addZone(errors, "name: must not hold control characters", zone -> zone.setName("a\nb"));
    addZone(
        errors,
        "priority: must be from -1000000 to 1000000, not -1000001",
        zone -> zone.setPriority(-1_000_001));
    addZone(
        errors,
        "attributes: must be at most 2 (setting zones.max-attributes), not 3",
        zone -> zone.putAttributes("a", "").putAttributes("b", "").putAttributes("c", ""));
    addZone(
        errors,
        "attributes key: must have 1 to 64 characters, not 65",
        zone -> zone.putAttributes("k".repeat(65), ""));
    addZone(
        errors,
        "attributes key: must not hold control characters",
        zone -> zone.putAttributes("k\t", ""));
    addZone(
        errors,
        "attributes[\"k\"]: must have at most 1024 characters, not 1025",
        zone -> zone.putAttributes("k", "v".repeat(1_025)));
    addZone(
        errors,
        "attributes[\"k\"]: must not hold the character U+0000",
        zone -> zone.putAttributes("k", "\0"));
    addZone(errors, "start_time: " + NEVER_SAID, zone -> zone.setStartTime(NEVER));
    addZone(errors, "end_time: " + NEVER_SAID, zone -> zone.setEndTime(NEVER));
    addZone(
        errors,
        "end_time: must be after start_time, 2001-09-09T01:46:40Z, not 2001-09-09T01:46:40Z",
        zone -> zone.setStartTime(EARLY).setEndTime(EARLY));
    addCircle(errors, "circle.center: must be set", Circle.Builder::clearCenter);
    addCircle(
        errors,
        "circle.center.latitude: must be from -90 to 90 degrees, not 91.0",
        circle -> circle.setCenter(GeoSearchServer.at(91, 0)));
    addCircle(
        errors,
        "circle.center.longitude: must be from -180 to 180 degrees, not 181.0",
        circle -> circle.setCenter(GeoSearchServer.at(0, 181)));
    addCircle(
        errors,
        "circle.radius_m: must be from 0.1 to 1000000 metres, not 0.05",
        circle -> circle.setRadiusM(0.05));
    addZone(
        errors,
        "geojson: must be set, or `wkb` or `circle` in its place",
        Zone.Builder::clearGeojson);
    addOutline(errors, "is not JSON that can be read", "{");
    addOutline(
        errors,
        "must be of the type Polygon or MultiPolygon, not \"Point\"",
        "{\"type\":\"Point\",\"coordinates\":[0,0]}");
    addOutline(
        errors,
        "latitudes must be from -90 to 90 degrees, not 91.0",
        SQUARE.replace("[1,1]", "[1,91]"));
    addOutline(
        errors,
        "longitudes must be from -180 to 180 degrees, not 181.0",
        SQUARE.replace("[1,1]", "[181,1]"));
    addOutline(
        errors,
        "is not valid: Self-intersection at longitude 0.5, latitude 0.5",
        SQUARE.replace("[1,0],[1,1]", "[1,1],[1,0]"));
    addOutline(
        errors,
        "has an edge from longitude -100.0 to 100.0, more than 180 degrees",
        SQUARE.replace("[0,0]", "[-100,0]").replace("[1,", "[100,"));
    addOutline(
        errors,
        "must be in WGS 84 (longitude, latitude), not in the declared \"EPSG:2154\"",
        SQUARE.replace(
            "{", "{\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"EPSG:2154\"}},"));
    addOutline(
        errors,
        "must have at most 1000 bytes (setting zones.max-outline-bytes), not 1001",
        " ".repeat(1_001));
    addOutline(
        errors,
        "has more than 20 vertices (setting zones.max-vertices)",
        SQUARE.replace("[1,0]", String.join(",", Collections.nCopies(21, "[1,0]"))));
    addOutline(
        errors,
        "has more than 3 rings (setting zones.max-rings)",
        SQUARE.replace("]]]", "]]" + ",[[0.1,0.1],[0.2,0.1],[0.2,0.2],[0.1,0.1]]".repeat(3) + "]"));
    addZone(
        errors,
        "wkb: must be in WGS 84, SRID 4326, not 2154",
        zone -> zone.setWkb(ByteString.fromHex("00200000030000086a00000000")));
  }

  /** A zone that can be none: where one is created, and where one becomes it. */
  private static void addZone(
      List<DocumentedError> errors, String said, Consumer<Zone.Builder> fault) {
    Zone.Builder zone = zone("new");
    fault.accept(zone);
    errors.add(
        DocumentedError.refused(
            "CreateZone", "zone." + said, () -> keeping.createZone(creation(zone).build())));
    if (!zone.getId().equals("new") && zone.getId().startsWith("thing/")) {
      return;
    }
    UpdateZoneRequest.Builder change = change(zone);
    if (zone.getId().equals("new")) {
      change.getZoneBuilder().setId("a");
    }
    change.setUpdateMask(FieldMask.newBuilder().addPaths("*"));
    errors.add(
        DocumentedError.refused(
            "UpdateZone", "zone." + said, () -> keeping.updateZone(change.build())));
  }

  private static void addCircle(
      List<DocumentedError> errors, String said, Consumer<Circle.Builder> fault) {
    Circle.Builder circle =
        Circle.newBuilder().setCenter(LatLng.getDefaultInstance()).setRadiusM(1);
    fault.accept(circle);
    addZone(errors, said, zone -> zone.setCircle(circle));
  }

  private static void addOutline(List<DocumentedError> errors, String said, String geoJson) {
    addZone(errors, "geojson: " + said, zone -> zone.setGeojson(geoJson));
  }

  private static void addBadRequests(List<DocumentedError> errors) {
    String id = "must be 1 to 64 characters of A-Z a-z 0-9 . _ -, not ";
    String collection =
        "must be 1 to 63 characters of a-z 0-9 _ -, beginning with a letter, not \"1\"";
    String etag = "must be the etag of an earlier answer, or empty, not \"none\"";
    addRefused(
        errors,
        "CreateZone",
        "zone: must be set",
        () -> keeping.createZone(CreateZoneRequest.getDefaultInstance()));
    addRefused(
        errors,
        "CreateZone",
        "request_id: " + id + "\"a b\"",
        () -> keeping.createZone(creation(zone("b")).setRequestId("a b").build()));
    addRefused(
        errors,
        "CreateZone",
        "request_id: must be one that has not been used for another zone, not \"r\"",
        () -> keeping.createZone(creation(zone("b")).setRequestId("r").build()));
    addRefused(
        errors,
        "GetZone",
        "id: " + id + "\"\"",
        () -> keeping.getZone(GetZoneRequest.getDefaultInstance()));
    addRefused(
        errors,
        "GetZone",
        "collection: " + collection,
        () -> keeping.getZone(GetZoneRequest.newBuilder().setId("a").setCollection("1").build()));
    addRefused(
        errors,
        "GetZone",
        "as_of: " + NEVER_SAID,
        () -> keeping.getZone(GetZoneRequest.newBuilder().setId("a").setAsOf(NEVER).build()));
    addRefused(
        errors,
        "ListZones",
        "page_size: must be at least 0, not -1",
        () -> keeping.listZones(ListZonesRequest.newBuilder().setPageSize(-1).build()));
    addRefused(
        errors,
        "ListZones",
        "page_token: must be the next_page_token of an earlier answer, or empty, not \"no\"",
        () -> keeping.listZones(ListZonesRequest.newBuilder().setPageToken("no").build()));
    addRefused(
        errors,
        "ListZones",
        "collection: " + collection,
        () -> keeping.listZones(ListZonesRequest.newBuilder().setCollection("1").build()));
    addRefused(
        errors,
        "ListZones",
        "as_of: " + NEVER_SAID,
        () -> keeping.listZones(ListZonesRequest.newBuilder().setAsOf(NEVER).build()));
    addRefused(
        errors,
        "UpdateZone",
        "zone: must be set",
        () -> keeping.updateZone(UpdateZoneRequest.getDefaultInstance()));
    addRefused(
        errors,
        "UpdateZone",
        "zone.etag: " + etag,
        () -> keeping.updateZone(change(zone("a").setEtag("none")).build()));
    addRefused(
        errors,
        "UpdateZone",
        "update_mask: must hold `*`, `name`, `priority`, `attributes`, `outline`, `start_time`,"
            + " `end_time` or `attributes.KEY`, not \"revision\"",
        () ->
            keeping.updateZone(
                change(zone("a"))
                    .setUpdateMask(FieldMask.newBuilder().addPaths("revision"))
                    .build()));
    addRefused(
        errors,
        "DeleteZone",
        "id: " + id + "\"a/b\"",
        () -> keeping.deleteZone(deletion("a/b").build()));
    addRefused(
        errors,
        "DeleteZone",
        "collection: " + collection,
        () -> keeping.deleteZone(deletion("a").setCollection("1").build()));
    addRefused(
        errors,
        "DeleteZone",
        "etag: " + etag,
        () -> keeping.deleteZone(deletion("a").setEtag("none").build()));
    addWatch(
        errors,
        "after_revision: must be at least 0, not -1",
        WatchZonesRequest.newBuilder().setAfterRevision(-1));
    addWatch(
        errors,
        "collections: must be at most 100, not 101",
        WatchZonesRequest.newBuilder().addAllCollections(Collections.nCopies(101, "a")));
    addWatch(
        errors, "collections: " + collection, WatchZonesRequest.newBuilder().addCollections("1"));
  }

  private static void addWatch(
      List<DocumentedError> errors, String said, WatchZonesRequest.Builder request) {
    addRefused(errors, "WatchZones", said, () -> watch(keeping, request.build()));
  }

  private static void addRefused(
      List<DocumentedError> errors, String method, String said, Executable call) {
    errors.add(DocumentedError.refused(method, said, call));
  }

  /** The errors that every method has, or every one that writes. */
  private static void addCommon(List<DocumentedError> errors) {
    calls()
        .forEach((method, call) -> {
          add(errors, method, Status.Code.UNAVAILABLE, RetryInfo.class, "it is away", call, cutOff);
          if (!method.equals("WatchZones")) {
            add(
                errors,
                method,
                Status.Code.RESOURCE_EXHAUSTED,
                RetryInfo.class,
                "too many calls wait for the store",
                call,
                crowded);
            add(
                errors,
                method,
                Status.Code.DEADLINE_EXCEEDED,
                ErrorInfo.class,
                "did not end in time",
                call,
                hanging);
          }
          if (List.of("CreateZone", "UpdateZone", "DeleteZone").contains(method)) {
            add(
                errors,
                method,
                Status.Code.PERMISSION_DENIED,
                ErrorInfo.class,
                "the setting zones.write is `nobody`",
                call,
                closed);
            add(
                errors,
                method,
                Status.Code.FAILED_PRECONDITION,
                ErrorInfo.class,
                "it can only be read",
                call,
                reading);
          }
        });
  }

  /** A call of each method that succeeds where nothing is in its way. */
  private static Map<String, Consumer<ZonesBlockingStub>> calls() {
    Map<String, Consumer<ZonesBlockingStub>> calls = new LinkedHashMap<>();
    calls.put("CreateZone", stub -> stub.createZone(creation(zone("b")).build()));
    calls.put("GetZone", stub -> stub.getZone(GetZoneRequest.newBuilder().setId("a").build()));
    calls.put("ListZones", stub -> stub.listZones(ListZonesRequest.getDefaultInstance()));
    calls.put("UpdateZone", stub -> stub.updateZone(change(zone("a")).build()));
    calls.put("DeleteZone", stub -> stub.deleteZone(deletion("a").build()));
    calls.put("WatchZones", stub -> watch(stub, WatchZonesRequest.getDefaultInstance()));
    return calls;
  }

  /** What single methods promise. */
  private static void addOwn(List<DocumentedError> errors) {
    Map<String, Consumer<ZonesBlockingStub>> calls = calls();
    addOwn(
        errors,
        "CreateZone",
        Status.Code.ALREADY_EXISTS,
        ErrorInfo.class,
        "there is a zone a already",
        () -> keeping.createZone(creation(zone("a")).build()));
    addOwn(
        errors,
        "CreateZone",
        Status.Code.FAILED_PRECONDITION,
        ErrorInfo.class,
        "the layer country holds areas that are no zones",
        () -> keeping.createZone(creation(zone("b").setCollection("country")).build()));
    add(
        errors,
        "CreateZone",
        Status.Code.RESOURCE_EXHAUSTED,
        ErrorInfo.class,
        "the store holds 1 zones, as many as it may (setting zones.max-zones)",
        calls.get("CreateZone"),
        full);
    addOwn(
        errors,
        "CreateZone",
        Status.Code.RESOURCE_EXHAUSTED,
        ErrorInfo.class,
        "the store holds 2 collections, as many as it may (setting zones.max-collections)",
        () -> {
          keeping.createZone(creation(zone("").setCollection("delivery")).build());
          keeping.createZone(creation(zone("b").setCollection("third")).build());
        });
    addMissing(
        errors,
        "GetZone",
        "there is no zone nowhere",
        () -> keeping.getZone(GetZoneRequest.newBuilder().setId("nowhere").build()));
    addMissing(
        errors,
        "GetZone",
        "there was no zone a at 2001-09-09T01:46:40Z",
        () -> keeping.getZone(GetZoneRequest.newBuilder().setId("a").setAsOf(EARLY).build()));
    addMissing(
        errors,
        "UpdateZone",
        "there is no zone nowhere",
        () -> keeping.updateZone(change(zone("nowhere")).build()));
    addMissing(
        errors,
        "DeleteZone",
        "there is no zone nowhere in the collection delivery",
        () -> keeping.deleteZone(deletion("nowhere").setCollection("delivery").build()));
    addOwn(
        errors,
        "GetZone",
        Status.Code.OUT_OF_RANGE,
        ErrorInfo.class,
        "at 2001-09-09T01:46:40Z is not kept any more (setting zones.keep-revisions)",
        () -> full.getZone(GetZoneRequest.newBuilder().setId("z").setAsOf(EARLY).build()));
    addOwn(
        errors,
        "ListZones",
        Status.Code.OUT_OF_RANGE,
        ErrorInfo.class,
        "at 2001-09-09T01:46:40Z is not kept any more (setting zones.keep-revisions)",
        () -> full.listZones(ListZonesRequest.newBuilder().setAsOf(EARLY).build()));
    addOwn(
        errors,
        "UpdateZone",
        Status.Code.ABORTED,
        ErrorInfo.class,
        "the zone a has changed meanwhile",
        () -> keeping.updateZone(change(zone("a").setEtag(earlierEtag)).build()));
    add(
        errors,
        "UpdateZone",
        Status.Code.ABORTED,
        ErrorInfo.class,
        "somebody else was first",
        calls.get("UpdateZone"),
        contended);
    addOwn(
        errors,
        "DeleteZone",
        Status.Code.ABORTED,
        ErrorInfo.class,
        "the zone a has changed meanwhile",
        () -> keeping.deleteZone(deletion("a").setEtag(earlierEtag).build()));
    addOwn(
        errors,
        "UpdateZone",
        Status.Code.FAILED_PRECONDITION,
        ErrorInfo.class,
        "only read",
        () -> original.updateZone(change(zone("thing/1")).build()));
    addOwn(
        errors,
        "DeleteZone",
        Status.Code.FAILED_PRECONDITION,
        ErrorInfo.class,
        "only read",
        () -> original.deleteZone(deletion("thing/1").build()));
    add(
        errors,
        "WatchZones",
        Status.Code.RESOURCE_EXHAUSTED,
        RetryInfo.class,
        "1 callers watch already, as many as may (setting zones.max-watches)",
        calls.get("WatchZones"),
        watched);
    addOwn(
        errors,
        "WatchZones",
        Status.Code.OUT_OF_RANGE,
        ErrorInfo.class,
        "the changes after revision 1 are not all kept any more (setting zones.keep-revisions)",
        () -> watch(full, WatchZonesRequest.newBuilder().setAfterRevision(1).build()));
    addOwn(
        errors,
        "WatchZones",
        Status.Code.OUT_OF_RANGE,
        ErrorInfo.class,
        "there has been no revision 1000",
        () -> watch(keeping, WatchZonesRequest.newBuilder().setAfterRevision(1_000).build()));
    addOwn(
        errors,
        "WatchZones",
        Status.Code.UNAVAILABLE,
        RetryInfo.class,
        "the server is stopping",
        ZonesErrorsTest::watchAServerThatStops);
    addOwn(
        errors,
        "WatchZones",
        Status.Code.UNAVAILABLE,
        RetryInfo.class,
        "this connection ends; go on over another one",
        ZonesErrorsTest::watchUntilTheConnectionIsOld);
  }

  private static void add(
      List<DocumentedError> errors,
      String method,
      Status.Code code,
      Class<? extends Message> detail,
      String said,
      Consumer<ZonesBlockingStub> call,
      ZonesBlockingStub stub) {
    addOwn(errors, method, code, detail, said, () -> call.accept(stub));
  }

  private static void addMissing(
      List<DocumentedError> errors, String method, String said, Executable call) {
    addOwn(errors, method, Status.Code.NOT_FOUND, ResourceInfo.class, said, call);
  }

  private static void addOwn(
      List<DocumentedError> errors,
      String method,
      Status.Code code,
      Class<? extends Message> detail,
      String said,
      Executable call) {
    errors.add(new DocumentedError(method, code, detail, said, call));
  }

  // Calls.

  /** Watches until that ends. */
  private static void watch(ZonesBlockingStub stub, WatchZonesRequest request) {
    stub.withDeadlineAfter(LONG).watchZones(request).forEachRemaining(told -> {});
  }

  private static void watchAServerThatStops() throws Exception {
    try (Loopback stopping = watchable(new ServerSettings())) {
      var told =
          ZonesGrpc.newBlockingStub(stopping.channel())
              .watchZones(WatchZonesRequest.getDefaultInstance());
      told.next();
      stopping.server.stop(LONG, LONG);
      told.forEachRemaining(one -> {});
    }
  }

  private static void watchUntilTheConnectionIsOld() throws Exception {
    ServerSettings settings = new ServerSettings();
    settings.maxConnectionAge = Duration.ofSeconds(1);
    settings.maxConnectionAgeGrace = Duration.ofSeconds(3);
    try (Loopback aging = watchable(settings)) {
      watch(ZonesGrpc.newBlockingStub(aging.channel()), WatchZonesRequest.getDefaultInstance());
    }
  }

  private static Loopback watchable(ServerSettings settings) throws IOException {
    return Loopback.start(
        settings,
        metrics -> new ZonesService(store, CONFIG, settings.config(), (revision, timeout) -> {}));
  }

  private static Zone.Builder zone(String id) {
    return Zone.newBuilder().setId(id).setName("n").setGeojson(SQUARE);
  }

  private static CreateZoneRequest.Builder creation(Zone.Builder zone) {
    return CreateZoneRequest.newBuilder().setZone(zone);
  }

  private static UpdateZoneRequest.Builder change(Zone.Builder zone) {
    return UpdateZoneRequest.newBuilder().setZone(zone);
  }

  private static DeleteZoneRequest.Builder deletion(String id) {
    return DeleteZoneRequest.newBuilder().setId(id);
  }
}
