package geosearch.cli;

import geosearch.atlas.Atlas;
import geosearch.atlas.Snapshot;
import geosearch.config.Config;
import geosearch.config.ConfigLoader;
import geosearch.geo.Area;
import geosearch.geo.AreaIndex;
import geosearch.geo.Layer;
import geosearch.health.Readiness;
import geosearch.load.EarlierStates;
import geosearch.metrics.Metrics;
import geosearch.rpc.LocateService;
import geosearch.rpc.RequestLimits;
import geosearch.rpc.RpcServer;
import geosearch.rpc.SearchService;
import geosearch.rpc.ZonesService;
import geosearch.store.Store;
import geosearch.testing.WatchedStore;
import geosearch.traffic.TrafficBudget;
import io.grpc.BindableService;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.locationtech.jts.io.ParseException;
import org.locationtech.jts.io.WKTReader;

/** A server on the loopback address, for the commands that ask one. */
final class TestServer implements AutoCloseable {

  private static final Config CONFIG =
      new ConfigLoader(Map.of("HOME", "/nowhere"))
          .load(Optional.empty(), List.of(new ConfigLoader.Flag("server.port", "0", "--port")))
          .config();

  private final RpcServer server;

  private TestServer(List<BindableService> services) throws IOException {
    server =
        new RpcServer(
            CONFIG.server(),
            RequestLimits.of(CONFIG.zones(), CONFIG.server().maxMessageSize()),
            TrafficBudget.ofThisProcess(),
            new Readiness(),
            Metrics.create(CONFIG.statsd()),
            services);
    server.start();
  }

  /** One that offers these services. */
  static TestServer offering(BindableService... services) throws IOException {
    return new TestServer(List.of(services));
  }

  /** One of two countries, of which one lies within the other, and a city of the outer one. */
  static TestServer ofSouthernAfrica() throws IOException {
    return knowing(
        layer(
            "country",
            Box.of("ZA", "South Africa", 16, -35, 33, -22),
            Box.of("LS", "Lesotho", 27, -31, 29, -28)),
        layer(
            "city",
            new Box(new Area("cpt", "Cape Town", Map.of("size", "big")), 18, -34.5, 19, -33)));
  }

  /** One that knows these layers, in this order. */
  static TestServer knowing(Snapshot... snapshots) throws IOException {
    Atlas atlas = new Atlas(Stream.of(snapshots).map(snapshot -> snapshot.layer().name()).toList());
    atlas.publish(List.of(snapshots));
    return knowing(atlas);
  }

  static TestServer knowing(Atlas atlas) throws IOException {
    Metrics metrics = Metrics.create(CONFIG.statsd());
    return offering(locating(atlas, metrics), new SearchService(atlas, CONFIG.search(), metrics));
  }

  private static LocateService locating(Atlas atlas, Metrics metrics) {
    return new LocateService(
        atlas,
        new EarlierStates(WatchedStore.none(), 0),
        metrics,
        () -> {},
        TrafficBudget.ofThisProcess(),
        CONFIG.server().maxCallTime());
  }

  /** One that keeps zones in a store, which the caller closes. */
  static TestServer keepingZones(Store store) throws IOException {
    return offering(
        new ZonesService(store, CONFIG.zones(), CONFIG.server(), (revision, timeout) -> {}));
  }

  /** One that keeps zones in a store, which the caller closes, and knows what the atlas does. */
  static TestServer keepingZones(Store store, Atlas atlas) throws IOException {
    return offering(
        locating(atlas, Metrics.create(CONFIG.statsd())),
        new ZonesService(store, CONFIG.zones(), CONFIG.server(), (revision, timeout) -> {}));
  }

  /** A layer of boxes. */
  static Snapshot layer(String name, Box... boxes) {
    AreaIndex.Builder index = AreaIndex.builder();
    for (Box box : boxes) {
      try {
        index.add(box.area(), new WKTReader().read(box.wkt()));
      } catch (ParseException e) {
        throw new IllegalArgumentException(e);
      }
    }
    Layer.Kind kind = name.equals("thing") ? Layer.Kind.ZONES : Layer.Kind.DATASET;
    return new Snapshot(
        new Layer(name, kind, false, "3", "by hand", "", 0),
        index.build(),
        42,
        0,
        Instant.now().minusSeconds(5));
  }

  /** An area between two meridians and two parallels. */
  record Box(Area area, double west, double south, double east, double north) {

    static Box of(String id, String name, double west, double south, double east, double north) {
      return new Box(new Area(id, name, Map.of()), west, south, east, north);
    }

    String wkt() {
      return "POLYGON((%1$s %2$s,%3$s %2$s,%3$s %4$s,%1$s %4$s,%1$s %2$s))"
          .formatted(west, south, east, north);
    }
  }

  int port() {
    return server.port();
  }

  /** As the option {@code --server} takes it. */
  String address() {
    return "127.0.0.1:" + port();
  }

  @Override
  public void close() {
    server.stop(Duration.ofSeconds(5), Duration.ofSeconds(5));
  }
}
