package geosearch.cli;

import geosearch.config.Config;
import geosearch.rpc.AdministrationEndpoint;
import geosearch.store.EmbeddedStore;
import geosearch.store.PostgisStore;
import geosearch.store.Store;
import geosearch.store.StoreException;
import geosearch.store.ZoneLimits;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Finds the way to the store of the settings. */
final class StoreAccess {

  private StoreAccess() {}

  /**
   * The administration of the store: through the running server that owns an embedded store, else
   * by opening it.
   *
   * @throws StoreException if it can't be opened
   */
  static Administration administration(Config config) throws IOException {
    if (config.store().usesPostgis()) {
      return local(config);
    }
    Path folder = config.store().folder();
    Optional<Administration> owner = owner(folder);
    if (owner.isPresent()) {
      return owner.get();
    }
    try {
      return local(config);
    } catch (StoreException e) {
      // A server may have started meanwhile.
      return owner(folder).orElseThrow(() -> e);
    }
  }

  /** The server that owns the store in a folder; nothing where there is none. */
  private static Optional<Administration> owner(Path folder) throws IOException {
    return AdministrationEndpoint.read(folder).flatMap(RemoteAdministration::greet);
  }

  /** Whether a server left its mark in a folder, and its process is still there. */
  static boolean isOwned(Path folder) throws IOException {
    return AdministrationEndpoint.read(folder).filter(AdministrationEndpoint::isAlive).isPresent();
  }

  /**
   * Lets the store that is there now be used in place of the one that was used before: by servers
   * that run, and for an embedded store by the next one that opens it.
   *
   * @throws StoreException if it can't be opened all the same
   */
  static void acceptStore(Config config) throws IOException {
    if (config.store().usesPostgis()) {
      try (Store store = open(config)) {
        store.accept();
      }
      return;
    }
    Optional<Administration> owner = owner(config.store().folder());
    if (owner.isPresent()) {
      try (Administration administration = owner.get()) {
        administration.acceptStore();
      }
    } else {
      EmbeddedStore.accept(config.store().folder(), config.store().identity());
    }
  }

  private static Administration local(Config config) {
    return new LocalAdministration(open(config), config.imports());
  }

  /** Opens the store of the settings in this process. */
  static Store open(Config config) {
    ZoneLimits limits = ZoneLimits.of(config.zones());
    return config.store().usesPostgis()
        ? PostgisStore.open(
            config.store().postgis(),
            config.store().identity(),
            config.layers(),
            limits,
            new SimpleMeterRegistry())
        : EmbeddedStore.open(config.store().folder(), config.store().identity(), limits);
  }
}
