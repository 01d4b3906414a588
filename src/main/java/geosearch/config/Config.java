package geosearch.config;

import java.util.List;

/**
 * Every setting, as one tree of checked values. The file {@code geosearch.yaml} among the resources
 * explains each and holds its default; names there are the names here with dashes.
 */
public record Config(
    ServerConfig server,
    StopConfig stop,
    StoreConfig store,
    List<LayerConfig> layers,
    SearchConfig search,
    FollowConfig follow,
    ImportConfig imports,
    ZonesConfig zones,
    ConsulConfig consul,
    StatsdConfig statsd,
    LogConfig log) {

  public Config {
    layers = List.copyOf(layers);
  }
}
