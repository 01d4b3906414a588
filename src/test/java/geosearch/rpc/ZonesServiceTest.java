package geosearch.rpc;

import static geosearch.rpc.Errors.assertFails;
import static geosearch.rpc.Errors.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.rpc.ResourceInfo;
import geosearch.config.ServerConfig;
import geosearch.config.ZonesConfig;
import geosearch.config.ZonesConfig.Writers;
import geosearch.store.EmbeddedStore;
import geosearch.store.Store;
import geosearch.store.StoreException;
import geosearch.v1.CreateZoneRequest;
import geosearch.v1.DeleteZoneRequest;
import geosearch.v1.GetZoneRequest;
import geosearch.v1.ListZonesRequest;
import geosearch.v1.ListZonesResponse;
import geosearch.v1.UpdateZoneRequest;
import geosearch.v1.Zone;
import geosearch.v1.ZonesGrpc;
import geosearch.v1.ZonesGrpc.ZonesBlockingStub;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.io.WKBReader;
import org.locationtech.jts.io.WKBWriter;
import org.locationtech.jts.io.WKTReader;

class ZonesServiceTest {

  private static final ZonesConfig CONFIG = new ZonesConfig(Writers.LOCAL, 1 << 20, 10_000, 3_000);
  private static final String SQUARE =
      "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,0],[1,1],[0,1],[0,0]]]}";
  private static final GeometryFactory GEOMETRIES = new GeometryFactory();
  private static final Published AT_ONCE = (revision, timeout) -> {};

  @TempDir private Path folder;

  private Store store;
  private Loopback loopback;

  @BeforeEach
  void open() {
    store = EmbeddedStore.open(folder, CONFIG.maxZones());
  }

  @AfterEach
  void close() {
    if (loopback != null) {
      loopback.close();
    }
    store.close();
  }

  // CreateZone.

  @Test
  void createZone_whole_isKeptAndAnswered() throws Exception {
    ZonesBlockingStub zones = serve();
    Instant before = Instant.now().minusSeconds(1);
    Zone sent =
        Zone.newBuilder()
            .setId("harbour.1_a-B")
            .setName("Häfen")
            .setPriority(-7)
            .putAttributes("kind", "no-go")
            .setGeojson(SQUARE)
            .build();

    Zone created = create(zones, sent);

    assertEquals("harbour.1_a-B", created.getId());
    assertEquals("Häfen", created.getName());
    assertEquals(-7, created.getPriority());
    assertEquals(Map.of("kind", "no-go"), created.getAttributesMap());
    assertEquals("POLYGON ((0 0, 1 0, 1 1, 0 1, 0 0))", outline(created).toText());
    assertTrue(created.getRevision() > 0);
    assertFalse(created.getReadOnly());
    assertTrue(created.getCreateTime().getSeconds() >= before.getEpochSecond());
    assertEquals(List.of(created), list(zones).getZonesList());
  }

  @Test
  void createZone_withoutId_isGivenAUuid() throws IOException {
    ZonesBlockingStub zones = serve();

    Zone created = create(zones, zone("x"));

    assertEquals(created.getId(), UUID.fromString(created.getId()).toString());
  }

  @Test
  void createZone_wkb_isTheSameAsGeoJson() throws Exception {
    ZonesBlockingStub zones = serve();
    Geometry square = new WKTReader().read("POLYGON ((0 0, 1 0, 1 1, 0 1, 0 0))");

    Zone created =
        create(zones, zone("x").setWkb(ByteString.copyFrom(new WKBWriter().write(square))));

    assertEquals(square, outline(created));
  }

  @Test
  void createZone_whatTheServerSets_isIgnored() throws IOException {
    ZonesBlockingStub zones = serve();

    Zone created = create(zones, zone("x").setRevision(999).setReadOnly(true));

    assertEquals(1, created.getRevision());
    assertFalse(created.getReadOnly());
  }

  @Test
  void createZone_idTaken_alreadyExists() throws IOException {
    ZonesBlockingStub zones = serve();
    create(zones, zone("x").setId("a"));

    assertFails(Status.Code.ALREADY_EXISTS, () -> create(zones, zone("y").setId("a")));
  }

  @Test
  void createZone_atItsBounds_isCreated() throws IOException {
    ZonesBlockingStub zones = serve();
    Zone.Builder zone = zone("😀".repeat(200)).setId("a".repeat(64)).setPriority(1_000_000);
    for (int i = 0; i < 32; i++) {
      zone.putAttributes("%064d".formatted(i), "é".repeat(1024));
    }

    assertEquals(32, create(zones, zone).getAttributesCount());
  }

  @ParameterizedTest
  @CsvSource({
    "id, a/b, 'must be 1 to 64 characters of A-Z a-z 0-9 . _ -, not \"a/b\"'",
    "id, thing/1, 'must be 1 to 64 characters of A-Z a-z 0-9 . _ -, not \"thing/1\"'",
    "id, 65, 'must be 1 to 64 characters of A-Z a-z 0-9 . _ -, not \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…\"'",
    "name, '', 'must have 1 to 200 characters, not 0'",
    "name, 201, 'must have 1 to 200 characters, not 201'",
    "name, NUL, must not hold control characters",
    "priority, 1000001, 'must be from -1000000 to 1000000, not 1000001'",
    "priority, -2147483648, 'must be from -1000000 to 1000000, not -2147483648'"
  })
  void createZone_fieldOutOfBounds_isRefusedWithFieldBoundAndValue(
      String field, String value, String description) throws IOException {
    ZonesBlockingStub zones = serve();
    String text = value.matches("\\d+") ? "a".repeat(Integer.parseInt(value) % 1000) : value;
    text = text.replace("NUL", "a\0b");
    Zone.Builder zone = zone("x");
    switch (field) {
      case "id" -> zone.setId(text);
      case "name" -> zone.setName(text);
      default -> zone.setPriority(Integer.parseInt(value));
    }

    Map<String, String> refused = assertRefused(() -> create(zones, zone));

    assertEquals(Map.of("zone." + field, description), refused);
  }

  @Test
  void createZone_badAttributes_areRefused() throws IOException {
    ZonesBlockingStub zones = serve();
    Map<String, String> many = new HashMap<>();
    IntStream.range(0, 33).forEach(i -> many.put("k" + i, ""));

    assertEquals(
        Map.of("zone.attributes", "must be at most 32 (setting zones.max-attributes), not 33"),
        assertRefused(() -> create(zones, zone("x").putAllAttributes(many))));
    assertEquals(
        Map.of("zone.attributes key", "must have 1 to 64 characters, not 0"),
        assertRefused(() -> create(zones, zone("x").putAttributes("", "v"))));
    assertEquals(
        Map.of("zone.attributes key", "must have 1 to 64 characters, not 65"),
        assertRefused(() -> create(zones, zone("x").putAttributes("k".repeat(65), "v"))));
    assertEquals(
        Map.of("zone.attributes[\"k\"]", "must have at most 1024 characters, not 1025"),
        assertRefused(() -> create(zones, zone("x").putAttributes("k", "v".repeat(1025)))));
    assertEquals(
        Map.of("zone.attributes[\"k\"]", "must not hold the character U+0000"),
        assertRefused(() -> create(zones, zone("x").putAttributes("k", "\0"))));
  }

  @Test
  void createZone_severalFaults_areToldTogetherWithinWhatClientsTake() throws IOException {
    ZonesBlockingStub zones = serve();
    Zone.Builder zone = zone("").setId("é".repeat(50_000)).setPriority(Integer.MAX_VALUE);
    IntStream.range(0, 32).forEach(i -> zone.putAttributes("k".repeat(60) + i, "v".repeat(5_000)));

    Map<String, String> refused = assertRefused(() -> create(zones, zone));

    assertTrue(refused.keySet().containsAll(List.of("zone.id", "zone.name", "zone.priority")));
  }

  @Test
  void createZone_noZoneOrNoOutline_isRefused() throws IOException {
    ZonesBlockingStub zones = serve();

    assertEquals(
        Map.of("zone", "must be set"),
        assertRefused(() -> zones.createZone(CreateZoneRequest.getDefaultInstance())));
    assertEquals(
        Map.of("zone.geojson", "must be set, or `wkb` or `circle` in its place"),
        assertRefused(() -> create(zones, Zone.newBuilder().setName("x"))));
  }

  @Test
  void createZone_swappedOutline_isRefusedWithTheHint() throws IOException {
    ZonesBlockingStub zones = serve();
    String tokyo = "{\"type\":\"Polygon\",\"coordinates\":[[[35,139],[36,139],[36,140],[35,139]]]}";

    String said =
        assertRefused(() -> create(zones, zone("x").setGeojson(tokyo))).get("zone.geojson");

    assertEquals(
        "latitudes must be from -90 to 90 degrees, not 139.0; latitude and longitude look"
            + " swapped: the longitude comes first",
        said);
  }

  @Test
  void createZone_bowTieAsWkb_isRefusedWithTheReason() throws Exception {
    ZonesBlockingStub zones = serve();
    byte[] wkb = new WKBWriter().write(new WKTReader().read("POLYGON ((0 0, 1 1, 1 0, 0 1, 0 0))"));

    Map<String, String> refused =
        assertRefused(() -> create(zones, zone("x").setWkb(ByteString.copyFrom(wkb))));

    assertEquals(
        Map.of("zone.wkb", "is not valid: Self-intersection at longitude 0.5, latitude 0.5"),
        refused);
  }

  @Test
  void createZone_tooManyBytes_isRefusedWithTheSetting() throws IOException {
    ZonesBlockingStub zones = serve();
    int bytes = CONFIG.maxOutlineBytes() + 1;
    String said = "must have at most 1048576 bytes (setting zones.max-outline-bytes), not 1048577";

    assertEquals(
        Map.of("zone.geojson", said),
        assertRefused(() -> create(zones, zone("x").setGeojson(" ".repeat(bytes)))));
    assertEquals(
        Map.of("zone.wkb", said),
        assertRefused(() -> create(zones, zone("x").setWkb(ByteString.copyFrom(new byte[bytes])))));
  }

  @Test
  void createZone_storeFull_isResourceExhausted() throws IOException {
    store.close();
    store = EmbeddedStore.open(folder, 1);
    ZonesBlockingStub zones = serve();
    create(zones, zone("x"));

    assertFails(Status.Code.RESOURCE_EXHAUSTED, () -> create(zones, zone("y")));
  }

  @Test
  void createAndUpdateZone_noMemoryForMore_isResourceExhaustedAndChangesNothing()
      throws IOException {
    AtomicBoolean full = new AtomicBoolean();
    ZoneRoom room =
        (area, vertices, larger) -> {
          if (full.get() && larger) {
            throw new StoreException(StoreException.Kind.FULL, "no room: " + vertices);
          }
        };
    ZonesBlockingStub zones = serve(store, CONFIG, AT_ONCE, room);
    CreateZoneRequest first =
        CreateZoneRequest.newBuilder().setZone(zone("x").setId("a")).setRequestId("r").build();
    Zone kept = zones.createZone(first);
    full.set(true);

    Status created =
        assertFails(Status.Code.RESOURCE_EXHAUSTED, () -> create(zones, zone("y").setId("b")));
    assertFails(
        Status.Code.RESOURCE_EXHAUSTED,
        () -> update(zones, Zone.newBuilder().setId("a").setName("a longer name")));
    Zone shorter = update(zones, Zone.newBuilder().setId("a").setName("y"));

    assertEquals("no room: 5", created.getDescription());
    assertFails(Status.Code.ALREADY_EXISTS, () -> create(zones, zone("y").setId("a")));
    assertEquals(kept, zones.createZone(first));
    assertEquals("y", shorter.getName());
    assertEquals(kept.getGeojson(), shorter.getGeojson());
    assertFails(
        Status.Code.NOT_FOUND, () -> zones.getZone(GetZoneRequest.newBuilder().setId("b").build()));
    zones.deleteZone(DeleteZoneRequest.newBuilder().setId("a").build());
  }

  // The wait until a change is served.

  @Test
  void createAndDelete_always_answerAfterTheChangeIsServed() throws Exception {
    BlockingQueue<Long> awaited = new LinkedBlockingQueue<>();
    BlockingQueue<Boolean> served = new LinkedBlockingQueue<>();
    serve(
        store,
        CONFIG,
        (revision, timeout) -> {
          awaited.add(revision);
          served.take();
        });
    var zones = ZonesGrpc.newFutureStub(loopback.channel());

    var creating =
        zones.createZone(CreateZoneRequest.newBuilder().setZone(zone("x").setId("a")).build());
    assertEquals(1, awaited.take());
    assertFalse(creating.isDone());
    served.add(true);
    assertEquals("a", creating.get().getId());

    var deleting = zones.deleteZone(DeleteZoneRequest.newBuilder().setId("a").build());
    assertEquals(2, awaited.take());
    assertFalse(deleting.isDone());
    served.add(true);
    deleting.get();
  }

  @Test
  void createZone_notServedInTime_saysWhatHasHappened() throws IOException {
    ZonesBlockingStub zones =
        serve(
            store,
            CONFIG,
            (revision, timeout) -> {
              throw new TimeoutException();
            });

    Status status =
        assertFails(Status.Code.DEADLINE_EXCEEDED, () -> create(zones, zone("x").setId("a")));

    assertEquals(
        "the zone a was created with revision 1, but is not in this server's answers yet",
        status.getDescription());
  }

  // ListZones.

  @Test
  void listZones_pages_concatenatedAreTheWhole() throws IOException {
    ZonesBlockingStub zones = serve();
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 130; i++) {
      ids.add(create(zones, zone("x").setId("z" + (i * 7919 % 130))).getId());
    }
    ids.sort(null);

    for (int size : new int[] {1, 7, 50, 51, 129, 130, 131, 1000, Integer.MAX_VALUE}) {
      for (boolean omit : new boolean[] {true, false}) {
        assertEquals(ids, walk(zones, size, omit), "pages of " + size);
      }
    }
    assertEquals(100, list(zones).getZonesCount());
  }

  @Test
  void listZones_pageOfAll_hasNoToken() throws IOException {
    ZonesBlockingStub zones = serve();
    create(zones, zone("x").setId("a"));
    create(zones, zone("x").setId("b"));

    assertEquals("", zones.listZones(request(2, "", false)).getNextPageToken());
    assertFalse(zones.listZones(request(1, "", false)).getNextPageToken().isEmpty());
  }

  @Test
  void listZones_moreThanAThousand_makesPagesOfAThousand() throws IOException {
    Geometry square = GEOMETRIES.toGeometry(new org.locationtech.jts.geom.Envelope(0, 1, 0, 1));
    for (int i = 0; i < 1001; i++) {
      store.zones().create(new geosearch.geo.Area("z" + i, "x", Map.of()), square);
    }
    ZonesBlockingStub zones = serve();

    assertEquals(1000, zones.listZones(request(5000, "", false)).getZonesCount());
  }

  @Test
  void listZones_largeOutlines_endsThePageBeforeTheMessageIsTooLarge() throws IOException {
    Coordinate[] circle = new Coordinate[100_001];
    for (int i = 0; i < circle.length; i++) {
      double angle = 2 * Math.PI * i / (circle.length - 1);
      circle[i] = new Coordinate(Math.cos(angle), Math.sin(angle));
    }
    circle[circle.length - 1] = circle[0].copy();
    for (int i = 0; i < 5; i++) {
      // 1.6 MB each.
      store
          .zones()
          .create(new geosearch.geo.Area("z" + i, "x", Map.of()), GEOMETRIES.createPolygon(circle));
    }
    ZonesBlockingStub zones = serve();

    ListZonesResponse page = zones.listZones(request(10, "", false));

    assertEquals(2, page.getZonesCount());
    assertEquals(List.of("z0", "z1", "z2", "z3", "z4"), walk(zones, 10, false));
    assertEquals(5, zones.listZones(request(10, "", true)).getZonesCount());
  }

  @Test
  void listZones_whileZonesChange_losesAndRepeatsNone() throws IOException {
    ZonesBlockingStub zones = serve();
    for (String id : List.of("b", "d", "f")) {
      create(zones, zone("x").setId(id));
    }
    ListZonesResponse first = zones.listZones(request(2, "", false));

    create(zones, zone("x").setId("a"));
    create(zones, zone("x").setId("e"));
    zones.deleteZone(DeleteZoneRequest.newBuilder().setId("d").build());

    ListZonesResponse second = zones.listZones(request(2, first.getNextPageToken(), false));
    assertEquals(List.of("b", "d"), ids(first));
    assertEquals(List.of("e", "f"), ids(second));
  }

  @Test
  void listZones_omitOutlines_leavesThemOut() throws IOException {
    ZonesBlockingStub zones = serve();
    create(zones, zone("x"));

    assertEquals(
        Zone.OutlineCase.OUTLINE_NOT_SET,
        zones.listZones(request(0, "", true)).getZones(0).getOutlineCase());
  }

  @Test
  void listZones_badRequest_isRefused() throws IOException {
    ZonesBlockingStub zones = serve();

    assertEquals(
        Map.of("page_size", "must be at least 0, not -1"),
        assertRefused(() -> zones.listZones(request(-1, "", false))));
    assertEquals(
        Map.of(
            "page_token",
            "must be the next_page_token of an earlier answer, or empty, not \"made up\""),
        assertRefused(() -> zones.listZones(request(0, "made up", false))));
  }

  // DeleteZone.

  @Test
  void deleteZone_there_isGone() throws IOException {
    ZonesBlockingStub zones = serve();
    create(zones, zone("x").setId("a"));

    zones.deleteZone(DeleteZoneRequest.newBuilder().setId("a").build());

    assertEquals(0, list(zones).getZonesCount());
  }

  @Test
  void deleteZone_notThere_isNotFound() throws IOException {
    ZonesBlockingStub zones = serve();

    assertFails(
        Status.Code.NOT_FOUND,
        () -> zones.deleteZone(DeleteZoneRequest.newBuilder().setId("a").build()));
  }

  @Test
  void getZone_absent_answersWithTheResourceThatIsNotThere() throws Exception {
    ZonesBlockingStub zones = serve();

    StatusRuntimeException e =
        assertThrows(
            StatusRuntimeException.class,
            () ->
                zones.getZone(
                    GetZoneRequest.newBuilder().setCollection("delivery").setId("a").build()));

    ResourceInfo missing =
        Objects.requireNonNull(StatusProto.fromThrowable(e))
            .getDetails(0)
            .unpack(ResourceInfo.class);
    assertEquals("zone", missing.getResourceType());
    assertEquals("delivery/a", missing.getResourceName());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "é"})
  void deleteZone_notAnId_isRefused(String id) throws IOException {
    ZonesBlockingStub zones = serve();

    Map<String, String> refused =
        assertRefused(() -> zones.deleteZone(DeleteZoneRequest.newBuilder().setId(id).build()));

    assertTrue(refused.get("id").contains("1 to 64 characters"));
  }

  // Errors of the store.

  @ParameterizedTest
  @CsvSource({
    "UNAVAILABLE, UNAVAILABLE",
    "READ_ONLY, FAILED_PRECONDITION",
    "NOT_FOUND, NOT_FOUND",
    "ALREADY_EXISTS, ALREADY_EXISTS",
    "REFUSED, FAILED_PRECONDITION",
    "FULL, RESOURCE_EXHAUSTED"
  })
  void anyMethod_storeRefuses_isAnsweredWithItsMessage(StoreException.Kind kind, Status.Code code)
      throws IOException {
    StubZones stub = new StubZones();
    ZonesBlockingStub zones = serve(stub.store(), CONFIG, AT_ONCE);
    stub.before =
        () -> {
          throw new StoreException(kind, "it is so", new IOException("secret.example:5432"));
        };

    for (Status status :
        List.of(
            assertFails(code, () -> create(zones, zone("x"))),
            assertFails(code, () -> list(zones)),
            assertFails(
                code, () -> zones.deleteZone(DeleteZoneRequest.newBuilder().setId("a").build())))) {
      assertEquals("it is so", status.getDescription());
    }
  }

  @Test
  void anyMethod_storeCorruptOrBroken_isInternalWithoutItsInside() throws IOException {
    StubZones stub = new StubZones();
    ZonesBlockingStub zones = serve(stub.store(), CONFIG, AT_ONCE);
    for (RuntimeException failure :
        List.of(
            new StoreException(StoreException.Kind.CORRUPT, "secret row"),
            new IllegalStateException("secret"))) {
      stub.before =
          () -> {
            throw failure;
          };

      Status status = assertFails(Status.Code.INTERNAL, () -> create(zones, zone("x")));

      assertFalse(String.valueOf(status.getDescription()).contains("secret"), status::toString);
    }
  }

  // Who may write.

  @Test
  void writing_nobodyMay_isDeniedNamingTheSetting() throws IOException {
    ZonesBlockingStub zones =
        serve(store, new ZonesConfig(Writers.NOBODY, 1 << 20, 10_000, 10), AT_ONCE);

    for (Status status :
        List.of(
            assertFails(Status.Code.PERMISSION_DENIED, () -> create(zones, zone("x"))),
            assertFails(
                Status.Code.PERMISSION_DENIED,
                () -> zones.deleteZone(DeleteZoneRequest.newBuilder().setId("a").build())))) {
      assertTrue(String.valueOf(status.getDescription()).contains("zones.write"));
    }
    assertEquals(0, list(zones).getZonesCount());
  }

  @ParameterizedTest
  @EnumSource(Writers.class)
  void writing_fromAnotherMachine_isAllowedOnlyWhereEverybodyMay(Writers writers) throws Exception {
    ZonesConfig config = new ZonesConfig(writers, 1 << 20, 10_000, 10);
    try (Elsewhere elsewhere =
        Elsewhere.start(new ZonesService(store, config, new ServerSettings().config(), AT_ONCE))) {
      ZonesBlockingStub zones = ZonesGrpc.newBlockingStub(elsewhere.channel());

      if (writers == Writers.EVERYONE) {
        create(zones, zone("x").setId("a"));
        zones.deleteZone(DeleteZoneRequest.newBuilder().setId("a").build());
      } else {
        Status status = assertFails(Status.Code.PERMISSION_DENIED, () -> create(zones, zone("x")));
        assertTrue(String.valueOf(status.getDescription()).contains("zones.write"));
        assertFails(
            Status.Code.PERMISSION_DENIED,
            () -> zones.deleteZone(DeleteZoneRequest.newBuilder().setId("a").build()));
      }
      assertEquals(0, list(zones).getZonesCount());
    }
  }

  private ZonesBlockingStub serve() throws IOException {
    return serve(store, CONFIG, AT_ONCE);
  }

  private ZonesBlockingStub serve(Store served, ZonesConfig config, Published published)
      throws IOException {
    return serve(served, config, published, (area, vertices, larger) -> {});
  }

  private ZonesBlockingStub serve(
      Store served, ZonesConfig config, Published published, ZoneRoom room) throws IOException {
    ServerConfig server = new ServerSettings().config();
    loopback =
        Loopback.start(
            metrics -> new ZonesService(served, config, server, published, room, Optional::empty));
    return ZonesGrpc.newBlockingStub(loopback.channel());
  }

  private static Zone.Builder zone(String name) {
    return Zone.newBuilder().setName(name).setGeojson(SQUARE);
  }

  private static Zone create(ZonesBlockingStub zones, Zone.Builder zone) {
    return create(zones, zone.build());
  }

  private static Zone create(ZonesBlockingStub zones, Zone zone) {
    return zones.createZone(CreateZoneRequest.newBuilder().setZone(zone).build());
  }

  private static Zone update(ZonesBlockingStub zones, Zone.Builder zone) {
    return zones.updateZone(UpdateZoneRequest.newBuilder().setZone(zone).build());
  }

  private static ListZonesResponse list(ZonesBlockingStub zones) {
    return zones.listZones(ListZonesRequest.getDefaultInstance());
  }

  private static ListZonesRequest request(int size, String token, boolean omit) {
    return ListZonesRequest.newBuilder()
        .setPageSize(size)
        .setPageToken(token)
        .setOmitOutlines(omit)
        .build();
  }

  private static List<String> walk(ZonesBlockingStub zones, int size, boolean omit) {
    List<String> ids = new ArrayList<>();
    String token = "";
    do {
      ListZonesResponse page = zones.listZones(request(size, token, omit));
      assertTrue(page.getZonesCount() <= size);
      ids.addAll(ids(page));
      token = page.getNextPageToken();
    } while (!token.isEmpty());
    return ids;
  }

  private static List<String> ids(ListZonesResponse page) {
    return page.getZonesList().stream().map(Zone::getId).toList();
  }

  private static Geometry outline(Zone zone) throws Exception {
    return new WKBReader().read(zone.getWkb().toByteArray());
  }
}
