package geosearch;

import geosearch.atlas.Atlas;
import geosearch.atlas.Snapshot;
import geosearch.atlas.View;
import geosearch.config.Version;
import geosearch.discovery.Instance;
import geosearch.rpc.RpcServer;
import java.util.Map;

/**
 * What Consul is told of this server.
 *
 * @param address on which it listens, as in the settings
 * @param server knows its port
 * @param atlas knows the generation of its data
 */
record RegisteredServer(String address, RpcServer server, Atlas atlas) implements Instance {

  @Override
  public int port() {
    return server.port();
  }

  @Override
  public Map<String, String> meta() {
    return Map.of("version", Version.current(), "generation", String.valueOf(generation()));
  }

  /** The newest of its layers; 0 before the first load. */
  private long generation() {
    return atlas.view().stream()
        .map(View::layers)
        .flatMap(layers -> layers.stream())
        .mapToLong(Snapshot::generation)
        .max()
        .orElse(0);
  }
}
