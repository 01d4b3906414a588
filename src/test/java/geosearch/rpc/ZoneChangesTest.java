package geosearch.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.FieldMask;
import com.google.protobuf.Timestamp;
import com.google.type.LatLng;
import geosearch.config.ZonesConfig;
import geosearch.config.ZonesConfig.Writers;
import geosearch.store.EmbeddedStore;
import geosearch.store.Store;
import geosearch.v1.Circle;
import geosearch.v1.CreateZoneRequest;
import geosearch.v1.DeleteZoneRequest;
import geosearch.v1.DeleteZoneResponse;
import geosearch.v1.GetZoneRequest;
import geosearch.v1.ListZonesRequest;
import geosearch.v1.ListZonesResponse;
import geosearch.v1.UpdateZoneRequest;
import geosearch.v1.Zone;
import geosearch.v1.ZonesGrpc;
import geosearch.v1.ZonesGrpc.ZonesBlockingStub;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Collections, changes and the past of zones, as the service answers. */
final class ZoneChangesTest {

  private static final ZonesConfig CONFIG = new ZonesConfig(Writers.LOCAL, 1 << 20, 10_000, 3_000);
  private static final String SQUARE =
      "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,0],[1,1],[0,1],[0,0]]]}";
  private static final Timestamp NOON = Timestamp.newBuilder().setSeconds(1_772_366_400).build();
  private static final Timestamp LATER = Timestamp.newBuilder().setSeconds(1_772_370_000).build();

  @TempDir private Path folder;

  private Store store;
  private Loopback loopback;
  private ZonesBlockingStub zones;

  @BeforeEach
  void serve() throws IOException {
    store = EmbeddedStore.open(folder, CONFIG.maxZones());
    loopback =
        Loopback.start(metrics ->
            new ZonesService(
                store, CONFIG, new ServerSettings().config(), (revision, timeout) -> {}));
    zones = ZonesGrpc.newBlockingStub(loopback.channel());
  }

  @AfterEach
  void close() {
    loopback.close();
    store.close();
  }

  @Test
  void createZone_inACollection_isThatOnesAlone() {
    Zone first = create(zone("a").setCollection("delivery").build());
    Zone second = create(zone("a").build());

    assertEquals("delivery", first.getCollection());
    assertEquals("thing", second.getCollection());
    assertEquals(first.getRevision(), first.getGeneration());
    assertFalse(first.getEtag().equals(second.getEtag()));
    assertEquals(first, get("delivery", "a"));
    assertEquals(second, get("", "a"));
    assertEquals(List.of(first, second), list("").getZonesList());
    assertEquals(List.of(first), list("delivery").getZonesList());
  }

  @Test
  void listZones_pagesOverCollections_leaveNothingOut() {
    for (String collection : List.of("b", "a", "thing")) {
      for (String id : List.of("2", "1")) {
        create(zone(id).setCollection(collection).build());
      }
    }
    StringBuilder seen = new StringBuilder();
    String token = "";
    do {
      ListZonesResponse page =
          zones.listZones(ListZonesRequest.newBuilder().setPageSize(1).setPageToken(token).build());
      page.getZonesList().forEach(z -> seen.append(z.getCollection()).append(z.getId()));
      token = page.getNextPageToken();
    } while (!token.isEmpty());

    assertEquals("a1a2b1b2thing1thing2", seen.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"Delivery", "1a", "a b", "a/b", "-a"})
  void anyMethod_nameThatIsNoCollection_isRefused(String name) {
    assertFails(
        Status.Code.INVALID_ARGUMENT,
        () -> create(zone("a").setCollection(name).build()),
        "zone.collection");
    assertFails(Status.Code.INVALID_ARGUMENT, () -> get(name, "a"), "collection");
    assertFails(Status.Code.INVALID_ARGUMENT, () -> list(name), "collection");
  }

  @Test
  void createZone_validity_isKept() {
    Zone created = create(zone("a").setStartTime(NOON).setEndTime(LATER).build());

    assertEquals(NOON, created.getStartTime());
    assertEquals(LATER, get("", "a").getEndTime());
  }

  @Test
  void createZone_validityThatIsNone_isRefused() {
    assertFails(
        Status.Code.INVALID_ARGUMENT,
        () -> create(zone("a").setStartTime(LATER).setEndTime(NOON).build()),
        "zone.end_time",
        "after start_time");
    assertFails(
        Status.Code.INVALID_ARGUMENT,
        () -> create(zone("a").setStartTime(Timestamp.newBuilder().setNanos(-1)).build()),
        "zone.start_time");
    assertFails(
        Status.Code.INVALID_ARGUMENT,
        () -> create(zone("a").setStartTime(Timestamp.newBuilder().setSeconds(1L << 60)).build()),
        "zone.start_time");
  }

  @Test
  void createZone_circle_isAnsweredAsItWasGiven() {
    Circle circle =
        Circle.newBuilder()
            .setCenter(LatLng.newBuilder().setLatitude(45).setLongitude(180))
            .setRadiusM(1500)
            .build();

    create(Zone.newBuilder().setId("c").setName("c").setCircle(circle).build());

    assertEquals(circle, get("", "c").getCircle());
    assertFalse(
        zones
            .listZones(ListZonesRequest.newBuilder().setOmitOutlines(true).build())
            .getZones(0)
            .hasCircle());
  }

  @ParameterizedTest
  @CsvSource({
    "91, 0, 5, zone.circle.center.latitude",
    "0, -181, 5, zone.circle.center.longitude",
    "NaN, 0, 5, zone.circle.center.latitude",
    "0, 0, 0.09, zone.circle.radius_m",
    "0, 0, NaN, zone.circle.radius_m",
    "0, 0, 1000001, zone.circle.radius_m"
  })
  void createZone_circleOutOfBounds_isRefused(
      double latitude, double longitude, double radius, String field) {
    Circle circle =
        Circle.newBuilder()
            .setCenter(LatLng.newBuilder().setLatitude(latitude).setLongitude(longitude))
            .setRadiusM(radius)
            .build();

    assertFails(
        Status.Code.INVALID_ARGUMENT,
        () -> create(Zone.newBuilder().setName("c").setCircle(circle).build()),
        field);
  }

  // UpdateZone.

  @Test
  void updateZone_mask_changesNothingElse() {
    Zone before =
        create(zone("a").setPriority(3).putAttributes("k", "v").putAttributes("l", "w").build());

    Zone after =
        update(
            Zone.newBuilder()
                .setId("a")
                .setName("changed")
                .putAttributes("k", "other")
                .setEndTime(LATER)
                .build(),
            "name",
            "attributes.k",
            "attributes.l",
            "end_time");

    assertEquals("changed", after.getName());
    assertEquals(3, after.getPriority());
    assertEquals(Map.of("k", "other"), after.getAttributesMap());
    assertEquals(before.getWkb(), after.getWkb());
    assertEquals(LATER, after.getEndTime());
    assertTrue(after.getRevision() > before.getRevision());
    assertFalse(after.getEtag().equals(before.getEtag()));
    assertEquals(before.getCreateTime(), after.getCreateTime());
    assertEquals(after, get("", "a"));
  }

  @Test
  void updateZone_withoutMask_changesWhatIsSet() {
    create(zone("a").setPriority(3).setStartTime(NOON).build());

    Zone after =
        zones.updateZone(
            UpdateZoneRequest.newBuilder()
                .setZone(Zone.newBuilder().setId("a").setPriority(5))
                .build());

    assertEquals(5, after.getPriority());
    assertEquals("a", after.getName());
    assertEquals(NOON, after.getStartTime());
  }

  @Test
  void updateZone_everything_isThatOfTheRequest() {
    create(zone("a").setPriority(3).putAttributes("k", "v").setStartTime(NOON).build());

    Zone after =
        update(
            Zone.newBuilder()
                .setId("a")
                .setName("new")
                .setCircle(
                    Circle.newBuilder().setCenter(LatLng.getDefaultInstance()).setRadiusM(10))
                .build(),
            "*");

    assertEquals(0, after.getPriority());
    assertEquals(0, after.getAttributesCount());
    assertFalse(after.hasStartTime());
    assertEquals(10, after.getCircle().getRadiusM());
  }

  @Test
  void updateZone_whatWouldBeNoZone_isRefusedAndChangesNothing() {
    Zone before = create(zone("a").setStartTime(NOON).build());

    assertFails(
        Status.Code.INVALID_ARGUMENT,
        () -> update(Zone.newBuilder().setId("a").setEndTime(NOON).build(), "end_time"),
        "zone.end_time");
    assertFails(
        Status.Code.INVALID_ARGUMENT,
        () -> update(Zone.newBuilder().setId("a").build(), "name"),
        "zone.name");
    assertFails(
        Status.Code.INVALID_ARGUMENT,
        () -> update(Zone.newBuilder().setId("a").build(), "outline"),
        "must be set");
    assertFails(
        Status.Code.INVALID_ARGUMENT,
        () -> update(Zone.newBuilder().setId("a").build(), "revision"),
        "update_mask",
        "revision");
    assertEquals(before, get("", "a"));
  }

  @Test
  void updateAndDeleteZone_etagOfAnEarlierState_areAborted() {
    Zone first = create(zone("a").build());
    Zone second = update(first.toBuilder().setName("second").build(), "name");

    assertFails(
        Status.Code.ABORTED,
        () -> update(first.toBuilder().setName("third").build(), "name"),
        "has changed");
    DeleteZoneRequest delete =
        DeleteZoneRequest.newBuilder().setId("a").setEtag(first.getEtag()).build();
    assertFails(Status.Code.ABORTED, () -> zones.deleteZone(delete), "has changed");

    DeleteZoneResponse deleted =
        zones.deleteZone(delete.toBuilder().setEtag(second.getEtag()).build());
    assertEquals(second.getRevision() + 1, deleted.getRevision());
    assertEquals(deleted.getRevision(), deleted.getGeneration());
    assertFails(Status.Code.NOT_FOUND, () -> get("", "a"));
    assertFails(Status.Code.NOT_FOUND, () -> update(first, "name"));
    assertFails(
        Status.Code.INVALID_ARGUMENT,
        () -> zones.deleteZone(delete.toBuilder().setEtag("not one").build()),
        "etag");
  }

  // Request ids.

  @Test
  void createZone_sameRequestAgain_createsOneZone() {
    CreateZoneRequest request =
        CreateZoneRequest.newBuilder()
            .setRequestId("r-1")
            .setZone(
                Zone.newBuilder()
                    .setName("x")
                    .setGeojson(SQUARE)
                    .putAttributes("a", "1")
                    .putAttributes("b", "2"))
            .build();

    Zone first = zones.createZone(request);

    assertEquals(first, zones.createZone(request));
    assertEquals(1, list("").getZonesCount());
    assertFails(
        Status.Code.INVALID_ARGUMENT,
        () ->
            zones.createZone(
                request.toBuilder().setZone(request.getZone().toBuilder().setName("y")).build()),
        "r-1");
    assertFails(
        Status.Code.INVALID_ARGUMENT,
        () -> zones.createZone(request.toBuilder().setRequestId("a b").build()),
        "request_id");
  }

  // The past.

  @Test
  void getAndListZones_asOfAnEarlierMoment_areAsTheyWere() {
    Zone first = create(zone("a").build());
    Zone second = update(first.toBuilder().setName("second").build(), "name");
    create(zone("b").build());

    GetZoneRequest then =
        GetZoneRequest.newBuilder().setId("a").setAsOf(first.getUpdateTime()).build();
    assertEquals(first, zones.getZone(then));
    assertEquals(second, zones.getZone(then.toBuilder().setAsOf(second.getUpdateTime()).build()));
    assertEquals(
        List.of(second),
        zones
            .listZones(ListZonesRequest.newBuilder().setAsOf(second.getUpdateTime()).build())
            .getZonesList());
    assertFails(
        Status.Code.NOT_FOUND,
        () -> zones.getZone(then.toBuilder().setAsOf(NOON.toBuilder().setSeconds(0)).build()));
  }

  @Test
  void updateZone_changesInBetween_isTriedAgain() throws Exception {
    create(zone("a").build());
    AtomicInteger failed = new AtomicInteger();
    List<Thread> others =
        List.of("b", "c", "d").stream()
            .map(key ->
                Thread.ofVirtual()
                    .start(() -> {
                      for (int i = 0; i < 10; i++) {
                        try {
                          update(
                              Zone.newBuilder().setId("a").putAttributes(key, "" + i).build(),
                              "attributes." + key);
                        } catch (StatusRuntimeException e) {
                          failed.incrementAndGet();
                        }
                      }
                    }))
            .toList();
    for (Thread other : others) {
      other.join();
    }

    assertEquals(0, failed.get());
    assertEquals(Map.of("b", "9", "c", "9", "d", "9"), get("", "a").getAttributesMap());
  }

  private static Zone.Builder zone(String id) {
    return Zone.newBuilder().setId(id).setName(id).setGeojson(SQUARE);
  }

  private Zone create(Zone zone) {
    return zones.createZone(CreateZoneRequest.newBuilder().setZone(zone).build());
  }

  private Zone get(String collection, String id) {
    return zones.getZone(GetZoneRequest.newBuilder().setCollection(collection).setId(id).build());
  }

  private ListZonesResponse list(String collection) {
    return zones.listZones(ListZonesRequest.newBuilder().setCollection(collection).build());
  }

  private Zone update(Zone zone, String... paths) {
    return zones.updateZone(
        UpdateZoneRequest.newBuilder()
            .setZone(zone)
            .setUpdateMask(FieldMask.newBuilder().addAllPaths(List.of(paths)))
            .build());
  }

  private static void assertFails(Status.Code code, Executable call, String... parts) {
    StatusRuntimeException e = assertThrows(StatusRuntimeException.class, call);
    assertEquals(code, e.getStatus().getCode(), e.getMessage());
    for (String part : parts) {
      assertTrue(e.getMessage().contains(part), e.getMessage());
    }
  }
}
