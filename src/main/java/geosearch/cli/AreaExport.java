package geosearch.cli;

import geosearch.geo.Area;
import geosearch.store.AreaSink;
import geosearch.v1.AttributeSelection;
import geosearch.v1.FindAreasRequest;
import geosearch.v1.FindAreasResponse;
import geosearch.v1.FoundArea;
import geosearch.v1.GetAreaRequest;
import geosearch.v1.GetAreaResponse;
import geosearch.v1.Layer;
import geosearch.v1.LayerKind;
import geosearch.v1.ListLayersRequest;
import geosearch.v1.OutlineFormat;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Future;
import org.locationtech.jts.io.ParseException;
import org.locationtech.jts.io.WKBReader;

/**
 * Reads a layer that holds no zones from a server, as any client can: it finds the areas and gets
 * them one by one, some at once.
 *
 * <p>Of an imported layer all are asked for in the version that was served at the beginning. A
 * table that is read in place has no versions: what changes in it meanwhile may be read or not.
 */
final class AreaExport {

  private static final int PAGE = 1000;

  /** Well below what a server has waiting for its turn. */
  private static final int AT_ONCE = 16;

  private final ServerConnection connection;
  private final String layer;
  private final String version;
  private final AreaSink sink;
  private final Deque<Asked> underWay = new ArrayDeque<>();
  private final WKBReader outlines = new WKBReader();

  private record Asked(String id, Future<GetAreaResponse> answer) {}

  /**
   * @param layer as {@link #find} says
   * @param sink is given every area that holds now
   */
  AreaExport(ServerConnection connection, Layer layer, AreaSink sink) {
    this.connection = connection;
    this.layer = layer.getSnapshot().getLayer();
    this.version = layer.getSnapshot().getDatasetVersion();
    this.sink = sink;
  }

  /**
   * What a server knows of a layer.
   *
   * @throws CommandException if it has none of that name
   */
  static Layer find(ServerConnection connection, String name) {
    return connection
        .call(
            () -> connection.geoSearchWaiting().listLayers(ListLayersRequest.getDefaultInstance()))
        .getLayersList()
        .stream()
        .filter(layer -> layer.getSnapshot().getLayer().equals(name))
        .findFirst()
        .orElseThrow(
            () -> new CommandException(ExitCode.NOT_FOUND, "that server has no layer " + name));
  }

  static boolean isCollection(Layer layer) {
    return layer.getKind() == LayerKind.LAYER_KIND_ZONES;
  }

  /** Reads them all. */
  void run() throws InterruptedException {
    FindAreasRequest.Builder request =
        FindAreasRequest.newBuilder()
            .addLayers(layer)
            .setAttributes(AttributeSelection.getDefaultInstance())
            .setPageSize(PAGE);
    if (!version.isEmpty()) {
      request.putDatasetVersions(layer, version);
    }
    do {
      FindAreasResponse page =
          connection.call(() -> connection.geoSearchWaiting().findAreas(request.build()));
      for (FoundArea found : page.getAreasList()) {
        if (underWay.size() == AT_ONCE) {
          take(underWay.remove());
        }
        underWay.add(ask(found.getArea().getId()));
      }
      request.setPageToken(page.getNextPageToken());
    } while (!request.getPageToken().isEmpty());
    while (!underWay.isEmpty()) {
      take(underWay.remove());
    }
  }

  private Asked ask(String id) {
    return new Asked(
        id,
        connection
            .geoSearch()
            .getArea(
                GetAreaRequest.newBuilder()
                    .setLayer(layer)
                    .setId(id)
                    .setFormat(OutlineFormat.OUTLINE_FORMAT_WKB)
                    .setDatasetVersion(version)
                    .build()));
  }

  private void take(Asked asked) throws InterruptedException {
    GetAreaResponse got;
    try {
      got = connection.await(asked.answer());
    } catch (CommandException e) {
      if (e.exitCode() == ExitCode.NOT_FOUND && version.isEmpty()) {
        sink.skip(asked.id(), "it went away meanwhile");
        return;
      }
      throw e;
    }
    geosearch.v1.Area area = got.getArea();
    try {
      sink.accept(
          new Area(area.getId(), area.getName(), area.getAttributesMap()),
          outlines.read(got.getWkb().toByteArray()));
    } catch (ParseException e) {
      throw new CommandException(
          ExitCode.FAILED,
          "the server sent an outline that can't be read: area " + area.getId(),
          e);
    }
  }
}
