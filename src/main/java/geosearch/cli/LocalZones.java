package geosearch.cli;

import geosearch.config.Config;
import geosearch.config.ZonesConfig;
import geosearch.config.ZonesConfig.Writers;
import geosearch.rpc.ZonesService;
import geosearch.store.Store;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.IOException;
import java.time.Duration;

/** Serves the zones of a store within this process, so that one client is enough for both ways. */
final class LocalZones {

  private LocalZones() {}

  /**
   * Opens the store of the settings and serves its zones to the connection.
   *
   * @throws geosearch.store.StoreException if it can't be opened
   */
  static ServerConnection open(Config config, Duration timeout) throws IOException {
    Store store = StoreAccess.open(config);
    ZonesService service =
        new ZonesService(
            store,
            forTheOwner(config.zones()),
            config.server(),
            (revision, within) -> {
              // Nobody is answered from this process.
            });
    String name = InProcessServerBuilder.generateName();
    try {
      Server server =
          InProcessServerBuilder.forName(name).directExecutor().addService(service).build().start();
      return new ServerConnection(
          store.description(),
          InProcessChannelBuilder.forName(name).directExecutor().build(),
          timeout,
          () -> {
            server.shutdownNow();
            service.stop(timeout);
            store.close();
          });
    } catch (IOException | RuntimeException e) {
      store.close();
      throw e;
    }
  }

  /** The setting zones.write is about callers; who can open the file owns it. */
  private static ZonesConfig forTheOwner(ZonesConfig config) {
    return config.withWriters(Writers.EVERYONE);
  }
}
