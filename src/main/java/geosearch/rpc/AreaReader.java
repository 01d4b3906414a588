package geosearch.rpc;

import com.google.protobuf.ByteString;
import geosearch.atlas.Directories;
import geosearch.atlas.Snapshot;
import geosearch.atlas.View;
import geosearch.geo.AreaIndex;
import geosearch.traffic.TrafficBudget;
import geosearch.v1.AttributeSelection;
import geosearch.v1.GetAreaRequest;
import geosearch.v1.GetAreaResponse;
import geosearch.v1.Layer;
import geosearch.v1.LayerKind;
import geosearch.v1.LayerProblem;
import geosearch.v1.LayerProblemCode;
import geosearch.v1.ListLayersRequest;
import geosearch.v1.ListLayersResponse;
import geosearch.v1.OutlineFormat;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.io.WKBWriter;

/** Answers what is known of one area, and of layers. */
final class AreaReader {

  private static final double MOST_TOLERANCE = 100_000;

  /** A vertex in WKB. */
  private static final int WKB_BYTES = 16;

  /** A vertex in GeoJSON with as many digits as a double may have. */
  private static final int GEOJSON_BYTES = 40;

  private AreaReader() {}

  /**
   * One area.
   *
   * @param traffic the memory that answers may take
   * @throws io.grpc.StatusRuntimeException NOT_FOUND if it isn't there; RESOURCE_EXHAUSTED if there
   *     is no memory for its outline
   */
  static GetAreaResponse area(
      GetAreaRequest request,
      View view,
      Directories directories,
      TrafficBudget traffic,
      Instant now) {
    Violations violations = new Violations();
    if (request.getLayer().isEmpty()) {
      violations.add("layer", "must be set");
    }
    if (request.getId().isEmpty()) {
      violations.add("id", "must be set");
    }
    double tolerance = request.getToleranceM();
    if (!(tolerance >= 0 && tolerance <= MOST_TOLERANCE)) {
      violations.add("tolerance_m", "must be from 0 to 100000 metres, not " + tolerance);
    }
    if (request.getFormat() == OutlineFormat.UNRECOGNIZED) {
      violations.add("format", "must be one that is known, not " + request.getFormatValue());
    }
    Asked.checkGeneration(request.getMinGeneration(), "", violations);
    Instant time = request.hasAsOf() ? Asked.time(request.getAsOf(), "as_of", violations) : now;
    if (!violations.isEmpty()) {
      throw violations.refusal();
    }
    Asked.checkKnown(view, request.getMinGeneration());
    Snapshot snapshot =
        Asked.layer(view, request.getLayer(), request.getDatasetVersion(), Times.of(time, now));
    new Asked(List.of(snapshot), List.of(), time).checkKept(time);
    for (int ordinal : directories.of(view, snapshot).withId(request.getId())) {
      if (snapshot.index().area(ordinal).holdsAt(time)) {
        checkRoom(request, snapshot.index().vertices(ordinal), traffic);
        return answer(request, snapshot, ordinal, now);
      }
    }
    throw Details.notFound(
        "area",
        request.getLayer() + "/" + request.getId(),
        "there is no area %s in layer %s"
            .formatted(Violations.quoted(request.getId()), Violations.quoted(request.getLayer())));
  }

  private static void checkRoom(GetAreaRequest request, int vertices, TrafficBudget traffic) {
    long bytes =
        switch (request.getFormat()) {
          case OUTLINE_FORMAT_GEOJSON -> (long) GEOJSON_BYTES * vertices;
          case OUTLINE_FORMAT_WKB -> (long) WKB_BYTES * vertices;
          default -> 0;
        };
    if (request.getToleranceM() == 0 && !traffic.fits(bytes)) {
      throw TrafficRefusals.answerTooLarge(
          "an outline of %,d vertices".formatted(vertices), bytes, traffic.limit());
    }
  }

  /**
   * Lists all layers.
   *
   * @param problem what keeps them from following the store, if anything does
   */
  static ListLayersResponse layers(
      ListLayersRequest request,
      View view,
      Optional<geosearch.atlas.LayerProblem> problem,
      Instant now) {
    Violations violations = new Violations();
    Asked.checkGeneration(request.getMinGeneration(), "", violations);
    if (!violations.isEmpty()) {
      throw violations.refusal();
    }
    Asked.checkKnown(view, request.getMinGeneration());
    ListLayersResponse.Builder response = ListLayersResponse.newBuilder();
    Optional<LayerProblem> told = problem.map(AreaReader::problem);
    for (Snapshot snapshot : view.layers()) {
      Layer.Builder layer = layer(snapshot, now);
      told.ifPresent(layer::setProblem);
      response.addLayers(layer);
    }
    return response.build();
  }

  private static LayerProblem problem(geosearch.atlas.LayerProblem problem) {
    return switch (problem) {
      case STORE_MISMATCH ->
          LayerProblem.newBuilder()
              .setCode(LayerProblemCode.LAYER_PROBLEM_CODE_STORE_MISMATCH)
              .setMessage(
                  "the store is not the one that was served, or an older state of it; the layer is"
                      + " served as it was read last")
              .build();
    };
  }

  private static GetAreaResponse answer(
      GetAreaRequest request, Snapshot snapshot, int ordinal, Instant now) {
    AreaIndex index = snapshot.index();
    GetAreaResponse.Builder response =
        GetAreaResponse.newBuilder()
            .setArea(
                AreaMessages.area(snapshot, ordinal, true, AttributeSelection.getDefaultInstance()))
            .setBounds(AreaMessages.box(index.bounds(ordinal)))
            .setVertices(index.vertices(ordinal))
            .setLayer(AreaMessages.state(snapshot, now));
    if (request.getFormat() != OutlineFormat.OUTLINE_FORMAT_UNSPECIFIED) {
      Geometry outline = index.outline(ordinal);
      if (request.getToleranceM() > 0) {
        outline = Simplified.of(outline, request.getToleranceM());
      }
      if (request.getFormat() == OutlineFormat.OUTLINE_FORMAT_GEOJSON) {
        response.setGeojson(OutlineText.geoJson(outline));
      } else {
        response.setWkb(ByteString.copyFrom(new WKBWriter(2).write(outline)));
      }
    }
    return response.build();
  }

  private static Layer.Builder layer(Snapshot snapshot, Instant now) {
    geosearch.geo.Layer layer = snapshot.layer();
    Layer.Builder message =
        Layer.newBuilder()
            .setSnapshot(AreaMessages.state(snapshot, now))
            .setKind(
                switch (layer.kind()) {
                  case DATASET -> LayerKind.LAYER_KIND_DATASET;
                  case TABLE -> LayerKind.LAYER_KIND_TABLE;
                  case ZONES -> LayerKind.LAYER_KIND_ZONES;
                })
            .setAreas(snapshot.index().size())
            .setVertices(snapshot.index().vertices())
            .setAttribution(layer.attribution())
            .setAccuracyM(layer.accuracyMetres())
            .setSource(layer.source());
    if (snapshot.index().size() > 0) {
      message.setBounds(AreaMessages.box(snapshot.index().bounds()));
    }
    return message.addAllDatasetVersions(layer.versions());
  }
}
