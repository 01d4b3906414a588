package geosearch.rpc;

import static geosearch.rpc.GeoSearchServer.at;
import static geosearch.rpc.ZoneMessages.timestamp;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import geosearch.atlas.Snapshot;
import geosearch.geo.Area;
import geosearch.geo.AreaIndex;
import geosearch.geo.Layer;
import geosearch.load.EarlierStates;
import geosearch.store.EmbeddedStore;
import geosearch.store.Store;
import geosearch.store.Zone;
import geosearch.store.ZoneDraft;
import geosearch.v1.FindAreasRequest;
import geosearch.v1.FoundArea;
import geosearch.v1.LocateBatchRequest;
import geosearch.v1.LocateOptions;
import geosearch.v1.LocateRequest;
import geosearch.v1.LocateStreamRequest;
import geosearch.v1.LocateStreamResponse;
import geosearch.v1.LocatedArea;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;

/**
 * What there was in the layer {@code thing} where rows of the original's table are there beside
 * zones: of the zones what they were, of the rows what they are.
 */
class OriginalThingsAsOfTest {

  @TempDir private Path folder;

  private Store store;
  private EarlierStates states;
  private GeoSearchServer server;
  private Zone zone;
  private long generation;

  /** When the zone was called `first`, and there was no row yet as far as anybody knows. */
  private Instant early;

  @BeforeEach
  void serve() throws Exception {
    store = EmbeddedStore.open(folder, 10);
    states = new EarlierStates(store, 1_000);
    server = GeoSearchServer.remembering(states, InstantSource.system(), Duration.ofMinutes(2));
    zone = store.zones().create(draft("first"), Optional.empty());
    early = zone.updateTime().orElseThrow();
    rename("second");
    publish("thing/1");
  }

  @AfterEach
  void close() {
    server.close();
    states.close();
    store.close();
  }

  @Test
  void locate_asOfBeforeNow_findsRowsAsTheyAre() {
    assertEquals(List.of("thing/1 row", "z first"), located());

    publish("thing/2", "thing/3");
    assertEquals(List.of("thing/2 row", "thing/3 row", "z first"), located());

    publish();
    assertEquals(List.of("z first"), located());
  }

  @Test
  void locate_asOfBeforeNowAfterAChangeOfAZone_findsRowsAsTheyAre() {
    assertEquals(List.of("thing/1 row", "z first"), located());

    rename("third");
    publish("thing/2");

    assertEquals(List.of("thing/2 row", "z first"), located());
  }

  @Test
  void findAreasAndLocateBatch_asOfBeforeNow_findRowsAsTheyAre() {
    List<FoundArea> found =
        server
            .stub()
            .findAreas(FindAreasRequest.newBuilder().setAsOf(timestamp(early)).build())
            .getAreasList();

    assertEquals(
        List.of("thing/1 row", "z first"),
        found.stream().map(one -> named(one.getArea())).sorted().toList());
    assertEquals(
        List.of("thing/1 row", "z first"),
        server
            .stub()
            .locateBatch(
                LocateBatchRequest.newBuilder()
                    .addLatitudes(0.5)
                    .addLongitudes(0.5)
                    .setOptions(LocateOptions.newBuilder().setAsOf(timestamp(early)))
                    .build())
            .getAreasList()
            .stream()
            .map(OriginalThingsAsOfTest::named)
            .sorted()
            .toList());
  }

  @Test
  void locateStream_rowsChange_findsThemAsTheyAre() throws Exception {
    BlockingQueue<LocateStreamResponse> answers = new LinkedBlockingQueue<>();
    StreamObserver<LocateStreamRequest> requests = server.stream(answers);

    requests.onNext(position());
    assertEquals(List.of("thing/1 row", "z first"), next(answers));

    publish("thing/2");
    requests.onNext(position());
    assertEquals(List.of("thing/2 row", "z first"), next(answers));

    rename("third");
    publish("thing/2", "thing/4");
    requests.onNext(position());
    assertEquals(List.of("thing/2 row", "thing/4 row", "z first"), next(answers));
    requests.onCompleted();
  }

  private void rename(String name) {
    zone = store.zones().update(draft(name), zone.revision());
  }

  /** Serves the zone as it is now beside rows of these ids. */
  private void publish(String... rows) {
    AreaIndex.Builder areas = AreaIndex.builder();
    areas.add(zone.area(), square());
    for (String row : rows) {
      areas.add(new Area(row, "row", Map.of()), square());
    }
    server.atlas.publish(
        List.of(
            new Snapshot(
                new Layer(Store.ZONE_LAYER, Layer.Kind.ZONES, true, "", "", "", 0),
                areas.build(),
                ++generation,
                zone.revision(),
                Instant.now())));
  }

  private List<String> located() {
    return named(
        server
            .stub()
            .locate(
                LocateRequest.newBuilder()
                    .setPosition(at(0.5, 0.5))
                    .setOptions(LocateOptions.newBuilder().setAsOf(timestamp(early)))
                    .build())
            .getAreasList());
  }

  private LocateStreamRequest position() {
    return LocateStreamRequest.newBuilder()
        .setPosition(at(0.5, 0.5))
        .setAsOf(timestamp(early))
        .build();
  }

  private static List<String> next(BlockingQueue<LocateStreamResponse> answers) throws Exception {
    LocateStreamResponse answer = answers.poll(30, TimeUnit.SECONDS);
    assertNotNull(answer, "no answer came");
    return named(answer.getAreasList());
  }

  private static List<String> named(List<LocatedArea> areas) {
    return areas.stream().map(found -> named(found.getArea())).sorted().toList();
  }

  private static String named(geosearch.v1.Area area) {
    return area.getId() + " " + area.getName();
  }

  private static ZoneDraft draft(String name) {
    return new ZoneDraft(
        Store.ZONE_LAYER, new Area("z", name, Map.of()), square(), Optional.empty());
  }

  private static Geometry square() {
    return new GeometryFactory().toGeometry(new Envelope(0, 1, 0, 1));
  }
}
