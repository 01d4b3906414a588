package geosearch.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import geosearch.atlas.Atlas;
import geosearch.config.SearchConfig;
import geosearch.config.ZonesConfig;
import geosearch.geo.AreaIndex;
import geosearch.geo.Layer;
import geosearch.original.SearchGrpc;
import geosearch.original.SearchRequest;
import geosearch.v1.CreateZoneRequest;
import geosearch.v1.Zone;
import geosearch.v1.ZonesGrpc;
import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Positions are personal data: no line that is logged from the level info on holds one. */
class LoggedPositionsTest {

  /** The numbers that this test asks with, whole or rounded. */
  private static final Pattern POSITION = Pattern.compile("12\\.34|56\\.78|912\\.3");

  @Test
  void anyCall_whateverItsEnd_logsNoPosition() throws Exception {
    StubZones zones = new StubZones();
    Atlas atlas = new Atlas(List.of());
    atlas.publish(
        List.of(
            Layers.imported("country").area("X", "", Layers.box(12, 56, 13, 57)).snapshot(),
            Layers.originalThings().area("T", "", Layers.box(12, 56, 13, 57)).snapshot()));
    SearchConfig config = new SearchConfig(SearchConfig.AxisOrder.ORIGINAL, List.of(), 10);
    try (Lines lines = Lines.fromInfo();
        Loopback loopback =
            Loopback.start(
                metrics -> new SearchService(atlas, config, metrics),
                metrics ->
                    new ZonesService(
                        zones.store(),
                        new ZonesConfig(ZonesConfig.Writers.LOCAL, 1 << 20, 100, 10),
                        new ServerSettings().config(),
                        (revision, timeout) -> {}))) {
      Channel channel = loopback.channel();
      float[] coordinates = {12.345f, 56.789f, 912.345f, -12.345f, Float.NaN};
      for (float lat : coordinates) {
        for (float lng : coordinates) {
          ask(channel, lat, lng, 0);
          ask(channel, lat, lng, -1);
        }
      }
      String outline =
          "{\"type\":\"Polygon\",\"coordinates\":[[[%1$s,56.789],[13,56],[13,57],[%1$s,56.789]]]}";
      for (String longitude : List.of("12.345", "912.345", "x")) {
        create(channel, outline.formatted(longitude));
      }
      zones.before =
          () -> {
            throw new IllegalStateException("out of order");
          };
      create(channel, outline.formatted("12.345"));
      breakIndex(atlas);
      ask(channel, 12.345f, 56.789f, 0);

      assertTrue(lines.count("Search") > 0 && lines.count("out of order") > 0);
      assertEquals(
          List.of(), lines.lines().stream().filter(line -> POSITION.matcher(line).find()).toList());
    }
  }

  /** An index that fails in a way that nobody foresaw: it is not there. */
  private static void breakIndex(Atlas atlas) {
    AreaIndex none = null;
    atlas.publish(
        List.of(
            new geosearch.atlas.Snapshot(
                new Layer("broken", Layer.Kind.DATASET, false, "", "", "", 0),
                none,
                1,
                0,
                java.time.Instant.EPOCH)));
  }

  private static void ask(Channel channel, float lat, float lng, int page) {
    SearchRequest request =
        SearchRequest.newBuilder().setLat(lat).setLng(lng).setPageNumber(page).build();
    SearchGrpc.SearchBlockingStub search = SearchGrpc.newBlockingStub(channel);
    try {
      search.search(request);
      search.searchThing(request);
    } catch (StatusRuntimeException expected) {
      assertThrows(StatusRuntimeException.class, () -> search.search(request));
    }
  }

  private static void create(Channel channel, String geojson) {
    try {
      ZonesGrpc.newBlockingStub(channel)
          .createZone(
              CreateZoneRequest.newBuilder()
                  .setZone(Zone.newBuilder().setName("x").setGeojson(geojson))
                  .build());
    } catch (StatusRuntimeException expected) {
      assertTrue(expected.getStatus().getCode() != io.grpc.Status.Code.UNKNOWN);
    }
  }
}
