package geosearch;

import geosearch.atlas.Atlas;
import geosearch.config.Config;
import geosearch.config.StoreConfig;
import geosearch.discovery.ConsulRegistration;
import geosearch.health.Readiness;
import geosearch.load.EarlierStates;
import geosearch.load.Follower;
import geosearch.load.HeapRoom;
import geosearch.load.Importer;
import geosearch.load.SampleLayer;
import geosearch.metrics.Metrics;
import geosearch.rpc.AdministrationServer;
import geosearch.rpc.LocateService;
import geosearch.rpc.RequestLimits;
import geosearch.rpc.RpcServer;
import geosearch.rpc.SearchService;
import geosearch.rpc.ZonesService;
import geosearch.store.EmbeddedStore;
import geosearch.store.PostgisStore;
import geosearch.store.Store;
import geosearch.store.ZoneLimits;
import geosearch.traffic.TrafficBudget;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server: wires its parts and owns their lifetimes. The constructor and {@link #stop} are
 * journeys of ARCHITECTURE.md.
 */
final class App {

  private static final Logger log = LoggerFactory.getLogger(App.class);

  private final Config config;
  private final Parts parts = new Parts();
  private final Readiness readiness = new Readiness();
  private final Readiness.Condition going = readiness.condition("not asked to stop");
  private final Store store;
  private final Atlas atlas;
  private final RpcServer server;
  private final Optional<ConsulRegistration> registration;

  /**
   * Builds and starts the server; it is ready some time after this returns.
   *
   * @throws IOException if it can't listen where it should
   */
  App(Config config) throws IOException {
    this.config = config;
    try {
      Metrics metrics = parts.add(Metrics.create(config.statsd()));
      store = parts.add(openStore(config, metrics));
      if (!config.store().usesPostgis()) {
        SampleLayer.importIfEmpty(store);
      }
      atlas = new Atlas(config.layers().stream().map(layer -> layer.name()).toList());
      TrafficBudget traffic = TrafficBudget.ofThisProcess();
      HeapRoom room = HeapRoom.ofThisProcess(traffic.limit());
      Follower follower =
          parts.add(
              new Follower(
                  store,
                  atlas,
                  readiness.condition("layers loaded"),
                  metrics,
                  config.follow(),
                  room));
      // Before all that the network needs: the first load is what a start waits for.
      follower.start();
      EarlierStates earlier =
          parts.add(new EarlierStates(store, config.follow().maxEarlierVertices(), room));
      metrics.gauge("earlier.vertices", earlier::vertices);
      server =
          new RpcServer(
              config.server(),
              RequestLimits.of(config.zones(), config.server().maxMessageSize()),
              traffic,
              readiness,
              metrics,
              List.of(
                  new SearchService(atlas, config.search(), metrics),
                  new LocateService(
                      atlas,
                      earlier,
                      metrics,
                      follower::askForZones,
                      traffic,
                      config.server().maxCallTime()),
                  new ZonesService(
                      store,
                      config.zones(),
                      config.server(),
                      follower::awaitRevision,
                      follower::checkRoom,
                      atlas::view)));
      parts.add(() -> server.stop(Duration.ZERO, config.stop().closeTimeout()));
      registration = registration(metrics);
      registration.ifPresent(parts::add);
      server.start();
      if (!config.store().usesPostgis()) {
        parts.add(administration(follower)).start();
      }
      registration.ifPresent(ConsulRegistration::start);
      going.set(true);
    } catch (IOException | RuntimeException | Error e) {
      parts.close();
      throw e;
    }
  }

  private static Store openStore(Config config, Metrics metrics) {
    ZoneLimits limits = ZoneLimits.of(config.zones());
    StoreConfig store = config.store();
    if (store.usesPostgis()) {
      return PostgisStore.open(
          store.postgis(), store.identity(), config.layers(), limits, metrics.registry());
    }
    store
        .template()
        .ifPresent(template -> EmbeddedStore.begin(store.folder(), store.identity(), template));
    return EmbeddedStore.open(store.folder(), store.identity(), limits);
  }

  /** The way to the embedded store for `import` and `datasets`, which can't open it themselves. */
  private AdministrationServer administration(Follower follower) {
    return new AdministrationServer(
        config.store().folder(),
        store,
        new Importer(config.imports()),
        follower::refresh,
        config.stop().closeTimeout());
  }

  private Optional<ConsulRegistration> registration(Metrics metrics) {
    if (!config.consul().isOn()) {
      return Optional.empty();
    }
    return Optional.of(
        new ConsulRegistration(
            config.consul(),
            new RegisteredServer(config.server().address(), server, atlas),
            readiness,
            server.health().probed(),
            metrics,
            registered -> server.health().set("consul", registered)));
  }

  /** Whether it listens where others than this machine can reach it. */
  private boolean isReachableFromElsewhere() {
    try {
      return !InetAddress.getByName(config.server().address()).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return true;
    }
  }

  /** Says where it listens, and what it has as soon as it is ready. */
  void greet(PrintStream out) {
    Greeting greeting = new Greeting(out);
    greeting.listens(config.server(), server.port(), store.description());
    whenReady(() -> atlas.view().ifPresent(greeting::ready));
  }

  /** Has something done once, when it is ready for the first time or if it is so already. */
  void whenReady(Runnable task) {
    AtomicBoolean done = new AtomicBoolean();
    readiness.addListener(ready -> {
      if (ready && done.compareAndSet(false, true)) {
        task.run();
      }
    });
  }

  /** The port that it listens on. */
  int port() {
    return server.port();
  }

  /** The journey "a stop": each step is bounded by a setting. */
  void stop() {
    log.info("stopping");
    going.set(false);
    registration.ifPresent(consul -> consul.deregister(config.stop().deregisterTimeout()));
    if (registration.isPresent() || isReachableFromElsewhere()) {
      drain(config.stop().drainDelay());
    }
    server.stop(config.stop().grace(), config.stop().closeTimeout());
    parts.close();
    log.info("stopped");
  }

  /** Goes on serving while clients and load balancers notice: there is no event to wait for. */
  private static void drain(Duration delay) {
    try {
      Thread.sleep(delay);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
