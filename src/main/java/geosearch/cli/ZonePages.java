package geosearch.cli;

import geosearch.v1.ListZonesRequest;
import geosearch.v1.ListZonesResponse;
import geosearch.v1.Zone;
import java.util.function.Consumer;

/** Reads the zones of a server, however many pages they are. */
final class ZonePages {

  private static final int PAGE = 1000;

  private ZonePages() {}

  /**
   * Tells of the zones of a collection, in the order of their collections and ids.
   *
   * @param collection its name; empty for all of them
   */
  static void forEach(
      ServerConnection connection, String collection, boolean withOutlines, Consumer<Zone> zones) {
    String next = "";
    do {
      ListZonesRequest request =
          ListZonesRequest.newBuilder()
              .setCollection(collection)
              .setPageSize(PAGE)
              .setPageToken(next)
              .setOmitOutlines(!withOutlines)
              .build();
      ListZonesResponse page = connection.call(() -> connection.zones().listZones(request));
      page.getZonesList().forEach(zones);
      next = page.getNextPageToken();
    } while (!next.isEmpty());
  }
}
