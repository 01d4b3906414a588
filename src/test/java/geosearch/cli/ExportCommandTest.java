package geosearch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import geosearch.atlas.Atlas;
import geosearch.cli.TestServer.Box;
import geosearch.geo.Area;
import geosearch.store.EmbeddedStore;
import geosearch.store.Store;
import geosearch.v1.FindAreasRequest;
import geosearch.v1.FindAreasResponse;
import geosearch.v1.FoundArea;
import geosearch.v1.GeoSearchGrpc;
import geosearch.v1.GetAreaRequest;
import geosearch.v1.GetAreaResponse;
import geosearch.v1.Layer;
import geosearch.v1.LayerKind;
import geosearch.v1.LayerSnapshot;
import geosearch.v1.ListLayersRequest;
import geosearch.v1.ListLayersResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.io.WKBWriter;

/** {@code export} from a server that is named, beside a store that has a layer `country` too. */
@Timeout(60)
class ExportCommandTest {

  @TempDir private Path folder;

  @BeforeEach
  void importIntoTheStore() {
    Path file = AreaFiles.squares(folder.resolve("squares.geojson"), 1);
    Run run = run("import", file.toString(), "--layer", "country", "--id", "code");
    assertEquals(ExitCode.OK, run.exitCode(), run.err());
  }

  @Test
  void export_importedLayer_isThatOfTheServerAndComesBackEqual() throws Exception {
    try (TestServer server = TestServer.ofSouthernAfrica()) {
      Run run = run("export", "city", "--server", server.address());

      assertEquals("", run.err());
      assertEquals(
          """
          {"type":"FeatureCollection","features":[{"type":"Feature","id":"cpt","properties":\
          {"name":"Cape Town","size":"big"},"geometry":{"type":"Polygon","coordinates":\
          [[[18.0,-34.5],[19.0,-34.5],[19.0,-33.0],[18.0,-33.0],[18.0,-34.5]]]}}]}
          """,
          run.out());
      assertEquals(
          List.of("LS", "ZA"), ids(run("export", "country", "--server", server.address())));

      Path file = Files.writeString(folder.resolve("city.geojson"), run.out());
      Run back =
          run("import", file.toString(), "--layer", "town", "--name", "name", "--attributes", "*");
      assertEquals(ExitCode.OK, back.exitCode(), back.err());
      assertEquals(run.out(), run("export", "town").out());
    }
  }

  @Test
  void export_noServerNamed_isThatOfTheStore() throws Exception {
    assertEquals(List.of("1"), ids(run("export", "country")));
  }

  @Test
  void export_moreAreasThanAPageHas_hasThemAll() throws Exception {
    Box[] boxes =
        IntStream.range(0, 2_100)
            .mapToObj(i -> Box.of("%04d".formatted(i), "", i / 100.0, 0, i / 100.0 + 1, 1))
            .toArray(Box[]::new);
    try (TestServer server = TestServer.knowing(TestServer.layer("parcel", boxes))) {
      Run run = run("export", "parcel", "--server", server.address());

      assertEquals(
          IntStream.range(0, 2_100).mapToObj("%04d"::formatted).toList(), ids(run), run.err());
    }
  }

  @Test
  void export_collection_isThatOfTheServer() throws Exception {
    try (Store store = EmbeddedStore.open(folder.resolve("elsewhere"), 10)) {
      store.zones().create(new Area("z", "depot", Map.of()), square());
      Atlas atlas = new Atlas(List.of());
      atlas.publish(List.of(TestServer.layer("thing")));
      try (TestServer server = TestServer.keepingZones(store, atlas)) {
        assertEquals(List.of("z"), ids(run("export", "thing", "--server", server.address())));
      }
    }
  }

  @Test
  void export_layerThatTheServerDoesNotHave_isNotFoundWhateverTheStoreHas() throws Exception {
    try (TestServer server = TestServer.knowing(TestServer.layer("city"))) {
      Run run = run("export", "country", "--server", server.address());

      assertEquals(ExitCode.NOT_FOUND, run.exitCode());
      assertEquals("geosearch: that server has no layer country\n", run.err());
    }
  }

  @Test
  void export_serverThatDoesNotAnswer_isUnavailableWhateverTheStoreHas() throws IOException {
    Run run = run("export", "country", "--server", "127.0.0.1:1");

    assertEquals(ExitCode.UNAVAILABLE, run.exitCode());
    assertTrue(run.err().contains("no server answers at 127.0.0.1"), run.err());
    assertFalse(run.out().endsWith("]}"), "it looks as if it were whole: " + run.out());
  }

  @Test
  void export_failsWithAFileThere_leavesItAsItWas() throws IOException {
    Path file = Files.writeString(folder.resolve("there.geojson"), "before");

    Run run = run("export", "country", "--server", "127.0.0.1:1", "--output", file.toString());

    assertEquals(ExitCode.UNAVAILABLE, run.exitCode());
    assertEquals("before", Files.readString(file));
  }

  @Test
  void export_tableThatLosesAnAreaMeanwhile_saysSoAndHasTheOthers() throws Exception {
    try (TestServer server = TestServer.offering(new ChangingTable())) {
      Run run = run("export", "depot", "--server", server.address());

      assertEquals(List.of("b"), ids(run));
      assertEquals("geosearch: left out a: it went away meanwhile\n", run.err());
    }
  }

  /** A table of two areas, of which one is there no more when it is asked for. */
  private static final class ChangingTable extends GeoSearchGrpc.GeoSearchImplBase {
    @Override
    public void listLayers(ListLayersRequest request, StreamObserver<ListLayersResponse> observer) {
      LayerSnapshot snapshot = LayerSnapshot.newBuilder().setLayer("depot").build();
      Layer layer =
          Layer.newBuilder().setSnapshot(snapshot).setKind(LayerKind.LAYER_KIND_TABLE).build();
      observer.onNext(ListLayersResponse.newBuilder().addLayers(layer).build());
      observer.onCompleted();
    }

    @Override
    public void findAreas(FindAreasRequest request, StreamObserver<FindAreasResponse> observer) {
      observer.onNext(
          FindAreasResponse.newBuilder()
              .addAreas(FoundArea.newBuilder().setArea(area("a")))
              .addAreas(FoundArea.newBuilder().setArea(area("b")))
              .build());
      observer.onCompleted();
    }

    @Override
    public void getArea(GetAreaRequest request, StreamObserver<GetAreaResponse> observer) {
      if (request.getId().equals("a")) {
        observer.onError(Status.NOT_FOUND.asRuntimeException());
        return;
      }
      observer.onNext(
          GetAreaResponse.newBuilder()
              .setArea(area(request.getId()))
              .setWkb(com.google.protobuf.ByteString.copyFrom(new WKBWriter(2).write(square())))
              .build());
      observer.onCompleted();
    }

    private static geosearch.v1.Area area(String id) {
      return geosearch.v1.Area.newBuilder().setLayer("depot").setId(id).build();
    }
  }

  private static Geometry square() {
    return new GeometryFactory().toGeometry(new Envelope(0, 1, 0, 1));
  }

  private Run run(String... args) {
    return new Run.Setup().folder(folder.resolve("store")).run(args);
  }

  private static List<String> ids(Run run) throws IOException {
    JsonNode features = new ObjectMapper().readTree(run.out()).path("features");
    return StreamSupport.stream(features.spliterator(), false)
        .map(feature -> feature.path("id").asText())
        .toList();
  }
}
