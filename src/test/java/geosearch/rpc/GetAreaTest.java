package geosearch.rpc;

import static geosearch.rpc.Errors.assertFails;
import static geosearch.rpc.Errors.assertRefused;
import static geosearch.rpc.Layers.box;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import geosearch.geo.Area;
import geosearch.v1.BoundingBox;
import geosearch.v1.GetAreaRequest;
import geosearch.v1.GetAreaResponse;
import geosearch.v1.Layer;
import geosearch.v1.LayerKind;
import geosearch.v1.LayerProblemCode;
import geosearch.v1.ListLayersRequest;
import geosearch.v1.OutlineFormat;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.locationtech.jts.algorithm.distance.DiscreteHausdorffDistance;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.io.WKBReader;
import org.locationtech.jts.io.WKTReader;

class GetAreaTest {

  private static final String OUTLINE =
      "MULTIPOLYGON (((0 0, 9.1 0, 9.1 9.123456789012345, 0 9, 0 0), (1 1, 1 2, 2 2, 2 1, 1 1)), "
          + "((20 20, 21 20, 21 21, 20 20)))";

  private GeoSearchServer server;

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  @Test
  void getArea_asWkb_isTheOutlineToTheLastBit() throws Exception {
    serve(OUTLINE);

    GetAreaResponse response = get(OutlineFormat.OUTLINE_FORMAT_WKB, 0);

    assertTrue(
        new WKTReader()
            .read(OUTLINE)
            .equalsExact(new WKBReader().read(response.getWkb().toByteArray())));
    assertEquals("A", response.getArea().getId());
    assertEquals(Map.of("kind", "x"), response.getArea().getAttributesMap());
    assertEquals(14, response.getVertices());
    assertEquals(BoundingBox.newBuilder().setNorth(21).setEast(21).build(), response.getBounds());
    assertEquals("zone", response.getLayer().getLayer());
  }

  @Test
  void getArea_asGeoJson_isTheOutlineToTheLastBit() throws Exception {
    serve(OUTLINE);

    String text = get(OutlineFormat.OUTLINE_FORMAT_GEOJSON, 0).getGeojson();

    assertTrue(new WKTReader().read(OUTLINE).equalsExact(parse(text)), text);
    serve("POLYGON ((0 0, 1e-7 0, 1e-7 1, 0 0))");
    assertEquals(
        "{\"type\":\"Polygon\",\"coordinates\":[[[0.0,0.0],[1.0E-7,0.0],[1.0E-7,1.0],[0.0,0.0]]]}",
        get(OutlineFormat.OUTLINE_FORMAT_GEOJSON, 0).getGeojson());
  }

  @Test
  void getArea_withoutAFormat_leavesTheOutlineOut() throws Exception {
    serve(OUTLINE);

    assertEquals(
        GetAreaResponse.OutlineCase.OUTLINE_NOT_SET,
        get(OutlineFormat.OUTLINE_FORMAT_UNSPECIFIED, 0).getOutlineCase());
  }

  @Test
  void getArea_simplified_staysWithinTheToleranceAndValid() throws Exception {
    StringBuilder circle = new StringBuilder("POLYGON ((");
    for (int i = 0; i <= 720; i++) {
      double angle = Math.toRadians((i % 720) / 2.0);
      circle.append(
          String.format(
              Locale.ROOT,
              "%s%.9f %.9f",
              i == 0 ? "" : ", ",
              10 + 0.5 * Math.cos(angle),
              60 + 0.25 * Math.sin(angle)));
    }
    String outline = circle.append("))").toString();
    serve(outline);
    Geometry whole = new WKTReader().read(outline);

    Geometry simple =
        new WKBReader().read(get(OutlineFormat.OUTLINE_FORMAT_WKB, 200).getWkb().toByteArray());

    assertTrue(simple.isValid());
    assertTrue(simple.getNumPoints() < 100, () -> simple.getNumPoints() + " vertices");
    assertTrue(
        new HashSet<>(Arrays.asList(whole.getCoordinates()))
            .containsAll(Arrays.asList(simple.getCoordinates())));
    assertTrue(DiscreteHausdorffDistance.distance(inMetres(whole), inMetres(simple)) <= 200);
  }

  @Test
  void getArea_noSuchAreaOrLayer_isNotFound() throws Exception {
    serve(OUTLINE);

    assertEquals(
        "there is no area \"B\" in layer \"zone\"",
        assertFails(
                Status.Code.NOT_FOUND,
                () ->
                    server
                        .stub()
                        .getArea(GetAreaRequest.newBuilder().setLayer("zone").setId("B").build()))
            .getDescription());
    assertFails(
        Status.Code.NOT_FOUND,
        () ->
            server.stub().getArea(GetAreaRequest.newBuilder().setLayer("zoo").setId("A").build()));
  }

  @Test
  void getArea_impossible_isRefused() throws Exception {
    serve(OUTLINE);

    assertEquals(
        Map.of(
            "layer", "must be set",
            "id", "must be set",
            "tolerance_m", "must be from 0 to 100000 metres, not -1.0",
            "format", "must be one that is known, not 9"),
        assertRefused(() ->
            server
                .stub()
                .getArea(GetAreaRequest.newBuilder().setToleranceM(-1).setFormatValue(9).build())));
  }

  @Test
  void listLayers_always_saysWhatEachIs() throws Exception {
    server =
        GeoSearchServer.of(
            Layers.imported("commune")
                .version("3")
                .area("a", "", box(0, 0, 1, 1))
                .area("b", "", box(1, 0, 2, 1))
                .snapshot(),
            Layers.things().snapshot());

    List<Layer> layers =
        server.stub().listLayers(ListLayersRequest.getDefaultInstance()).getLayersList();

    assertEquals(2, layers.size());
    Layer commune = layers.get(0);
    assertEquals("commune", commune.getSnapshot().getLayer());
    assertEquals(LayerKind.LAYER_KIND_DATASET, commune.getKind());
    assertEquals(2, commune.getAreas());
    assertEquals(10, commune.getVertices());
    assertEquals(BoundingBox.newBuilder().setNorth(1).setEast(2).build(), commune.getBounds());
    assertEquals(List.of("3"), commune.getDatasetVersionsList());
    assertEquals(LayerKind.LAYER_KIND_ZONES, layers.get(1).getKind());
    assertEquals(false, layers.get(1).hasBounds());
  }

  @Test
  void listLayers_storeIsNotTheOneServed_saysSoOfEachLayer() throws Exception {
    serve(OUTLINE);
    assertFalse(theLayer().hasProblem());

    server.atlas.report(Optional.of(geosearch.atlas.LayerProblem.STORE_MISMATCH));

    assertEquals(
        LayerProblemCode.LAYER_PROBLEM_CODE_STORE_MISMATCH, theLayer().getProblem().getCode());
    assertFalse(theLayer().getProblem().getMessage().isEmpty());
    server.atlas.report(Optional.empty());
    assertFalse(theLayer().hasProblem());
  }

  private Layer theLayer() {
    return server.stub().listLayers(ListLayersRequest.getDefaultInstance()).getLayers(0);
  }

  private void serve(String outline) throws Exception {
    stop();
    server =
        GeoSearchServer.of(
            Layers.imported("zone")
                .area(new Area("A", "An area", Map.of("kind", "x")), outline)
                .snapshot());
  }

  private GetAreaResponse get(OutlineFormat format, double tolerance) {
    return server
        .stub()
        .getArea(
            GetAreaRequest.newBuilder()
                .setLayer("zone")
                .setId("A")
                .setFormat(format)
                .setToleranceM(tolerance)
                .build());
  }

  private static Geometry inMetres(Geometry degrees) {
    Geometry metres = degrees.copy();
    metres.apply((Coordinate c) -> {
      c.x *= 111_320 * Math.cos(Math.toRadians(59.75));
      c.y *= 111_600;
    });
    metres.geometryChanged();
    return metres;
  }

  private static Geometry parse(String json) throws Exception {
    return GeoJsonOutline.read(
        new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)), 1_000, 1_000);
  }
}
